"""A text table put into other containers, for tests."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.sax.saxutils import escape

import polars as pl

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName='
    '"/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.worksheet+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    'main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_SHEET = (
    '<?xml version="1.0"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
)


def cells(content: bytes) -> list[list[str]]:
    """The cells of a text table, each line by itself; what is no UTF-8 becomes U+FFFD."""
    text = content.decode("utf-8", "replace").replace("\0", "").replace("\r", " ")
    return [next(csv.reader([line]), []) for line in text.split("\n")]


def excel(content: bytes) -> bytes:
    """A text table as a workbook of one sheet."""
    rows = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(_legal(cell))}</t></is></c>' for cell in row)
        + "</row>"
        for row in cells(content)
    )
    return workbook(_SHEET.format(before="", rows=rows))


def workbook(sheet: str) -> bytes:
    """A workbook whose one sheet is this XML."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels", _RELS.format(kind="officeDocument", target="xl/workbook.xml")
        )
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _RELS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return packed.getvalue()


def sheet_xml(rows: str, before: str = "") -> str:
    """The XML of a sheet."""
    return _SHEET.format(before=before, rows=rows)


_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def opendocument(content: bytes) -> bytes:
    """A text table as an OpenDocument spreadsheet of one sheet."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell><text:p>{escape(_legal(cell))}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in cells(content)
    )
    return spreadsheet(rows)


def spreadsheet(*sheets: str, before: str = "") -> bytes:
    """An OpenDocument spreadsheet whose sheets hold these rows, as XML."""
    tables = "".join(
        f'<table:table table:name="S{n}">{rows}</table:table>' for n, rows in enumerate(sheets, 1)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{before}<office:document-content {_NAMESPACES}><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return packed.getvalue()


def parquet(content: bytes) -> bytes:
    """A text table as Parquet; a row of another length than the header's is made to fit."""
    header, *rows = cells(content)
    rows = rows if rows and rows[-1] else rows[:-1]
    fitted = [(row + [""] * len(header))[: len(header)] for row in rows]
    frame = pl.DataFrame(fitted, schema=dict.fromkeys(header, pl.String), orient="row")
    packed = io.BytesIO()
    frame.write_parquet(packed)
    return packed.getvalue()


def _legal(text: str) -> str:
    """XML 1.0 has no place for most controls, surrogates, and the two that are no characters."""
    return "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or _beyond(c))


def _beyond(char: str) -> bool:
    return char >= "\ue000" and char not in "\ufffe\uffff"
