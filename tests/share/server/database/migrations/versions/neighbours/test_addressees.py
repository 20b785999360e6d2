"""Migrations name what came from neighbours before, on both databases, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text

from share.server import postgres
from tocsin.bench.share.server.ring import Member
from tocsin.share.audit.note import new_key
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import reader
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import SQLITE_FILE, Database, connect
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.outbound import statements
from tocsin.share.server.database.schema import differences, upgrade
from tocsin.share.server.database.tables import accounts
from tocsin.share.server.neighbours.feed import read_feed
from tocsin.share.server.neighbours.following import take_in
from tocsin.share.server.neighbours.statements import state

HOME, HEALTH, OFFICE = "Ministry of Interior", "Ministry of Health", "North office"
KEY = new_key("south")
OURS = {"warning--own", "warning--given"}
AMBER = Marking("AMBER", HOME, recipients=frozenset({"South office"}))
STRICT = Marking("AMBER+STRICT", HOME, recipients=frozenset({OFFICE, HEALTH}))
RED = Marking("RED", HOME, readers=frozenset({"exchange", "Ama", "Kofi (north)"}))


def on_postgresql() -> object:
    missing = postgres.programs() is None
    return pytest.param("postgresql", marks=[
        pytest.mark.slow, pytest.mark.skipif(missing, reason="PostgreSQL is not installed"),
    ])  # fmt: skip


@pytest.fixture(params=["sqlite", on_postgresql()])
def south(request: pytest.FixtureRequest, fresh: Path, tmp_path: Path) -> Iterator[Database]:
    """A server with the rows that form 12 had: all names in them are bare."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copy(fresh, tmp_path / SQLITE_FILE)
            database = connect(tmp_path)
        else:
            database = connect(stack.enter_context(postgres.running()))
            upgrade(database)
        stack.callback(database.close)
        fill(database)
        yield database


def go_back(connection: Connection) -> None:
    """Give the database the form 12 again, as far as tables go."""
    for line in ("ALTER TABLE neighbours DROP COLUMN refused",
                 "ALTER TABLE neighbours DROP COLUMN unsure",
                 "UPDATE alembic_version SET version_num = '12'"):  # fmt: skip
        connection.execute(text(line))


def fill(database: Database) -> None:
    with database.writing() as connection:
        for name, organisation, role in (
            ("Ama", HOME, "analyst"), ("Efe", HEALTH, "analyst"), ("exchange", OFFICE, "partner"),
        ):  # fmt: skip
            values = {"id": name, "name": name, "organisation": organisation, "role": role}
            connection.execute(insert(accounts).values(**values, password="", created=0))
        for id, marking, origin in (
            ("warning--amber", AMBER, "north"), ("note--red", RED, "north"),
            ("warning--own", Marking("AMBER", HOME), ""), ("warning--given", STRICT, ""),
            ("note--own", RED, ""),
        ):  # fmt: skip
            draft = Draft(id, id.partition("--")[0], HOME, Audience.of(marking), b"{}",
                          origin=origin)  # fmt: skip
            objects.put(database, connection, draft)
        state(database, connection, KEY)
        go_back(connection)


def audiences_by_id(database: Database) -> dict[str, tuple[str, Audience]]:
    ids = ("warning--amber", "note--red", "warning--own", "warning--given", "note--own")
    with database.reading() as connection:
        rows = [objects.newest(connection, id) for id in ids]
        return {one.id: (one.owner, audience_of(connection, one.audience)) for one in rows if one}


@pytest.mark.slow
def test_what_came_before_is_named_with_its_server_and_own_objects_stay(south: Database) -> None:
    before = audiences_by_id(south)
    ama, kofi = reader("Ama", HOME, "analyst"), reader("Kofi", "South office", "analyst")
    assert all(may_see(ama, before[id][1]) for id in ("warning--amber", "note--red"))
    upgrade(south)
    after = audiences_by_id(south)
    north = "Ministry of Interior (north)"
    assert after["warning--amber"] == (
        north, Audience.of(Marking("AMBER", north, recipients=frozenset({"South office"})))
    )  # fmt: skip
    named = frozenset({"exchange (north)", "Ama (north)", "Kofi (north)"})
    assert after["note--red"] == (north, Audience.of(Marking("RED", north, readers=named)))
    assert not any(may_see(ama, after[id][1]) for id in ("warning--amber", "note--red"))
    assert may_see(kofi, after["warning--amber"][1])
    assert {id: after[id] for id in (*OURS, "note--own")} == {
        id: before[id] for id in (*OURS, "note--own")
    }
    with south.reading() as connection:
        assert differences(connection) == []


def test_migrations_may_run_again(south: Database) -> None:
    upgrade(south)
    after = audiences_by_id(south)
    with south.writing() as connection:
        go_back(connection)
    upgrade(south)
    assert audiences_by_id(south) == after


def test_what_was_given_to_organisations_is_stated_anew_with_their_server(
    south: Database, fresh: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "north"
    folder.mkdir()
    shutil.copy(fresh, folder / SQLITE_FILE)
    partner = reader("exchange", OFFICE, "partner")
    taker = Member("north", connect(folder), new_key("north"))

    def hand() -> Audience | None:
        with south.writing() as connection:
            page = read_feed(south, connection, partner, KEY)
        with taker.database.writing() as connection:
            take_in(taker.database, connection, page.entries, me="north",
                    keys={"south": KEY.public})  # fmt: skip
            row = objects.newest(connection, "warning--given")
            return None if row is None else audience_of(connection, row.audience)

    with south.reading() as connection:
        stated = dict(connection.execute(select(statements.c.id, statements.c.place)).all())
    upgrade(south)
    with south.reading() as connection:
        waiting = dict(connection.execute(select(statements.c.id, statements.c.place)).all())
    assert {id for id in stated if waiting[id] != stated[id]} == {"warning--given"}
    told = hand()
    assert told is not None
    assert not may_see(reader("Efe", HEALTH, "analyst"), told)
    assert may_see(reader("Olu", OFFICE, "analyst"), told)
    taker.database.close()
