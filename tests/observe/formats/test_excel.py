"""Workbooks: cells as texts, and the traps that a workbook can set."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from packed import excel, sheet_xml, workbook
from tocsin.errors import SourceRefused
from tocsin.observe import Source

openpyxl = pytest.importorskip("openpyxl")


def test_cells_of_a_real_workbook_become_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["country", "date", "at", "n", "share", "yes"])
    book.active.append(["Syria", date(2020, 1, 2), datetime(2020, 1, 2, 3, 4), 652.0, 2.5, True])
    book.active.append(["Syria", None, "31/12/2020", "=1+1"])
    path = tmp_path / "t.xlsx"
    book.save(path)
    first, second = Source.of_path(path).records()
    assert list(first.fields.values()) == [
        "Syria", "2020-01-02", "2020-01-02T03:04:00", "652", "2.5", "TRUE",
    ]  # fmt: skip
    assert second.fields["n"] == ""
    assert first.original.startswith(b"Syria,2020-01-02,")


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    row = "<row><c t='inlineStr'><is><t>&b;</t></is></c></row>"
    source = Source.of_bytes("t.xlsx", workbook(sheet_xml(row, before=bomb)))
    with pytest.raises(SourceRefused, match="Entit"):
        _ = source.header


@pytest.mark.slow
def test_a_row_far_away_does_not_fill_the_gap() -> None:
    head = "".join(f"<c t='inlineStr'><is><t>{n}</t></is></c>" for n in ("a", "b"))
    rows = f"<row r='1'>{head}</row><row r='99999999999'>{head}</row>"
    source = Source.of_bytes("t.xlsx", workbook(sheet_xml(rows)))
    with pytest.raises(SourceRefused, match="rows"):
        list(source.records())


@pytest.mark.slow
def test_a_bomb_of_cells_is_refused() -> None:
    sheet = sheet_xml("<row><c t='inlineStr'><is><t>" + "a" * (100 * 2**20) + "</t></is></c></row>")
    with pytest.raises(SourceRefused, match="unpacks"):
        _ = Source.of_bytes("t.xlsx", workbook(sheet)).header


def test_a_workbook_without_a_sheet_is_refused() -> None:
    packed = io.BytesIO(excel(b"a,b\n1,2\n"))
    kept = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            if "sheet1" not in name:
                new.writestr(name, old.read(name))
    with pytest.raises(SourceRefused, match="Excel"):
        _ = Source.of_bytes("t.xlsx", kept.getvalue()).header


def test_longer_rows_are_ragged_and_shorter_ones_are_filled() -> None:
    found = list(Source.of_bytes("t", excel(b"a,b\n1\n1,2,3\n\n4,5\n")).records())
    assert [record.fault and record.fault[0] for record in found] == [None, "ragged", None]
    assert found[0].fields == {"a": "1", "b": ""}
