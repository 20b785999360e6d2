"""How much do processes wait for each other that take in reports on PostgreSQL?

Two processes write new reports without pause, ten in a transaction, each of which waits for the
disk. Every three seconds both change between two ways: to take the place in the order of objects at
the beginning of a transaction, and as late as the server does. What else the machine does touches
both ways alike.

Run: python benchmarks/report_order.py
"""

from __future__ import annotations

import json
import multiprocessing
import time
import uuid
from typing import Any

from tocsin.bench.share.server import postgres
from tocsin.share.server.access.reader import reader
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.connection import connect
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.desk.reports import Ready, Sending, make_ready, receive_many

WRITERS, REPORTS, ROUNDS, ROUND = 2, 10, 8, 3.0
START = 8.0
"""Seconds until all writers are there."""
ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}
WAYS = ("at the beginning", "late")


def write(url: str, start: float, told: Any) -> None:
    """Write in both ways in turn, and tell of each how long its transactions took."""
    database = connect(url)
    who = SignedIn(reader("Fay", "Health", "field reporter"))
    spent: dict[str, list[float]] = {way: [] for way in WAYS}
    used = dict.fromkeys(WAYS, 0.0)

    def ready() -> Ready:
        key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
        return make_ready(database, who, Sending(key, sending, ANSWERS, branch))

    time.sleep(max(0.0, start - time.time()))
    while (turn := int((time.time() - start) // ROUND)) < ROUNDS:
        way, some = WAYS[turn % 2], [ready() for _ in range(REPORTS)]
        began, before = time.perf_counter(), time.process_time()
        with database.writing(ordered=way != "late") as connection:
            receive_many(database, connection, some)
        spent[way].append(time.perf_counter() - began)
        used[way] += time.process_time() - before
    told.put((spent, used))
    database.close()


def main() -> None:
    """Let the writers write, and print what came of it as JSON."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    with postgres.running(durable=True) as found:
        database = connect(found.url)
        upgrade(database)
        database.close()
        start = time.time() + START
        writers = [
            context.Process(target=write, args=(found.url, start, told)) for _ in range(WRITERS)
        ]
        for one in writers:
            one.start()
        results = [told.get() for _ in writers]
        for one in writers:
            one.join()
    for way in WAYS:
        times = sorted(one for spent, _ in results for one in spent[way])
        cost = sum(used[way] for _, used in results) / len(times)
        print(json.dumps({
            "place in the order taken": way, "transactions": len(times),
            "milliseconds": {f"p{n}": round(1000 * times[len(times) * n // 100], 1)
                             for n in (50, 90, 99)},
            "processor_milliseconds": round(1000 * cost, 2),
        }))  # fmt: skip


if __name__ == "__main__":
    main()
