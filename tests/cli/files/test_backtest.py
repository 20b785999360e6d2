"""`tocsin backtest`."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.cli import app
from tocsin.errors import UsageError

COMPARED = 1 + len(BENCHMARKS)
"""The model that is asked for, and all benchmarks beside it."""


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "h.csv"
    rows = [
        f"{name},20{year:02d}-{month:02d},{(month * k) % 7}"
        for name, k in (("Mali", 1), ("Chad", 3), ("Peru", 0))
        for year in range(5, 13)
        for month in range(1, 13)
    ]
    path.write_text("\n".join(["country,month,n", *rows, ""]))
    return path


def words(history: Path, *more: object) -> list[str]:
    plain = ["backtest", "--history", history, "--target", "n", "--from", "2010", "--to", "2011"]
    plain += ["--model", "negative binomial", "--draws", "60", "--workers", "0", *more]
    return [str(word) for word in plain]


@pytest.mark.slow
def test_tables_for_machines_and_every_row(history: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, words(history, "--json", "--out", tmp_path / "rows.parquet"))
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {"windows", "by_horizon", "by_region", "by_case", "differences", "pit"} == set(found)
    assert len(found["windows"]) == 2 * COMPARED
    assert pl.read_parquet(tmp_path / "rows.parquet").height == 2 * COMPARED * 3 * 12


@pytest.mark.slow
def test_tables_for_people_and_work_that_is_kept(history: Path, tmp_path: Path) -> None:
    for _ in range(2):
        done = CliRunner().invoke(app, words(history, "--by", "case", "--work", tmp_path / "w"))
        assert done.exit_code == 0, done.output
        assert "by case" in done.stdout
    assert len(list((tmp_path / "w").iterdir())) == 2 * COMPARED


@pytest.mark.slow
@pytest.mark.parametrize(
    "more", [("--by", "weather"), ("--model", "crystal ball"), ("--history", "other.csv")]
)
def test_what_it_cannot_do(history: Path, more: tuple[str, str]) -> None:
    assert isinstance(CliRunner().invoke(app, words(history, *more)).exception, UsageError)
