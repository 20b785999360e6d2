"""What a reader sees of a mention: its part with the words marked, and the event's facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from tocsin.bench.mentions.texts import parts

AROUND = 200
"""Characters of the part that are shown on each side of the marked words."""


def show(rows: pl.DataFrame) -> Iterator[str]:
    """Write three lines a row: its id and class, the event, the part with the words marked.

    Args:
        rows: with `row_id, technology, start, end, text` and the facts of `texts.FACTS`, as
            `labels.with_texts` gives them. Nothing that a reader has said is shown.

    Yields:
        The lines.
    """
    for row in rows.iter_rows(named=True):
        yield f"{row['row_id']}  {row['technology']}"
        yield f"  {event(row)}"
        yield f"  {mark_words(row['text'], row['start'], row['end'])}"


def event(row: Mapping[str, Any]) -> str:
    """Describe the event in one line: days, sides, type of violence, deaths, place.

    Args:
        row: a row with the facts of `texts.FACTS`, by column.

    Returns:
        The line.
    """
    first, last = row["date_start"][:10], row["date_end"][:10]
    days = first if first == last else f"{first} to {last}"
    names = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
    deaths = "/".join(str(row[name]).removesuffix(".0") for name in names)
    kind = str(row["type_of_violence"]).removesuffix(".0")
    return (
        f"{days} | a: {row['side_a']} | b: {row['side_b']} | type {kind} | "
        f"deaths a/b/civilians/unknown {deaths} | {row['adm_1']}, {row['where_coordinates']}"
    )


def mark_words(text: str, start: int, end: int) -> str:
    """Show the part of a text that holds some words, with these in « » and the part's number.

    Args:
        text: the whole text.
        start, end: the characters of the words in it.

    Returns:
        The part, after its number and the number of all parts.

    >>> mark_words("Clash in the north; car bomb kills four | weather", 20, 28)
    '[2/3] «car bomb» kills four'
    """
    pieces = parts(text)
    part = next(piece for piece in pieces if piece.start <= start < piece.end)
    low, high = max(part.start, start - AROUND), min(part.end, end + AROUND)
    before = ("…" if low > part.start else "") + text[low:start]
    after = text[end:high] + ("…" if high < part.end else "")
    line = f"{before}«{text[start:end]}»{after}".replace("\n", " ").replace("\r", " ")
    return f"[{part.number + 1}/{len(pieces)}] {line}"
