"""Places in feeds are kept beside each other, and this server's own beside its neighbours'."""

from __future__ import annotations

from tocsin.share.server.database.connection import Database
from tocsin.share.server.neighbours.cursors import OWN, keep_place, read_place


def test_each_place_is_kept_by_itself(database: Database) -> None:
    with database.writing() as connection:
        assert read_place(connection, "south") == "0"
        for place in ("7", "9"):
            keep_place(connection, "south", place)
        keep_place(connection, OWN, "3")
        assert (read_place(connection, "south"), read_place(connection, OWN)) == ("9", "3")
