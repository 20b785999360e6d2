"""`tocsin track`, as a person calls it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from command import tocsin


def test_a_ledger_with_nothing_due(walked: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(walked, tmp_path / "w")
    done = tocsin("track", "-w", copy, "--strict", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["scored"] == 0
    assert found["lost"] == []
    assert found["ledger"]["forecast_ledger"]["rows"] == 191 * 14
    said = tocsin("track", "-w", copy).stdout
    assert "whole; head" in said
    assert "Nothing could be scored yet" in said
    assert "No sign that calibration is lost" not in said


@pytest.mark.slow
def test_exit_codes_and_help(tmp_path: Path) -> None:
    tocsin("init", tmp_path)
    early = tocsin("track", "-w", tmp_path)
    assert early.returncode == 1
    assert "tocsin anticipate" in early.stderr
    assert tocsin("track", "-w", tmp_path / "none").returncode == 2
    assert "Example:" in tocsin("track", "--help").stdout
