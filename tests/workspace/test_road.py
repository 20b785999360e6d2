"""The whole road, as a person walks it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from command import tocsin
from tocsin.anticipate.alerts.records.borrowed import SHIPPED, WORLD_FILE
from tocsin.anticipate.alerts.rules.declared import read_rules
from tocsin.errors import StageNotReady, UsageError, WorkspaceError
from tocsin.schema import TABLES
from tocsin.schema.settings import Region, Settings
from tocsin.workspace import road
from tocsin.workspace.chain import provenance
from tocsin.workspace.runner import Result, run, side_files
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import Workspace


def test_every_stage_is_up_to_date(walked: Path) -> None:
    # In a process of its own, as the walk was: the tests' networks are smaller than a user's.
    command = [sys.executable, "-m", "tocsin", "status", "-w", str(walked), "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    stages = {row["stage"]: row["state"] for row in found}
    assert list(stages) == ["observe", "assess", "anticipate", "plan", "share"]
    assert set(stages.values()) == {"up to date"}


def test_every_table_carries_its_provenance(walked: Path) -> None:
    with Workspace.open(walked) as workspace:
        for name in TABLES:
            frame = workspace.read(name, provenance=True)
            assert {"source", *provenance(name)} <= set(frame.columns)
            assert frame["source"].null_count() == 0


def test_observing_again_changes_nothing(walked: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("country,month,ged_sb\nSyria,2020-01,5\nSyria,2020-01,6\nNowhere,2020-01,1\n")
    tocsin("init", tmp_path / "w")
    runs = [tocsin("observe", path, "-w", tmp_path / "w", "--json") for _ in range(2)]
    fates = [json.loads(run.stdout) for run in runs]
    assert fates[0] == fates[1]
    assert set(fates[0][0]) >= {"file", "source", "rows", "accepted", "quarantined"}
    assert (fates[0][0]["rows"], fates[0][0]["quarantined"]) == (3, 2)
    with Workspace.open(tmp_path / "w") as workspace:
        assert workspace.count("series") == 1
        assert workspace.count("quarantine") == 2


@pytest.mark.slow
def test_exit_codes_and_words(tmp_path: Path) -> None:
    assert tocsin("observe", "nowhere.csv", "-w", tmp_path).returncode == 2
    empty = tmp_path / "empty.csv"
    empty.touch()
    tocsin("init", tmp_path / "w")
    refused = tocsin("observe", empty, "-w", tmp_path / "w")
    assert refused.returncode == 1
    assert "empty" in refused.stdout + refused.stderr
    early = tocsin("plan", "-w", tmp_path / "w")
    assert early.returncode == 1
    assert "Traceback" not in early.stderr


@pytest.mark.slow
def test_help_shows_the_road_in_order() -> None:
    text = tocsin("--help").stdout
    verbs = ["init", "observe", "assess", "anticipate", "plan", "share"]
    places = [text.index(f"│ {verb} ") for verb in verbs]
    assert places == sorted(places)
    for verb in verbs:
        assert "Example:" in tocsin(verb, "--help").stdout


def write_months(seen: dict[str, pl.DataFrame], folder: Path, last: str) -> Path:
    path = folder / f"deaths-{last}.csv"
    few = seen["series"].filter(
        pl.col("target") == "ged_sb", pl.col("gwno").is_in([475, 482, 490, 645, 652])
    )
    few.select(
        pl.col("territory").alias("country"),
        pl.col("month").dt.strftime("%Y-%m"),
        pl.col("deaths").alias("ged_sb"),
    ).filter(pl.col("month") <= last).write_csv(path)
    return path


def write_world(folder: Path) -> None:
    """Let records be borrowed of ten countries: to replay all of them takes a dozen seconds."""
    table = pl.read_csv(SHIPPED, infer_schema=False)
    few = table["country"].unique(maintain_order=True)[:10]
    told = table.filter(pl.col("country").is_in(few.implode())).write_csv()
    (folder / WORLD_FILE).write_bytes(gzip.compress(told.encode()))


@pytest.mark.slow
def test_the_life_of_a_forecast(
    seen: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The ledger does not care how good a forecaster is; a quick one will do.
    monkeypatch.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
    with Workspace.init(tmp_path / "w") as opened:
        with pytest.raises(StageNotReady, match="tocsin anticipate"):
            road.track(opened)
        for last in ("2021-10", "2021-11"):
            road.observe(opened, [write_months(seen, tmp_path, last)])
            run(opened, find_step("anticipate"))
        assert opened.count("forecast_ledger") == 2 * 5 * 14
        assert road.track(opened).scored == 5
        road.observe(opened, [write_months(seen, tmp_path, "2022-12")])
        found = road.track(opened)
        # 14 months of the first issue and 13 of the second, by the end of 2022.
        assert found.scored == 5 * (14 + 13) - 5
        assert set(found.calibration["horizon"]) == {1, 3, 6}
        again = road.track(opened)
        assert again.scored == 0
        assert again.heads == found.heads
        assert again.calibration.equals(opened.read("calibration"))
    with duckdb.connect(str(tmp_path / "w" / "tocsin.duckdb")) as connection:
        connection.execute("UPDATE forecast_scores SET crps = 0 WHERE gwno = 652")
    with Workspace.open(tmp_path / "w") as opened, pytest.raises(WorkspaceError, match="changed"):
        road.track(opened)


def test_alerts_are_not_computed_again_for_the_same_rules(walked: Path) -> None:
    with Workspace.open(walked) as opened:
        before = len(opened.runs())
        road.alerts(opened)
        assert len(opened.runs()) == before


@pytest.mark.slow
def test_a_workspace_s_own_rules_come_first(tmp_path: Path) -> None:
    with Workspace.init(tmp_path) as opened:
        rules = side_files(opened, find_step("alerts"))["alerts.toml"]
        assert len(read_rules(rules)) > 1
        (tmp_path / "alerts.toml").write_text(
            '[[rule]]\nname = "mine"\nsay = "at least 5 deaths within 2 months, above 0.4"'
        )
        rules = side_files(opened, find_step("alerts"))["alerts.toml"]
        assert [rule.name for rule in read_rules(rules)] == ["mine"]
        (tmp_path / "alerts.toml").write_text("[[rule]]\nname = 3")
        with pytest.raises(UsageError, match="rule 1"):
            road.anticipate(opened)


@pytest.mark.slow
def test_the_road_works_with_a_series_alone(
    seen: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
    region = Region(name="Two", territories={"Two": [645, 652]})
    settings = Settings(region=region, draws=100, futures=10, horizon=3)
    with Workspace.init(tmp_path / "w", settings) as opened:
        road.observe(opened, [write_months(seen, tmp_path, "2022-12")])
        write_world(tmp_path / "w")
        walked = {result.stage: result for result in road.brief(opened, tmp_path / "brief")}
        assert "though observe has run" in walked["assess"].left_out
        assert walked["plan"].rows["outcomes"] > 0
        page = (tmp_path / "brief" / "index.html").read_text(encoding="utf-8")
        assert 'id="risk"' in page
        assert 'id="adoption"' not in page
        opened.settings = settings.model_copy(update={"target": "ged_totl"})
        with pytest.raises(StageNotReady, match="the setting 'target' changed"):
            road.share(opened, tmp_path / "other")
        with pytest.raises(UsageError, match="no series 'ged_totl'"):
            road.brief(opened, tmp_path / "other")
        assert not (tmp_path / "other").exists()


@pytest.mark.slow
def test_a_series_of_one_s_own_is_forecast_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
    quarters = [(y, q) for y in range(2016, 2024) for q in (1, 2, 3, 4)]
    lines = [f"{c};{y};T{q};{(y * q) % 7 + 3}" for c in ("Togo", "Bénin") for y, q in quarters]
    own = tmp_path / "trimestres.csv"
    own.write_text("\n".join(["Pays;Année;Trimestre;Morts", *lines]), "utf-8")
    region = Region(name="Golfe", territories={"Golfe": [461, 434]})
    settings = Settings(region=region, draws=100, futures=10, horizon=3)
    with Workspace.init(tmp_path / "w", settings) as opened:
        road.observe(opened, [own])
        told = run(opened, find_step("anticipate")).settled
        assert told.startswith("'Morts' is taken, the only series of deaths that was read")
        assert set(opened.read("forecasts")["target"]) == {"Morts"}
        assert run(opened, find_step("anticipate")).settled == ""
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.settings.target == "Morts"


@pytest.mark.slow
def test_results_of_older_data_are_not_shared(
    series: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
    settings = Settings(region=Region(name="One", territories={"One": [652]}), draws=100)
    path = tmp_path / "s.csv"
    rows = series.select(country="territory", month=pl.col("month").dt.strftime("%Y-%m"), ged_sb=3)
    rows.head(-1).write_csv(path)
    with Workspace.init(tmp_path / "w", settings) as opened:
        road.observe(opened, [path])
        road.anticipate(opened)
        rows.write_csv(path)
        road.observe(opened, [path])
        for verb in (lambda: road.plan(opened), lambda: road.share(opened, tmp_path / "brief")):
            with pytest.raises(StageNotReady, match="the table 'series' changed"):
                verb()


@pytest.mark.slow
def test_the_folder_of_a_workspace_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no workspace"):
        road.brief(str(tmp_path), str(tmp_path / "brief"))
    with Workspace.init(tmp_path):
        pass
    asked: list[tuple[Path, Path]] = []

    def walk(workspace: Workspace, *_: object, **more: Any) -> list[Result]:
        asked.append((workspace.path, more["asked"]["out"]))
        return []

    monkeypatch.setattr(road, "_observe_example", lambda *_: [Result("observe", "", 0.0)])
    monkeypatch.setattr(road, "walk", walk)
    assert [one.stage for one in road.brief(str(tmp_path), str(tmp_path / "brief"))] == ["observe"]
    assert asked == [(tmp_path, tmp_path / "brief")]
