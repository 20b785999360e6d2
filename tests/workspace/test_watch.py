"""The life of a forecast: kept, scored when its month comes, never rewritten."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from tocsin import Workspace
from tocsin.errors import StageNotReady, UsageError, WorkspaceError
from tocsin.workspace import road, watch


def write(seen: dict[str, pl.DataFrame], folder: Path, last: str) -> Path:
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


def test_the_life_of_a_forecast(
    seen: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The ledger does not care how good a forecaster is; a quick one will do.
    monkeypatch.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
    with Workspace.init(tmp_path / "w") as opened:
        with pytest.raises(StageNotReady, match="tocsin anticipate"):
            watch.track(opened)
        for last in ("2021-10", "2021-11"):
            road.observe(opened, [write(seen, tmp_path, last)])
            road.anticipate(opened)
        assert opened.count("forecast_ledger") == 2 * 5 * 14
        assert watch.track(opened).scored == 5
        road.observe(opened, [write(seen, tmp_path, "2022-12")])
        found = watch.track(opened)
        # 14 months of the first issue and 13 of the second, by the end of 2022.
        assert found.scored == 5 * (14 + 13) - 5
        assert set(found.calibration["horizon"]) == {1, 3, 6}
        again = watch.track(opened)
        assert again.scored == 0
        assert again.heads == found.heads
        assert again.calibration.equals(opened.read("calibration"))
    with duckdb.connect(str(tmp_path / "w" / "tocsin.duckdb")) as connection:
        connection.execute("UPDATE forecast_scores SET crps = 0 WHERE gwno = 652")
    with Workspace.open(tmp_path / "w") as opened, pytest.raises(WorkspaceError, match="changed"):
        watch.track(opened)


def test_alerts_are_not_computed_again_for_the_same_rules(walked: Path) -> None:
    with Workspace.open(walked) as opened:
        before = len(opened.runs())
        watch.alerts(opened)
        assert len(opened.runs()) == before


def test_a_workspace_s_own_rules_come_first(tmp_path: Path) -> None:
    with Workspace.init(tmp_path) as opened:
        assert len(watch.rules_of(opened)) > 1
        (tmp_path / "alerts.toml").write_text(
            '[[rule]]\nname = "mine"\nsay = "at least 5 deaths within 2 months, above 0.4"'
        )
        assert [rule.name for rule in watch.rules_of(opened)] == ["mine"]
        (tmp_path / "alerts.toml").write_text("[[rule]]\nname = 3")
        with pytest.raises(UsageError, match="rule 1"):
            road.anticipate(opened)
