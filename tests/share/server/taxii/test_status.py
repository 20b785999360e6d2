"""What became of a sending is kept for its sender, for a while."""

from __future__ import annotations

import pytest

from share.server.conftest import Hands, Site
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.taxii.status import MOST, keep_status, read_status


def test_the_newest_of_each_account_are_kept_for_a_day(site: Site, hands: Hands) -> None:
    database = site.database
    with database.writing() as connection:
        keep_status(database, connection, "Ben", {"id": "first of Ben"})
        for n in range(MOST + 2):
            hands.move(seconds=1)
            keep_status(database, connection, "Ama", {"id": f"{n}"})
    gone = [("Ama", "0"), ("Ama", "1"), ("Ben", "2"), ("Ama", "first of Ben"), ("Ama", "none")]
    with database.reading() as connection:
        assert read_status(database, connection, "Ben", "first of Ben") == b'{"id": "first of Ben"}'
        assert read_status(database, connection, "Ama", "2") == b'{"id": "2"}'
        for account, id in gone:
            with pytest.raises(NoObject):
                read_status(database, connection, account, id)
        hands.move(days=1)
        with pytest.raises(NoObject):
            read_status(database, connection, "Ben", "first of Ben")
