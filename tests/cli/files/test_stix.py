"""`tocsin stix check`: exit codes and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app

IDENTITY = {
    "type": "identity", "spec_version": "2.1", "name": "Office", "identity_class": "organization",
    "id": "identity--8c6af861-7b20-41ef-9b59-6344fd872a8f",
    "created": "2026-11-25T10:00:00.000Z", "modified": "2026-11-25T10:00:00.000Z",
}  # fmt: skip


@pytest.mark.slow
def test_exit_codes_and_reasons(tmp_path: Path) -> None:
    (tmp_path / "right.json").write_text(json.dumps(IDENTITY))
    good = CliRunner().invoke(app, ["stix", "check", str(tmp_path)])
    assert good.exit_code == 0, good.output
    assert "valid STIX 2.1" in good.output
    (tmp_path / "wrong.json").write_text("{}")
    bad = CliRunner().invoke(app, ["stix", "check", "--json", str(tmp_path)])
    assert bad.exit_code == 1
    assert [one["valid"] for one in json.loads(bad.output)] == [True, False]


@pytest.mark.slow
def test_an_empty_workspace_is_written_once(tmp_path: Path) -> None:
    place, out = str(tmp_path / "w"), tmp_path / "out.json"
    run = CliRunner().invoke
    assert run(app, ["init", place]).exit_code == 0
    command = ["stix", "write", "--out", str(out), "--sender", "Office", "-w", place]
    first = run(app, [*command, "--json"])
    assert first.exit_code == 0, first.output
    assert json.loads(first.output)["objects"] == {"marking-definition": 1, "identity": 1}
    again = run(app, command)
    assert "Nothing has changed" in again.output
    assert run(app, [*command, "--tlp", "white"]).exit_code != 0


@pytest.mark.slow
def test_a_file_of_the_older_standard_is_called_so(tmp_path: Path) -> None:
    old = {key: value for key, value in IDENTITY.items() if key != "spec_version"}
    bundle = {"type": "bundle", "id": f"bundle--{str(IDENTITY['id']).split('--')[1]}"}
    told = bundle | {"spec_version": "2.0", "objects": [old]}
    (tmp_path / "old.json").write_text(json.dumps(told))
    found = CliRunner().invoke(app, ["stix", "check", str(tmp_path)])
    assert found.exit_code == 0, found.output
    assert "valid STIX 2.0" in found.output
