"""Status shows each stage's steps, and what is out of date."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tocsin import Workspace
from tocsin.schema import STAGE_TABLES
from tocsin.schema.run import Run
from tocsin.workspace import road
from tocsin.workspace.declared import is_kept, prospective_run
from tocsin.workspace.status import made_otherwise, status, superseded_series
from tocsin.workspace.steps import all_steps, find_step


def states(workspace: Workspace) -> dict[str, str]:
    return {row["stage"]: row["state"] for row in status(workspace)}


@pytest.mark.slow
def test_steps_are_grouped_by_their_room(tmp_path: Path) -> None:
    with Workspace.init(tmp_path) as opened:
        found = {row["stage"]: row for row in status(opened)}
    assert list(found) == list(STAGE_TABLES)
    assert [step["step"] for row in found.values() for step in row["steps"]] == [
        name for room in STAGE_TABLES for name, step in all_steps().items() if step.room == room
    ]
    for name, row in found.items():
        assert list(row["rows"]) == list(STAGE_TABLES[name])
        assert {step["state"] for step in row["steps"]} == {"not run"}


@pytest.mark.slow
def test_what_reads_from_a_step_that_is_out_of_date_is_out_of_date_too(tmp_path: Path) -> None:
    with Workspace.init(tmp_path) as opened:
        for name in ("plan", "share"):
            opened.write(prospective_run(opened, find_step(name)), {}, started=time.time())
        assert [states(opened)[name] for name in ("plan", "share")] == ["up to date"] * 2
        opened.write(Run("plan", "an older one", 0), {}, started=time.time())
        assert [states(opened)[name] for name in ("plan", "share")] == ["out of date"] * 2
        # What takes from outside is never out of date.
        opened.write(Run("observe", "0", 0), {}, started=time.time())
        assert states(opened)["observe"] == "up to date"


@pytest.mark.slow
@pytest.mark.parametrize("late", ["anticipate", "track"])
def test_a_stage_is_out_of_date_where_a_step_is(
    tmp_path: Path, series: pl.DataFrame, late: str
) -> None:
    with Workspace.init(tmp_path) as opened:
        opened.write(Run("observe", "0", 0), {"series": series}, started=time.time())
        for name in ("anticipate", "track"):
            opened.write(prospective_run(opened, find_step(name)), {}, started=time.time())
        assert states(opened)["anticipate"] == "up to date"
        opened.write(Run(late, "an older one", 0), {}, started=time.time())
        assert states(opened)["anticipate"] == "out of date"
        opened.write(Run("alerts", "an older one", 0), {}, started=time.time())
        assert states(opened) == {
            "observe": "up to date",
            "assess": "not run",
            "anticipate": "out of date",
            "plan": "not run",
            "share": "not run",
        }


@pytest.mark.slow
def test_what_other_code_made_is_said_and_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = find_step("anticipate")
    with Workspace.init(tmp_path) as opened:
        this = prospective_run(opened, step)
        for version in ("0.1.0", f"{this.version[:-12]}{'0' * 12}", "0.0.9"):
            older = replace(this, version=version)
            assert (older.run_id == this.run_id) is version.startswith("0.1.0")
            opened.write(older, {}, started=time.time())
            assert states(opened)["anticipate"] == "made by another version"
            assert not is_kept(opened, step)
            assert made_otherwise(opened, ("assess", "anticipate")) == ["anticipate"]
        opened.write(this, {}, started=time.time())
        assert states(opened)["anticipate"] == "up to date"
        assert is_kept(opened, step)
        assert made_otherwise(opened, ("assess", "anticipate")) == []
        monkeypatch.setattr("tocsin.workspace.declared.cache.code", lambda *_: "f" * 64)
        assert states(opened)["anticipate"] == "made by another version"


@pytest.mark.slow
def test_files_that_other_code_read_are_told_until_they_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "deaths.csv"
    file.write_text("country,month,ged_sb\nMali,2024-01,3\n")

    def notes(opened: Workspace) -> list[str]:
        return next(row["steps"][0]["notes"] for row in status(opened) if row["stage"] == "observe")

    with Workspace.init(tmp_path / "w") as opened:
        with monkeypatch.context() as older:
            older.setattr("tocsin.workspace.declared.cache.code", lambda *_: "f" * 64)
            road.observe(opened, [file])
            assert notes(opened) == []
        assert notes(opened)[0].startswith("1 file was read by another version")
        road.observe(opened, [file])
        assert notes(opened) == []


@pytest.mark.slow
def test_months_of_which_a_newer_file_tells_are_said_to_be_superseded(tmp_path: Path) -> None:
    with Workspace.init(tmp_path / "w") as opened:
        assert superseded_series(opened) == []
        for name, rows in (("deaths_1.csv", 2), ("deaths_2.csv", 3)):
            lines = [f"Mali,2024-0{month},{month}" for month in range(1, rows + 1)]
            (tmp_path / name).write_text("country,month,ged_sb\n" + "\n".join(lines) + "\n")
        road.observe(opened, [tmp_path / "deaths_2.csv", tmp_path / "deaths_1.csv"])
        assert superseded_series(opened) == [
            {"source": "Country-month series (deaths_1.csv)", "rows": 2}
        ]


@pytest.mark.slow
def test_what_a_step_noted_is_told_with_it(tmp_path: Path) -> None:
    noted = pl.DataFrame({"note": ["A calendar is ten days late."], "source": ["linkage"]})
    with Workspace.init(tmp_path) as opened:
        opened.write(Run("assess", "0", 0), {"linkage_notes": noted}, started=time.time())
        notes = {step["step"]: step["notes"] for row in status(opened) for step in row["steps"]}
    assert notes.pop("assess") == ["A calendar is ten days late."]
    assert not any(notes.values())
