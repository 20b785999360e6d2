"""What read files in 0.1 is called as it was; each of these tests passes with the code of 0.1."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

Old = Callable[[str, str], Any]
ROWS = pl.DataFrame({"id": ["a", "b"], "when": [date(2020, 1, 2), None], "n": [3, 4]})


def test_a_parquet_file(old: Old, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    ROWS.write_parquet(path)
    source = old("observe", "Source").of_path(path)
    assert old("observe.parquet", "parquet_header")(source) == ["id", "when", "n"]
    found = list(old("observe.parquet", "parquet_records")(source))
    assert [(one.number, one.fields) for one in found] == [
        (1, {"id": "a", "when": "2020-01-02", "n": "3"}),
        (2, {"id": "b", "when": "", "n": "4"}),
    ]
    assert found[0].original == b'["a", "2020-01-02", "3"]\n'


def test_a_column_alone_is_no_header(old: Old, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    ROWS.select("id").write_parquet(path)
    assert old("observe.parquet", "parquet_header")(old("observe", "Source").of_path(path)) == []


def test_a_workbook(old: Old, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["id", "when", "n"], ["a", date(2020, 1, 2), 3], [], ["b", None, 4]):
        book.active.append(row)
    path = tmp_path / "t.xlsx"
    book.save(path)
    source = old("observe", "Source").of_path(path)
    assert old("observe.excel", "excel_header")(source) == ["id", "when", "n"]
    found = list(old("observe.excel", "excel_records")(source))
    assert [(one.number, one.fields) for one in found] == [
        (1, {"id": "a", "when": "2020-01-02", "n": "3"}),
        (3, {"id": "b", "when": "", "n": "4"}),
    ]
    assert found[0].original == b"a,2020-01-02,3\n"


def test_lines_of_a_text_table(old: Old) -> None:
    header_of = old("observe.records", "header_of")
    assert header_of("\ufeffid;n\r\n".encode()) == (["id", "n"], ";")
    assert header_of(b"id;id\n")[0] == []
    lines = io.BytesIO(b'id;n\na;1\n\n"b\nb";2\nc\n')
    found = list(old("observe.records", "table_records")(lines, ["id", "n"], ";"))
    assert [(one.number, one.fields) for one in found] == [
        (1, {"id": "a", "n": "1"}),
        (3, {"id": "b\nb", "n": "2"}),
        (4, {}),
    ]
    assert found[-1].fault[0] == "ragged"


def test_a_file_as_a_frame_of_texts(old: Old, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,n\na,1\nb,\n", encoding="utf-8")
    found = old("assess.linkage.files", "read")(path)
    assert found.to_dict(as_series=False) == {"id": ["a", "b"], "n": ["1", None]}
    with pytest.raises(old("errors", "UsageError"), match="no such file"):
        old("assess.linkage.files", "read")(tmp_path / "none.csv")


def test_how_far_outside_a_territory(old: Old) -> None:
    outside_km = old("observe.gdelt", "outside_km")
    assert outside_km(652, 33.5, 36.3, date(2015, 1, 1)) == 0.0
    assert 300 < outside_km(652, 33.5, 31.0, date(2015, 1, 1)) < 600


def test_a_columns_name(old: Old) -> None:
    folded = old("schema.heading", "folded")
    assert folded("Événement_Date") == "evenement date"
    assert folded("EventDate") == "event date"
    assert folded("أنواع") == "انواع"


def test_a_record_of_objects_as_columns(old: Old) -> None:
    record = {"id": 1, "parts": [{"a": 1, "b": 2}, {"a": 3}], "more": [{"n": 1, "in": [{"x": 7}]}]}
    found = old("observe.eurepoc", "flattened")(record)
    assert found == {"id": 1, "a": [1, 3], "b": [2, None], "n": [1], "x": [7]}
