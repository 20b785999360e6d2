"""A page of the feed begins with its first place, and tells what is hidden where its place is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event

from tocsin.share.audit.note import new_key
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import reader
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.neighbours.feed import Page, read_feed

KEY = new_key("north")
EAST = reader("east", "Office east", "partner")
GREEN = Audience.of(Marking("GREEN", "Health"))
STRICT = Audience.of(Marking("RED", "Health", readers=frozenset({"Ama"})))


def ask(database: Database, after: int = 0, limit: int = 500) -> Page:
    with database.writing() as connection:
        return read_feed(database, connection, EAST, KEY, after=after, limit=limit)


def put(database: Database, id: str, audience: Audience = GREEN, payload: bytes = b"{}") -> None:
    with database.writing() as connection:
        draft = Draft(id, "warning", "Health", audience, payload)
        objects.put(database, connection, draft)


def plans(connection: Connection, asked: list[tuple[str, Any]]) -> list[str]:
    """How SQLite finds the rows of statements."""
    return [
        row.detail
        for sql, given in asked
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
    ]


def test_a_page_does_not_begin_with_all_objects(database: Database) -> None:
    for n in range(4):
        put(database, f"warning--{n}")
    first = ask(database, limit=2)
    put(database, "warning--0", STRICT)
    asked: list[tuple[str, Any]] = []

    def note(_1: Any, _2: Any, sql: str, given: Any, _3: Any, many: bool) -> None:
        if "neighbour_statements.place >" in sql and not many:
            asked.append((sql, given))

    event.listen(database.engine, "before_cursor_execute", note)
    ask(database, first.next, 1)
    ask(database, first.next)
    event.remove(database.engine, "before_cursor_execute", note)
    with database.reading() as connection:
        found = plans(connection, asked)
    # What is seen and what is hidden, of a page with more behind it and of the last one.
    assert len(asked) == 4
    assert sum("neighbour_statements" in one and "(place>?" in one for one in found) == 4, found
    assert not [one for one in found if one.startswith("SCAN") or "TEMP B-TREE" in one]


def test_what_is_hidden_behind_a_page_is_told_with_its_own(database: Database) -> None:
    for n in range(4):
        put(database, f"warning--{n}")
    last = ask(database).next
    put(database, "warning--0", payload=b'{"again": 1}')
    put(database, "warning--1", STRICT)
    put(database, "warning--2", payload=b'{"again": 2}')
    heard, after, more = [], last, True
    while more:
        page = ask(database, after, 1)
        heard += [(one.head, bool(one.body)) for one in page.entries]
        after, more = page.next, page.more
    whole = [(one.head, bool(one.body)) for one in ask(database, last).entries]
    assert heard == whole
    assert [has_body for _, has_body in heard] == [True, False, True]
    put(database, "warning--1", STRICT, b'{"hidden": 1}')
    assert ask(database, after).entries == ()
