"""Runs a backtest: each window and model a task, in parallel, kept so that it can go on.

A result is kept under a digest of all that decides it: the counts that it may see or is scored
on, the model, the draws, the version and the code of this stage. What changed is computed
again; what did not is read. A file is complete, then renamed: a kill leaves only whole ones.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.evaluation.backtest import score_window
from tocsin.anticipate.grid import models as grid
from tocsin.anticipate.models.baselines import Model
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.anticipate.models.registry import FORECASTERS, find_model
from tocsin.base import cache
from tocsin.base.atomic import replace
from tocsin.base.registry import fingerprint
from tocsin.errors import PluginFailed, PluginWarning, TocsinError, require

Done = Callable[[int, str, bool], None]
"""Told of each task as it ends: window, model, and whether its result was kept from before."""


@dataclass(frozen=True)
class Task:
    """This is one model in one window, with so many draws.

    The model goes by its name, so that a task can be sent to another process.
    """

    window: int
    model: str
    draws: int
    cells: bool = False

    def run(self, history: Panel) -> pl.DataFrame:
        """Score the model in the window.

        Args:
            history: all counts.

        Returns:
            Rows as `tocsin.anticipate.evaluation.backtest.score_window` gives them.

        Raises:
            UsageError: no model has that name.
            PluginFailed: the model is another package's, and failed.
        """
        known = _benchmarks(self.cells)
        model = known[self.model] if self.model in known else _find(self.model, self.cells)
        return score_window(
            history,
            self.model,
            model,
            self.window,
            draws=self.draws,
            benchmark=self.model in known,
            cells=self.cells,
        )


def _benchmarks(cells: bool) -> dict[str, Model]:
    return grid.BENCHMARKS if cells else BENCHMARKS


def _find(name: str, cells: bool) -> Model:
    return grid.find_model(name) if cells else find_model(name)


def run_backtest(
    history: Panel,
    models: Sequence[str],
    years: Sequence[int],
    *,
    draws: int = 1000,
    workers: int = 2,
    work: Path | None = None,
    on_done: Done | None = None,
    cells: bool = False,
) -> pl.DataFrame:
    """Score benchmarks and models in all windows, in several processes if this is wanted.

    A model of another package that fails is left out, with a `PluginWarning` that names it.

    Args:
        history: all counts; no model sees a count after the origin of its window.
        models: names in the registry; the benchmarks are added to them.
        years: the calendar years that are the windows.
        draws: how many draws each country and month has.
        workers: number of processes; 0 computes here, one task after the other.
        work: folder in which each result is kept; None: nothing is kept.
        on_done: this function is called with window, model and whether the result was kept before.
        cells: True if the panel is one of `grid_panel`; then models and benchmarks are those of
            cells.

    Returns:
        Rows as `score_window` gives, by window and model in the order asked, whatever the
        number of workers or which results were kept.

    Raises:
        UsageError: no model has one of the names.
        PluginFailed: all the models asked for are other packages', and failed.
        TocsinError: a task failed; those that ended before are kept.
    """
    benchmarks = _benchmarks(cells)
    names = list(dict.fromkeys([*benchmarks, *models]))
    for name in names:
        if name not in benchmarks:
            _find(name, cells)
    tasks = [Task(year, name, draws, cells) for year in years for name in names]
    found: dict[Task, pl.DataFrame] = {}
    places = {task: _place(work, history, task) for task in tasks}
    for task in tasks:
        kept = _read_kept(places[task])
        if kept is not None:
            found[task] = kept
            if on_done:
                on_done(task.window, task.model, True)
    todo = [task for task in tasks if task not in found]
    failed: dict[str, PluginFailed] = {}
    for task, rows in _compute(history, todo, workers):
        if isinstance(rows, PluginFailed):
            failed.setdefault(task.model, rows)
            continue
        found[task] = rows
        _keep(places[task], rows)
        if on_done:
            on_done(task.window, task.model, False)
    for error in failed.values():
        if set(failed) >= set(models):
            raise error
        warnings.warn(f"Left out: {error}", PluginWarning, stacklevel=2)
    return pl.concat([found[task] for task in tasks if task.model not in failed])


def _compute(
    history: Panel, tasks: list[Task], workers: int
) -> Iterator[tuple[Task, pl.DataFrame | PluginFailed]]:
    if not tasks:
        return
    if workers == 0:
        for task in tasks:
            try:
                rows: pl.DataFrame | PluginFailed = task.run(history)
            except PluginFailed as error:
                rows = error
            yield task, rows
        return
    distributed = require("distributed", extra="anticipate")
    with _cluster(distributed, min(workers, len(tasks))) as client:
        sent = client.scatter(history, broadcast=True)
        # The dear ones first, so that no worker is left with one at the end.
        order = sorted(tasks, key=lambda task: task.model in _benchmarks(task.cells))
        futures = {client.submit(task.run, sent, pure=False, retries=1): task for task in order}
        for future in distributed.as_completed(futures):
            task = futures[future]
            if future.status == "error" and isinstance(future.exception(), PluginFailed):
                yield task, future.exception()
                continue
            if future.status == "error":
                raise TocsinError(
                    f"{task.model} could not be scored on {task.window}: {future.exception()!r}",
                    remedy="What was done before is kept in --work; run again to go on.",
                ) from future.exception()
            yield task, future.result()


@contextmanager
def _cluster(distributed: Any, workers: int) -> Iterator[Any]:
    """Processes on this machine only; no dashboard, nothing listens to the outside."""
    import dask

    with (
        _environment_kept(),
        dask.config.set({"distributed.admin.system-monitor.gil.enabled": False}),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
            silence_logs="CRITICAL",
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@contextmanager
def _environment_kept() -> Iterator[None]:
    """Put the environment back: dask sets threads and seeds in it for its workers, and leaves them.

    Whatever this process starts later would have one thread and the hashes of the workers.
    """
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


def _place(work: Path | None, history: Panel, task: Task) -> Path | None:
    if work is None:
        return None
    seen = history.upto(date(task.window, 12, 1))
    digest = hashlib.sha256(seen.deaths.tobytes())
    words = (seen.gwnos, seen.territories, seen.months, seen.target, task, _code(task))
    digest.update(repr(words).encode())
    slug = "-".join("".join(c if c.isalnum() else " " for c in task.model).split())
    return work / f"{task.window}-{slug}-{digest.hexdigest()[:16]}.parquet"


def _code(task: Task) -> str:
    """A digest of the code that computes a task: a changed model is not taken for the old one."""
    own = cache.code(Path(__file__).parents[1])
    door = grid.CELL_FORECASTERS if task.cells else FORECASTERS
    return own if door.is_own(task.model) else f"{own} {fingerprint(door.entry(task.model))}"


def _read_kept(place: Path | None) -> pl.DataFrame | None:
    if place is None or not place.is_file():
        return None
    try:
        return pl.read_parquet(place)
    except (pl.exceptions.PolarsError, OSError):
        return None  # damaged: computed again and replaced


def _keep(place: Path | None, rows: pl.DataFrame) -> None:
    if place is None:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with replace(place) as part:
        rows.write_parquet(part)
