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


def test_the_challenges_own_format(tmp_path: Path) -> None:
    history = tmp_path / "h.csv"
    rows = [f"Mali,20{y}-{m:02d},{m}" for y in (15, 16) for m in range(1, 11)]
    history.write_text("\n".join(["country,month,n", *rows, ""]))
    words = ["forecast", "--history", history, "--origin", "2016-10", "--target", "n"]
    words += ["--draws", "20", "--format", "views", "--out"]
    for out in (tmp_path / "one.parquet", tmp_path / "submission"):
        assert CliRunner().invoke(app, [str(word) for word in [*words, out]]).exit_code == 0
    single = pl.read_parquet(tmp_path / "one.parquet")
    assert single.columns == ["month_id", "country_id", "draw", "outcome"]
    assert single.height == 14 * 20
    folder = tmp_path / "submission" / "cm" / "window=Y2017" / "predictions_2017.parquet"
    assert pl.read_parquet(folder).height == 12 * 20
