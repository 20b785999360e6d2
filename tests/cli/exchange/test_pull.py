"""`tocsin pull`: options that do not fit, before anything is asked."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tocsin.cli import app

run = CliRunner().invoke


def test_commands_that_are_wrong(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out")]
    for more in (["--user", "me"], ["--token-file", str(tmp_path / "none")], []):
        done = run(app, ["pull", "http://partner.example/", *out, *more])
        assert done.exit_code != 0
        assert not (tmp_path / "out").exists()
