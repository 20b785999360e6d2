"""Every table can be taken out, in each form, and nothing is computed for a place that is none."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import UsageError
from tocsin.schema import TABLES
from tocsin.workspace import road
from tocsin.workspace.store import Workspace


def _run(*words: object) -> str:
    done = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A workspace with two months of Syria."""
    path = tmp_path / "s.csv"
    path.write_text("country,month,ged_sb\nSyria,2020-01,5\nSyria,2020-02,6\n", encoding="utf-8")
    with Workspace.init(tmp_path / "w") as opened:
        road.observe(opened, [path])
    return tmp_path / "w"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "read"),
    [("s.csv", pl.read_csv), ("s.parquet", pl.read_parquet), ("s.xlsx", pl.read_excel)],
)
def test_a_table_is_the_same_in_each_form(
    held: Path, tmp_path: Path, name: str, read: object
) -> None:
    assert "(2 rows)" in _run("export", "series", "-w", held, "--out", tmp_path / name)
    if name.endswith("xlsx"):
        from openpyxl import load_workbook

        rows = list(load_workbook(tmp_path / name).active.values)
        found = {"deaths": [row[rows[0].index("deaths")] for row in rows[1:]]}
    else:
        found = {"deaths": read(tmp_path / name)["deaths"].to_list()}  # type: ignore[operator]
    assert found["deaths"] == [5, 6]


@pytest.mark.slow
def test_without_a_name_all_tables_are_listed(held: Path) -> None:
    rows = json.loads(_run("export", "-w", held, "--json"))
    assert {row["table"] for row in rows} == set(TABLES)
    assert {row["table"]: row["rows"] for row in rows}["series"] == 2


@pytest.mark.slow
@pytest.mark.parametrize("words", [["serie"], ["series", "--out", "x.ods"]])
def test_what_cannot_be_exported_is_said(held: Path, words: list[str]) -> None:
    with pytest.raises(UsageError):
        _run("export", *words, "-w", held)
