"""`tocsin forecast`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from packed import excel, parquet
from tocsin.cli import app
from tocsin.errors import UsageError


@pytest.mark.slow
def test_a_file_is_forecast(tmp_path: Path) -> None:
    history, out = tmp_path / "h.csv", tmp_path / "o.parquet"
    history.write_text("country,month,n\nA,2020-01,1\nA,2020-02,3\nB,2020-02,0\n")
    words = ["forecast", "--history", history, "--origin", "2020-02", "--target", "n"]
    words += ["--horizon", "3", "--draws", "20", "--out", out]
    assert CliRunner().invoke(app, [str(word) for word in words]).exit_code == 0
    assert pl.read_parquet(out).height == 2 * 3 * 20


@pytest.mark.slow
@pytest.mark.parametrize("pack", [excel, parquet])
def test_any_table_is_forecast(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    history, out = tmp_path / "office.bin", tmp_path / "o.csv"
    history.write_bytes(pack(b"country,month,n\nA,2020-01,1\nA,2020-02,3\n"))
    words = ["forecast", "--history", history, "--origin", "2020-02", "--target", "n"]
    words += ["--horizon", "3", "--draws", "20", "--out", out]
    assert CliRunner().invoke(app, [str(word) for word in words]).exit_code == 0
    assert pl.read_csv(out).height == 3 * 20


@pytest.mark.slow
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


@pytest.mark.slow
def test_who_is_left_out_is_said(tmp_path: Path) -> None:
    history, out = tmp_path / "h.csv", tmp_path / "o.parquet"
    history.write_text("country,month,n\nA,2018-01,1\nB,2018-01,2\nB,2020-02,0\n")
    words = ["forecast", "--history", history, "--origin", "2020-02", "--target", "n"]
    words = [str(word) for word in [*words, "--horizon", "3", "--draws", "20", "--out", out]]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0
    assert "A: no count since 2018-01, so not forecast." in told.stdout
    assert pl.read_parquet(out)["country"].unique().to_list() == ["B"]
    machine = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert machine["left_out"] == [{"country": "A", "last": "2018-01"}]


def test_an_origin_in_a_gap_is_refused(tmp_path: Path) -> None:
    history = tmp_path / "h.csv"
    history.write_text("country,month,n\nA,2010-01,1\nA,2020-02,0\n")
    words = ["forecast", "--history", history, "--origin", "2015-01", "--target", "n", "--out"]
    told = CliRunner().invoke(app, [str(word) for word in [*words, tmp_path / "o.csv"]])
    assert told.exit_code == 1
    assert "12 months to 2015-01" in str(told.exception) + told.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("country,month,ged_sb, country\nA,2000-01,1,x\n", "ged_sb"),
        ("country,month,row\nA,2000-01,1\n", "row"),
        ("country,month,draw\nA,2000-01,1\n", "draw"),
        ("country,month,line\nA,2000-01,1\n", "line"),
    ],
)
def test_columns_of_any_name_are_forecast(content: str, target: str, tmp_path: Path) -> None:
    history, out = tmp_path / "h.csv", tmp_path / "o.csv"
    history.write_text(content)
    words = ["forecast", "--history", history, "--origin", "2000-01", "--target", target]
    words += ["--horizon", "1", "--draws", "10", "--out", out]
    assert CliRunner().invoke(app, [str(word) for word in words]).exit_code == 0
    assert pl.read_csv(out).height == 10


@pytest.mark.slow
@pytest.mark.parametrize("out", ["h.csv", "no/o.csv", "/dev/null", "pipe", "h.csv/o.csv", "o.txt"])
def test_where_nothing_can_be_written_is_told_before_computing(out: str, tmp_path: Path) -> None:
    history = tmp_path / "h.csv"
    history.write_text("country,month,n\nA,2020-01,1\n")
    os.mkfifo(tmp_path / "pipe")
    words = ["forecast", "--history", history, "--origin", "2020-01", "--target", "n", "--out"]
    made = CliRunner().invoke(app, [str(word) for word in (*words, tmp_path / out)])
    assert isinstance(made.exception, UsageError)
    assert history.read_text() == "country,month,n\nA,2020-01,1\n"


@pytest.mark.slow
def test_the_record_stands_beside_the_forecast(tmp_path: Path) -> None:
    history, out = tmp_path / "h.csv", tmp_path / "o.csv"
    rows = [f"{c},20{y}-{m:02d},{m + y}" for c in "AB" for y in range(16, 21) for m in range(1, 13)]
    history.write_text("\n".join(["country,month,n", *rows, ""]))
    words = ["forecast", "--history", str(history), "--horizon", "3", "--draws", "20"]
    words += ["--out", str(out), "--origin"]
    told = CliRunner().invoke(app, [*words, "2020-12"]).stderr
    assert "is told with --record" in told
    assert "record 20" not in told
    # Five years of two countries teach no network, and the reader is told what stands in.
    assert told.count("In place of them stands a zero-inflated negative binomial") == 1
    scored = CliRunner().invoke(app, [*words, "2020-12", "--record"]).stderr
    assert "record 2019 to 2020: pool: mean CRPS" in scored
    assert "record 2019 to 2020: last twelve months: mean CRPS" in scored
    # Counts that rise with the month of the year are a case for the last twelve months.
    assert "In those years the last twelve months were nearer" in scored
    # How many months, and how often intervals held where there was a war; a mean hides its years.
    assert scored.count("of 12 months of all units, ") == 2
    assert scored.count("of 12 of those with a death in the year before") == 2
    assert "'pool' was nearer than the last twelve months in 0 of 2 years." in scored
    short = CliRunner().invoke(app, [*words, "2018-10", "--record"]).stderr
    assert "No year up to the origin can be scored" in short
    simple = CliRunner().invoke(
        app, [*words, "2020-12", "--record", "--json", "--model", "recency"]
    )
    found = json.loads(simple.stdout)
    assert {row["model"] for row in found["record"]} == {"recency", "last twelve months"}
    assert found["notes"] == []
    same = (
        CliRunner()
        .invoke(app, [*words, "2020-12", "--record", "--model", "last twelve months"])
        .stderr
    )
    assert same.count("record 20") == 1
    assert "nearer" not in same


def test_a_record_of_cells_is_refused(tmp_path: Path) -> None:
    words = ["forecast", "--grid", "--history", "h.csv", "--origin", "2020-01", "--record", "--out"]
    told = CliRunner().invoke(app, [*words, str(tmp_path / "o.csv")])
    assert isinstance(told.exception, UsageError)
    assert "of countries, not of cells" in str(told.exception)
