"""`tocsin forecast`."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from tocsin.cli import app


def test_a_file_is_forecast(tmp_path: Path) -> None:
    history, out = tmp_path / "h.csv", tmp_path / "o.parquet"
    history.write_text("country,month,n\nA,2020-01,1\nA,2020-02,3\nB,2020-02,0\n")
    words = ["forecast", "--history", history, "--origin", "2020-02", "--target", "n"]
    words += ["--horizon", "3", "--draws", "20", "--out", out]
    assert CliRunner().invoke(app, [str(word) for word in words]).exit_code == 0
    assert pl.read_parquet(out).height == 2 * 3 * 20
