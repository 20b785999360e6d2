"""Tables that may stand across, and were not turned since that is not certain."""

from __future__ import annotations

from itertools import islice

from tocsin.observe.boxes import Words
from tocsin.observe.formats.header.across import LEAST_FIELDS, fields_named
from tocsin.observe.formats.source import Source

DOWN = 40
"""Rows looked at for fields that go down."""


def across(source: Source) -> Words | None:
    """Say that a table stands across: what should be its header goes down the first column.

    Args:
        source: a table.

    Returns:
        What it is and what to do; None where it stands as it should.
    """
    if source.is_json or source.across is not None or len(source.names) < 2:
        return None
    first = [row.cells[0] for row in islice(source.rows(), DOWN) if row.cells]
    down = fields_named([source.names[0], *first])
    if (
        len(down) < LEAST_FIELDS
        or len(fields_named(source.names[1:])) > 1
        or not down & {"date", "year"}
    ):
        return None
    return (
        "Its fields go down and its events across: the table is transposed.",
        "Turn it in a spreadsheet (copy, paste special, transpose), and observe that.",
    )
