"""What a file that no reader knows nearly is: named, with what differs and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tocsin.observe.formats.header import FIRST_ROWS, is_value
from tocsin.observe.formats.records import SEPARATORS
from tocsin.observe.formats.source import Source
from tocsin.observe.sources import acled, eurepoc, gtd, ucdp_ged
from tocsin.observe.sources.kobo import NEEDED
from tocsin.schema.vocabulary.folding import HEADINGS

LAYOUTS: dict[str, tuple[str, ...]] = {
    "UCDP GED": ucdp_ged.REQUIRED,
    "ACLED": acled.REQUIRED,
    "GTD": gtd.REQUIRED,
    "EuRepoC": eurepoc.REQUIRED,
}
"""The columns that a record of each source needs."""
ALIKE = 0.6
"""A file with so many of a source's columns, under whatever spelling, is nearly of that source."""
GDELT_1 = {57: "before April 2013", 58: "since April 2013"}
"""Columns of GDELT 1.0's daily files; those of 2.0 have 61."""
_QUESTION = re.compile(r"\?$|^when |^what |^where |^who |^how ", re.IGNORECASE)

Words = tuple[str, str]
BOXES = tuple(
    (re.compile(begins), what, how)
    for begins, what, how in (
        (
            rb"\xd0\xcf\x11\xe0",
            "a workbook of Excel 97 to 2003 (.xls)",
            "Save it as .xlsx, or the sheet",
        ),
        (
            rb"SQLite format 3",
            "a database of SQLite, such as a GeoPackage",
            "Export the layer or table",
        ),
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
        (rb"%PDF", "a PDF", "Ask for the table behind it, and save it"),
        (
            rb"\{\\rtf",
            "a text of a word processor",
            "Copy its table into a spreadsheet, and save it",
        ),
        (
            rb"RDX|X\n\x00",
            "a data set of R",
            "In R, `write.csv(x, row.names = FALSE)`, or save it",
        ),
        (rb"\x89HDF", "a file of HDF5 or netCDF", "Save the table that is meant"),
    )
)
"""Boxes that no reader opens: the bytes with which each begins, what it is, and what helps."""
_MONTH_NAMED = re.compile(r"\d{4}[-_/ ]?\d{2}|[^\W\d]{3,9}[-_ ]\d{2,4}")


def resemblance(source: Source) -> Words | None:
    """Say what a file looks like that no reader knows, and what to do about it.

    Args:
        source: a file that no reader knows.

    Returns:
        Two sentences: what it is, and what to do; None where it looks like nothing that is known.
    """
    if found := _other_box(source):
        return found
    lines = source.head.splitlines()[:FIRST_ROWS]
    if lines and (found := _gdelt_1(lines)):
        return found
    names = source.header or source.columns
    for view in (_wide, _views, _repeat, _labels, _gdelt_named, _layout):
        if found := view(names):
            return found
    return _no_header(source) or _doubled(source)


def _other_box(source: Source) -> Words | None:
    """A workbook of old, or an answer of a server, which no reader opens."""
    head = source.head.lstrip()
    for begins, what, how in BOXES:
        if begins.match(head):
            return f"This is {what}, which is not read.", f"{how} as CSV (UTF-8), and observe that."
    if head[:1] == b"<":
        what = (
            "a page of the web (HTML)" if re.search(rb"<html|<table", head[:4096], re.I) else "XML"
        )
        what = f"This is {what}, but of none of the sources whose XML is known here: field forms."
        return what, "Open it in a spreadsheet, save it as CSV (UTF-8), and observe that."
    if source.container == "text" and not _is_utf8(source.head):
        what = "The text is in no encoding that is known here: perhaps Windows-1251 of Cyrillic,"
        what += " or a few words in another."
        return what, "Save it as CSV in UTF-8, and observe that."
    if source.is_json:
        what = "This is JSON, but of none of the sources whose JSON is known here: ACLED's server,"
        what += " EuRepoC, STIX 2 and field forms."
        remedy = "A list of records, GeoJSON and JSON lines are read by a mapping: "
        return what, f"{remedy}`tocsin observe --suggest-mapping FILE` drafts one."
    return None


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last letter may be cut in two.
        return error.start > len(head) - 4
    return True


def _gdelt_1(lines: Sequence[bytes]) -> Words | None:
    cells = [line.rstrip(b"\r").split(b"\t") for line in lines]
    widths = {len(row) for row in cells}
    first = cells[0]
    if (
        len(widths) == 1
        and (width := widths.pop()) in GDELT_1
        and re.fullmatch(rb"\d{8}", first[1])
    ):
        what = f"This is GDELT 1.0: {width} columns without a header, as it had {GDELT_1[width]}."
        return what, "GDELT 2.0 is read, which has 61 columns: files of 15 minutes, since 2015."
    return None


def _gdelt_named(names: Sequence[str]) -> Words | None:
    if {"GlobalEventID", "ActionGeo_CountryCode"} <= set(names):
        what = "These are events of GDELT 2.0 in another form than GDELT's own."
        remedy = "Observe its files as it publishes them, of 61 columns between tabs. Its codes of "
        return what, f"{remedy}countries are FIPS 10-4, so a mapping would take Germany for Gambia."
    return None


def _wide(names: Sequence[str]) -> Words | None:
    months = [name for name in names if _MONTH_NAMED.fullmatch(name)]
    if len(months) < max(3, len(names) / 2):
        return None
    what = f"Months stand beside each other, each in a column of its own ({', '.join(months[:3])})."
    return what, "Put them below each other: the columns `country`, `month` and a count."


def _views(names: Sequence[str]) -> Words | None:
    if not {"month_id", "country_id"} <= set(names):
        return None
    what = "Its months and countries are numbers of VIEWS (month_id 1 is January 1980)."
    remedy = (
        "Add the columns `country` (a name or an ISO code) and `month` (2021-03), and observe that."
    )
    return what, remedy


def _doubled(source: Source) -> Words | None:
    """Names that stand twice, by which no source is known; or lines within quotes."""
    names = [name for name in source.names if name]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        what = f"Two columns are called '{twice}', so that no known source has this header."
        return what, "Rename one; or read the file by a mapping, where the second is '…_2'."
    if len(names) == 1 and any(sign in names[0] for sign in SEPARATORS):
        what = "Each line stands within quotes as one cell."
        return what, "Save the table as CSV again, without quotes around whole lines."
    return None


def _repeat(names: Sequence[str]) -> Words | None:
    if {"PARENT_KEY", "_parent_index", "_submission__uuid"} & set(names):
        what = "These are rows of a repeat in a form, which belong to submissions in another file."
        return what, "Observe the main file of the export; what a repeat holds is not read."
    return None


def _labels(names: Sequence[str]) -> Words | None:
    ends = {re.split(r"[/:\-]", name)[-1] for name in names}
    sent = {"_uuid", "_id", "_submission_time", "instanceID", "KEY"} & ends
    asked = [name for name in names if _QUESTION.search(name)]
    # An office's own form may ask for the country, too; copies of ours ask for more of it.
    alike = len(ends & NEEDED) > len(NEEDED) / 2
    if sent and not ends >= NEEDED and (asked or alike):
        what = "This looks like submissions to the field form under labels instead of names: "
        what += f"{', '.join(asked[:3] or sorted(NEEDED - ends))}."
        return what, "Export it with 'XML values and headers', and observe that."
    return None


def _layout(names: Sequence[str]) -> Words | None:
    folded = {_plain(name): name for name in names}
    shares = {
        kind: sum(_plain(one) in folded for one in wanted) / len(wanted)
        for kind, wanted in LAYOUTS.items()
    }
    kind = max(shares, key=lambda one: shares[one])
    if shares[kind] < ALIKE:
        return None
    missing = [one for one in LAYOUTS[kind] if _plain(one) not in folded]
    spelt = [
        f"{folded[_plain(one)]} for {one}"
        for one in LAYOUTS[kind]
        if _plain(one) in folded and folded[_plain(one)] != one
    ]
    what = f"This is nearly {kind}."
    if missing:
        what += f" Columns are missing: {', '.join(missing)}."
    if spelt:
        what += f" Columns are spelt otherwise: {', '.join(spelt[:4])}"
        what += f" and {len(spelt) - 4} more." if len(spelt) > 4 else "."
    remedy = "Fetch the file as its producer writes it now, or rename the columns"
    return what, f"{remedy}; or read it by a mapping (`tocsin observe --suggest-mapping FILE`)."


def _no_header(source: Source) -> Words | None:
    """The first row holds numbers and days, where a header has words."""
    first = source.names
    values = [cell for cell in first if re.search(r"\d", cell) and is_value(cell)]
    if len(first) < 3 or len(values) < max(2, len([cell for cell in first if cell]) / 4):
        return None
    what = "The file has no header: its first row holds values."
    if len(first) >= 40 and re.search(r"ged", source.name, re.IGNORECASE):
        what = "This looks like UCDP GED without its header: its first row holds values."
    remedy = "Put the names of the columns in the first row; another release of the file has them."
    return what, remedy


def _plain(name: str) -> str:
    return HEADINGS.fold(name).replace(" ", "")
