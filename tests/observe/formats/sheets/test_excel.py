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


def test_a_sheet_for_each_month_and_one_of_all_count_each_row_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in {
        "January": [["id", "day"], ["1", "2024-01-05"], ["2", "2024-01-09"]],
        "February": [["Log"], ["id", "day"], ["3", "2024-02-01"], ["3", "2024-02-01"]],
        "All": [["id", "day"], ["1", "2024-01-05"], ["2", "2024-01-09"], ["4", "2024-03-01"]],
        "Empty": [["id", "day"]],
        "Codes": [["code", "name"], ["1", "mine"]],
    }.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    path = tmp_path / "log.xlsx"
    book.save(path)
    source = Source.of_path(path)
    # Rows that are alike within one sheet stay, since they may be two events.
    assert [one.fields["id"] for one in source.records()] == ["1", "2", "3", "3", "4"]
    assert [one.number for one in source.records()] == [1, 2, 5, 6, 10]
    told = " ".join(source.notes)
    assert "'All' has the same columns and was read, too (left out, as they" in told
    assert "'Codes' has other columns and was not read" in told


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
    with pytest.raises(SourceRefused, match="workbook"):
        _ = Source.of_bytes("t.xlsx", kept.getvalue()).header


def test_longer_rows_are_ragged_and_shorter_ones_are_filled() -> None:
    found = list(Source.of_bytes("t", excel(b"a,b\n1\n1,2,3\n\n4,5\n")).records())
    assert [record.fault and record.fault[0] for record in found] == [None, "ragged", None]
    assert found[0].fields == {"a": "1", "b": ""}


def merged_book(tmp_path: Path, *blocks: str) -> Source:
    """A log of three rows under a header, with these blocks of cells merged."""
    book = openpyxl.Workbook()
    for row in (
        ["no", "day", "country", "dead", "note"],
        [1, date(2024, 3, 5), "Mali", 12, "long"],
        [2, None, None, None, None],
        [3, None, None, None, "short"],
    ):
        book.active.append(row)
    for block in blocks:
        book.active.merge_cells(block)
    book.save(tmp_path / "t.xlsx")
    return Source.of_path(tmp_path / "t.xlsx")


def test_a_text_or_a_day_in_merged_cells_stands_in_each_row_and_a_number_does_not(
    tmp_path: Path,
) -> None:
    source = merged_book(tmp_path, "B2:B4", "C2:C4", "D2:D4")
    assert [list(record.fields.values()) for record in source.records()] == [
        ["1", "2024-03-05", "Mali", "12", "long"],
        ["2", "2024-03-05", "Mali", "", ""],
        ["3", "2024-03-05", "Mali", "", "short"],
    ]
    assert "merged over several rows" in " ".join(source.notes)


def test_cells_merged_to_the_right_or_in_the_header_fill_nothing(tmp_path: Path) -> None:
    source = merged_book(tmp_path, "D3:E3", "C1:C2")
    assert [record.fields["note"] for record in source.records()] == ["long", "", "short"]
    assert [record.fields["country"] for record in source.records()][1:] == ["", ""]
    assert source.notes == []


def with_merged(rows: str, blocks: str) -> Source:
    """A workbook of these rows whose sheet lists these merged cells."""
    sheet = sheet_xml(rows).replace(
        "</sheetData>", f"</sheetData><mergeCells>{blocks}</mergeCells>"
    )
    return Source.of_bytes("t.xlsx", workbook(sheet))


def test_rows_that_are_empty_but_for_merged_cells_are_no_records() -> None:
    row = "<row><c t='inlineStr'><is><t>{}</t></is></c><c><v>1</v></c></row>"
    source = with_merged(row.format("a") + row.format("b"), '<mergeCell ref="A2:A900000"/>')
    assert len(list(source.rows())) == 1


@pytest.mark.slow
def test_a_bomb_of_merged_cells_is_refused() -> None:
    """A long text in each column of the first row, merged down to the last row of the sheet."""
    text = "<c t='inlineStr'><is><t>" + "a" * 2_000_000 + "</t></is></c>"
    rows = [f"<row>{'<c/>'.join(['<c><v>1</v></c>'] * 2)}</row>", f"<row><c/>{text}</row>"]
    rows += ["<row><c><v>1</v></c></row>"] * 200
    source = with_merged("".join(rows), '<mergeCell ref="B2:B1048576"/>' * 1000)
    with pytest.raises(SourceRefused):
        for _ in source.rows():
            pass
