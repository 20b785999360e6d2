"""`tocsin quarantine`: the user's own column and line, and a sheet that is observed again."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from tocsin.cli import app

MAPPING = """source = "Log"
[columns]
id = "Nr"
date = "Tag"
country = "Land"
deaths_best = "Tote"
"""
LOG = "Nr,Tag,Land,Tote,Zeuge\n1,2026-01-02,Syria,1,a\n2,2026-01-03,Syria,=1+1,b\n"


def tocsin(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.output


@pytest.mark.slow
def test_from_the_refused_rows_to_a_sheet_and_back(tmp_path: Path) -> None:
    region, log, mapping = tmp_path / "w", tmp_path / "log.csv", tmp_path / "log.toml"
    log.write_text(LOG)
    mapping.write_text(MAPPING)
    tocsin("init", region)
    tocsin("observe", log, "--mapping", mapping, "-w", region)
    [row] = json.loads(tocsin("quarantine", "log.csv", "-w", region, "--json"))
    assert (row["column"], row["line"]) == ("Tote", 3)
    sheet = tmp_path / "correct.xlsx"
    assert "(1 row)" in tocsin("quarantine", "log.csv", "--sheet", sheet, "-w", region)
    book = openpyxl.load_workbook(sheet)
    rows = book.worksheets[0]
    values = [[cell.value for cell in line] for line in rows.iter_rows()]
    assert values == [
        ["Nr", "Tag", "Land", "Tote", "Zeuge"],
        ["2", "2026-01-03", "Syria", "=1+1", "b"],
    ]
    assert rows["D2"].data_type == "s"
    assert "whole number" in rows["D2"].comment.text
    rows["D2"] = 2
    book.save(sheet)
    tocsin("observe", sheet, "--mapping", mapping, "-w", region)
    assert json.loads(tocsin("quarantine", "-w", region, "--json")) == []
    assert tocsin("quarantine", "-w", region).strip() == "No row is in quarantine."


@pytest.mark.slow
def test_a_file_that_has_changed_gives_no_sheet(tmp_path: Path) -> None:
    region, log, mapping = tmp_path / "w", tmp_path / "log.csv", tmp_path / "log.toml"
    log.write_text(LOG)
    mapping.write_text(MAPPING)
    tocsin("init", region)
    tocsin("observe", log, "--mapping", mapping, "-w", region)
    log.write_text(LOG + "3,2026-01-04,Syria,1,c\n")
    for wrong in (("log.csv", "--sheet", tmp_path / "a.xlsx"), ("log.csv", "--sheet", "a.csv"),
                  ("--sheet", tmp_path / "a.xlsx")):  # fmt: skip
        done = CliRunner().invoke(app, ["quarantine", *map(str, wrong), "-w", str(region)])
        assert done.exception is not None
    assert not (tmp_path / "a.xlsx").exists()
