"""Some whole regions of many reports, so that no partner of a report is missing."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.assess.linkage.pairs import blocking

MANY = 40_000
"""Reports beyond which some regions stand for all."""
WIDE = 1.0
"""Degrees of a region."""


def some_regions(rows: pl.DataFrame, most: int = MANY) -> pl.DataFrame:
    """Choose whole regions until they hold enough reports.

    Args:
        rows: n records with `lat` and `lon` in degrees.
        most: so many reports are enough.

    Returns:
        All records where they are few; else those of some regions, and of these a sample if they
        still are many more.
    """
    if rows.height <= most:
        return rows
    north, east = (np.floor(rows[name].fill_null(0).to_numpy() / WIDE) for name in ("lat", "lon"))
    region, number = np.unique((north * 1000 + east).astype(np.int64), return_inverse=True)
    order = np.argsort(blocking.scatter(region), kind="stable")
    held = np.cumsum(np.bincount(number)[order])
    chosen = order[: int(np.searchsorted(held, most)) + 1]
    some = rows.filter(pl.Series(np.isin(number, chosen)))
    return some.filter(blocking.in_sample(pl.col("row"), -(-some.height // (4 * most))))
