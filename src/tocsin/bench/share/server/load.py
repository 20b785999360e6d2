"""How many reads and reports does the server bear, and how long does each of them take?

The load comes from `wrk`, which is compiled, by a script that gives each request its own moment: a
server that is slow does not make the load lighter, as long as a connection is free. Reads and
reports come from two processes of `wrk`, so that each has its own distribution of times.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tocsin.bench.cost import processor_seconds
from tocsin.bench.kept import run_seeds
from tocsin.bench.share.server import postgres
from tocsin.bench.share.server.servers import Office, Server, prepare, serving
from tocsin.errors import UsageError
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.tables import acts, submissions
from tocsin.share.server.running.opening import open_folder

SCRIPT = Path(__file__).parent / "load.lua"
READS, POSTS = 500, 200
"""Requests a second that are aimed at, on two cores."""
CONNECTIONS = {"read": 32, "post": 24}
STEPS = (100, 200, 300, 400, 500, 600, 700, 800, 1000)
"""Requests a second of the saturation curve, two of seven of them reports."""
WANTED = 250.0
"""Milliseconds within which 99 % are to be answered."""
KEPT_UP = 0.98
"""The share of what was sent that a server takes which keeps up; the last ones are still under way
when a load ends."""
SAMPLES = 20
"""How often a load's memory is looked at."""
Say = Callable[[str], None]


def measure_load(
    *,
    reads: float = READS,
    posts: float = POSTS,
    seconds: int = 120,
    workers: int = 2,
    work: Path | None = None,
    on_done: Say = lambda _words: None,
) -> dict[str, Any]:
    """Load a server over PostgreSQL that waits for the disk; half of the reads are logged.

    Args:
        reads: reads of single warnings a second that are aimed at; half of them are restricted.
        posts: new reports a second that are aimed at.
        seconds: how long.
        workers: how many processes answer.
        work: a folder in which the result is kept; None: nowhere.
        on_done: is told before it begins.

    Returns:
        As `_load`, and `workers`.
    """

    def one(_number: int) -> dict[str, Any]:
        on_done("Reading and posting")
        return _loads([(reads, posts, seconds)], workers, on_done)[0]

    (found,) = run_seeds(one, [0], work / "load.jsonl" if work else None)
    return {**found, "workers": workers}


def measure_curve(
    *,
    steps: Sequence[int] = STEPS,
    step_seconds: int = 12,
    workers: int = 2,
    on_done: Say = lambda _words: None,
) -> dict[str, Any]:
    """Load one server more and more, and tell from where on it does not keep up.

    Args:
        steps: loads, in requests a second, two of seven of them reports.
        step_seconds: how long each of them.
        workers: how many processes answer.
        on_done: is told before each load.

    Returns:
        `curve`, for each step as `_load`; `borne`, the greatest step up to which all steps were
        taken as they were sent (`KEPT_UP` of them), nothing was refused or broken, and 99 % of
        reads and of reports were answered within `WANTED` milliseconds; and `taken_at_most`,
        requests a second at the step at which most were taken.
    """
    found = _loads([(5 * one / 7, 2 * one / 7, step_seconds) for one in steps], workers, on_done)
    kept_up = list(takewhile(lambda pair: _is_borne(*pair), zip(steps, found, strict=True)))
    return {
        "workers": workers, "curve": found, "borne": kept_up[-1][0] if kept_up else 0,
        "taken_at_most": round(max(map(_rate, found)), 1),
    }  # fmt: skip


def _rate(load: Mapping[str, float]) -> float:
    """Requests a second that were answered as they should be."""
    return load["reads_a_second"] + load["posts_a_second"]


def _is_borne(step: float, load: Mapping[str, float]) -> bool:
    slowest = max(load["read_p99"], load["post_p99"])
    spared = not load["refused"] and not load["broken"]
    return _rate(load) >= KEPT_UP * step and slowest <= WANTED and spared


def _loads(
    loads: Sequence[tuple[float, float, int]], workers: int, on_done: Say
) -> list[dict[str, Any]]:
    """Start one server, and load it by one load after another."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(postgres.running(durable=True))
        office = prepare(folder / "data", url=url.url, warnings=200)
        server = stack.enter_context(serving(office.folder, workers=workers))
        _warm(office, server)
        found = []
        for number, load in enumerate(loads, start=1):
            on_done(f"Load {number} of {len(loads)}")
            found.append(_load(office, server, url.pid(), load))
        return found


def _load(
    office: Office, server: Server, postmaster: int, load: tuple[float, float, int]
) -> dict[str, Any]:
    """Load a server, and count what is left of it afterwards.

    Gives `reads_wanted`, `posts_wanted`, `reads_a_second`, `posts_a_second`, times in milliseconds
    (`read_p50`…), `refused`, `broken` (connections), `lost` (reports that were acknowledged and
    are not there), `unlogged` (restricted reads without an act), the seconds of a processor a
    second of `server_cores`, `database_cores` and `generator_cores`, the server's `memory` (MiB) at
    equal distances from the beginning to the end, and `memory_an_hour` (MiB by which it grows an
    hour, by a straight line through the second half).
    """
    reads, posts, seconds = load
    database, _ = open_folder(office.folder)
    before, began = _counts(database), time.perf_counter()
    used = server.processor_seconds(), processor_seconds(postmaster)
    own = _children()
    running = {
        what: start_load(office, server, what, rate, seconds)
        for what, rate in (("read", reads), ("post", posts))
    }
    memory = _memory(server, running.values(), seconds / SAMPLES)
    told = {what: read_load(process) for what, process in running.items()}
    lasted = time.perf_counter() - began
    cores = [
        round((now - then) / lasted, 2)
        for now, then in zip(
            (server.processor_seconds(), processor_seconds(postmaster), _children()),
            (*used, own), strict=True,
        )
    ]  # fmt: skip
    kept, read = (now - then for now, then in zip(_counts(database), before, strict=True))
    database.close()
    times = {
        f"{what}_{name}": round(told[what][name], 1)
        for what in told for name in ("p50", "p90", "p99", "longest")
    }  # fmt: skip
    return {
        "seconds": seconds, "reads_wanted": round(reads, 1), "posts_wanted": round(posts, 1),
        "reads_a_second": round(told["read"]["done"] / told["read"]["seconds"], 1),
        "posts_a_second": round(told["post"]["done"] / told["post"]["seconds"], 1),
        **times,
        "refused": told["read"]["refused"] + told["post"]["refused"],
        "broken": told["read"]["broken"] + told["post"]["broken"],
        "lost": max(0, told["post"]["done"] - kept),
        # Ids are asked for in turn, and every second one is restricted.
        "unlogged": max(0, told["read"]["done"] // 2 - read - CONNECTIONS["read"]),
        "server_cores": cores[0], "database_cores": cores[1], "generator_cores": cores[2],
        "memory": [round(one, 1) for one in memory],
        "memory_an_hour": round(_growth(memory) * 3600 * SAMPLES / seconds, 1),
    }  # fmt: skip


def _memory(server: Server, running: Iterable[subprocess.Popen[str]], every: float) -> list[float]:
    """The server's memory while loads run, each so many seconds."""
    found = [server.memory()]
    while any(one.poll() is None for one in running):
        time.sleep(every)
        found.append(server.memory())
    return found


def _growth(values: Sequence[float]) -> float:
    """By how much values grow from one to the next, in their second half."""
    half = values[len(values) // 2 :]
    if len(half) < 2:
        return 0.0
    return statistics.linear_regression(range(len(half)), half).slope


def start_load(
    office: Office, server: Server, what: str, rate: float, seconds: int
) -> subprocess.Popen[str]:
    """Start a load of one kind; `read_load` waits for its end.

    Args:
        office: whose warnings are read, and whose accounts ask.
        server: what is asked.
        what: 'read' or 'post'.
        rate: requests a second that are aimed at.
        seconds: how long.

    Returns:
        The process.

    Raises:
        UsageError: `wrk` is not installed.
    """
    place = shutil.which("wrk")
    if place is None:
        raise UsageError("'wrk' is not installed.", remedy="apt-get install wrk")
    command = [
        place, "-t1", f"-c{CONNECTIONS[what]}", f"-d{seconds}s", "--timeout", "30s",
        "-s", str(SCRIPT), server.address, "--", what, str(rate), f"{time.time_ns():x}",
        ",".join(office.tokens), ",".join(office.warnings),
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def read_load(process: subprocess.Popen[str]) -> dict[str, float]:
    """Wait for the end of a load, and read what it says: requests, faults and times.

    Args:
        process: as `start_load` gives it.

    Returns:
        `done`, `refused`, `broken`, `seconds`, and times in milliseconds.
    """
    _, said = process.communicate()
    found: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    return found


def _warm(office: Office, server: Server) -> None:
    """Let each process answer some requests, as they do after their first minute."""
    for what in ("read", "post"):
        read_load(start_load(office, server, what, 50, 3))


def _counts(database: Database) -> tuple[int, int]:
    """How many sendings are kept, and how many acts of reading."""
    with database.reading() as connection:
        kept = connection.execute(sa.select(sa.func.count()).select_from(submissions)).scalar()
        reads = sa.select(sa.func.count()).select_from(acts).where(acts.c.verb == "read")
        return int(kept or 0), int(connection.execute(reads).scalar() or 0)


def _children() -> float:
    """Seconds of a processor of the processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_writes(
    *, rate: float = 100, seconds: int = 30, on_done: Say = lambda _words: None
) -> dict[str, Any]:
    """Post reports to a server over SQLite, whose log gets its places meanwhile.

    Args:
        rate: reports a second that are aimed at.
        seconds: how long.
        on_done: is told before it begins.

    Returns:
        `wanted`, `posts_a_second`, times in milliseconds, `refused`, `broken`, `lost`, `locked`
        (lines of the server's log that say so), and `processor_milliseconds` of the server a post.
    """
    on_done("Posting to SQLite")
    with tempfile.TemporaryDirectory() as place:
        office = prepare(Path(place) / "data")
        with serving(office.folder) as server:
            read_load(start_load(office, server, "post", 20, 3))
            database, _ = open_folder(office.folder)
            before, used = _counts(database)[0], server.processor_seconds()
            told = read_load(start_load(office, server, "post", rate, seconds))
            used = server.processor_seconds() - used
            kept = _counts(database)[0] - before
            database.close()
        said = (office.folder / "server.log").read_text("utf-8")
    return {
        "seconds": seconds, "wanted": rate,
        "posts_a_second": round(told["done"] / told["seconds"], 1),
        **{name: round(told[name], 1) for name in ("p50", "p90", "p99", "longest")},
        "refused": told["refused"], "broken": told["broken"],
        "lost": max(0, int(told["done"]) - kept),
        "locked": said.count("locked") + said.count("in use by another"),
        "processor_milliseconds": round(1000 * used / max(1, told["done"]), 2),
    }  # fmt: skip
