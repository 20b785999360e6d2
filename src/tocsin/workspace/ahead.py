"""What is done ahead, in a process of its own, while a long step before it runs.

A walk computes one step after the other, and most of that is one thread's work, so that on two
processors one is idle. What takes long in a later step often follows from what is there already:
the fits of a forecast follow from the series alone, a compiled program from the settings. A second
process computes such steps on what is there and throws away what they return; what they keep in the
cache (`tocsin.base.cache`) under all that decides it is found there when their turn comes. So
nothing can come out otherwise, and where the second process fails the first one does the work.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, NoReturn

import polars as pl

from tocsin.base import cache
from tocsin.base.threads import can_compute_ahead
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given, Step
from tocsin.workspace.declared import (
    DeclaredTables,
    cache_key,
    checked_table,
    declared_settings,
    is_cached,
    is_kept,
    prospective_run,
    side_files,
)
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import Workspace

ENDING = ".pickle"
"""Of the name of a file that holds a request."""
LOOK_EVERY = 0.05
"""Seconds between two looks at whether a step is done."""
LONGEST_WAIT = 600.0
"""Seconds that a step waits for what is done ahead of it; then it does the work itself."""
WAITING = "finishing what was begun beside the steps before it"
"""Is said while a step waits for what is done ahead of it."""


@dataclass(frozen=True)
class Request:
    """This is what the second process is asked to compute.

    Args:
        steps: names of steps, in the order in which they are computed or prepared.
        settings: all settings of the workspace.
        tables: the tables that are there, by name. A table that a step of the request makes counts
            as there for those behind it; any other is empty.
        files: the path of each side file of each step, by step and name.
        keys: all that decides what comes of a step, by step. One that has a key is computed whole,
            and its tables are kept under the key.
    """

    steps: tuple[str, ...]
    settings: Settings
    tables: Mapping[str, pl.DataFrame]
    files: Mapping[str, Mapping[str, Path]]
    keys: Mapping[str, dict[str, Any]] = field(default_factory=dict)


class Ahead:
    """This is a second process that computes steps ahead; use it with `with`, which ends it."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, Path]] = []
        self.whole = set[str]()
        """Names of the steps that it was asked to compute whole."""
        # Held until the process has ended, and gone with it.
        self._folder = tempfile.TemporaryDirectory(prefix="tocsin-", ignore_cleanup_errors=True)
        # What this process imports from, the other one does, too, and from nowhere else: without
        # -P a file of the user's folder that is called as a module of Python's would be run.
        paths = os.pathsep.join(one or os.getcwd() for one in sys.path)
        call = f"from {__name__} import compute; compute()"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", call, self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
            text=True,
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the names of the steps that it was asked for, in the order of asking."""
        return tuple(step for step, _ in self._asked)

    def ask(self, request: Request) -> None:
        """Ask for steps, behind those that it was asked for before.

        Args:
            request: what it computes.
        """
        file = Path(self._folder.name) / f"{len(self._asked)}{ENDING}"
        file.write_bytes(pickle.dumps(request))
        self.whole.update(request.keys)
        self._asked += [(step, file.with_suffix(f".{step}")) for step in request.steps]
        assert self._process.stdin is not None
        with suppress(OSError):  # it was killed: the first process does the work
            self._process.stdin.write(f"{file.name}\n")
            self._process.stdin.flush()

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with suppress(OSError):  # what was written to a process that is gone cannot be handed over
            self._process.stdin.close()
        self._folder.cleanup()

    def works_on(self, step: str) -> bool:
        """Say whether a step is being computed ahead, or about to be.

        Args:
            step: its name.
        """
        waits = any(one == step and not done.exists() for one, done in self._asked)
        return waits and self._process.poll() is None

    def wait_for(self, step: str) -> None:
        """Wait until a step is computed ahead, or the process has ended.

        A process that has not done it in `LONGEST_WAIT` seconds is ended: it may hang.

        Args:
            step: its name.
        """
        last = time.monotonic() + LONGEST_WAIT
        while self.works_on(step):
            if time.monotonic() > last:
                self._process.kill()
                self._process.wait()
            time.sleep(LOOK_EVERY)


def compute() -> None:
    """Answer requests in the folder of the first argument; this is the process.

    Standard input tells the name of one file after the other.
    """
    place = Path(sys.argv[1])
    asked: SimpleQueue[str] = SimpleQueue()
    Thread(target=_listen, kwargs={"place": place, "asked": asked}, daemon=True).start()
    answer(place, asked)


def answer(place: Path, asked: SimpleQueue[str]) -> NoReturn:
    """Compute what requests ask, one after the other, for as long as this process lives.

    Args:
        place: the folder of the requests. A file that is called as a request, and ends in the name
            of a step, says there that the step is done, well or not.
        asked: the names of their files.
    """
    tables: dict[str, pl.DataFrame] = {}
    while True:
        file = place / asked.get()
        request: Request = pickle.loads(file.read_bytes())
        file.unlink()  # tables of a workspace stay nowhere, however this ends
        tables |= request.tables
        for name in request.steps:
            with suppress(Exception):
                tables |= _do(find_step(name), request, tables)
            file.with_suffix(f".{name}").touch()


def _listen(*, place: Path, asked: SimpleQueue[str]) -> None:
    """Hand on what is asked, until the process that asks is gone, however it ended."""
    for line in sys.stdin:
        asked.put(line.strip())
    # A process that was killed could not remove what it handed over.
    shutil.rmtree(place, ignore_errors=True)
    os._exit(0)


def _do(
    step: Step, request: Request, tables: Mapping[str, pl.DataFrame]
) -> Mapping[str, pl.DataFrame]:
    """Compute a step, or only prepare it; gives the tables that come of it."""
    settings, _ = declared_settings(step, request.settings)
    given = Given(settings, files=request.files[step.name])
    key = request.keys.get(step.name)
    if step.prepare is not None and key is None:
        step.prepare(given)()
        return {}

    def read(name: str) -> pl.DataFrame:
        return tables[name] if name in tables else empty(TABLES[name])

    def compute() -> Mapping[str, pl.DataFrame]:
        made = step.function(DeclaredTables(step, read), given)
        return made if isinstance(made, Mapping) else {}

    return compute() if key is None else cache.remember_tables("steps", key, compute)


def find_ahead(
    steps: Sequence[Step], before: Collection[str], there: Callable[[str], bool]
) -> list[Step]:
    """Find the steps of which something is worth doing ahead.

    Args:
        steps: those that are still to come, in their order.
        before: names of the tables that the long step makes.
        there: says whether a table has rows now.

    Returns:
        The steps that say so. To be prepared what a step needs has to be there, or be made by any
        step before it; to be computed by another one that is computed ahead, and something that it
        reads as well.
    """
    found = []
    coming, ahead = set(before), set[str]()
    anew = coming.union(*(step.writes for step in steps))
    for step in steps:
        now = {name for name in step.reads if name in ahead or (name not in anew and there(name))}
        if step.ahead and set(step.needs) <= now and now:
            ahead.update(step.writes)
            found.append(step)
        elif step.prepare and all(name in coming or there(name) for name in step.needs):
            found.append(step)
        coming.update(step.writes)
    return found


@contextmanager
def beginning_ahead(
    workspace: Workspace, names: Sequence[str], before: str
) -> Iterator[Ahead | None]:
    """Prepare steps in a second process while the one that feeds them runs for the first time.

    Args:
        workspace: an open workspace.
        names: names of the steps to come, in their order.
        before: the name of the step that runs.

    Yields:
        The process, for the walk of these steps; None where there is none.
    """
    if not can_compute_ahead() or workspace.last_run(before):
        return (yield None)
    steps = [find_step(name) for name in names]
    found = find_ahead(steps, find_step(before).writes, lambda _name: False)
    used = {step.name: side_files(workspace, step, None) for step in found}
    with Ahead() as ahead:
        ahead.ask(Request(tuple(used), workspace.settings, {}, used))
        yield ahead


def find_request(
    workspace: Workspace,
    steps: Sequence[Step],
    files: Mapping[str, Path] | None,
    ahead: Ahead | None,
) -> Request | None:
    """Find what else is worth doing ahead while the first of some steps runs.

    Args:
        workspace: an open workspace.
        steps: the step that runs, and those to come.
        files: side files in place of the workspace's own, by name.
        ahead: the process, if one is at work.

    Returns:
        What it should be asked for; None stands for nothing.
    """
    long, *later = steps
    if not long.cached or not can_compute_ahead():
        return None
    if cache.holds("steps", cache_key(prospective_run(workspace, long, files))):
        return None  # it is not long
    begun = [step for step in later if ahead and step.name in ahead.steps]
    found = find_ahead(later, long.writes, lambda name: workspace.count(name) > 0)
    found = [one for one in found if one not in begun and not is_kept(workspace, one, files)]
    coming = {name for step in steps for name in step.writes}
    tables: dict[str, pl.DataFrame] = {}
    for step in found if any(step.ahead for step in found) else ():
        for name in set(step.reads) - coming - set(tables):
            tables[name] = checked_table(workspace, name, step)
    used = {step.name: side_files(workspace, step, files) for step in found}
    return Request(tuple(used), workspace.settings, tables, used) if found else None


def find_whole(
    workspace: Workspace,
    steps: Sequence[Step],
    files: Mapping[str, Path] | None,
    ahead: Ahead,
) -> Request | None:
    """Find a step that can be computed whole beside the first of some steps, from the same tables.

    Args:
        workspace: an open workspace.
        steps: the step that runs, and those to come.
        files: side files in place of the workspace's own, by name.
        ahead: the process that is at work.

    Returns:
        The request; None where nothing that is kept beyond a workspace can be computed already.
    """
    first, *later = steps
    coming = set(first.writes)
    for step in later:
        used = side_files(workspace, step, files)
        if not coming & set(step.reads) and is_cached(step, workspace.settings, used):
            key = cache_key(prospective_run(workspace, step, files))
            there = cache.holds("steps", key) or is_kept(workspace, step, files)
            if there or step.name in ahead.whole or not all(map(workspace.count, step.needs)):
                return None
            tables = {name: checked_table(workspace, name, step) for name in step.reads}
            names, of = (step.name,), workspace.settings
            return Request(names, of, tables, {step.name: used}, {step.name: key})
        coming |= set(step.writes)
    return None
