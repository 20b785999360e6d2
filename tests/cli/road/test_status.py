"""`status` fits the terminal as it opens."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tocsin.cli import app


def test_no_line_is_longer_than_a_terminal(walked: Path) -> None:
    done = CliRunner().invoke(app, ["status", "-w", str(walked)], catch_exceptions=False)
    lines = done.stdout.splitlines()[1:]
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("anticipate  up to date, 20") for line in lines) == 1
    assert any("forecast_ledger 2" in line for line in lines)
