"""`tocsin bench`."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.bench.mentions.labels import read_labels
from tocsin.cli import app

FOLDER = Path(__file__).parents[2] / "benchmarks/labels/technology_mentions"


@pytest.mark.slow
def test_a_reading_is_scored_against_the_labels(tmp_path: Path) -> None:
    labels = read_labels(FOLDER).filter(pl.col("technology") == "cyber")
    told = labels.select("row_id", pl.col("use").cast(pl.Float64))
    told.write_csv(tmp_path / "told.csv")
    run = CliRunner().invoke(
        app, ["bench", "mentions", str(tmp_path / "told.csv"), "--labels", str(FOLDER), "--json"]
    )
    assert run.exit_code == 0, run.output
    rows = {
        (row["technology"], row["region"], row["measure"]): row for row in json.loads(run.output)
    }
    assert rows["cyber", "all", "use_f1"]["value"] == 1.0
    assert rows["uncrewed-aircraft", "all", "use_recall"]["value"] == 0.0


def test_a_missing_file_is_a_wrong_command(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["bench", "mentions", str(tmp_path / "no.csv")])
    assert run.exit_code != 0
