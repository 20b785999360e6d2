"""`tocsin territories`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tocsin.cli import app


def test_a_name_and_its_neighbours() -> None:
    found = json.loads(CliRunner().invoke(app, ["territories", "Zaire", "--json"]).stdout)
    assert found[0]["gwno"] == 490
    assert "Angola" in found[0]["neighbours"]


@pytest.mark.slow
def test_all() -> None:
    assert "Central African Republic" in CliRunner().invoke(app, ["territories"]).stdout
