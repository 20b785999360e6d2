"""Measure what a body can do that outgrows one machine, as far as one machine can tell.

Three things on a real PostgreSQL: a streaming replica (how far behind it reads, and what it may be
asked), objects divided into partitions by jurisdiction (what adding, reading and leaving cost
beside one undivided table), and listeners that are woken by NOTIFY. Costs are seconds of a
processor that PostgreSQL's own process took, since other work on the machine changes them less than
the clock; waits are by the clock, and hang on what else runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tocsin.bench.share.server.postgres import Postgres, running
from tocsin.errors import TocsinError
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import connect
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.schema import upgrade

JURISDICTIONS = 26
"""Territories of a large region; each has a partition."""
LISTENED = "objects_added"
PAYLOAD = 600
"""Bytes of an object, about those of a published warning."""
INDEXES = (
    "(id, version)", "(date_added)", "(audience, newest, type, date_added)", "(parent)",
)  # fmt: skip
READS = {
    "by_id": "SELECT * FROM {table} WHERE id = 'warning--' || {n} AND newest",
    "page_of_a_territory": "SELECT * FROM {table} WHERE audience IN (1, 2) AND newest AND type = "
    "'warning' AND jurisdiction = 'Z{place:02d}' AND date_added > {n} ORDER BY date_added LIMIT 20",
    "page_of_all": "SELECT * FROM {table} WHERE audience IN (1, 2) AND newest AND type = 'warning' "
    "AND date_added > {n} ORDER BY date_added LIMIT 20",
    "count_of_a_territory": "SELECT count(*) FROM {table} WHERE jurisdiction = 'Z{place:02d}'",
}
"""What a server asks, by name."""
Say = Callable[[str], None]


def measure_scale(
    *, rows: int = 1_000_000, reads: int = 200, on_done: Say = lambda _words: None
) -> dict[str, Any]:
    """Measure partitions, a replica and listeners on a PostgreSQL of one's own.

    Args:
        rows: rows of the table that is divided, and of the one that is not.
        reads: of each kind of question, how many.
        on_done: told what is being done.

    Returns:
        `partitions`: for `plain` and `divided` microseconds of a processor for a row `added` and
        for each question of `READS`, and for all rows of one territory to be `left`; `replica`:
        milliseconds until a commit can be read there, as `lag_median_ms` and `lag_longest_ms`,
        `lost` rows and what it refuses; `listeners`: milliseconds from a commit to who listens, and
        microseconds of a processor that the call adds to a commit.
    """
    with running(durable=True) as first:
        database = connect(first.url)
        upgrade(database)
        database.close()
        on_done("Dividing a table by jurisdiction")
        told = {"partitions": _partitions(first, rows, reads)}
        on_done("Waking listeners")
        told["listeners"] = _listeners(first, reads)
        on_done("Starting a replica")
        told["replica"] = _replica(first, reads)
    return told


def _connect(url: str) -> Any:
    import psycopg

    return psycopg.connect(url, autocommit=True)


@contextmanager
def _cost(connection: Any) -> Iterator[dict[str, float]]:
    """Seconds of a processor that the server's process for a connection takes."""
    pid = connection.info.backend_pid
    found = {"seconds": -_seconds(pid)}
    yield found
    found["seconds"] += _seconds(pid)


def _seconds(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9


def _partitions(first: Postgres, rows: int, reads: int) -> dict[str, Any]:
    with _connect(first.url) as connection:
        connection.execute("CREATE TABLE plain (LIKE objects INCLUDING DEFAULTS)")
        connection.execute(
            "CREATE TABLE divided (LIKE objects INCLUDING DEFAULTS) "
            "PARTITION BY LIST (jurisdiction)"
        )
        for n in range(JURISDICTIONS):
            connection.execute(
                f"CREATE TABLE divided_{n:02d} PARTITION OF divided FOR VALUES IN ('Z{n:02d}')"
            )
        found: dict[str, Any] = {"rows": rows, "jurisdictions": JURISDICTIONS}
        for table in ("plain", "divided"):
            # A key over all partitions would have to hold the jurisdiction: an id alone cannot be.
            for columns in INDEXES:
                connection.execute(f"CREATE INDEX ON {table} {columns}")
            found[table] = _one_table(connection, table, rows, reads)
    return found


def _one_table(connection: Any, table: str, rows: int, reads: int) -> dict[str, float]:
    told: dict[str, float] = {}
    with _cost(connection) as cost:
        for start in range(0, rows, 10_000):
            connection.execute(
                f"INSERT INTO {table} (number, id, version, newest, type, owner, jurisdiction, "
                "audience, origin, created, modified, date_added, media_type, payload, digest, "
                "deleted, exercise) SELECT n, 'warning--' || n, 1, true, 'warning', 'Health', "
                f"'Z' || lpad((n %% {JURISDICTIONS})::text, 2, '0'), 1 + n %% 5, '', n, n, n, "
                f"'application/json', decode(repeat('ab', {PAYLOAD}), 'hex'), md5(n::text), false, "
                "false FROM generate_series(%s::bigint, %s::bigint) n",
                (start + 1, min(rows, start + 10_000)),
            )
    told["added"] = round(cost["seconds"] / rows * 1e6, 2)
    connection.execute(f"ANALYZE {table}")
    for name, query in READS.items():
        asked = max(3, reads // 20) if name == "count_of_a_territory" else reads
        with _cost(connection) as cost:
            for n in range(asked):
                at = 1 + n * 7919 % rows
                connection.execute(
                    query.format(table=table, n=at, place=n % JURISDICTIONS)
                ).fetchall()
        told[name] = round(cost["seconds"] / asked * 1e6, 1)
    leaves = (
        "DROP TABLE divided_07" if table == "divided"
        else "DELETE FROM plain WHERE jurisdiction = 'Z07'"
    )  # fmt: skip
    with _cost(connection) as cost:
        connection.execute(leaves)
    told["left"] = round(cost["seconds"] * 1e6, 1)
    return told


def _listeners(first: Postgres, commits: int) -> dict[str, Any]:
    """How fast who listens wakes, and what it adds to a commit."""
    waits: list[float] = []
    costs: dict[str, float] = {}
    with _connect(first.url) as writer, _connect(first.url) as listener:
        writer.execute("CREATE TABLE heard (n bigint)")
        for name in ("without", "with"):
            with _cost(writer) as cost:
                for n in range(commits):
                    with writer.transaction():
                        writer.execute("INSERT INTO heard VALUES (%s)", (n,))
                        if name == "with":
                            writer.execute(f"SELECT pg_notify('{LISTENED}', %s)", (str(n),))
            costs[name] = cost["seconds"] / commits * 1e6
        listener.execute(f"LISTEN {LISTENED}")
        for n in range(commits):
            with writer.transaction():
                writer.execute("INSERT INTO heard VALUES (%s)", (n,))
                writer.execute(f"SELECT pg_notify('{LISTENED}', %s)", (str(n),))
            begun = time.perf_counter()
            heard = next(listener.notifies(timeout=10, stop_after=1), None)
            if heard is None or heard.payload != str(n):
                raise TocsinError("A listener was not woken.", remedy="See PostgreSQL's log.")
            waits.append((time.perf_counter() - begun) * 1e3)
    return {
        "woken_median_ms": round(median(waits), 2), "woken_longest_ms": round(max(waits), 1),
        "commit_us": round(costs["without"], 1), "commit_with_notify_us": round(costs["with"], 1),
    }  # fmt: skip


def _replica(first: Postgres, commits: int) -> dict[str, Any]:
    """Write at the first, and read at the second what the server's own code reads."""
    with first.replica() as second:
        writing, reading = connect(first.url), connect(second.url)
        green = Audience.of(Marking("CLEAR", "Health"))
        waits = []
        for n in range(commits):
            id = f"warning--{n:08d}"
            with writing.writing() as connection:
                objects.put(writing, connection, Draft(id, "warning", "Health", green, b"{}"))
            begun = time.perf_counter()
            while _count(reading, id) == 0 and time.perf_counter() - begun < 30:
                time.sleep(0.0005)
            waits.append((time.perf_counter() - begun) * 1e3)
        with reading.reading() as connection:
            kept = len(objects.page(reading, connection, Reader(), limit=commits + 1))
        refused = ""
        try:
            with reading.writing() as connection:
                objects.put(reading, connection, Draft("note--1", "note", "Health", green, b"{}"))
        except Exception as error:
            refused = str(getattr(error, "orig", error)).splitlines()[0]
        writing.close()
        reading.close()
    return {
        "commits": commits, "lag_median_ms": round(median(waits), 1),
        "lag_longest_ms": round(max(waits), 1), "lost": commits - kept, "refuses": refused,
    }  # fmt: skip


def _count(database: Any, id: str) -> int:
    with database.reading() as connection:
        return int(objects.newest(connection, id) is not None)
