"""Tables that stand across: their fields go down the first column, and each event is a column.

Forms of one report a page stand so, and logs that grow to the right. Where it is certain, such a
table is turned before anything else looks at it: a row of what is read is a column of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.observe.formats.header import is_value
from tocsin.observe.formats.records import Row, checked_row
from tocsin.schema.days import read_days
from tocsin.schema.vocabulary.heading import find_spellings

LEAST_FIELDS = 3
"""So many fields have to go down, and one of them has to be the day."""
MOST_FIELDS = 200
"""No table has more fields: what is longer goes down for another reason."""
LONGEST = 60
"""Letters in the name of a field; what is longer is prose."""
DAYS = {"date", "date_start", "date_end", "year"}
"""Fields beside which days or years have to stand."""
SURE = 0.9
"""How well a name has to mean a field."""


@dataclass(frozen=True)
class Turned:
    """A table that was turned."""

    names: list[str]
    """The fields, which go down the first column of the file."""
    rows: list[Row]
    """The file's other columns; `number` and `line` count the columns of the file."""
    above: int
    """Rows above the first field, which are a title."""

    @property
    def note(self) -> str:
        """Say in a sentence how the table was read."""
        title = "" if not self.above else " What stands above them was not read."
        return (
            "Its fields go down the first column and its events across, so the table was turned: "
            "each row that was read is a column of the file, and line 2 means column B, line 3 "
            f"column C.{title}"
        )


def stands_across(rows: Sequence[Sequence[str]]) -> bool:
    """Tell from the first rows of a table whether its fields go down the first column.

    That is so where at least three of the first column's texts name fields, one of them a day,
    and days stand beside that one; and where the first row names hardly any field.

    Args:
        rows: the cells of the first rows, as they stand.

    Returns:
        Whether it is certain.

    >>> stands_across([["Date", "2024-03-05"], ["Country", "Mali"], ["Killed", "3"]])
    True
    >>> stands_across([["Date", "day of the event"], ["Country", "a name"], ["Killed", "number"]])
    False
    """
    told = [[cell.strip() for cell in row] for row in rows]
    told = [row for row in told[_title(told) :] if any(row)]
    first = [row[0] for row in told]
    if len(first) < LEAST_FIELDS or not _are_names(first) or max(map(len, told)) < 2:
        return False
    # Days go from left to right in hardly any table, and are told sooner than words.
    of_days = [row[0] for row in told if _are_days(row[1:])]
    if not fields_named(of_days) & DAYS or len(fields_named(first)) < LEAST_FIELDS:
        return False
    return len(fields_named(told[0][1:])) <= 1


def turn(rows: Iterable[Row]) -> Turned | None:
    """Turn a table whose fields go down the first column.

    Args:
        rows: all its rows, the first of the file among them, as they stand.

    Returns:
        The table, turned; None where fields have no name or one of another, or are too many.
    """
    every = list[Row]()
    for row in rows:
        every.append(row)
        if len(every) > MOST_FIELDS:
            return None
    above = _title([row.cells for row in every])
    fields = [row.cells for row in every[above:] if any(cell.strip() for cell in row.cells)]
    names = [cells[0].strip() for cells in fields]
    if not _are_names(names) or any(row.fault and row.fault[0] != "ragged" for row in every):
        return None
    width = max(map(len, fields))
    columns = ([*cells, *[""] * (width - len(cells))] for cells in fields)
    found = []
    for place, cells in enumerate(zip(*columns, strict=True)):
        if place and any(cell.strip() for cell in cells):
            # What stands in the file is its column, which has no bytes of its own.
            original = "\t".join(cells).encode()
            found.append(checked_row(place, place + 1, original, list(cells), len(names)))
    return Turned(names, found, above)


def fields_named(names: Sequence[str]) -> set[str]:
    """Find the fields that some names mean by all their words.

    Args:
        names: texts, of which those of one letter or of a whole sentence mean none.

    Returns:
        The fields.

    >>> sorted(fields_named(["Date", "Pays", "7"]))
    ['country', 'date']
    """
    best = (find_spellings(name)[:1] for name in names if 1 < len(name.strip()) < LONGEST)
    return {one[0].field for one in best if one and one[0].score >= SURE}


def _are_days(cells: Sequence[str]) -> bool:
    """Are at least half of the cells that are filled days, months or years?"""
    filled = [cell for cell in cells if cell]
    days = [cell for cell in filled if read_days(cell[:10]) or read_days(cell)]
    return bool(days) and len(days) >= len(filled) / 2


def _title(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top hold no more than one text."""
    alone = (sum(bool(cell.strip()) for cell in row) for row in rows)
    return next((at for at, count in enumerate(alone) if count > 1), len(rows))


def _are_names(first: Sequence[str]) -> bool:
    """Can the texts of a first column be names of fields: words, each another one?"""
    small = {name.casefold() for name in first}
    return len(small) == len(first) and all(
        name and len(name) < LONGEST and not is_value(name) for name in first
    )
