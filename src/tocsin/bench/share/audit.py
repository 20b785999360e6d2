"""How fast is the audit log verified and proved from, and do many writers fork it?"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tocsin.share.audit import Act, prove, sequence, verify, write_checkpoint
from tocsin.share.audit.act import record, record_many
from tocsin.share.audit.note import new_key
from tocsin.share.audit.tables import LOG, create_tables

TEN_MILLION = 10_000_000
BATCH = 10_000


def measure_audit(*, rows: int = 1_000_000, workers: int = 16, each: int = 200) -> dict[str, Any]:
    """Measure the audit log on SQLite in a file.

    Args:
        rows: how many entries are verified.
        workers: how many processes write at once.
        each: how many acts each of them logs, a transaction each.

    Returns:
        `rows`, `verify_seconds` (of a processor), `verify_seconds_ten_million` (by rule of three,
        not measured), `proof_milliseconds` (of a processor, the longest of 200), `workers`,
        `events`, `events_per_second` (wall), and `forks` (places that two acts
        have, plus 1 where the log is not whole).
    """
    with tempfile.TemporaryDirectory() as folder:
        verified = _verify(Path(folder) / "rows.db", rows)
        written = _write(Path(folder) / "workers.db", workers, each)
    return {**verified, **written}


def _engine(place: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{place}", connect_args={"timeout": 120})

    @sa.event.listens_for(engine, "connect")
    def _opened(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")

    return engine


def _verify(place: Path, rows: int) -> dict[str, Any]:
    engine, key = _engine(place), new_key("bench.example/log")
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
        events = connection.execute(
            sa.select(LOG.c.event).where(LOG.c.position % max(1, rows // 200) == 0)
        )
        names = events.scalars().all()
        slowest = 0.0
        for event in names:
            began = time.process_time()
            prove(connection, event, opened=True)
            slowest = max(slowest, time.process_time() - began)
        began = time.process_time()
        found = verify(connection, key=key.public)
        seconds = time.process_time() - began
    engine.dispose()
    if not found.whole or found.size != rows:
        raise AssertionError(found.findings)
    return {
        "rows": rows,
        "verify_seconds": seconds,
        "verify_seconds_ten_million": seconds * TEN_MILLION / rows,
        "proof_milliseconds": 1000 * slowest,
    }


def _write(place: Path, workers: int, each: int) -> dict[str, Any]:
    engine = _engine(place)
    with engine.begin() as connection:
        create_tables(connection)
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    started = [
        context.Process(target=_work, args=(place, n, each, ready, go)) for n in range(workers)
    ]
    for one in started:
        one.start()
    for _ in started:
        ready.acquire()
    began = time.perf_counter()
    go.set()
    while any(one.is_alive() for one in started):
        sequence(engine)
        time.sleep(0.05)
    sequence(engine)
    seconds = time.perf_counter() - began
    with engine.connect() as connection:
        found = verify(connection)
        places = connection.execute(sa.select(LOG.c.position)).scalars().all()
    engine.dispose()
    forks = len(places) - len(set(places)) + (not found.whole) + (len(places) != workers * each)
    return {
        "workers": workers,
        "events": len(places),
        "events_per_second": len(places) / seconds,
        "forks": int(forks),
    }


def _work(place: Path, number: int, each: int, ready: Any, go: Any) -> None:
    engine = _engine(place)
    ready.release()
    go.wait()
    for n in range(each):
        with engine.begin() as connection:
            record(connection, Act("read", f"account-{number}", f"w{n}"))
    engine.dispose()
