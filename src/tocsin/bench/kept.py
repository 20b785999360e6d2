"""Results that are kept as they come, so that a bench that was killed goes on where it stopped."""

from __future__ import annotations

import json
import multiprocessing
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

from tocsin.base.threads import children_on_one_thread, end_with_parent

Row = dict[str, Any]
_ONE_LINE = threading.Lock()
"""Threads that keep results in one file write one line after the other."""


def run_seeds(
    task: Callable[[int], Row],
    seeds: Iterable[int],
    path: Path | None = None,
    on_done: Callable[[int], None] = lambda _seed: None,
    workers: int = 1,
) -> list[Row]:
    """Run a task for each seed, but for those whose results are kept already.

    A line is a result, as JSON, which gives the same floating-point numbers back. The last line of
    a run that was killed may be torn; it is computed again.

    Args:
        task: gives the result of a seed, of texts, numbers, truths and lists of them.
        seeds: in the order in which results are wanted.
        path: file where results are kept, whose folder is made; None: nowhere.
        on_done: told after each seed that was run.
        workers: how many processes run tasks; with more than one the task has to be a function of
            a module, or a `partial` of one, and a file's lines stand in the order in which seeds
            were done.

    Returns:
        The results, one a seed.
    """
    wanted = list(seeds)
    found = read_kept(path) if path else {}
    left = [seed for seed in dict.fromkeys(wanted) if seed not in found]
    for seed, line in _lines(task, left, workers):
        # What is returned has been written and read, so that a resumed run cannot differ.
        found[seed] = json.loads(line)["row"]
        if path:
            _append(path, line)
        on_done(seed)
    return [found[seed] for seed in wanted]


def _lines(task: Callable[[int], Row], seeds: list[int], workers: int) -> Iterator[tuple[int, str]]:
    """The line of each seed, as soon as it is done."""
    one = partial(_line, task)
    if workers == 1 or len(seeds) < 2:
        yield from ((seed, one(seed)) for seed in seeds)
        return
    spawn = multiprocessing.get_context("spawn")
    some = min(workers, len(seeds))
    with (
        children_on_one_thread(),
        ProcessPoolExecutor(some, spawn, initializer=end_with_parent) as pool,
    ):
        running = {pool.submit(one, seed): seed for seed in seeds}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        finally:
            # Whoever stops the run does not wait for the seeds that have not begun.
            pool.shutdown(wait=False, cancel_futures=True)


def _line(task: Callable[[int], Row], seed: int) -> str:
    return json.dumps({"seed": seed, "row": task(seed)})


def read_kept(path: Path) -> dict[int, Row]:
    """Read the results that are kept, by their seeds; a torn line is left out.

    Args:
        path: the file, which need not be there.
    """
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            one = json.loads(line)
        except json.JSONDecodeError:
            continue
        found[int(one["seed"])] = one["row"]
    return found


def _append(path: Path, line: str) -> None:
    """One more line, on a line of its own even where the one before is torn."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _ONE_LINE:
        torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        with path.open("a", encoding="utf-8") as out:
            out.write(("\n" if torn else "") + line + "\n")
