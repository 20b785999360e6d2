"""`tocsin serve`: what it refuses."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import UsageError


def test_an_open_address_without_tls_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["serve", "--data", str(tmp_path / "d"), "--host", "0.0.0.0"])
    assert isinstance(done.exception, UsageError)
    assert not (tmp_path / "d").exists()
