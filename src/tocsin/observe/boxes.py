"""Files that no reader opens, known by their first bytes: what each is, and what helps."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import IO

from tocsin.observe.formats.source import Source

Words = tuple[str, str]
"""What a file is, and what to do about it, in whole sentences."""
BEGIN = 600
"""Bytes looked at."""
_CSV = "as CSV (UTF-8), and observe that."
_XML = rb"(?:\s*<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*)?"
BOXES = tuple(
    (re.compile(begins, re.DOTALL), f"This is {what}, which is not read.", f"{how} {_CSV}")
    for begins, what, how in (
        (
            rb"\xd0\xcf\x11\xe0",
            "a workbook of Excel 97 to 2003 (.xls), or one with a password",
            "Save it as .xlsx without a password, or the sheet",
        ),
        (
            rb"SQLite format 3",
            "a database of SQLite, such as a GeoPackage",
            "Export the layer or table",
        ),
        (rb"\x00\x01\x00\x00Standard (?:Jet|ACE)", "a database of Access", "Export the table"),
        # Stata 13 and later write tags; 5 to 12 begin with release, order of bytes and kind.
        (
            rb"<stata_dta>|[\x69-\x73][\x01\x02]\x01\x00",
            "a data set of Stata",
            "In Stata, `export delimited`; in R or Python, save it",
        ),
        (
            rb"\$FL",
            "a data set of SPSS",
            "In SPSS, save it as comma delimited; in R or Python, save it",
        ),
        (rb"\x00{12}\xc2\xea\x81\x60", "a data set of SAS", "In SAS, `proc export`; or save it"),
        (
            rb"RDX|X\n\x00",
            "a data set of R",
            "In R, `write.csv(x, row.names = FALSE)`, or save it",
        ),
        (rb"\x80[\x02-\x05]", "a pickle of Python", "In pandas, `to_csv`, or save it"),
        (rb"ARROW1|FEA1", "a file of Arrow (Feather)", "Save it as Parquet, or"),
        (rb"\x89HDF", "a file of HDF5 or netCDF", "Save the table that is meant"),
        (rb"%PDF", "a PDF", "Ask for the table behind it, and save it"),
        (
            rb"\{\\rtf",
            "a text of a word processor (RTF)",
            "Copy its table into a spreadsheet, and save it",
        ),
        (
            rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*",
            "a picture",
            "Ask for the table behind it, and save it",
        ),
        (rb"\x00\x00\x27\x0a", "a part of a shapefile", "In QGIS, export the layer as GeoJSON, or"),
        (
            rb"[\x03\x83\x8b][\x00-\xff][\x01-\x0c][\x01-\x1f]",
            "a table of dBase (.dbf), mostly a part of a shapefile",
            "In QGIS, export the layer as GeoJSON, or save the table",
        ),
        (
            _XML + rb"<kml\b",
            "a map of Google Earth (KML)",
            "In QGIS, export the layer as GeoJSON, or",
        ),
        (
            _XML + rb"<gpx\b",
            "a list of points or ways of a GPS receiver (GPX)",
            "In QGIS, export the layer of waypoints as GeoJSON, or",
        ),
        (
            rb"\s*<\?xml.{0,400}(?:Excel\.Sheet|office:spreadsheet|opendocument\.spreadsheet)",
            "a workbook in one file of XML",
            "Save it as .xlsx or .ods, or the sheet",
        ),
        (
            rb"(?:Received|Return-Path|MIME-Version|Delivered-To|From|Subject): ",
            "an e-mail",
            "Save the table that is attached to it",
        ),
    )
) + tuple(
    (re.compile(begins, re.DOTALL), what, how)
    for begins, what, how in (
        (
            rb"7z\xbc\xaf|Rar!|.{257}ustar",
            "This is an archive that is not opened here (7-Zip, RAR or tar).",
            "Unpack it, and observe the table that you mean.",
        ),
        (
            rb"version https://git-lfs",
            "This is a pointer of Git LFS, and not the file itself.",
            "Fetch the file with `git lfs pull`, and observe that.",
        ),
        (
            rb"(?:\xef\xbb\xbf|\xe2\x80\x8e)?\[?\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d{2}"
            rb"(?::\d{2})?(?: ?[AaPp][Mm])?\]? (?:- )?[^:,;\t\n]{1,40}: ",
            "This is an export of a chat: what people wrote to each other is no table.",
            "Write what happened into a table, a row an event, and observe that.",
        ),
        (
            rb"\s*\{\s*\"name\": ?\"[^\"]{0,200}\",\s*\"type\": ?\"\w{3,30}\",.{0,300}"
            rb"\"messages\": ?\[",
            "This is the history of a chat or channel (Telegram): messages, and no table.",
            "Write what happened into a table, a row an event, and observe that.",
        ),
        (
            rb"(?:\s*--[^\n]*\n|\s*/\*.{0,300}?\*/;?\s*)*\s*"
            rb"(?:CREATE TABLE|INSERT INTO|DROP TABLE|SET \w+ =|BEGIN;)",
            "This is a dump of a database, in SQL.",
            f"Export the table that you mean {_CSV}",
        ),
        (
            rb"(?:---\s*\n)?- \w[\w ]{0,40}: [^\n]*\n {2}\w",
            "This is a list in YAML, which is not read.",
            f"Save its records {_CSV}",
        ),
        (
            rb"\[InternetShortcut\]",
            "This is a shortcut to a page, and not what stands there.",
            "Fetch what it leads to, and observe that.",
        ),
    )
)
"""The bytes with which each begins, what it is, and what helps."""
INSIDE = tuple(
    (re.compile(names), f"This is {what}, which is not read.", f"{how} {_CSV}")
    for names, what, how in (
        (r"word/document\.xml", "a document of Word", "Copy its table into a spreadsheet, save it"),
        (
            r"ppt/presentation\.xml",
            "slides of PowerPoint",
            "Copy the table into a spreadsheet, save it",
        ),
        (r"xl/workbook\.bin", "a binary workbook (.xlsb)", "Save it as .xlsx, or the sheet"),
        (r"Index/.*\.iwa", "a workbook of Apple Numbers", "Export it as .xlsx, or the sheet"),
        (r".*\.shp|.*\.gdb/.*", "a shapefile or geodatabase", "In QGIS, export the layer"),
        (r".*\.kml", "a map of Google Earth (KMZ)", "In QGIS, export the layer as GeoJSON, or"),
    )
)
"""Names of files in a zip, what it is that holds them, and what helps."""


def unread_box(source: Source) -> Words | None:
    """Say what a file is that no reader opens, and what to do about it.

    Args:
        source: any file.

    Returns:
        Two sentences; None where it is none of these.
    """
    with source.raw() as raw:
        begins = raw.read(BEGIN)
        named = _zip_members(raw) if begins.startswith(b"PK") else []
    for names, what, how in INSIDE:
        if any(map(names.fullmatch, named)):
            return what, how
    # What is packed has its own first bytes inside.
    for head in (begins, source.head[:BEGIN] if begins[:2] == b"\x1f\x8b" else b""):
        for starts, what, how in BOXES:
            if starts.match(head):
                return what, how
    return None if named else _page(source) or _encoding(source) or _fixed_width_words(source)


def _zip_members(raw: IO[bytes]) -> list[str]:
    try:
        return zipfile.ZipFile(raw).namelist()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError):
        return []


def _page(source: Source) -> Words | None:
    """A page of the web, or XML of no source that is known."""
    head = source.head.lstrip()
    if head[:1] != b"<":
        return None
    if not re.search(rb"<html|<!doctype html|<table", head[:4096], re.IGNORECASE):
        what = "This is XML, but of none of the sources whose XML is known here: field forms."
        return what, f"Open it in a spreadsheet, save it {_CSV}"
    if re.search(rb"<table", head, re.IGNORECASE):
        what = "This is a page of the web (HTML), under whatever name."
        return what, f"Open it in a spreadsheet, save it {_CSV}"
    what = "This is a page of the web (HTML) without a table: perhaps one that asks to sign in."
    return what, "Fetch the file again, where you are signed in."


def _encoding(source: Source) -> Words | None:
    if source.container != "text" or _is_utf8(source.head):
        return None
    what = "The text is in no encoding that is known here: perhaps Windows-1251 of Cyrillic,"
    what += " or a few words in another."
    return what, "Save it as CSV in UTF-8, and observe that."


def _fixed_width_words(source: Source) -> Words | None:
    """Columns by their width, or by a sign that no table is separated by here."""
    if source.container != "text" or source.is_json:
        return None
    lines = [one for one in source.head.decode("utf-8", "replace").splitlines()[:40] if one.strip()]
    wide = [one for one in lines if len(re.findall(r"\S {2,}(?=\S)", one)) > 2]
    if len(wide) > max(2, len(lines) / 3) and not any(re.search(r"[;\t|]", one) for one in wide):
        what = "Its columns are told apart by spaces only, as in an e-mail or a fixed width."
        return what, f"Open it in a spreadsheet (import, fixed width), save it {_CSV}"
    first = lines[0] if lines else ""
    sign = next((one for one in "^~¦§" if first.count(one) > 2), "")
    if sign and not any(first.count(one) > 1 for one in ",;\t|"):
        return f"Its columns are separated by '{sign}'.", f"Save it {_CSV}"
    return None


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last letter may be cut in two.
        return error.start > len(head) - 4
    return True
