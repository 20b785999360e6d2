"""`tocsin plan calibrate` asks for incidents, and names the file that it would write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tocsin
from tocsin.workspace.store import Workspace


@pytest.mark.slow
def test_without_incidents_the_remedy_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with Workspace.init(tmp_path / "region"):
        pass
    done = tocsin("plan", "calibrate", "-w", tmp_path / "region", "--json")
    assert done.returncode == 1
    assert "tocsin assess" in json.loads(done.stdout)["remedy"]
    assert not (tmp_path / "region" / "posterior.json").exists()


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_played(
    tmp_path: Path,
) -> None:
    with Workspace.init(tmp_path / "region"):
        pass
    done = tocsin("plan", "calibrate", "-w", tmp_path / "region", "--out", tmp_path / "no" / "it")
    assert done.returncode == 2
