"""Several new objects at once: each as it would be by itself, in one order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import select

from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database import objects
from tocsin.share.server.database.adding import Version, add_new
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import GAP, LARGEST, Draft, TooLarge
from tocsin.share.server.database.tables import objects as table

BOTH = [
    Draft(f"report--{n}", "report", "Health", Audience.of(Marking(level, "Health")), b"%d" % n)
    for n, level in enumerate(("GREEN", "AMBER", "GREEN"))
]
CHANGING = {"number", "date_added"}


def kept(database: Database) -> list[dict[str, object]]:
    with database.reading() as connection:
        rows = connection.execute(select(table).order_by(table.c.date_added)).mappings().all()
    return [dict(row) for row in rows]


def test_rows_are_those_that_are_written_one_by_one(database: Database) -> None:
    with database.writing() as connection:
        for draft in BOTH:
            objects.put(database, connection, draft)
        rows = connection.execute(select(table).order_by(table.c.number)).mappings().all()
        connection.rollback()
    with database.writing() as connection:
        found = add_new(database, connection, BOTH)
    assert found == [Version(draft.id, 1) for draft in BOTH]
    assert [
        {name: value for name, value in row.items() if name not in CHANGING}
        for row in kept(database)
    ] == [{name: value for name, value in row.items() if name not in CHANGING} for row in rows]


def test_each_is_added_later_than_the_one_before_and_not_by_much(database: Database) -> None:
    with database.writing() as connection:
        add_new(database, connection, BOTH[:1])
        add_new(database, connection, BOTH[1:])
        assert add_new(database, connection, []) == []
    times = [int(str(row["date_added"])) for row in kept(database)]
    assert all(1 <= later - earlier <= GAP for earlier, later in pairwise(times))


def test_what_is_too_large_is_refused(database: Database) -> None:
    whole = Draft("report--9", "report", "Health", BOTH[0].audience, b"x" * (LARGEST + 1))
    with database.writing() as connection, pytest.raises(TooLarge):
        add_new(database, connection, [whole])
