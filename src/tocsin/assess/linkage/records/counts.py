"""Counts of deaths out of a file's columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

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
        cleaned = text.str.strip_chars().str.replace_all(r"(\d)[, ](\d{3})\b", "$1$2")
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
