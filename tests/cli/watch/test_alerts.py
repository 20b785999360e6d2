"""`tocsin alerts`, as a person calls it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import tocsin


def computed(*words: object) -> subprocess.CompletedProcess[str]:
    """What is computed anew needs the walk's own networks, so a process of its own."""
    command = [sys.executable, "-m", "tocsin", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def workspace(walked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(walked, tmp_path / "w"))


def test_the_road_leaves_alerts_with_their_record(workspace: Path) -> None:
    done = computed("alerts", "-w", workspace, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {row["rule"] for row in found["alert_rules"]} >= {"serious violence", "onset"}
    assert {row["rule"] for row in found["alert_record"]} >= {"serious violence", "onset"}
    assert found["alerts"]
    assert "hits" in computed("alerts", "-w", workspace).stdout


def test_a_file_of_rules_is_read(workspace: Path) -> None:
    # As far ahead as the shipped rules look, so that the walk's hindcasts serve; rules of another
    # length are held in `tests/anticipate/alerts/test_init.py`.
    rules = workspace / "mine.toml"
    rules.write_text(
        '[[rule]]\nname = "mine"\nsay = "at least 5 deaths within 6 months, above 0.4, in Syria"'
    )
    found = json.loads(computed("alerts", "-w", workspace, "--rules", rules, "--json").stdout)
    assert [row["rule"] for row in found["alert_rules"]] == ["mine"]
    assert {row["territory"] for row in found["alerts"]} == {"Syria"}


@pytest.mark.slow
def test_exit_codes_and_words(tmp_path: Path) -> None:
    rules, workspace = tmp_path / "bad.toml", tmp_path / "empty"
    rules.write_text('[[rule]]\nname = "x"\nsay = "at least some deaths"')
    tocsin("init", workspace)
    bad = tocsin("alerts", "-w", workspace, "--rules", rules)
    assert bad.returncode == 2
    assert "'some' (word 3)" in bad.stderr
    assert "bad.toml, rule 1" in bad.stderr
    assert tocsin("alerts", "-w", workspace, "--rules", tmp_path / "none.toml").returncode == 2
    early = tocsin("alerts", "-w", workspace)
    assert early.returncode == 1
    assert "tocsin anticipate" in early.stderr
    assert "Example:" in tocsin("alerts", "--help").stdout
