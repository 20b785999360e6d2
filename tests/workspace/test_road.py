"""The whole road, as a person walks it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tocsin.schema import TABLES
from tocsin.workspace.store import Workspace


def tocsin(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tocsin", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_stage_is_up_to_date(walked: Path) -> None:
    found = json.loads(tocsin("status", "-w", walked, "--json").stdout)
    stages = {row["stage"]: row["state"] for row in found}
    assert list(stages) == ["observe", "assess", "anticipate", "plan", "share"]
    assert set(stages.values()) == {"up to date"}


def test_every_table_carries_its_provenance(walked: Path) -> None:
    with Workspace.open(walked) as workspace:
        for name in TABLES:
            frame = workspace.read(name, provenance=True)
            assert {"source", "row_hash", "run_id"} <= set(frame.columns)
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


def test_help_shows_the_road_in_order() -> None:
    text = tocsin("--help").stdout
    verbs = ["init", "observe", "assess", "anticipate", "plan", "share"]
    places = [text.index(f" {verb} ") for verb in verbs]
    assert places == sorted(places)
    for verb in verbs:
        assert "Example:" in tocsin(verb, "--help").stdout
