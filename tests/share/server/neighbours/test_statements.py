"""Heads that no database keeps are refused, and what is marked anew is stated anew."""

from __future__ import annotations

import json

import pytest

from tocsin.errors import UsageError
from tocsin.share.audit.note import Note, PrivateKey, new_key, sign
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.neighbours.statements import (
    Entry,
    Head,
    claim,
    newest,
    read_head,
    state,
)

KEY = new_key("north")
TOLD = {"id": "warning--1", "version": 1, "origin": "north", "deleted": True, "body": ""}


def entry(told: object, key: PrivateKey = KEY, **options: object) -> Entry:
    return Entry(str(sign(Note(json.dumps(told, **options) + "\n"), key)), b"")  # type: ignore[arg-type]


@pytest.mark.parametrize("indent", [None, 1])
def test_what_is_claimed_is_what_is_read(indent: int | None) -> None:
    one = entry(TOLD, indent=indent)
    assert claim(one) == read_head(one.head, {"north": KEY.public})
    assert claim(one) == Head("warning--1", 1, "north", True, "")
    assert claim(Entry("x", b"")) is None


@pytest.mark.parametrize(
    "told",
    [{"version": float("inf")}, {"version": 2**31}, {"version": 0}, {"id": "w" * 251},
     {"id": "a\0b"}, {"id": "\ud800"}, {"body": "0" * 65}],
)  # fmt: skip
def test_a_head_that_cannot_be_kept_is_refused(told: dict[str, object]) -> None:
    one = entry(TOLD | told)
    assert claim(one) is None
    with pytest.raises(UsageError, match="no statement"):
        read_head(one.head, {"north": KEY.public})


def test_only_what_changed_is_stated_and_a_part_that_was_marked_with_its_whole(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Versions grow by chance otherwise.
    monkeypatch.setattr(objects, "GAP", 1)
    green, strict = (Audience.of(Marking(one, "Health")) for one in ("GREEN", "AMBER+STRICT"))
    whole = Draft("warning--1", "warning", "Health", green, b"{}")
    part = Draft("warning--2", "warning", "Health", green, b"{}", parent="warning--1")
    alone = Draft("warning--3", "warning", "Health", green, b"{}")
    with database.writing() as connection:
        for draft in (whole, part, alone):
            objects.put(database, connection, draft)
        assert [state(database, connection, KEY) for _ in range(2)] == [3, 0]
        kept = objects.newest(connection, "warning--1")
        assert kept is not None
        objects.mark(database, connection, kept, strict)
        assert [state(database, connection, KEY) for _ in range(2)] == [2, 0]
        stated = newest(connection, ["warning--1", "warning--2", "warning--3", "warning--4"])
    assert {id: one.version for id, one in stated.items()} == {
        "warning--1": 2, "warning--2": 2, "warning--3": 1,
    }  # fmt: skip
