"""A title above the header: a first row that names no columns, and a later one that does."""

from __future__ import annotations

import itertools
import re

from tocsin.errors import SourceRefused
from tocsin.observe.formats.source import Source
from tocsin.schema.days import read_days

FIRST_ROWS = 12
"""A header is looked for in so many rows."""


def is_value(cell: str) -> bool:
    """Tell whether a cell is a number or a day, which no header has."""
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", cell.strip()):
        return True
    return read_days(cell[:10]) is not None


def first_row(source: Source) -> list[str]:
    """Read the cells of the first row as they stand."""
    return list(source._first_row[0])


def title(source: Source) -> tuple[str, str] | None:
    """Look for a title above the header: a first row of few texts, and a later one full of them.

    Args:
        source: a file without the columns that are looked for.

    Returns:
        What seems to be wrong and what to do about it, as two sentences; None where no title is
        found.
    """
    filled = [name for name in first_row(source) if name]
    if len(filled) > 2:
        return None
    for number, cells in enumerate(_rows_as_they_are(source), start=2):
        texts = [cell.strip() for cell in cells if cell.strip()]
        words = [cell for cell in texts if not is_value(cell)]
        if len(texts) >= 3 and len(texts) == len(set(texts)) and len(words) == len(texts):
            what = f"The header is not in the first row but seems to stand in line {number}; "
            what += "what is above it looks like a title."
            return what, f"Delete the lines above line {number}, and observe the file again."
    return None


def _rows_as_they_are(source: Source) -> list[list[str]]:
    try:
        if source.container == "text":
            lines = [line.decode("utf-8", "replace") for line in source.head.splitlines()]
            separator = max(",;\t|", key="\n".join(lines[:FIRST_ROWS]).count)
            return [line.split(separator) for line in lines[1:FIRST_ROWS]]
        return [row.cells for row in itertools.islice(source.rows(), FIRST_ROWS)]
    except SourceRefused:
        return []
