"""What only the look of a sheet says: cells that are struck out, and rows that are coloured.

An office crosses a row out instead of deleting it, or marks rumours in yellow. Neither is read, and
nobody can know what a colour means; but whoever reads the result is told that there was one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from tocsin.observe.formats.unpack import BLOCK

STYLES = "xl/styles.xml"
MAX_STYLES = 2**22
"""Bytes of the list of styles; a longer one is not looked at."""
STRUCK = "Cells are struck out (rows: {rows:,}); they were read like all others. Look at them."
COLOURED = "Rows are coloured ({rows:,}); what a colour means is not read."
_CELL = re.compile(
    rb"<(?:\w{1,40}:)?c\s[^<>]{0,200}?r=.[A-Z]{1,3}(\d{1,7})\W[^<>]{0,200}?\ss=.(\d{1,6})\W"
)
"""A cell with its row and its style, in the order in which all programs write them."""
_PART = re.compile(rb"<(?:\w{1,40}:)?(fonts|fills|cellXfs)\b.*?</(?:\w{1,40}:)?\1>", re.DOTALL)
_STRIKE = re.compile(rb"<(?:\w{1,40}:)?strike(?!\s+val=.(?:0|false))\b")
_COLOUR = re.compile(rb"patternType=.solid")
_XF = re.compile(rb"<(?:\w{1,40}:)?xf\s([^<>]*)")


def what_looks_say(archive: zipfile.ZipFile, path: str, header: int) -> Iterator[str]:
    """Say what the look of the rows below a header says that is not read.

    Args:
        archive: the workbook.
        path: the part of it that holds the sheet.
        header: the row of the header, counted from 1.

    Yields:
        A whole sentence each on cells that are struck out, and on rows of which some are coloured.
    """
    struck, coloured = _styles(archive)
    if not struck and not coloured:
        return
    crossed, painted, rest = set[int](), set[int](), b""
    with archive.open(path) as content:
        while block := content.read(BLOCK):
            text = rest + block
            for row, at in ((int(one), int(style)) for one, style in _CELL.findall(text)):
                if row > header:
                    crossed |= {row} if at in struck else set()
                    painted |= {row} if at in coloured else set()
            rest = text[text.rfind(b"<") :] if b"<" in text[-300:] else b""
    if crossed:
        yield STRUCK.format(rows=len(crossed))
    if painted:
        yield COLOURED.format(rows=len(painted))


def _styles(archive: zipfile.ZipFile) -> tuple[set[int], set[int]]:
    """The numbers of the styles that strike a text out, and of those that colour a cell."""
    if STYLES not in archive.namelist() or archive.getinfo(STYLES).file_size > MAX_STYLES:
        return set(), set()
    with archive.open(STYLES) as content:
        parts = {found[1]: found[0] for found in _PART.finditer(content.read(MAX_STYLES))}
    fonts = re.split(rb"<(?:\w{1,40}:)?font\b", parts.get(b"fonts", b""))[1:]
    fills = re.split(rb"<(?:\w{1,40}:)?fill\b", parts.get(b"fills", b""))[1:]
    struck = {at for at, font in enumerate(fonts) if _STRIKE.search(font)}
    coloured = {at for at, fill in enumerate(fills) if _COLOUR.search(fill)}
    crossed, painted = set[int](), set[int]()
    for at, xf in enumerate(_XF.findall(parts.get(b"cellXfs", b""))):
        font, fill = (re.search(rb"%s=.(\d+)" % name, xf) for name in (b"fontId", b"fillId"))
        crossed |= {at} if font and int(font[1]) in struck else set()
        painted |= {at} if fill and int(fill[1]) in coloured else set()
    return crossed, painted
