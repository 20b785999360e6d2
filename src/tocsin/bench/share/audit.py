"""How fast is the audit log verified and proved from, and do many writers fork it?"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tocsin.bench.share.server import postgres
from tocsin.share.audit import Act, prove, sequence, verify, write_checkpoint
from tocsin.share.audit.act import record, record_many
from tocsin.share.audit.note import new_key
from tocsin.share.audit.pieces import cores
from tocsin.share.audit.tables import LOG, create_tables
from tocsin.share.server.database.connection import connect
from tocsin.share.server.database.schema import upgrade

TEN_MILLION = 10_000_000
BATCH = 10_000


def measure_audit(
    *, rows: int = 2_000_000, workers: int = 16, each: int = 200,
    on_done: Callable[[str], None] = lambda _words: None,
) -> dict[str, Any]:  # fmt: skip
    """Measure the audit log.

    Args:
        rows: how many entries, on SQLite in a file, are verified.
        workers: how many write at once.
        each: how many acts each of them logs, a transaction each.
        on_done: is told at each step.

    Returns:
        `rows`, `verify_processor_seconds` (one process), `verify_seconds` (wall, with `processes`),
        `verify_seconds_ten_million` (by rule of three, not measured), `proof_milliseconds` (of a
        processor, the longest of 200), and for writers in processes of their own on SQLite, in
        processes on PostgreSQL (where it is installed) that waits for the disk, and in threads of
        one process on SQLite, as a server has them: `events_per_second` (wall, until the last act
        has its place), `forks` (places that two acts have, plus 1 where the log is not whole), and
        for processes `writer_processor_milliseconds`, what an act costs its writer.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        on_done("Verifying a log")
        told: dict[str, Any] = _verify(folder / "rows.db", rows)
        told |= {"workers": workers, "events": workers * each}
        on_done("Writing to SQLite from many processes")
        told["sqlite_processes"] = _write(f"sqlite:///{folder / 'workers.db'}", workers, each)
        on_done("Writing to SQLite from many threads")
        told["sqlite_threads"] = _write_by_threads(folder, workers, each)
        if postgres.programs() is not None:
            on_done("Writing to PostgreSQL from many processes")
            found = stack.enter_context(postgres.running(durable=True))
            url = found.url.replace("postgresql:", "postgresql+psycopg:")
            told["postgresql_processes"] = _write(url, workers, each)
        return told


def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url)
    engine = sa.create_engine(url, connect_args={"timeout": 120})

    @sa.event.listens_for(engine, "connect")
    def _opened(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")

    return engine


def _verify(place: Path, rows: int) -> dict[str, Any]:
    engine, key = _engine(f"sqlite:///{place}"), new_key("bench.example/log")
    with engine.begin() as connection:
        create_tables(connection)
    for start in range(0, rows, BATCH):
        with engine.begin() as connection:
            count = range(start, min(rows, start + BATCH))
            record_many(
                connection, [Act("read", f"a{n % 50}", f"w{n}", {"why": "duty"}) for n in count]
            )
        sequence(engine)
    with engine.begin() as connection:
        write_checkpoint(connection, key)
    with engine.connect() as connection:
        slowest = _slowest_proof(connection, rows)
        began = time.process_time()
        found = verify(connection, key=key.public)
        used = time.process_time() - began
        began = time.perf_counter()
        again = verify(connection, key=key.public, processes=cores())
        lasted = time.perf_counter() - began
    engine.dispose()
    if not found.whole or found.size != rows or found != again:
        raise AssertionError(found.findings)
    return {
        "rows": rows,
        "processes": cores(),
        "verify_processor_seconds": used,
        "verify_seconds": lasted,
        "verify_seconds_ten_million": lasted * TEN_MILLION / rows,
        "proof_milliseconds": 1000 * slowest,
    }


def _slowest_proof(connection: sa.Connection, rows: int) -> float:
    """Prove of some 200 entries that they stand in the log; the longest time of a processor."""
    events = sa.select(LOG.c.event).where(LOG.c.position % max(1, rows // 200) == 0)
    slowest = 0.0
    for event in connection.execute(events).scalars().all():
        began = time.process_time()
        prove(connection, event, opened=True)
        slowest = max(slowest, time.process_time() - began)
    return slowest


def _write(url: str, workers: int, each: int) -> dict[str, Any]:
    engine = _engine(url)
    with engine.begin() as connection:
        create_tables(connection)
    context = multiprocessing.get_context("spawn")
    ready, go, done = context.Semaphore(0), context.Event(), context.SimpleQueue()
    started = [
        context.Process(target=_work, args=(url, n, each, (ready, go, done)))
        for n in range(workers)
    ]
    for one in started:
        one.start()
    for _ in started:
        ready.acquire()
    began = time.perf_counter()
    go.set()
    spent: list[float] = []
    # How long processes take to end is no part of it: on a busy machine that is most of the time.
    while len(spent) < workers and (any(one.is_alive() for one in started) or not done.empty()):
        sequence(engine)
        while not done.empty():
            spent.append(done.get())
        time.sleep(0.02)
    sequence(engine)
    lasted = time.perf_counter() - began
    for one in started:
        one.join()
    told = _result(engine, workers * each, lasted)
    engine.dispose()
    return told | {"writer_processor_milliseconds": 1000 * sum(spent) / (workers * each)}


def _work(url: str, number: int, each: int, signals: tuple[Any, Any, Any]) -> None:
    ready, go, done = signals
    engine = _engine(url)
    with engine.connect() as connection:
        connection.execute(sa.select(1)).one()
    ready.release()
    go.wait()
    began = time.process_time()
    for n in range(each):
        with engine.begin() as connection:
            record(connection, Act("read", f"account-{number}", f"w{n}"))
    done.put(time.process_time() - began)
    engine.dispose()


def _write_by_threads(folder: Path, workers: int, each: int) -> dict[str, Any]:
    """Write as a server does: what comes at one time becomes one transaction."""
    database = connect(folder)
    upgrade(database)

    def work(number: int) -> None:
        for n in range(each):
            act = Act("read", f"account-{number}", f"w{n}")
            database.write_together(partial(record, act=act))

    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        for one in [pool.submit(work, n) for n in range(workers)]:
            one.result()
    sequence(database.engine)
    told = _result(database.engine, workers * each, time.perf_counter() - began)
    database.close()
    return told


def _result(engine: sa.Engine, wanted: int, seconds: float) -> dict[str, Any]:
    with engine.connect() as connection:
        found = verify(connection)
        places = connection.execute(sa.select(LOG.c.position)).scalars().all()
    forks = len(places) - len(set(places)) + (not found.whole) + (len(places) != wanted)
    return {"events_per_second": len(places) / seconds, "forks": int(forks)}
