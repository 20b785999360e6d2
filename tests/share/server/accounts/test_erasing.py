"""Erasing somebody: the name is nowhere any more, and every proof holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from share.server import postgres
from share.server.conftest import PASSWORD, Site
from share.server.pages.account.test_own import browser, csrf
from tocsin.errors import UsageError
from tocsin.share.audit import verify
from tocsin.share.audit.checkpoint import read_checkpoints
from tocsin.share.audit.note import new_key
from tocsin.share.audit.proof import check_proof, prove
from tocsin.share.audit.tables import LOG
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.accounts import erasing, people
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import SQLITE_FILE, Database, connect
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.database.outbound import neighbours
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.database.tables import accounts, acts, metadata
from tocsin.share.server.delivery import mailing
from tocsin.share.server.desk.acts import record
from tocsin.share.server.neighbours.statements import state
from tocsin.share.server.running.logbook import keep_log

KEY = new_key("Health")
NAME = "Zanele Quux"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def either(request: pytest.FixtureRequest, database: Database) -> Iterator[Database]:
    if request.param == "sqlite":
        yield database
        return
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.running() as address:
        found = connect(address, clock=database.clock)
        upgrade(found)
        yield found
        found.close()


def _traces(database: Database, text: str) -> list[str]:
    """Tables in which a text stands, in whatever column."""
    with database.reading() as connection:
        return [
            table.name for table in metadata.sorted_tables
            if any(text in str(value) or text.encode() in _bytes(value)
                   for row in connection.execute(select(table)) for value in row)
        ]  # fmt: skip


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def _live(site: Site) -> str:
    """Let somebody do all that leaves a name: sign in, mark, read, take digests and webhooks."""
    site.account("Oma", role="administrator")
    me = site.account(NAME)
    browser(site, NAME)
    site.token(NAME)
    red = Marking("RED", "Health", readers=frozenset({NAME, "Oma"}))
    kept = site.put("warning--red", audience=Audience.of(red))
    site.put("warning--other")
    with site.database.writing() as connection:
        mailing.subscribe(
            site.database, connection, me.account, address="quux@example.org", hour=7, zone="UTC"
        )
        record(site.database, connection, me, "release", kept, reason="the neighbours must know")
    with site.database.writing() as connection:
        assert state(site.database, connection, KEY) == 2
    keep_log(site.database, KEY)
    return me.account


@pytest.mark.slow
def test_who_was_erased_is_in_no_table_and_the_log_holds(either: Database) -> None:
    site = Site(either)
    id = _live(site)
    assert {"accounts", "audiences", "neighbour_statements"} <= set(_traces(either, NAME))
    with either.reading() as connection:
        (held,) = read_checkpoints(connection, last=1)
        first = connection.execute(select(LOG.c.event).order_by(LOG.c.position)).scalars().first()
        proof = prove(connection, str(first))
    oma = site.client("Oma")
    assert oma.delete(f"/api/accounts/{NAME}/identity").status_code == 200
    keep_log(either, KEY)
    assert _traces(either, NAME) == []
    assert _traces(either, "quux@example.org") == []
    # To neighbours it is stated anew.
    with either.writing() as connection:
        assert state(either, connection, KEY) == 1
    assert _traces(either, NAME) == []
    # What was done stays, as its organisation's.
    with either.reading() as connection:
        done = connection.execute(select(acts).where(acts.c.verb == "release")).one()
    assert (done.account, done.reason) == (None, "the neighbours must know")
    with either.reading() as connection:
        told = verify(connection, key=KEY.public, held=[held])
    assert (told.whole, told.erased > 0) == (True, True)
    assert check_proof(proof, KEY.public)[0] == ""
    # Others whom the marking named see the object as before; and the other one needs no name.
    assert {one["id"] for one in oma.get("/api/objects").json()["objects"]} == {
        "warning--red", "warning--other"
    }  # fmt: skip
    with either.reading() as connection:
        row = connection.execute(select(accounts).where(accounts.c.id == id)).one()
    assert (row.name, row.password, row.disabled) == (f"(erased {id[:8]})", "", True)


def test_whoever_takes_the_name_later_sees_nothing_of_it(database: Database) -> None:
    site = Site(database)
    _live(site)
    oma = site.client("Oma")
    assert len(site.client(NAME).get("/api/objects").json()["objects"]) == 2
    assert oma.delete(f"/api/accounts/{NAME}/identity").status_code == 200
    with database.writing() as connection:
        people.add(database, connection, NAME, Place("Health", "analyst"), "x")
    # The processes that ran meanwhile remember which audiences the name was in.
    with database.reading() as connection:
        id = connection.execute(select(accounts.c.id).where(accounts.c.name == NAME)).scalar_one()
        row = people.account(connection, id)
        assert row is not None
        found = people.reader_of(row)
    with database.reading() as connection:
        assert [one.id for one in objects.page(database, connection, found)] == ["warning--other"]


def test_sqlites_file_holds_the_name_no_more(tmp_path: Path, database: Database) -> None:
    site = Site(database)
    _live(site)
    assert site.client("Oma").delete(f"/api/accounts/{NAME}/identity").status_code == 200
    for name in (SQLITE_FILE, f"{SQLITE_FILE}-wal"):
        assert NAME.encode() not in (tmp_path / name).read_bytes()
    with closing(sqlite3.connect(tmp_path / SQLITE_FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_cannot_be_erased_says_so(database: Database) -> None:
    site = Site(database)
    oma = site.account("Oma", role="administrator")
    site.account("exchange (South)", "South", "partner")
    with database.writing() as connection:
        values = {"name": "South", "url": "https://x", "key": "", "account": "exchange (South)"}
        connection.execute(insert(neighbours).values(**values))
    with database.writing() as connection, pytest.raises(UsageError, match="neighbour asks"):
        erasing.erase(database, connection, "exchange (South)", by=oma.account)
    with database.writing() as connection, pytest.raises(NoObject):
        erasing.erase(database, connection, "Nobody", by=oma.account)
    client = site.client("Oma")
    assert client.delete("/api/accounts/Oma/identity").status_code == 422
    site.account("Ama")
    assert site.client("Ama").delete("/api/accounts/Oma/identity").status_code == 403


@pytest.mark.slow
def test_an_administrator_erases_on_the_page_and_has_to_be_sure(site: Site) -> None:
    site.account("Oma", role="administrator")
    site.account(NAME)
    oma = browser(site, "Oma")
    form = {"act": "erase", "csrf": csrf(oma), "account": NAME}
    assert oma.post("/accounts", data=form).status_code == 422
    assert NAME in oma.get("/accounts").text
    assert oma.post("/accounts", data=form | {"sure": "yes"}).status_code == 303
    assert NAME not in oma.get("/accounts").text
    told = {"name": NAME, "password": PASSWORD}
    assert site.client().post("/sign-in", data=told).status_code != 303
