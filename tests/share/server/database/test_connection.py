"""SQLite and PostgreSQL do the same, with many at a time."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from share.server import postgres
from share.server.conftest import Site
from tocsin.errors import UsageError
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import reader
from tocsin.share.server.database import objects as kept_objects
from tocsin.share.server.database.connection import KEYS, Database, connect, micros, moment
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.schema import differences, upgrade
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk.reports import Sending, make_ready, receive_many
from tocsin.share.server.running.backup import backup, restore
from tocsin.share.server.running.opening import open_folder

ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "one_sided"}
HERE = pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres.running() as found:
        yield found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[HERE, pytest.mark.slow])])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind, with its tables."""
    if request.param == "sqlite":
        database = connect(tmp_path)
    else:
        database = connect(request.getfixturevalue("address"))
        with database.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    upgrade(database)
    yield database
    database.close()


def at_once(act: Callable[[int], None], n: int) -> None:
    """Do something in several threads at once; what one raises is raised."""
    faults: list[BaseException] = []
    gate = threading.Barrier(n)

    def run(k: int) -> None:
        try:
            gate.wait()
            act(k)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


@pytest.mark.slow
def test_the_migrations_make_the_tables(either: Database) -> None:
    with either.reading() as connection:
        assert differences(connection) == []


@pytest.mark.slow
def test_many_writers_wait_for_each_other_and_times_only_grow(either: Database) -> None:
    """Elsewhere a transaction that read first and wrote later failed with a busy snapshot."""
    site = Site(either)

    def write(k: int) -> None:
        for n in range(6):
            site.put(f"warning--{k}-{n}")

    at_once(write, 6)
    with either.reading() as connection:
        rows = connection.execute(select(objects).order_by(objects.c.number)).all()
    added = [row.date_added for row in rows]
    assert len(rows) == 36
    assert added == sorted(set(added))


@pytest.mark.slow
def test_a_sending_that_arrives_many_times_at_once_is_one_report(either: Database) -> None:
    site = Site(either)
    site.account("Fay", role="field reporter")
    key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
    body = {"key": key, "sending": sending, "branch": branch, "answers": ANSWERS}
    clients = [site.client("Fay") for _ in range(5)]
    receipts: list[str] = []

    def send(k: int) -> None:
        found = clients[k].post("/api/reports", json=body)
        assert found.status_code == 201, found.text
        receipts.append(found.text)

    at_once(send, 5)
    assert len(set(receipts)) == 1
    with either.reading() as connection:
        assert connection.execute(select(func.count()).select_from(objects)).scalar_one() == 1


@HERE
@pytest.mark.slow
def test_two_processes_take_the_same_in_at_once_and_none_waits_for_ever(address: str) -> None:
    """Reports, corrections and repeats, in any order, some of them in one transaction."""
    databases = [connect(address), connect(address)]
    upgrade(databases[0])
    deadlocks = text("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'")
    added = select(objects.c.id, objects.c.version, objects.c.date_added).order_by(objects.c.number)
    with databases[0].reading() as connection:
        there = len(connection.execute(added).all())
        locked = connection.execute(deadlocks).scalar_one()
    site = Site(databases[0])
    fay = site.account(f"Fay {uuid.uuid4()}", role="field reporter")
    keys = [str(uuid.uuid4()) for _ in range(10)]
    sent = [
        Sending(key, f"{place} {key}", ANSWERS | {"headline": str(place)}, key, place)
        for key in keys for place in (1, 2)
    ]  # fmt: skip
    receipts: dict[str, set[str]] = {one.sending: set() for one in sent}

    def send(k: int) -> None:
        database = databases[k % 2]
        for one in random.Random(k).sample(sent, len(sent)):
            ready = make_ready(database, fay, one)
            receipts[one.sending].add(database.arriving.do(receive_many, ready).report)

    at_once(send, 8)
    with databases[0].reading() as connection:
        rows = connection.execute(added).all()[there:]
        assert connection.execute(deadlocks).scalar_one() == locked
    for one in databases:
        one.close()
    assert all(len(reports) == 1 for reports in receipts.values())
    assert len(set.union(*receipts.values())) == 10
    assert sorted(row.version for row in rows) == [1] * 10 + [2] * 10
    assert [row.date_added for row in rows] == sorted({row.date_added for row in rows})


@HERE
@pytest.mark.slow
def test_who_waits_for_a_key_has_no_place_in_the_order_yet(address: str) -> None:
    """Otherwise the one who holds the key would wait for the place, and both for ever."""
    database = connect(address)
    upgrade(database)
    fay = Site(database).account(f"Fay {uuid.uuid4()}", role="field reporter")
    key = str(uuid.uuid4())
    ready = make_ready(database, fay, Sending(key, key, ANSWERS, key))
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND classid = :of")
    with ThreadPoolExecutor(1) as pool:
        with database.writing(ordered=False) as connection:
            database.hold(connection, [ready.key])
            found = pool.submit(database.arriving.do, receive_many, ready)
            while not found.done() and not connection.execute(waits, {"of": KEYS}).scalar_one():
                threading.Event().wait(0.01)
            assert not found.done()
            database.order(connection)
        assert found.result().state == "kept"
    database.close()


@pytest.mark.slow
def test_a_reader_sees_one_state_while_others_write(either: Database) -> None:
    site = Site(either)
    site.put("warning--1")
    who = reader("Ama", "Health", "analyst")
    with either.reading() as connection:
        before = kept_objects.page(either, connection, who)
        other = threading.Thread(target=lambda: site.put("warning--2"))
        other.start()
        other.join()
        assert kept_objects.page(either, connection, who) == before
    with either.reading() as connection:
        assert len(kept_objects.page(either, connection, who)) == 2


@pytest.mark.slow
def test_what_a_writer_takes_back_is_not_remembered(either: Database) -> None:
    """A number that was taken back is given again, and must not carry the old markings."""
    site = Site(either)
    who = reader("Ama", "Health", "analyst")

    def take_back() -> None:
        with either.writing() as connection:
            audience = Audience.of(Marking("GREEN", "Health"))
            draft = Draft("warning--0", "warning", "Health", audience, b"{}")
            kept_objects.put(either, connection, draft)
            assert len(kept_objects.page(either, connection, who)) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_back()
    site.put("warning--1", "RED")
    with either.reading() as connection:
        assert kept_objects.page(either, connection, who) == []


@HERE
@pytest.mark.slow
def test_a_backup_of_postgresql_comes_back(address: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "server.toml").write_text(f'organisation = "Health"\ndatabase = "{address}"\n')
    database, settings = open_folder(folder)
    Site(database, settings).put("warning--kept")
    backup(folder, tmp_path / "server.tar")
    # What runs is not wiped by a trial, whether the database is named or taken from the settings.
    for named in ("", address):
        with pytest.raises(UsageError, match="something in the database"):
            restore(tmp_path / "server.tar", tmp_path / "again", database=named)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE again"))
    other = make_url(address).set(database="again").render_as_string(hide_password=False)
    database.close()
    restore(tmp_path / "server.tar", tmp_path / "again", database=other)
    again, told = open_folder(tmp_path / "again")
    assert (told.database, told.organisation) == (other, "Health")
    with again.reading() as connection:
        ids = connection.execute(select(objects.c.id)).scalars().all()
    again.close()
    assert "warning--kept" in ids


@pytest.mark.parametrize("where", ["mysql://host/name", "nothing", "oracle://x"])
def test_another_database_is_refused(where: str) -> None:
    with pytest.raises(UsageError):
        connect(where)


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)))
def test_times_are_exact_to_the_microsecond(time: datetime) -> None:
    assert moment(micros(time)) == time
