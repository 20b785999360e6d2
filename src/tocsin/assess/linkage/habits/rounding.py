"""Points that a whole source gives on a grid: whole, half or tenth degrees, or minutes."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.schema.geography.distance import KM_PER_DEGREE

GRIDS = {
    1.0: "whole degrees", 0.5: "half degrees", 0.25: "quarters of a degree", 0.2: "fifths of a "
    "degree", 0.1: "tenths of a degree", 0.05: "twentieths of a degree", 1 / 60: "minutes of arc",
    0.01: "hundredths of a degree",
}  # fmt: skip
"""Grids by their width in degrees, the coarsest first. What is finer displaces little."""
NEARLY_ALL = 0.98
"""The share of a source's points that must lie on a grid."""
POINTS = 8
"""Fewer different points tell of no grid."""
EXACT = 2e-4
"""Degrees by which a point on a grid of minutes may be off, as it is written in decimals."""


def grid_of(lat: np.ndarray, lon: np.ndarray) -> float | None:
    """Find the coarsest grid on which nearly all points lie.

    Args:
        lat: shape (n,), degrees north of n different points.
        lon: shape (n,), degrees east.

    Returns:
        The width of the grid in degrees; None where there is no such grid, or too few points.

    >>> points = np.arange(20) / 10
    >>> grid_of(points, points), grid_of(points + 0.0123, points)
    (0.1, None)
    """
    if len(lat) < POINTS:
        return None
    for width in GRIDS:
        slack = EXACT if width == 1 / 60 else 1e-7
        off = [np.abs(one - np.round(one / width) * width) for one in (lat, lon)]
        if np.mean((off[0] <= slack) & (off[1] <= slack)) >= NEARLY_ALL:
            return width
    return None


def rounding_in_words(rows: pl.DataFrame) -> list[str]:
    """Say which sources round their points, a sentence for each grid.

    Args:
        rows: records with `source`, `lat` and `lon`.

    Returns:
        Whole sentences; none where no source does.
    """
    found: dict[float, list[str]] = {}
    # A point that many rows share, such as a capital's, counts once.
    points = rows.select("source", "lat", "lon").drop_nulls().unique().sort("source", "lat", "lon")
    for (source,), own in points.group_by("source", maintain_order=True):
        width = grid_of(own["lat"].to_numpy(), own["lon"].to_numpy())
        if width is not None:
            found.setdefault(width, []).append(str(source))
    return [
        f"{' and '.join(sources)} {'give' if len(sources) > 1 else 'gives'} points in "
        f"{GRIDS[width]} alone, about {width * KM_PER_DEGREE:.0f} km; one cell is one point, and "
        "near points may lie so far apart."
        for width, sources in sorted(found.items(), reverse=True)
    ]
