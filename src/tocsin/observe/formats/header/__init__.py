"""Where the names of columns stand: mostly in the first row, but offices put a title above them.

Sheets of an office have a title and a date above the header, a header in two lines (a group of
columns above its parts), or a line `sep=;` that Excel writes for itself. Row 2 may hold hashtags of
the Humanitarian Exchange Language (HXL 1.1), which say what the columns are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.observe.formats.records import SEPARATORS
from tocsin.schema.days import read_days
from tocsin.schema.days.periods import months_of, years_of

FIRST_ROWS = 12
"""A header is looked for in so many rows."""
TITLE_CELLS = 2
"""A first row of so many texts at most may be a title; a header has more."""
LONGEST_NAME = 60
"""Letters in the name of a column in the second line of a header; what is longer is prose."""
SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)
"""The line by which Excel tells itself what separates columns."""
_CORE = frozenset((
    "#access", "#activity", "#adm1", "#adm2", "#adm3", "#adm4", "#adm5", "#affected",
    "#beneficiary", "#capacity", "#cause", "#channel", "#contact", "#country", "#crisis",
    "#currency", "#date", "#delivery", "#description", "#event", "#frequency", "#geo", "#group",
    "#impact", "#indicator", "#inneed", "#item", "#loc", "#meta", "#modality", "#need",
    "#operations", "#org", "#output", "#period", "#population", "#reached", "#region",
    "#respondee", "#sector", "#service", "#severity", "#status", "#subsector", "#targeted",
    "#value",
))  # fmt: skip
"""The core hashtags of HXL 1.1."""
_TAG = re.compile(r"#[A-Za-z][\w+ ]*$")


@dataclass(frozen=True)
class Header:
    """The names of columns, and the rows in which they stand, counted from 0."""

    names: list[str]
    """Without outer spaces; '' for a column without a name."""
    first: int = 0
    last: int = 0
    """The same as `first`, or the row after it for a header in two lines."""
    own: tuple[str, ...] = ()
    """In a header of two lines each column's own name, without that of its group."""
    tags: tuple[str, ...] = ()
    """HXL hashtags of the columns, where they stand above their names, or in their place."""

    @property
    def notes(self) -> list[str]:
        """Say in whole sentences what is unusual about the header."""
        notes = []
        if self.first and self.tags:
            notes.append("The header stands in line 2, below HXL hashtags.")
        elif self.first:
            above = f"lines 1 to {self.first} are" if self.first > 1 else "line 1 is"
            notes.append(
                f"The header stands in line {self.first + 1}; {above} above it and not read."
            )
        if self.last > self.first and self.own:
            notes.append(
                "The header has two lines: a column is called by its group and its own name, "
                f"as '{next(n for n, own in zip(self.names, self.own, strict=False) if n != own)}'."
            )
        return notes


def find_header(rows: Sequence[Sequence[str]]) -> Header:
    """Find the names of columns in the first rows of a table.

    The first row holds them, unless it has at most `TITLE_CELLS` texts, a later one has more than
    twice as many, all of them different words, and values stand below: then that one does. Two
    rows hold them where the upper one leaves cells empty that the lower one fills, the lower one
    holds no value, and the row after both does.

    Args:
        rows: the cells of the first rows, `FIRST_ROWS` or fewer, as they stand.

    Returns:
        The header.

    >>> find_header([["Log of 2024"], [], ["No", "Day", "Place"], ["1", "2024-03-05", "Gao"]])
    Header(names=['No', 'Day', 'Place'], first=2, last=2, own=(), tags=())
    >>> find_header([["Day", "Dead", ""], ["", "men", "women"], ["2024-03-05", "1", "0"]]).names
    ['Day', 'Dead men', 'Dead women']
    """
    told = [[cell.strip() for cell in row] for row in rows]
    if not told:
        return Header([])
    if is_tags(told[0]):
        return _header_of_tags(told)
    if len(told) > 2 and told[2] and all(cell.startswith('{"ImportId"') for cell in told[2]):
        # Qualtrics: codes of questions, the questions, and the program's own ids.
        return Header(told[1], 1, 2)
    at = _below_title(told)
    names = told[at]
    if at + 2 < len(told) and (both := _in_two_lines(names, *told[at + 1 : at + 3])):
        under = [*told[at + 1], *[""] * len(names)]
        own = tuple(low or name for low, name in zip(under, both, strict=False))
        return Header(both, at, at + 1, own)
    return Header(names, at, at)


def _header_of_tags(rows: Sequence[Sequence[str]]) -> Header:
    """A header of which the first line is hashtags: the names stand below them, or nowhere."""
    tags = tuple(rows[0])
    below = next(iter(rows[1:]), [])
    words = [cell for cell in below if cell and not is_value(cell)]
    named = len(set(words)) == len(words) == sum(map(bool, tags)) and not is_tags(below)
    under = [cell for row in rows[2:5] for cell in row]
    if named and any(map(is_value, under)):
        return Header(list(below), 1, 1, tags=tags)
    return Header(list(tags), tags=tags)


def _below_title(rows: Sequence[Sequence[str]]) -> int:
    """The row that names the columns: 0, or the one below a title that names more than twice it."""
    title = sum(map(bool, rows[0]))
    if title > TITLE_CELLS:
        return 0
    for at, cells in enumerate(rows[1:], start=1):
        texts = [cell for cell in cells if cell]
        # Months and years may name columns, too, where several of them do.
        periods = {*months_of(texts), *years_of(texts)}
        words = [
            cell
            for cell in texts
            if len(cell) <= LONGEST_NAME and (cell in periods or not is_value(cell))
        ]
        if len(texts) > max(2, 2 * title) and len(texts) == len(set(texts)) == len(words):
            under = [cell for row in rows[at + 1 : at + 4] for cell in row]
            return at if any(map(is_value, under)) else 0
    return 0


def _in_two_lines(
    upper: Sequence[str], lower: Sequence[str], after: Sequence[str]
) -> list[str] | None:
    """The names of a header in two lines; None where the lower row is none of it."""
    width = max(len(upper), len(lower))
    above, below = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    told = [cell for cell in below if cell]
    if not all(above[:1]) or any(is_value(cell) or len(cell) > LONGEST_NAME for cell in told):
        return None
    names, group, shared = list[str](), "", False
    for place, (over, under) in enumerate(zip(above, below, strict=True)):
        group = over or group
        if not over and not under:
            return None
        if not over and not below[place - 1]:
            # A group of columns names each of its parts.
            return None
        shared = shared or not over
        names.append(f"{group} {under}" if under else over)
    valued = any(is_value(cell) for cell, name in zip(after, below, strict=False) if name)
    return names if shared and valued and len(set(names)) == len(names) else None


def is_value(cell: str) -> bool:
    """Tell whether a cell is a number or a day, which no header has."""
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", cell.strip()):
        return True
    return read_days(cell[:10]) is not None


def is_tags(cells: Sequence[str]) -> bool:
    """Tell whether the row under a header holds HXL hashtags, and so no record.

    A lone cell that only looks like one, such as '#A', may be a value: it has to be a tag that the
    standard has.

    >>> is_tags(["#date", "#adm1+name", ""]), is_tags(["#1", "Gao"]), is_tags(["#A", ""])
    (True, False, False)
    """
    told = [cell.strip() for cell in cells if cell.strip()]
    if not told:
        return False
    known = any(re.split(r"[+ ]", one)[0] in _CORE for one in told)
    return all(map(_TAG.match, told)) and (known or len(told) > 1)


def head_rows(head: bytes, count: int) -> tuple[list[list[str]], str]:
    """Split the first lines of a text table into cells, and find what separates them.

    The first line decides, since it is the header, unless it is one cell or no other line has as
    many cells as it, and another separator divides most of them alike: then it is a title.

    Args:
        head: the beginning of the text.
        count: how many lines to look at.

    Returns:
        The cells of these lines as they stand, and the separator, one of `SEPARATORS`.

    >>> head_rows(b"Log, north, 2024\\nNo;Day;Place\\n1;2024-03-05;Gao\\n", 3)[1]
    ';'
    """
    text = head.decode("utf-8", "replace").lstrip("\ufeff")
    whole = text.splitlines()[:count]
    separator = max(SEPARATORS, key=whole[0].count) if whole else SEPARATORS[0]
    rows = {one: [_cells(line, one) for line in whole] for one in SEPARATORS}
    widths = {one: [len(cells) for cells in rows[one] if any(cells)] for one in SEPARATORS}
    alone = widths[separator] and widths[separator].count(widths[separator][0]) == 1 < len(whole)
    if any(widths.values()) and (alone or separator not in whole[0]):
        modes = {one: max(set(found), key=found.count) for one, found in widths.items()}
        shares = {one: found.count(modes[one]) / len(found) for one, found in widths.items()}
        other = max(SEPARATORS, key=lambda one: (modes[one] > 2) * shares[one])
        if modes[other] > 2 and shares[other] > 0.5:
            separator = other
    return rows[separator], separator


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def names_of(line: bytes, separator: str | None = None) -> tuple[list[str], str]:
    """Read the names in the first line of a text table, and find what separates them.

    Args:
        line: the bytes of the line.
        separator: what separates them, where that is known.

    Returns:
        The names without outer spaces, and the separator, one of `SEPARATORS`.
    """
    text = line.decode("utf-8", "replace").lstrip("\ufeff")
    separator = separator or max(SEPARATORS, key=text.count)
    try:
        found = next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return [], separator
    return [name.strip() for name in found], separator


def distinct_names(names: Sequence[str]) -> list[str]:
    """Make the names of columns distinct: a second column of one name is numbered.

    A column without a name is called after its place.

    Args:
        names: the names as they stand in the header.

    Returns:
        As many names; none at all where all of them are empty.

    >>> distinct_names(["id", "n", "", "n"])
    ['id', 'n', 'column_3', 'n_2']
    """
    taken: set[str] = set()
    found = []
    for place, name in enumerate(names, start=1):
        plain = name or f"column_{place}"
        numbered, count = plain, 1
        while numbered in taken:
            count += 1
            numbered = f"{plain}_{count}"
        taken.add(numbered)
        found.append(numbered)
    return found if any(names) else []
