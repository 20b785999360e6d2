"""The second process: what it is asked for, what it leaves, and that it does not outlive us."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import polars as pl
import pytest

from tocsin.base import cache
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given, Step, Tables
from tocsin.workspace import ahead
from tocsin.workspace.ahead import Ahead, Request, find_ahead
from tocsin.workspace.steps import all_steps, find_step


def nothing(_tables: Tables, _given: Given) -> Tables:
    return {}


PLAIN = Step("plain", room="plan", function=nothing, reads=("series",), writes=("covariates",))


def request(*steps: str, tables: dict[str, pl.DataFrame] | None = None) -> Request:
    return Request(steps, Settings(), tables or {}, {name: {} for name in steps})


@pytest.mark.slow
def test_what_fails_ahead_is_done_with_and_leaves_no_process_and_no_folder() -> None:
    """No ledger is there to be tracked, and there is no step of the other name."""
    with Ahead() as second:
        second.ask(request("track"))
        second.ask(request("no such step"))
        folder = Path(second._folder.name)
        assert second.steps == ("track", "no such step")
        assert not second.works_on("assess")
        second.wait_for("track")
        second.wait_for("no such step")
        assert not second.works_on("track")
        assert {path.name for path in folder.iterdir()} == {"0.track", "1.no such step"}
    assert second._process.returncode is not None
    assert not folder.exists()


@pytest.mark.slow
def test_a_file_in_the_users_folder_is_not_taken_for_a_module_of_pythons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("open('it was run', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one])
    with Ahead() as second:
        second.ask(request("track"))
        second.wait_for("track")
        assert second._process.poll() is None
    assert not (tmp_path / "it was run").exists()


def test_who_waits_for_a_process_that_was_killed_goes_on() -> None:
    with Ahead() as second:
        second.ask(request("track"))
        second._process.kill()
        second._process.wait()
        second.ask(request("alerts"))
        second.wait_for("track")
        second.wait_for("alerts")
        assert not second.works_on("track")


@pytest.mark.slow
def test_a_process_that_hangs_is_waited_for_so_long_and_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ahead, "LONGEST_WAIT", 0.2)
    with Ahead() as second:
        never = Path(second._folder.name) / "0.alerts"
        monkeypatch.setattr(second, "_asked", [("alerts", never)])  # it knows nothing of that
        second.wait_for("alerts")
        assert second._process.returncode is not None


@pytest.mark.slow
def test_it_ends_with_the_process_that_asked(tmp_path: Path) -> None:
    """However that one ended: the pipe between them breaks. Nothing that it was given stays."""
    asks = (
        "import os, pickle, sys\n"
        "from tocsin.workspace.ahead import Ahead\n"
        "second = Ahead()\n"
        "second.ask(pickle.loads(open(sys.argv[1], 'rb').read()))\n"
        "print(second._process.pid, second._folder.name, flush=True)\n"
        "os._exit(1)\n"
    )
    asked = tmp_path / "asked.pickle"
    asked.write_bytes(pickle.dumps(request("plan")))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    done = subprocess.run(
        [sys.executable, "-c", asks, str(asked)], capture_output=True, text=True, env=environment,
        check=False,
    )  # fmt: skip
    number, folder = done.stdout.split()
    for _ in range(600):
        state = Path(f"/proc/{number}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            assert not Path(folder).exists()
            return
        time.sleep(0.1)
    pytest.fail("the second process lives on")


def test_it_computes_with_what_is_there_and_with_what_it_made_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int, int]] = []
    series = empty(TABLES["series"])

    def first(_tables: Tables, given: Given) -> Tables:
        return {"covariates": pl.DataFrame({"made": [given.settings.horizon]})}

    def second(tables: Tables, _given: Given) -> Tables:
        read = (tables[name].height for name in ("series", "covariates", "incidents"))
        seen.append(tuple(read))  # type: ignore[arg-type]
        return {}

    def prepare(given: Given) -> Callable[[], object]:
        return lambda: seen.append((given.settings.horizon, 0, 0))

    reads = ("series", "covariates", "incidents")
    steps = {
        "first": replace(PLAIN, name="first", function=first, settings=("horizon",)),
        "broken": replace(PLAIN, name="broken", function=lambda *_: 1 / 0),  # type: ignore[arg-type]
        "second": replace(PLAIN, name="second", function=second, reads=reads),
        "ready": replace(PLAIN, name="ready", prepare=prepare, settings=("horizon",)),
    }
    monkeypatch.setattr(ahead, "find_step", steps.__getitem__)
    first_asked = request("first", "broken", tables={"series": series})
    (tmp_path / "0.pickle").write_bytes(pickle.dumps(first_asked))
    (tmp_path / "1.pickle").write_bytes(pickle.dumps(request("second", "ready")))

    class Ended(Exception):
        """Who asks is gone."""

    class Asked(SimpleQueue[str]):
        def get(self, *_: Any, **__: Any) -> str:
            if self.empty():
                raise Ended
            return super().get()

    queue = Asked()
    queue.put("0.pickle")
    queue.put("1.pickle")
    with pytest.raises(Ended):
        ahead.answer(tmp_path, queue)
    assert seen == [(0, 1, 0), (Settings().horizon, 0, 0)]
    assert {path.name for path in tmp_path.iterdir()} == {
        "0.first", "0.broken", "1.second", "1.ready"
    }  # fmt: skip


def test_a_step_is_computed_ahead_where_something_of_it_is_there() -> None:
    def there(name: str) -> bool:
        return name == "series"

    early = replace(PLAIN, name="early", ahead=True, writes=("forecasts",))
    fed = replace(PLAIN, name="fed", ahead=True, reads=("forecasts",), needs=("forecasts",))
    blind = replace(PLAIN, name="blind", ahead=True, reads=("incidents",))
    late = replace(PLAIN, name="late", ahead=True, reads=("ties",), needs=("ties",))
    ready = replace(
        PLAIN, name="ready", reads=("ties",), needs=("ties",), prepare=lambda _given: int
    )
    steps: list[Any] = [PLAIN, early, fed, blind, late, ready]
    found = [step.name for step in find_ahead(steps, ("ties",), there)]
    # The long step makes the ties: nobody computes with them yet, but a program can be compiled.
    assert found == ["early", "fed", "ready"]
    assert find_ahead(steps, (), lambda _name: False) == []
    anew = replace(PLAIN, name="anew", writes=("series",))
    assert find_ahead([anew, early], (), there) == []


def test_the_road_computes_forecasts_and_alerts_ahead_and_prepares_a_plan() -> None:
    order = ("diffuse", "anticipate", "alerts", "plan", "share")
    steps = [find_step(name) for name in order]
    found = find_ahead(steps, find_step("assess").writes, lambda name: name == "series")
    assert [step.name for step in found] == ["anticipate", "alerts", "plan"]
    assert [name for name, step in all_steps().items() if step.ahead] == ["anticipate", "alerts"]


def test_a_step_that_is_kept_is_computed_whole_and_kept_under_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be prepared, too: then nothing else is done where it is not computed whole."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))

    def twice(tables: Tables, given: Given) -> Tables:
        return {"covariates": tables["ties"].select(pl.col("weight") * given.settings.horizon)}

    step = replace(
        PLAIN,
        name="whole",
        function=twice,
        reads=("ties",),
        settings=("horizon",),
        prepare=lambda _given: int,
    )
    monkeypatch.setattr(ahead, "find_step", {"whole": step}.__getitem__)
    key = {"all": "that decides"}
    ties = pl.DataFrame({"weight": [1, 2]})
    asked = Request(("whole",), Settings(), {"ties": ties}, {"whole": {}})
    assert ahead._do(step, asked, asked.tables) == {}
    assert not cache.holds("steps", key)
    made = ahead._do(step, replace(asked, keys={"whole": key}), asked.tables)
    times = Settings().horizon
    assert made["covariates"]["weight"].to_list() == [times, 2 * times]
    kept = cache.remember_tables("steps", key, lambda: {})
    assert kept["covariates"].equals(made["covariates"])
