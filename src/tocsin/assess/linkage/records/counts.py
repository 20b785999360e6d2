"""Counts of deaths out of a file's columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from tocsin.schema.mapping.counts import written_count
from tocsin.schema.vocabulary.folding import plain_digits

FIRST = r"^[~<>≥≤ ]*(\d+(?:\.\d+)?)"
LAST = r"\d\s*(?:-|–|to)\s*(\d+)\s*$"
GREATEST = 10_000_000
"""More deaths than this are a slip of the pen."""


def death_counts(rows: pl.DataFrame, roles: Mapping[str, str]) -> dict[str, pl.Series]:
    """Read counts of deaths from the columns of a table.

    A text like `10-20` or `10+` gives a range; the best of a range without one is its middle.

    Args:
        rows: n rows of texts.
        roles: field to column; `deaths_low`, `deaths_best` and `deaths_high` are read.

    Returns:
        `low`, `best` and `high`, each n whole numbers of deaths, in order; null where a row does
        not count, or counts more than `GREATEST`.
    """
    parts = {}
    for name in ("low", "best", "high"):
        column = roles.get(f"deaths_{name}")
        text = rows[column] if column else pl.Series([None] * rows.height, dtype=pl.String)
        plain = {cell: _plain_count(cell) for cell in text.drop_nulls().unique()}
        cleaned = pl.Series([cell and plain[cell] for cell in text], dtype=pl.String)
        parts[name] = pl.DataFrame({"text": cleaned}).select(
            pl.col("text")
            .str.extract(r"^[~<>≥≤ ]*(\d+(?:\.\d+)?)")
            .cast(pl.Float64)
            .alias("first"),
            pl.col("text")
            .str.extract(r"\d\s*(?:-|–|to)\s*(\d+)\s*$")
            .cast(pl.Float64)
            .alias("last"),
        )
    frame = pl.DataFrame(
        {
            "low": parts["low"]["first"].fill_null(parts["best"]["first"]),
            "high": parts["high"]["last"]
            .fill_null(parts["high"]["first"])
            .fill_null(parts["best"]["last"])
            .fill_null(parts["best"]["first"]),
            "best": parts["best"]["first"].zip_with(
                parts["best"]["last"].is_null(),
                (parts["best"]["first"] + parts["best"]["last"]) / 2,
            ),
        }
    ).with_columns(
        pl.col("best").fill_null((pl.col("low") + pl.col("high")) / 2),
    )
    frame = frame.with_columns(
        pl.col("low").fill_null(pl.col("best")), pl.col("high").fill_null(pl.col("best"))
    )
    frame = frame.with_columns(
        pl.min_horizontal("low", "best").alias("low"),
        pl.max_horizontal("high", "best").alias("high"),
    )
    sane = (pl.col("high") <= GREATEST) & (pl.col("low") >= 0)
    frame = frame.select(
        pl.when(sane).then(pl.col(n).round()).cast(pl.Int32).alias(n)
        for n in ("low", "best", "high")
    )
    return {name: frame[name] for name in frame.columns}


def _plain_count(cell: str) -> str:
    """A cell as digits of ASCII without signs between thousands; in words, as its bounds."""
    plain = _APART.sub(lambda found: re.sub(r"\D", "", found[0]), plain_digits(cell.strip()))
    if plain[:1].isdecimal() or plain[:1] in "~<>≥≤":
        return plain
    told = written_count(plain)
    return plain if told is None else f"{told.low}-{told.high}"


_APART = re.compile(r"(?<![\d.,])\d{1,3}(?:[, \u00a0\u2009\u202f'’]\d{3})+(?!\d)")
