"""Looking up for several readers at once: each finds what this one would find alone."""

from __future__ import annotations

from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import reader
from tocsin.share.server.database import lookup
from tocsin.share.server.database.adding import add_new
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft

BOTH = [
    Draft(f"report--{n}", "report", "Health", Audience.of(Marking(level, "Health")), b"%d" % n)
    for n, level in enumerate(("GREEN", "AMBER", "GREEN"))
]


def test_several_readers_find_together_what_each_of_them_finds_alone(database: Database) -> None:
    with database.writing() as connection:
        add_new(database, connection, BOTH)
    readers = [
        reader("Ama", "Health", "analyst"), reader("Ben", "Interior", "analyst"),
        reader("Eve", "Health", "analyst"),
    ]  # fmt: skip
    wanted = [(one, draft.id) for one in readers for draft in BOTH] + [(readers[0], "report--no")]
    with database.reading() as connection:
        together = lookup.find_all(database, connection, wanted)
    alone = []
    for one in wanted:
        with database.reading() as connection:
            alone += lookup.find_all(database, connection, [one])
    assert together == alone
    # Ben's ministry sees what is GREEN, and nobody what is not there.
    found = [row is not None for row in together]
    assert found == [True, True, True, True, False, True, True, True, True, False]
