"""Any step runs by its declaration alone, and is held to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tocsin import Workspace
from tocsin.base import cache
from tocsin.errors import ContractBroken, StageNotReady, TableInvalid, UsageError
from tocsin.schema import TABLES, empty
from tocsin.schema.run import Run
from tocsin.schema.settings import Settings, dump
from tocsin.schema.step import Given, Made, Reference, Settled, SideFile, Step, Tables
from tocsin.workspace import ahead as ahead_of_time
from tocsin.workspace import runner
from tocsin.workspace.ahead import WAITING, Request, beginning_ahead
from tocsin.workspace.runner import (
    Progress,
    Result,
    check_files,
    prospective_run,
    run,
    walk,
)
from tocsin.workspace.steps import all_steps, find_step

HOW = {"source": "the desk", "reason": "for a test", "at": datetime(2026, 1, 2, 3, 4, 5)}


def nothing(_tables: Tables, _given: Given) -> Tables:
    return {"covariates": empty(TABLES["covariates"])}


TOY = Step("toy", room="plan", function=nothing, reads=("series",), writes=("covariates",))


@pytest.fixture
def workspace(tmp_path: Path, series: pl.DataFrame) -> Iterator[Workspace]:
    with Workspace.init(tmp_path / "region") as opened:
        opened.write(Run("observe", "0", 0), {"series": series}, started=time.time())
        yield opened


@pytest.fixture(scope="module")
def each_step(
    made_by_0_1: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Result]:
    """Every step that computes, and the decision, run once in a small workspace.

    Models see numbers alone and no table, so that the quickest one will do.
    """
    out = tmp_path_factory.mktemp("brief")
    done = {}
    with Workspace.open(made_by_0_1()) as opened, pytest.MonkeyPatch.context() as patched:
        patched.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
        for name, step in all_steps().items():
            asked: dict[str, Any] = {"out": out, "formats": ["html", "json"]}
            if name == "decide":
                asked = {"withdraw": opened.read("actor_decisions")["statement_id"][0], "how": HOW}
            if name == "judge":
                actor = opened.read("actors")["actor_id"][0]
                more = {"on": HOW["at"].date(), **HOW}
                asked = {"assert": (actor, "has", "uncrewed-aircraft"), "how": more}
            if name == "parts":
                asked = {"portfolios": ["layered"], "late": [12.0]}
            if name == "observe":
                asked = {"path": Path(__file__).parents[1] / "observe/data/country_month.csv"}
            # What is kept of an earlier test would be taken, and nothing read.
            done[name] = run(opened, replace(step, cached=False), asked=asked)
    return done


@pytest.mark.slow
@pytest.mark.parametrize("name", list(all_steps()))
def test_a_step_reads_what_it_declares_and_nothing_else(
    name: str, each_step: dict[str, Result]
) -> None:
    assert each_step[name].tables_read == set(find_step(name).reads)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(all_steps()))
def test_a_step_uses_the_settings_that_it_declares_and_no_other(
    name: str, each_step: dict[str, Result]
) -> None:
    assert each_step[name].settings_used == set(find_step(name).uses)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, step in all_steps().items() if not step.takes])
def test_a_step_writes_what_it_declares(name: str, each_step: dict[str, Result]) -> None:
    assert set(each_step[name].rows) == set(find_step(name).writes)


@pytest.mark.slow
def test_a_table_is_read_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    whole = Workspace.read

    def noted(self: Workspace, table: str, *, provenance: bool = False) -> pl.DataFrame:
        asked.append(table)
        return whole(self, table, provenance=provenance)

    def twice(tables: Tables, given: Given) -> Tables:
        assert tables["series"].equals(tables["series"])
        return nothing(tables, given)

    monkeypatch.setattr(Workspace, "read", noted)
    run(workspace, replace(TOY, function=twice, needs=("series",)))
    assert asked == ["series"]


def reads_more(tables: Tables, given: Given) -> Tables:
    tables["reports"]
    return nothing(tables, given)


def uses_more(tables: Tables, given: Given) -> Tables:
    assert given.settings.draws
    return nothing(tables, given)


def uses_a_part_more(tables: Tables, given: Given) -> Tables:
    assert given.settings.region.name
    return nothing(tables, given)


def draws_at_random(tables: Tables, given: Given) -> Tables:
    assert given.settings.seed
    return nothing(tables, given)


def writes_more(tables: Tables, given: Given) -> Tables:
    return {**nothing(tables, given), "reports": empty(TABLES["reports"])}


def writes_less(_tables: Tables, _given: Given) -> Tables:
    return {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "named"),
    [
        (reads_more, "reports"),
        (uses_more, "draws"),
        (uses_a_part_more, "region.name"),
        (draws_at_random, "seed"),
        (writes_more, "reports"),
        (writes_less, "covariates"),
    ],
)
def test_what_is_not_declared_is_refused_and_nothing_is_kept(
    workspace: Workspace, function: Callable[[Tables, Given], Tables], named: str
) -> None:
    before = len(workspace.runs())
    step = replace(TOY, function=function, settings=("region.gwnos",))
    with pytest.raises(ContractBroken, match=rf"'toy'.*{named}"):
        run(workspace, step)
    assert len(workspace.runs()) == before


@pytest.mark.slow
def test_a_setting_that_does_not_exist_is_no_matter_of_the_contract(workspace: Workspace) -> None:
    def asks(_tables: Tables, given: Given) -> Tables:
        return given.settings.colour  # type: ignore[attr-defined,no-any-return]

    with pytest.raises(AttributeError, match="colour"):
        run(workspace, replace(TOY, function=asks))


def test_a_wrong_result_is_refused_and_nothing_is_kept(workspace: Workspace) -> None:
    def wrong(_tables: Tables, _given: Given) -> Tables:
        return {"covariates": pl.DataFrame({"year": [1]})}

    with pytest.raises(TableInvalid, match="gwno"):
        run(workspace, replace(TOY, function=wrong))
    assert workspace.last_run("toy") is None


@pytest.mark.slow
def test_a_table_that_was_damaged_is_not_read(tmp_path: Path, series: pl.DataFrame) -> None:
    with Workspace.init(tmp_path) as opened:
        opened.write(Run("observe", "0", 0), {"series": series}, started=time.time())
    with duckdb.connect(str(tmp_path / "tocsin.duckdb")) as connection:
        connection.execute("UPDATE series SET deaths = -1 WHERE month = '2003-01-01'")

    def reads(tables: Tables, given: Given) -> Tables:
        tables["series"]
        return nothing(tables, given)

    with Workspace.open(tmp_path) as opened, pytest.raises(TableInvalid, match="deaths"):
        run(opened, replace(TOY, function=reads))


@pytest.mark.slow
def test_an_empty_table_that_is_needed_is_named_with_its_stage(workspace: Workspace) -> None:
    step = replace(TOY, reads=("series", "incidents"), needs=("incidents",))
    with pytest.raises(StageNotReady, match=r"'incidents' is empty.*tocsin assess"):
        run(workspace, step)


def with_settings(workspace: Workspace, **changed: object) -> None:
    path = workspace.path / "tocsin.toml"
    path.write_text(dump(Settings.model_validate(changed)), encoding="utf-8")
    workspace.settings = Settings.model_validate(changed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "changed", "same"),
    [
        ("anticipate", {"futures": 7}, True),
        ("anticipate", {"region": {"name": "Elsewhere"}}, True),
        ("anticipate", {"draws": 200}, False),
        ("anticipate", {"seed": 7}, False),
        ("plan", {"region": {"name": "Elsewhere"}}, True),
        ("plan", {"region": {"territories": {"one": [652]}}}, False),
        ("plan", {"draws": 200}, True),
        ("assess", {"seed": 7, "draws": 200, "futures": 9}, True),
        ("share", {"region": {"name": "Elsewhere"}}, False),
        ("track", {"seed": 7}, True),
    ],
)
def test_only_settings_that_are_used_put_a_result_out_of_date(
    workspace: Workspace, step: str, changed: dict[str, object], same: bool
) -> None:
    before = prospective_run(workspace, find_step(step)).run_id
    with_settings(workspace, **changed)
    assert (prospective_run(workspace, find_step(step)).run_id == before) is same


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "table", "same"),
    [
        ("anticipate", "series", False),
        ("anticipate", "covariates", True),
        ("plan", "series", False),
        ("plan", "incidents", True),
        ("plan", "adoption", False),
        ("plan", "forecasts", False),
        ("alerts", "forecast_draws", False),
        ("share", "reports", True),
        ("share", "forecast_draws", False),
        ("track", "forecast_scores", True),
    ],
)
def test_only_tables_that_are_read_put_a_result_out_of_date(
    made_by_0_1: Callable[[], Path], step: str, table: str, same: bool
) -> None:
    with Workspace.open(made_by_0_1()) as opened:
        before = prospective_run(opened, find_step(step)).run_id
        if table == "covariates":
            row = {"territory": "Syria", "gwno": 652, "year": 2020, "indicator": "x"}
            changed = pl.DataFrame([row | {"value": 1.0, "source": "made up"}])
        else:
            changed = opened.read(table).head(1)
            changed = changed.with_columns(source=pl.lit("another"))
        if table == "forecast_scores":
            changed = changed.with_columns(revision=pl.lit(9))
        opened.write(Run("made up", "0", 0), {table: changed}, started=time.time())
        assert (prospective_run(opened, find_step(step)).run_id == before) is same


@pytest.mark.slow
def test_a_step_whose_inputs_are_the_same_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "find_step", {"toy": TOY}.__getitem__)
    seen: list[tuple[str, str]] = []

    def noted(now: Progress) -> None:
        seen.append((now.step, now.state))

    [first] = walk(workspace, ("toy",), on_progress=noted)
    [second] = walk(workspace, ("toy",), on_progress=noted)
    [third] = walk(workspace, ("toy",), anew=("toy",), on_progress=noted)
    assert (first.skipped, second.skipped, third.skipped) == (False, True, False)
    assert first.run_id == second.run_id == third.run_id
    assert [state for _, state in seen] == ["begun", "done", "kept", "begun", "done"]


class Second:
    """In the place of the second process: notes what it is asked for and who waits."""

    def __init__(self, asked: list[Any]) -> None:
        self.asked = asked

    def __call__(self) -> Second:
        return self

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(name for one in self.asked if isinstance(one, Request) for name in one.steps)

    @property
    def whole(self) -> set[str]:
        return {name for one in self.asked if isinstance(one, Request) for name in one.keys}

    def ask(self, request: Request) -> None:
        self.asked.append(request)

    def __enter__(self) -> Second:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked.append("ended")

    def works_on(self, step: str) -> bool:
        return step in self.steps

    def wait_for(self, step: str) -> None:
        self.asked.append(step)


@pytest.mark.slow
def test_a_second_process_is_asked_while_a_long_step_runs_and_waited_for(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is foreseen sees the tables that nobody makes anew, and no step is begun too early."""
    long = replace(TOY, name="long", cached=True, reads=())
    early = replace(TOY, name="early", ahead=True, reads=("series", "covariates"), writes=("ties",))
    early = replace(early, function=lambda _tables, _given: {"ties": empty(TABLES["ties"])})
    steps = {one.name: one for one in (long, early, TOY)}
    monkeypatch.setattr(runner, "find_step", steps.__getitem__)
    monkeypatch.setattr(ahead_of_time, "find_step", steps.__getitem__)
    monkeypatch.setattr(ahead_of_time, "can_compute_ahead", lambda: True)
    asked: list[Any] = []
    monkeypatch.setattr(runner, "Ahead", Second(asked))
    seen: list[tuple[str, str]] = []
    walk(
        workspace, ("long", "early", "toy"),
        on_progress=lambda now: seen.append((now.step, now.words or now.state)),
    )  # fmt: skip
    assert asked[0].steps == ("early",)
    assert list(asked[0].tables) == ["series"]
    assert asked[0].tables["series"].height > 0
    assert asked[1:] == ["early", "ended"]
    assert seen[2:5] == [("early", "begun"), ("early", WAITING), ("early", "done")]
    # The long step is in the cache now, in another workspace as well, so that it is not long.
    asked.clear()
    walk(workspace, ("long", "early"), anew=("long", "early"))
    assert asked == []
    # Nothing long before it: there is no time in which to do anything ahead.
    walk(workspace, ("toy", "early"), anew=("toy", "early"))
    assert asked == []


@pytest.mark.slow
def test_what_was_prepared_before_a_walk_is_not_asked_for_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing was read yet, programs are compiled while the first files are."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    long = replace(TOY, name="long", cached=True, reads=())
    early = replace(TOY, name="early", ahead=True, writes=("ties",))
    early = replace(early, function=lambda _tables, _given: {"ties": empty(TABLES["ties"])})
    ready = replace(TOY, name="ready", needs=("series",), prepare=lambda _given: int)
    reads = replace(TOY, name="reads", reads=(), writes=("series",))
    steps = {one.name: one for one in (reads, long, early, ready)}
    monkeypatch.setattr(runner, "find_step", steps.__getitem__)
    monkeypatch.setattr(ahead_of_time, "find_step", steps.__getitem__)
    monkeypatch.setattr(ahead_of_time, "can_compute_ahead", lambda: True)
    asked: list[Any] = []
    monkeypatch.setattr(ahead_of_time, "Ahead", Second(asked))
    order = "long", "early", "ready"
    with Workspace.init(tmp_path / "new") as new, beginning_ahead(new, order, "reads") as ahead:
        assert ahead is not None
        assert [(one.steps, dict(one.tables)) for one in asked] == [(("ready",), {})]
        walk(workspace, order, ahead=ahead)
    names = [one.steps if isinstance(one, Request) else one for one in asked]
    assert names == [("ready",), ("early",), "early", "ready", "ended"]
    # What was read before, and where there is no second processor, nothing is begun.
    workspace.write(Run("reads", "0", 0), {}, started=time.time())
    with beginning_ahead(workspace, order, "reads") as ahead:
        assert ahead is None
    monkeypatch.setattr(ahead_of_time, "can_compute_ahead", lambda: False)
    with Workspace.init(tmp_path / "other") as new, beginning_ahead(new, order, "reads") as ahead:
        assert ahead is None


@pytest.mark.slow
def test_a_step_is_computed_whole_beside_one_that_feeds_it_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only one that is kept beyond a workspace, and only where the second process is at work."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(ahead_of_time, "can_compute_ahead", lambda: True)
    asked: list[Any] = []
    monkeypatch.setattr(runner, "Ahead", Second(asked))
    beside = replace(TOY, name="beside", writes=("ties",))
    beside = replace(beside, function=lambda _tables, _given: {"ties": empty(TABLES["ties"])})
    long = replace(beside, name="long", cached=True, reads=())
    whole = replace(TOY, name="whole", cached=lambda _given: True, needs=("series",))
    fed = replace(whole, name="fed", reads=("series", "ties"))
    last = replace(beside, name="last", reads=("covariates",))
    steps = {one.name: one for one in (long, beside, whole, fed, last)}
    monkeypatch.setattr(runner, "find_step", steps.__getitem__)
    walk(workspace, ("beside", "whole"))
    assert asked == []
    workspace.write(Run("whole", "0", 0), {}, started=time.time())
    early = replace(TOY, name="early", ahead=True, writes=("ties",), function=beside.function)
    steps["early"] = early
    cache_is = tmp_path / "other cache"
    monkeypatch.setenv(cache.VARIABLE, str(cache_is))
    walk(workspace, ("long", "early", "beside", "fed", "whole", "last"), anew=tuple(steps))
    requests = [one for one in asked if isinstance(one, Request)]
    # `whole` while `early` runs: `fed` waits for the ties that this and `beside` make.
    assert [(one.steps, tuple(one.keys)) for one in requests] == [
        (("early",), ()), (("whole",), ("whole",))
    ]  # fmt: skip
    assert requests[1].tables["series"].height > 0


@pytest.mark.slow
def test_a_walk_that_fails_ends_the_second_process(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_tables: Tables, _given: Given) -> Tables:
        raise UsageError("Not today.")

    long = replace(TOY, name="failing", cached=True, function=fails)
    early = replace(TOY, name="early", ahead=True)
    steps = {one.name: one for one in (long, early)}
    monkeypatch.setattr(runner, "find_step", steps.__getitem__)
    monkeypatch.setattr(ahead_of_time, "find_step", steps.__getitem__)
    monkeypatch.setattr(ahead_of_time, "can_compute_ahead", lambda: True)
    asked: list[Any] = []
    monkeypatch.setattr(runner, "Ahead", Second(asked))
    with pytest.raises(UsageError, match="Not today"):
        walk(workspace, ("failing", "early"))
    assert [type(one) for one in asked] == [Request, str]


@pytest.mark.slow
def test_what_a_step_tells_reaches_who_watches(workspace: Workspace) -> None:
    def tells(tables: Tables, given: Given) -> Tables:
        given.tell("half of it", 0.5)
        given.tell("and no part", None)
        return nothing(tables, given)

    seen: list[Progress] = []
    run(workspace, replace(TOY, function=tells), on_progress=seen.append)
    assert [(now.words, now.part) for now in seen[1:-1]] == [
        ("half of it", 0.5),
        ("and no part", None),
    ]
    assert seen[-1].seconds > 0


@pytest.mark.slow
def test_side_files_are_checked_before_anything_runs(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(path: Path) -> None:
        if "wrong" in path.read_text():
            raise UsageError("Wrong.")

    shipped = tmp_path / "shipped.txt"
    shipped.write_text("fine")
    side = SideFile("rules.txt", shipped, check)
    given_paths: list[Path] = []

    def noted(tables: Tables, given: Given) -> Tables:
        given_paths.append(given.files["rules.txt"])
        return nothing(tables, given)

    last = replace(TOY, name="last", function=noted, files=(side,))
    monkeypatch.setattr(runner, "find_step", {"toy": TOY, "last": last}.__getitem__)
    own = workspace.path / "rules.txt"
    own.write_text("wrong")
    with pytest.raises(UsageError, match="Wrong"):
        walk(workspace, ("toy", "last"))
    assert workspace.last_run("toy") is None
    own.unlink()
    walk(workspace, ("toy", "last"))
    own.write_text("mine")
    walk(workspace, ("toy", "last"))
    other = tmp_path / "other.txt"
    other.write_text("another")
    walk(workspace, ("toy", "last"), files={"rules.txt": other})
    walk(workspace, ("toy", "last"), files={"rules.txt": other})
    assert given_paths == [shipped, own, other]
    with pytest.raises(UsageError, match="no such file"):
        walk(workspace, ("last",), files={"rules.txt": tmp_path / "nowhere"})


@pytest.mark.slow
def test_a_region_in_parts_is_refused_before_anything_runs(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = replace(TOY, name="last", settings=("region.gwnos",))
    monkeypatch.setattr(runner, "find_step", {"toy": TOY, "last": last}.__getitem__)
    apart = workspace.settings.region.model_copy(update={"territories": {"here": [501, 135]}})
    workspace.settings = workspace.settings.model_copy(update={"region": apart})
    with pytest.raises(UsageError, match="Peru lies more than") as caught:
        walk(workspace, ("toy", "last"))
    assert caught.value.where.endswith("tocsin.toml")
    assert workspace.last_run("toy") is None
    groups = workspace.settings.region.model_copy(update={"territories": {"a": [501], "b": [135]}})
    workspace.settings = workspace.settings.model_copy(update={"region": groups})
    walk(workspace, ("toy",))


@pytest.mark.slow
def test_names_of_another_steps_file_are_known_before_and_after_it_runs(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []
    shipped = tmp_path / "shipped.txt"
    shipped.write_text("one two")
    other = Reference(
        "first", "series", "territory", lambda path, known: asked.append({path.name, *known()})
    )
    first = replace(
        TOY, name="first", files=(SideFile("a.txt", shipped, str, lambda p: p.read_text().split()),)
    )
    last = replace(TOY, name="last", files=(SideFile("b.txt", shipped, str, refers=other),))
    monkeypatch.setattr(runner, "find_step", {"first": first, "last": last}.__getitem__)
    (workspace.path / "b.txt").write_text("mine")
    runner.check_door(workspace, last)
    assert asked.pop() == {"b.txt", "one", "two"}
    run(workspace, first)
    runner.check_door(workspace, last)
    there = asked.pop()
    assert there > {"b.txt", "one", "two"}
    # What it will have made anew is not what stands there now.
    runner.check_door(workspace, last, before=("first", "last"))
    assert asked.pop() == {"b.txt", "one", "two"}
    (workspace.path / "b.txt").unlink()
    runner.check_door(workspace, last)
    assert asked == []


@pytest.mark.slow
def test_side_files_that_ship_are_understood_and_not_checked_before_each_step(
    tmp_path: Path,
) -> None:
    checked: list[Path] = []
    shipped, own = tmp_path / "shipped.txt", tmp_path / "own.txt"
    step = replace(TOY, files=(SideFile("rules.txt", shipped, checked.append),))
    with pytest.raises(UsageError, match="no such file"):
        check_files({"rules.txt": shipped}, step)
    for path in (shipped, own):
        path.touch()
        check_files({"rules.txt": path}, step)
    assert checked == [own]
    files = [file for step in all_steps().values() for file in step.files]
    assert len(files) > 4
    for file in files:
        file.check(file.shipped)


@pytest.mark.slow
def test_what_is_taken_from_outside_is_added_and_never_stale(
    workspace: Workspace, series: pl.DataFrame
) -> None:
    def takes(_tables: Tables, given: Given) -> Made:
        part = series.with_columns(deaths=pl.lit(given.asked["deaths"])).head(12)
        said = {"kind": "made up"}
        return Made([{"series": part}], inputs={"file": given.asked["name"]}, parameters=said)

    step = replace(TOY, function=takes, reads=(), writes=("series",), takes=True)
    for name, deaths in (("a", 5), ("a", 6), ("b", 7)):
        made = run(workspace, step, asked={"name": name, "deaths": deaths})
        assert made.rows == {"series": 12}
    assert workspace.read("series").sort("month")["deaths"].to_list() == [7] * 12 + [3] * 108


@pytest.mark.slow
def test_a_cached_step_is_computed_once_for_the_same_inputs(
    tmp_path: Path, series: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    computed = []

    def count(tables: Tables, _given: Given) -> Tables:
        computed.append(tables["series"].height)
        place = tables["series"].select("gwno", "territory").head(1)
        row = pl.DataFrame({"year": [2020], "indicator": ["rows"], "value": [float(computed[-1])]})
        return {"covariates": place.hstack(row).with_columns(pl.lit("s").alias("source"))}

    step = replace(TOY, function=count, cached=True, seeded=True)
    told = []
    for name, rows, seed in (("a", 9, 1), ("b", 9, 1), ("c", 8, 1), ("d", 9, 2)):
        with Workspace.init(tmp_path / name) as opened:
            with_settings(opened, seed=seed)
            opened.write(Run("observe", "0", 0), {"series": series.head(rows)}, started=time.time())
            run(opened, step)
            told.append(opened.read("covariates")["value"].item())
    assert computed == [9, 8, 9]
    assert told == [9.0, 9.0, 8.0, 9.0]


@pytest.mark.slow
def test_a_step_says_itself_whether_it_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One in which another package has a part is computed each time."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    computed = []

    def count(tables: Tables, given: Given) -> Tables:
        computed.append(given.settings.horizon)
        return nothing(tables, given)

    step = replace(TOY, function=count, settings=("horizon",))
    for kept in (False, True, False, True):
        said = (lambda _given: True) if kept else (lambda _given: False)
        run(workspace, replace(step, cached=said))
    assert len(computed) == 3


@pytest.mark.slow
def test_a_cached_step_that_failed_is_tried_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    tried = []

    def fails_at_first(tables: Tables, given: Given) -> Tables:
        tried.append(1)
        return reads_more(tables, given) if len(tried) == 1 else nothing(tables, given)

    step = replace(TOY, function=fails_at_first, cached=True)
    with pytest.raises(ContractBroken):
        run(workspace, step)
    assert run(workspace, step).rows == {"covariates": 0}
    assert len(tried) == 2


@pytest.mark.slow
def test_nobody_is_sent_to_run_what_was_left_out_a_moment_ago(tmp_path: Path) -> None:
    told: list[Progress] = []
    with Workspace.init(tmp_path / "empty") as opened, pytest.raises(StageNotReady):
        walk(
            opened,
            ("anticipate", "alerts", "plan", "track"),
            with_what_is_there=True,
            on_progress=told.append,
        )
    words = {one.step: one.words for one in told if one.state == "left out"}
    assert "series" in words["anticipate"]
    assert words["alerts"] == words["plan"] == "It works on what `anticipate` makes."


@pytest.mark.slow
def test_a_setting_that_follows_from_the_tables_is_written_and_said(workspace: Workspace) -> None:
    seen: list[str] = []

    def settle(tables: Tables, settings: Settings) -> Settled | None:
        assert tables["series"].height
        if settings.target != "ged_sb":
            return None
        return Settled("target", "Morts", "the only one that is here")

    def note(_tables: Tables, given: Given) -> Tables:
        seen.append(given.settings.target)
        return {"covariates": empty(TABLES["covariates"])}

    step = replace(TOY, function=note, settings=("target",), settle=settle)
    first, again = run(workspace, step), run(workspace, step)
    assert first.settled == (
        "'Morts' is taken, the only one that is here: `target` in tocsin.toml says so now."
    )
    assert (again.settled, seen, first.run_id) == ("", ["Morts", "Morts"], again.run_id)
    assert first.as_dict()["settled"] == first.settled
    text = (workspace.path / "tocsin.toml").read_text("utf-8")
    assert 'target = "Morts"  # the only one that is here' in text
    assert prospective_run(workspace, step).parameters == {"target": "Morts"}


def test_settings_that_cannot_be_written_are_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tocsin.workspace.store.write_bytes", full)
    with pytest.raises(UsageError, match=r"No space left.*target = 'Morts'"):
        workspace.settle("target", "Morts", "found")
    assert workspace.settings.target == "ged_sb"
