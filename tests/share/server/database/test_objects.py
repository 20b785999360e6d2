"""Objects: versions, and markings that only a release loosens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import NOBODY, Reader, reader
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.database import lookup, objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, NoObject

CLEAR, GREEN = Audience.of(Marking("CLEAR")), Audience.of(Marking("GREEN", "Health"))
AMBER = Audience.of(Marking("AMBER", "Health"))
MINE = reader("Ama", "Health", "analyst")
OTHER = reader("Ben", "Interior", "analyst")


def draft(id: str = "warning--1", audience: Audience = GREEN, **more: object) -> Draft:
    return Draft(id, "warning", "Health", audience, **({"payload": b"{}"} | more))  # type: ignore[arg-type]


def put(database: Database, *drafts: Draft) -> None:
    with database.writing() as connection:
        for one in drafts:
            objects.put(database, connection, one)


def ids(database: Database, who: Reader, **more: object) -> list[str]:
    with database.reading() as connection:
        return [row.id for row in objects.page(database, connection, who, **more)]  # type: ignore[arg-type]


def find(database: Database, who: Reader, id: str = "warning--1") -> objects.Object:
    with database.reading() as connection:
        return lookup.find(database, connection, who, id)


def test_a_reader_finds_what_the_markings_allow_and_no_more(database: Database) -> None:
    put(
        database, draft("warning--1", GREEN), draft("warning--2", AMBER), draft("warning--3", CLEAR)
    )
    assert ids(database, MINE) == ["warning--1", "warning--2", "warning--3"]
    assert ids(database, OTHER) == ["warning--1", "warning--3"]
    assert ids(database, NOBODY) == ["warning--3"]
    with pytest.raises(NoObject) as hidden:
        find(database, OTHER, "warning--2")
    with pytest.raises(NoObject) as missing:
        find(database, OTHER, "warning--9")
    assert hidden.value.as_dict() == missing.value.as_dict()


def test_the_same_again_changes_nothing_and_a_change_is_a_version(database: Database) -> None:
    put(database, draft(), draft())
    assert find(database, MINE).version == 1
    put(database, draft(payload=b'{"level": "warning"}'))
    found = find(database, MINE)
    assert (found.version, found.newest) == (2, True)
    assert ids(database, MINE) == ["warning--1"]


def test_a_stricter_version_hides_the_earlier_ones_and_the_children(database: Database) -> None:
    put(database, draft(), draft("report--1", CLEAR, parent="warning--1"))
    assert ids(database, OTHER) == ["warning--1", "report--1"]
    assert ids(database, NOBODY) == []
    put(database, draft(audience=AMBER))
    assert ids(database, OTHER) == []
    with database.reading() as connection:
        rows = connection.execute(objects.select_visible(database, connection, OTHER)).all()
    assert rows == []


def test_a_laxer_version_does_not_loosen_but_a_release_does(database: Database) -> None:
    put(database, draft(audience=AMBER), draft(audience=CLEAR, payload=b"[]"))
    assert ids(database, OTHER) == []
    with database.writing() as connection:
        kept = objects.newest(connection, "warning--1")
        assert kept is not None
        objects.release(database, connection, kept, GREEN)
    assert ids(database, OTHER) == ["warning--1"]
    with database.reading() as connection:
        rows = connection.execute(objects.select_visible(database, connection, OTHER)).all()
    assert [row.version for row in rows] == [3]


def test_a_release_takes_away_no_marking_of_others_nor_of_the_parent(database: Database) -> None:
    theirs = Marking("AMBER", "Interior", frozenset({"Health"}))
    put(
        database,
        draft(audience=AMBER),
        draft("report--1", Audience.of(theirs), parent="warning--1"),
    )
    with database.writing() as connection:
        kept = objects.newest(connection, "report--1")
        assert kept is not None
        after = objects.release(database, connection, kept, CLEAR)
        audience = audience_of(connection, after.audience)
    assert audience.markings >= {theirs, *AMBER.markings}
    assert GREEN.markings.isdisjoint(audience.markings)


def test_a_part_of_what_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(NoObject):
        put(database, draft(parent="warning--9"))


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8), st.integers(1, 3))
def test_pages_hold_each_row_once_in_the_order_of_adding(
    database: Database, written: list[str], limit: int
) -> None:
    put(
        database,
        *(draft(f"warning--{id}", payload=str(n).encode()) for n, id in enumerate(written)),
    )
    whole, after, seen = ids(database, MINE), (0, ""), []
    while True:
        with database.reading() as connection:
            rows = objects.page(database, connection, MINE, after=after, limit=limit)
        if not rows:
            break
        seen += [row.id for row in rows]
        after = (rows[-1].date_added, rows[-1].id)
    assert seen == whole
    assert len(set(seen)) == len(seen)


def test_what_belongs_to_an_exercise_does_so_for_ever_and_so_do_its_parts(
    database: Database,
) -> None:
    put(database, draft("warning--0"))
    database.exercise = True
    put(database, draft("warning--1"))
    database.exercise = False
    put(database, draft("warning--1", payload=b'{"a": 1}'), draft("note--2", parent="warning--1"))
    put(database, draft("warning--3", exercise=True), draft("warning--4", origin="north"))
    names = ("warning--0", "warning--1", "note--2", "warning--3", "warning--4")
    shown = {id: bool(find(database, MINE, id).exercise) for id in names}
    assert shown == {
        "warning--0": False, "warning--1": True, "note--2": True, "warning--3": True,
        "warning--4": False,
    }  # fmt: skip
    with database.writing() as connection:
        row = objects.newest(connection, "warning--1")
        assert row is not None
        assert objects.release(database, connection, row, CLEAR).exercise


def test_in_exercise_mode_nothing_real_is_changed(database: Database) -> None:
    put(database, draft("warning--0"))
    database.exercise = True
    put(database, draft("warning--0"))
    for one in (draft("warning--0", payload=b"[]"), draft("warning--0", AMBER)):
        with pytest.raises(NotAllowed, match="exercise mode"):
            put(database, one)
    # What comes from another server is real unless that server says otherwise.
    put(database, draft("warning--9", origin="north"))
    put(database, draft("warning--9", origin="north", payload=b'{"a": 1}'))
    assert not find(database, MINE, "warning--9").exercise


def test_an_object_is_marked_without_going_through_others_of_its_audience(
    database: Database,
) -> None:
    put(database, draft())
    asked: list[tuple[str, Any]] = []

    def note(_1: Any, _2: Any, sql: str, given: Any, _3: Any, _4: bool) -> None:
        if sql.startswith("UPDATE objects SET audience"):
            asked.append((sql, given))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.writing() as connection:
        objects.mark(database, connection, find(database, MINE), AMBER)
    event.remove(database.engine, "before_cursor_execute", note)
    assert find(database, MINE).version == 2
    ((sql, values),) = asked
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    assert [row.detail.rpartition(" ")[2] for row in plan] == ["(id=?)"]
