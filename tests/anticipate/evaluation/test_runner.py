"""Running: the same rows however it is done, and only once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from offers import offer
from tocsin.anticipate.data.panel import Matrix, Panel, add_months
from tocsin.anticipate.evaluation import runner
from tocsin.anticipate.evaluation.runner import run_backtest
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.anticipate.models.registry import REGISTRY
from tocsin.errors import PluginFailed, PluginWarning, TocsinError, UsageError

MONTHS = tuple(add_months(date(2010, 1, 1), i) for i in range(96))
COUNTS = np.random.default_rng(2).poisson(4.0, (5, 96)).astype(float)
PAST = Panel(tuple(range(1, 6)), ("Chad", "Mali", "Iraq", "Peru", "Fiji"), MONTHS, "n", COUNTS)
NAMES = ["negative binomial"]
TASKS = len(BENCHMARKS) + 1


@pytest.mark.slow
def test_workers_and_kept_results_change_nothing(tmp_path: Path) -> None:
    here = run_backtest(PAST, NAMES, [2015, 2016], draws=50, workers=0)
    apart = run_backtest(PAST, NAMES, [2015, 2016], draws=50, workers=2, work=tmp_path)
    again = run_backtest(PAST, NAMES, [2015, 2016], draws=50, workers=0, work=tmp_path)
    assert here.equals(apart)
    assert here.equals(again)
    assert len(list(tmp_path.iterdir())) == 2 * TASKS


def test_what_workers_are_told_does_not_stay_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """dask leaves one thread and a seed of hashes there, for all that is started later."""
    monkeypatch.setenv("ONE", "as it was")
    monkeypatch.setenv("TWO", "as it was")
    monkeypatch.delenv("THREE", raising=False)
    with runner._environment_kept():
        os.environ["ONE"] = os.environ["THREE"] = "changed"
        del os.environ["TWO"]
    found = [os.environ.get(name) for name in ("ONE", "TWO", "THREE")]
    assert found == ["as it was", "as it was", None]


def test_an_interrupted_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(history: Panel, horizon: int, draws: int) -> Matrix:
        if history.months[-1].year == 2015:
            raise KeyboardInterrupt
        return negative_binomial(history, horizon, draws)

    monkeypatch.setitem(REGISTRY, "negative binomial", stops)
    with pytest.raises(KeyboardInterrupt):
        run_backtest(PAST, NAMES, [2015, 2016], draws=50, workers=0, work=tmp_path)
    monkeypatch.undo()
    kept: list[bool] = []
    run_backtest(
        PAST, NAMES, [2015, 2016], draws=50, workers=0, work=tmp_path,
        on_done=lambda _window, _model, old: kept.append(old),
    )  # fmt: skip
    assert (sum(kept), len(kept)) == (2 * TASKS - 1, 2 * TASKS)


@pytest.mark.slow
def test_what_decides_a_result_decides_its_name(tmp_path: Path) -> None:
    def names(past: Panel, draws: int = 50) -> set[str]:
        run_backtest(past, [], [2015], draws=draws, workers=0, work=tmp_path)
        found = {path.name for path in tmp_path.iterdir()}
        for path in tmp_path.iterdir():
            path.unlink()
        return found

    first = names(PAST)
    later, before = COUNTS.copy(), COUNTS.copy()
    later[0, -1] += 1
    before[0, 3] += 1
    assert names(Panel(PAST.gwnos, PAST.territories, MONTHS, "n", later)) == first
    assert names(Panel(PAST.gwnos, PAST.territories, MONTHS, "n", before)).isdisjoint(first)
    assert names(PAST, 60).isdisjoint(first)


def test_a_damaged_result_is_computed_again(tmp_path: Path) -> None:
    first = run_backtest(PAST, [], [2015], draws=50, workers=0, work=tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"PAR1 not whole")
    assert run_backtest(PAST, [], [2015], draws=50, workers=0, work=tmp_path).equals(first)
    assert run_backtest(PAST, [], [2015], draws=50, workers=0, work=tmp_path).equals(first)


def test_an_unknown_model_stops_before_anything_is_computed(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run_backtest(PAST, ["crystal ball"], [2015], work=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_code_is_part_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(runner._code(runner.Task(2015, "forest", 50))) == 64
    asked: list[Path] = []
    monkeypatch.setattr(runner.cache, "code", lambda place: asked.append(place) or "")
    runner._code(runner.Task(2015, "forest", 50))
    assert [place.name for place in asked] == ["anticipate"]
    assert asked[0].parent.name == "tocsin"


def test_units_are_countries_where_nobody_says_cells() -> None:
    rows = run_backtest(PAST, [], [2015], draws=20, workers=0)
    assert set(rows["model"]) == set(BENCHMARKS)
    assert "priogrid_gid" not in rows.columns
    assert not runner.Task(2015, "forest", 50).cells


def test_a_model_of_another_package_that_fails_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(history, horizon, draws):  # type: ignore[no-untyped-def]
        raise ValueError("no idea")

    def nothing(history, horizon, draws):  # type: ignore[no-untyped-def]
        return np.zeros((len(history.gwnos), horizon, draws))

    offer(monkeypatch, "tocsin.forecasters", broken=broken, nothing=nothing)
    told = r"'broken' of the package 'demo 1\.0'.*no idea"
    with pytest.warns(PluginWarning, match=told) as warned:
        found = run_backtest(
            PAST, ["broken", "nothing"], [2015], draws=20, workers=0, work=tmp_path
        )
    # The warning names the line that asked.
    assert [one.filename for one in warned] == [__file__]
    assert found["model"].unique(maintain_order=True).to_list() == [*BENCHMARKS, "nothing"]
    with pytest.raises(PluginFailed, match="no idea"):
        run_backtest(PAST, ["broken"], [2015], draws=20, workers=0, work=tmp_path)


def test_another_version_of_a_package_is_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(history, horizon, draws):  # type: ignore[no-untyped-def]
        return np.zeros((len(history.gwnos), horizon, draws))

    for package in ("one", "one", "two"):
        offer(monkeypatch, "tocsin.forecasters", package=package, nothing=nothing)
        run_backtest(PAST, ["nothing"], [2015], draws=20, workers=0, work=tmp_path)
    assert sum("nothing" in path.name for path in tmp_path.iterdir()) == 2


class Future:
    """What a task in another process became: a result or an error."""

    def __init__(self, what: object) -> None:
        self.what = what
        self.status = "error" if isinstance(what, Exception) else "finished"

    def exception(self) -> object:
        return self.what

    def result(self) -> object:
        return self.what


class Client:
    """Stands for the processes: each task ends as `ends` says, in the order of sending."""

    def __init__(self, ends: dict[str, object]) -> None:
        self.ends = ends
        self.sent: list[str] = []
        self.asked: dict[str, object] = {}

    def scatter(self, history: Panel, *, broadcast: bool) -> str:
        assert broadcast
        return "the history"

    def submit(self, run: Any, history: object, **asked: object) -> Future:
        assert history == "the history"
        self.asked = asked
        self.sent.append(run.__self__.model)
        return Future(self.ends[run.__self__.model])


def test_what_fails_in_another_process_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(**ends: object) -> tuple[list[tuple[str, object]], Client]:
        client, many = Client(ends), []

        @contextmanager
        def cluster(distributed: object, workers: int) -> Iterator[Client]:
            many.append(workers)
            yield client

        monkeypatch.setattr(runner, "_cluster", cluster)
        monkeypatch.setattr(runner, "require", lambda *given, **named: SimpleNamespace(
            as_completed=list))  # fmt: skip
        tasks = [runner.Task(2015, name, 50) for name in ends]
        found = [(task.model, rows) for task, rows in runner._compute(PAST, tasks, 2)]
        assert many == [min(2, len(tasks))]
        return found, client

    left_out = PluginFailed("no idea")
    found, client = ended(**{"exactly zero": "rows", "broken": left_out, "pool": "more rows"})
    # What takes long goes first; a benchmark waits. A failed package does not stop the others.
    assert client.sent == ["broken", "pool", "exactly zero"]
    assert found == [("broken", left_out), ("pool", "more rows"), ("exactly zero", "rows")]
    assert client.asked == {"pure": False, "retries": 1}
    assert ended(pool="rows")[0] == [("pool", "rows")]
    with pytest.raises(TocsinError, match=r"pool could not be scored on 2015.*lost") as caught:
        ended(pool=ValueError("lost"))
    assert isinstance(caught.value.__cause__, ValueError)
    assert list(runner._compute(PAST, [], 2)) == []


def test_what_is_kept_lies_in_a_folder_that_is_made_for_it(tmp_path: Path) -> None:
    rows = pl.DataFrame({"crps": [1.0, 2.0]})
    for _ in range(2):
        runner._keep(tmp_path / "a" / "folder" / "rows.parquet", rows)
    assert pl.read_parquet(tmp_path / "a" / "folder" / "rows.parquet").equals(rows)
    runner._keep(None, rows)
