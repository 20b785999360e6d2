"""`tocsin publish`: what it refuses, and what it publishes of a walk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import UsageError

run = CliRunner().invoke


@pytest.mark.slow
def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    done = run(app, ["publish", "--data", str(tmp_path / "d"), "--workspace", str(tmp_path)])
    assert isinstance(done.exception, UsageError)


@pytest.mark.slow
def test_a_walk_is_published_once(walked: Path, tmp_path: Path) -> None:
    command = ["publish", "--data", str(tmp_path / "d"), "--workspace", str(walked), "--json"]
    first = json.loads(run(app, command).output)
    assert first["level"] == "GREEN"
    assert first["written"]["brief"] == 1
    assert first["written"]["forecast"] >= 1
    again = json.loads(run(app, [*command, "--level", "clear"]).output)
    assert first["stix"] > 1
    unchanged = sum(first["written"].values())
    still = {"written": {}, "corrected": {}, "stix": 0}
    assert again == still | {"unchanged": unchanged, "level": "GREEN"}
