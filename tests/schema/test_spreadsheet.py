"""Nothing that we write runs in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tocsin.errors import UsageError
from tocsin.schema.spreadsheet import check_table_target, inert, write_table


@given(st.lists(st.text(st.sampled_from("=+-@\t\r1a.,e ")), max_size=8))
def test_no_cell_begins_a_formula_and_nothing_else_changes(texts: list[str]) -> None:
    frame = pl.DataFrame({"a": pl.Series(texts, dtype=pl.String), "n": range(len(texts))})
    found = inert(frame)
    assert found["n"].to_list() == frame["n"].to_list()
    for before, after in zip(texts, found["a"], strict=True):
        assert after.removeprefix("'") == before
        assert not after.startswith(("=", "@", "\t", "\r"))
        if after.startswith(("+", "-")):
            assert set(after) <= set("0123456789.,eE+-")


def test_excel_holds_text_as_text_and_lists_as_json(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["=1+1", "bell\x07"], "n": [1, None], "l": [["x"], []]})
    write_table(frame, tmp_path / "t.xlsx")
    sheet = load_workbook(tmp_path / "t.xlsx").active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[1:] == [["=1+1", 1, '["x"]'], ["bell\ufffd", None, "[]"]]
    assert sheet["A2"].data_type == "s"


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1,048,576"):
        write_table(pl.DataFrame({"a": range(1_048_576)}), tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["t.ods", "nowhere/t.csv", "."])
def test_a_place_that_is_none_is_known_before(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        check_table_target(tmp_path / name)
    check_table_target(tmp_path / "t")
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_can_be_read_on_a_screen(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_table(pl.DataFrame({"number": [1], "message": ["word " * 40], "empty": [None]}), path)
    sheet = load_workbook(path).active
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width == 60
    assert sheet.column_dimensions["A"].width == 10
    assert sheet["B2"].alignment.wrap_text
    assert not sheet["B1"].alignment.wrap_text
