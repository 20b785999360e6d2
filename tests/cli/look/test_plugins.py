"""`tocsin plugins` lists what there is, and tells what is faulty."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from offers import offer
from tocsin.cli import app


def test_own_and_others(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "tocsin.exports", lines=len, html=len, torn="no_such_package:x")
    whole = CliRunner().invoke(app, ["plugins"])
    assert whole.exit_code == 0
    for name in ("ucdp-ged", "pool", "dialogue", "csv", "deaths", "lines"):
        assert name in whole.stdout
    assert "the export 'html' of 'demo 1.0': tocsin's own export has this name" in whole.stderr
    found = CliRunner().invoke(app, ["plugins", "--others", "--check", "--json"])
    assert found.exit_code == 1
    faults = {row["name"]: row["fault"] for row in json.loads(found.stdout)}
    assert set(faults) == {"html", "lines", "torn"}
    assert faults["lines"] is None
    assert "no_such_package" in faults["torn"]
