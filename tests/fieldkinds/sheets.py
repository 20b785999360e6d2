"""Sheets as offices keep them: across, in groups, coloured, totalled, two in one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fieldkinds.truth import Event, Made, case, delimited, table, usual, workbook


def _rows(told: list[Event], **changed: Any) -> list[list[Any]]:
    return [list(row) for row in table(told, usual(**changed))]


@case(either="across|transpos|stand beside")
def sheet_across(told: list[Event]) -> Made:
    """Fields go down, events across."""
    return "log.csv", delimited([list(row) for row in zip(*_rows(told), strict=True)])


@case(either="across|transpos|stand beside")
def sheet_across_excel(told: list[Event]) -> Made:
    """The same in Excel, with real days, below a title."""
    rows = _rows(told)
    for row, e in zip(rows[1:], told, strict=True):
        row[1] = datetime(e.day.year, e.day.month, e.day.day)
    across = [list(row) for row in zip(*rows, strict=True)]
    return "log.xlsx", workbook({"Log": [["Incidents of the year"], [], *across]})


@case(count=40, either="across|transpos|stand beside")
def sheet_across_long(told: list[Event]) -> Made:
    """Forty events across."""
    return "log.csv", delimited([list(row) for row in zip(*_rows(told), strict=True)], ";")


@case()
def sheet_days_merged(told: list[Event]) -> Made:
    """Two events of one country stand under one merged cell of the country."""

    def dress(book: Any) -> None:
        sheet = book["Log"]
        for at in (2, 4, 6):
            sheet.merge_cells(start_row=at, end_row=at + 1, start_column=3, end_column=3)

    return "log.xlsx", workbook({"Log": _rows(told)}, dress)


@case(rows={1: "day|date", 3: "day|date", 5: "day|date"})
def sheet_country_once(told: list[Event]) -> Made:
    """The day is written once and left empty below: nobody can know that it is meant to go on."""
    rows = _rows(told)
    for at in (2, 4, 6):
        rows[at][1] = ""
    return "log.csv", delimited(rows)


@case(said="colour")
def sheet_coloured(told: list[Event]) -> Made:
    """Red rows are confirmed, yellow ones are rumours: only the colour says so."""

    def dress(book: Any) -> None:
        from openpyxl.styles import PatternFill

        for at in range(2, 8):
            colour = "FFFF0000" if at % 2 else "FFFFFF00"
            for cell in book["Log"][at]:
                cell.fill = PatternFill("solid", fgColor=colour)

    return "log.xlsx", workbook({"Log": _rows(told)}, dress)


@case(said="struck|strike|crossed")
def sheet_struck_out(told: list[Event]) -> Made:
    """A row that an office has crossed out, which is not the same as a row."""

    def dress(book: Any) -> None:
        from openpyxl.styles import Font

        for cell in book["Log"][3]:
            cell.font = Font(strike=True)

    return "log.xlsx", workbook({"Log": _rows(told)}, dress)


@case()
def sheet_filtered(told: list[Event]) -> Made:
    """Rows that a filter hides are rows."""

    def dress(book: Any) -> None:
        book["Log"].auto_filter.ref = "A1:I7"
        for at in (3, 4):
            book["Log"].row_dimensions[at].hidden = True

    return "log.xlsx", workbook({"Log": _rows(told)}, dress)


@case(series=[(name, f"2024-{month:02}-01", count)
              for name, counts in (("Mali", (1, 2, 3, 4, 5, 6)), ("Niger", (0, 1, 0, 1, 0, 1)))
              for month, count in enumerate(counts, 1)])  # fmt: skip
def sheet_pivot(told: list[Event]) -> Made:
    """A pivot of countries by months."""
    months = [f"{name}-24" for name in ("Jan", "Feb", "Mar", "Apr", "May", "Jun")]
    rows = [["Sum of Killed", *[""] * 7], ["Country", *months, "Grand Total"],
            ["Mali", 1, 2, 3, 4, 5, 6, 21], ["Niger", 0, 1, 0, 1, 0, 1, 3],
            ["Grand Total", 1, 3, 3, 5, 5, 7, 24]]  # fmt: skip
    return "pivot.xlsx", workbook({"Pivot": rows})


@case(extra=1)
def sheet_header_again(told: list[Event]) -> Made:
    """The header is repeated at the top of the second page."""
    rows = _rows(told)
    return "log.csv", delimited([*rows[:4], rows[0], *rows[4:]])


@case(extra=2)
def sheet_subtotals(told: list[Event]) -> Made:
    """Subtotals between the rows."""
    rows = _rows(told)
    total: list[Any] = ["Subtotal", "", "", "", "", "", "", "", 12]
    return "log.csv", delimited([*rows[:4], total, *rows[4:], ["Total général", *total[1:]]])


@case(said="_2")
def sheet_two_beside(told: list[Event]) -> Made:
    """Two tables stand beside each other: the second is named as not used."""
    rows = [[*row, "", *row] for row in _rows(told)]
    return "log.xlsx", workbook({"Log": rows})


@case(kept={1: {"dead": None}})
def sheet_two_events_in_a_cell(told: list[Event]) -> Made:
    """Two counts in one cell."""
    rows = _rows(told)
    rows[2][8] = "1) 3\n2) 2"
    return "log.csv", delimited(rows)


@case(rows={1: "day|date"})
def sheet_two_days_in_a_cell(told: list[Event]) -> Made:
    """Two days far apart in one cell are two events."""
    rows = _rows(told)
    rows[2][1] = f"{rows[2][1]}; 2024-12-24"
    return "log.csv", delimited(rows)


@case()
def sheet_months_with_other_columns(told: list[Event]) -> Made:
    """A sheet a month, with the same columns in another order."""
    rows = _rows(told)
    turned = [list(reversed(row)) for row in rows]
    return "log.xlsx", workbook({"Jan": rows[:4], "Feb": [turned[0], *turned[4:]]})


@case()
def sheet_numbers_again_each_month(told: list[Event]) -> Made:
    """Numbering begins anew each month: an id that repeats is no repetition of the event."""
    rows = _rows(told)
    for at, row in enumerate(rows[1:]):
        row[0] = at % 3 + 1
    return "log.csv", delimited(rows)


@case()
def sheet_errors(told: list[Event]) -> Made:
    """Cells of errors in a column that is not needed."""
    rows = _rows(told)
    for row, cell in zip(
        rows[1:], ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!"), strict=True
    ):
        row[7] = cell
    return "log.xlsx", workbook({"Log": rows})


@case()
def sheet_texts_of_numbers(told: list[Event]) -> Made:
    """Numbers as texts, with spaces around them."""
    rows = _rows(told)
    for row in rows[1:]:
        row[5], row[6], row[8] = f" {row[5]} ", f"\u00a0{row[6]}", f"{row[8]} "
    return "log.xlsx", workbook({"Log": rows})


@case()
def sheet_notes_before(told: list[Event]) -> Made:
    """The first sheet tells how to read the second."""
    notes = [["How to read this workbook"], ["Each row is one incident."], ["Contact: office"]]
    return "log.xlsx", workbook({"Read me": notes, "Incidents": _rows(told)})


@case()
def sheet_lists_behind(told: list[Event]) -> Made:
    """Lists of choices stand in a sheet behind the log."""
    lists = [["Types", "Groups"], ["Ambush", "Front A"], ["Raid", "Brigade B"]]
    return "log.xlsx", workbook({"Incidents": _rows(told), "Lists": lists})


@case()
def sheet_formulas(told: list[Event]) -> Made:
    """Days and totals are formulas, with what they came to last."""
    import io
    import re
    import zipfile

    rows = _rows(told)
    content = workbook({"Log": rows})
    given, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in given.namelist():
            data = given.read(name)
            if name.endswith("sheet1.xml"):
                data = re.sub(rb'(<c r="I\d" t="n">)<v>', rb"\1<f>SUM(J1:K1)</f><v>", data)
            archive.writestr(name, data)
    return "log.xlsx", out.getvalue()


@case(refuse="password|Excel 97")
def sheet_locked(told: list[Event]) -> Made:
    """A workbook with a password is an OLE container."""
    return "log.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@case(refuse="Apple Numbers")
def sheet_of_numbers(told: list[Event]) -> Made:
    """Apple Numbers."""
    import io
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Index/Document.iwa", b"\0")
        archive.writestr("preview.jpg", b"\xff\xd8\xff")
    return "log.numbers", content.getvalue()


@case()
def sheet_opendocument(told: list[Event]) -> Made:
    """OpenDocument with days and numbers as types, and empty cells in runs."""
    import io
    import zipfile

    def cell(value: Any) -> str:
        if isinstance(value, str) and value[:3] == "202":
            return (f'<table:table-cell office:value-type="date" office:date-value="{value}">'
                    f"<text:p>shown otherwise</text:p></table:table-cell>")  # fmt: skip
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return (f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{str(value).replace('.', ',')}</text:p></table:table-cell>")  # fmt: skip

    body = "".join(
        f"<table:table-row>{''.join(map(cell, row))}"
        '<table:table-cell table:number-columns-repeated="1015"/></table:table-row>'
        for row in _rows(told)
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    text = (
        f"<?xml version='1.0'?><office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Folha1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", text)
    return "log.ods", content.getvalue()
