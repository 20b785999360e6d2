"""Tables as their owner keeps them: what columns are called elsewhere, and numbers and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tocsin.schema.handmade import Handmade, read_handmade

TIMES = ("time", "from", "to", "entry", "exit")
_ACTOR = ("organisation", "organization", "group", "acteur", "groupe", "actor name", "organización")
_TIME = ("onset", "date", "year", "first use", "adoption time", "fecha", "année", "timestamp")
ADOPTIONS: dict[str, tuple[str, ...]] = {
    "actor": _ACTOR,
    "technology": ("technology class", "tech", "technologie", "tecnología"),
    "time": _TIME, "from": (), "to": (), "entry": (), "exit": (), "territory": (),
}  # fmt: skip
TIES: dict[str, tuple[str, ...]] = {
    "source": (), "target": (), "channel": ("canal", "type", "tie type", "kind"),
    "weight": ("poids", "peso"), "from": ("start", "since"), "to": ("end", "until"),
}  # fmt: skip
CASCADES: dict[str, tuple[str, ...]] = {
    "cascade": ("cascade id",), "node": ("node id", *_ACTOR), "time": _TIME,
}  # fmt: skip
"""What the columns of each table are called elsewhere."""


def arrange(
    table: pl.DataFrame,
    headings: Mapping[str, Sequence[str]],
    where: str,
    *,
    numbers: Sequence[str] = (),
) -> Handmade:
    """Give the columns of a table their names, and its texts of numbers and times one form.

    Args:
        table: the table as its owner keeps it.
        headings: `ADOPTIONS`, `TIES` or `CASCADES`.
        where: what the table is called in errors and notes.
        numbers: its columns of numbers, times apart.

    Returns:
        The table, and what was taken for granted.

    Raises:
        SourceRefused: as `tocsin.schema.handmade.read_handmade` raises it.
    """
    times = [name for name in TIMES if name in headings]
    return read_handmade(table, headings, numbers=[*numbers, *times], days=times, where=where)
