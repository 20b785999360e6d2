"""OpenDocument spreadsheets: cells as texts, repetitions within limits, and the traps."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packed import excel, opendocument, spreadsheet
from tocsin.errors import SourceRefused
from tocsin.observe import Source
from tocsin.observe.formats.records import Row

NAMES = "<table:table-row>" + "".join(
    f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in ("id", "day", "n")
) + "</table:table-row>"  # fmt: skip


def cell(text: str = "", more: str = "") -> str:
    inside = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {more}>{inside}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def rows(*sheets: str, before: str = "") -> list[Row]:
    return list(Source.of_bytes("t.ods", spreadsheet(*sheets, before=before)).rows())


def values(*sheets: str) -> list[list[str]]:
    return [found.cells for found in rows(*sheets)]


def test_cells_become_the_texts_that_they_are_in_excel() -> None:
    kind = 'office:value-type="{}" office:{}="{}"'.format
    found = values(
        NAMES
        + row(
            cell("652.00", kind("float", "value", "652")),
            cell("02.01.2020", kind("date", "date-value", "2020-01-02T00:00:00")),
            cell("25 %", kind("percentage", "value", "0.25")),
        )
        + row(
            cell("yes", kind("boolean", "boolean-value", "true")),
            cell("02.01. 3 o'clock", kind("date", "date-value", "2020-01-02T03:04:00")),
            cell("a<text:s text:c='2'/>b<text:line-break/><text:span>c</text:span>d"),
        )
    )
    assert found == [["652", "2020-01-02", "0.25"], ["TRUE", "2020-01-02T03:04:00", "a  b\ncd"]]


def test_a_comment_on_a_cell_is_not_read() -> None:
    noted = "<office:annotation><text:p>told by Ama</text:p></office:annotation>"
    comment = f"<table:table-cell>{noted}<text:p>x</text:p></table:table-cell>"
    assert values(NAMES + row(comment, cell("y"), cell("z"))) == [["x", "y", "z"]]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    found = rows(
        NAMES
        + row(cell("", 'table:number-columns-repeated="3"'), more='table:number-rows-repeated="4"')
        + row(cell("a"), cell("b"), more='table:number-rows-repeated="2"')
        + row(cell("c"), cell("", 'table:number-columns-repeated="16381"'))
        + row(cell(), more='table:number-rows-repeated="1048560"')
    )
    assert [one.record(["id", "day", "n"]).sheet_line for one in found] == [6, 7, 8]
    assert [one.cells for one in found] == [["a", "b", ""], ["a", "b", ""], ["c", "", ""]]


def test_a_repeated_cell_stands_in_each_of_its_columns() -> None:
    assert values(NAMES + row(cell("a", 'table:number-columns-repeated="2"'), cell("b"))) == [
        ["a", "a", "b"]
    ]


def test_a_text_in_merged_cells_stands_in_each_row_and_a_number_once() -> None:
    three, covered = 'table:number-rows-spanned="3"', "<table:covered-table-cell/>"
    source = Source.of_bytes("t.ods", spreadsheet(
        NAMES
        + row(cell("Gao", three), cell("x"), cell("9", f"{three} office:value='9'"))
        + row(covered, cell("y"), covered)
        + row(covered, cell("z"), covered)
        + row(cell("Kidal"), cell("w"), cell())
    ))  # fmt: skip
    assert [found.cells for found in source.rows()] == [
        ["Gao", "x", "9"], ["Gao", "y", ""], ["Gao", "z", ""], ["Kidal", "w", ""],
    ]  # fmt: skip
    assert any("merged over several rows" in note for note in source.notes)


def test_sheets_of_one_header_are_one_table_and_others_are_told() -> None:
    words = row(cell("This file holds incidents."))
    table = NAMES + row(cell("a"), cell("b"), cell("1"))
    other = row(cell("code"), cell("name")) + row(cell("1"), cell("mine"))
    source = Source.of_bytes("t.ods", spreadsheet(words, table, table.replace(">a<", ">c<"), other))
    assert source.header == ["id", "day", "n"]
    assert [(found.line, found.cells) for found in source.rows()] == [
        (2, ["a", "b", "1"]), (4, ["c", "b", "1"]),
    ]  # fmt: skip
    assert source.notes == [
        "It was read from the sheet 'S2', since the first holds no table.",
        "The sheet 'S3' has the same columns and was read, too. Its first line counts as line 3.",
        "The sheet 'S4' has other columns and was not read. Save it as a file of its own to read "
        "it.",
    ]


TEXT = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters=',"\n\r'), min_size=1
)


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4))
def test_it_reads_what_the_same_table_holds_in_excel(table: list[tuple[str, ...]]) -> None:
    content = "\n".join(["id,day,n", *map(",".join, table)]).encode()
    mine, theirs = (
        list(Source.of_bytes("t", pack(content)).rows()) for pack in (opendocument, excel)
    )
    assert mine == theirs


MANY = 'table:number-columns-repeated="16000"'
TRAPS = {
    "rows": (NAMES + row(cell("a"), more='table:number-rows-repeated="99999999999"'), "rows"),
    "rows far away": (
        NAMES + row(cell(), more='table:number-rows-repeated="1048580"') + row(cell("a")), "rows",
    ),
    "columns": (NAMES + row(cell("a", 'table:number-columns-repeated="1000000"')), "columns"),
    "long cells": (NAMES + row(cell("a" * 10_000, MANY)), "longer than"),
    "cells": (NAMES + row(cell("a", MANY), more='table:number-rows-repeated="100000"'), "cells"),
    "parts of a row": (NAMES + "<table:table-row>" + "<table:table-cell/>" * 600_000, "parts"),
    "depth": (NAMES + row("<text:span>" * 90 + "</text:span>" * 90), "parts of one row"),
    "no end": (NAMES + "<table:table-row>", "damaged"),
}  # fmt: skip


LONG = ("cells", "parts of a row")


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.slow if one in LONG else ()) for one in TRAPS]
)
def test_a_trap_is_refused(name: str) -> None:
    sheet, words = TRAPS[name]
    with pytest.raises(SourceRefused, match=words):
        rows(sheet)


def test_entities_are_refused() -> None:
    with pytest.raises(SourceRefused, match="DTD"):
        rows(NAMES, before='<!DOCTYPE x [<!ENTITY a "aaaa">]>')


@pytest.mark.parametrize("content", [b"", b"<a", b"\x93\x12 locked by a password"])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    with pytest.raises(SourceRefused, match="password"):
        _ = Source.of_bytes("t.ods", packed.getvalue()).header


def test_a_letter_of_the_same_family_is_named() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(SourceRefused, match="no spreadsheet"):
        _ = Source.of_bytes("t.odt", packed.getvalue()).head
