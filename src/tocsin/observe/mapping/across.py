"""Tables that stand across: their fields go down the first column, and each event is a column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from tocsin.observe.boxes import Words
from tocsin.observe.formats.source import Source
from tocsin.schema.vocabulary.heading import find_spellings

DOWN, LEAST_FIELDS = 40, 3
"""Rows looked at for fields that go down, and how many there have to be."""


def across(source: Source) -> Words | None:
    """Say that a table stands across: what should be its header goes down the first column.

    Args:
        source: a table.

    Returns:
        What it is and what to do; None where it stands as it should.
    """
    if source.is_json or len(source.names) < 2:
        return None
    first = [row.cells[0] for row in islice(source.rows(), DOWN) if row.cells]
    down = _fields([source.names[0], *first])
    if (
        len(down) < LEAST_FIELDS
        or len(_fields(source.names[1:])) > 1
        or not down & {"date", "year"}
    ):
        return None
    return (
        "Its fields go down and its events across: the table is transposed.",
        "Turn it in a spreadsheet (copy, paste special, transpose), and observe that.",
    )


def _fields(names: Sequence[str]) -> set[str]:
    """The fields that some of the names mean by all their words."""
    best = (find_spellings(name)[:1] for name in names if 1 < len(name.strip()) < 60)
    return {one[0].field for one in best if one and one[0].score >= 0.9}
