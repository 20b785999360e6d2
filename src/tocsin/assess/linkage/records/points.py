"""Points of records: degrees as people write them, two in one cell, or the wrong way round."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tocsin.schema.mapping.cells import east_first, one_of_pair, plain_degrees, plain_signs
from tocsin.schema.vocabulary.folding import plain_digits

LIMITS = {"latitude": 90.0, "longitude": 180.0}
PAIRS = 0.9
"""Share of a column's cells that hold both coordinates, from which on it is taken for both."""
SAMPLE = 500
"""Cells looked at."""


def read_degrees(texts: pl.Series, field: str, heading: str) -> pl.Series:
    """Read the degrees of a column.

    Args:
        texts: n cells; null where nothing is told.
        field: 'latitude' or 'longitude'.
        heading: the column's name, which may say that degrees east come first in a pair.

    Returns:
        n degrees north or east, whatever their size; null where a cell holds none.

    >>> read_degrees(pl.Series(["15,5", "15°30'N", "15.5, -0.1", "x"]), "latitude", "GPS").to_list()
    [15.5, 15.5, 15.5, None]
    """
    first = east_first(heading)
    known = {one: _degrees(one, field, first=first) for one in texts.drop_nulls().unique()}
    return pl.Series(
        field, [None if one is None else known[one] for one in texts], dtype=pl.Float64
    )


def _degrees(cell: str, field: str, *, first: bool) -> float | None:
    one = one_of_pair(plain_signs(plain_digits(cell)), field, east_first=first)
    try:
        found = float(plain_degrees(one, field).replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


def column_of_pairs(rows: pl.DataFrame, free: Sequence[str]) -> str | None:
    """Find a column whose cells hold both coordinates of points.

    Args:
        rows: the table, of texts.
        free: the columns that may be one.

    Returns:
        Its name; None where there is none.
    """
    for name in free:
        some = rows[name].drop_nulls().head(SAMPLE)
        both = [_is_pair(cell, name) for cell in some]
        if both and sum(both) >= PAIRS * len(both):
            return name
    return None


def _is_pair(cell: str, heading: str) -> bool:
    plain, first = plain_signs(plain_digits(cell)), east_first(heading)
    parts = {one_of_pair(plain, field, east_first=first) for field in LIMITS}
    north, east = (_degrees(cell, field, first=first) for field in LIMITS)
    return (
        plain not in parts
        and north is not None
        and east is not None
        and abs(north) <= LIMITS["latitude"]
        and abs(east) <= LIMITS["longitude"]
    )


def are_turned(latitude: pl.Series, longitude: pl.Series) -> bool:
    """Tell whether latitudes and longitudes stand the wrong way round in a whole file.

    >>> are_turned(pl.Series([97.4, 96.1]), pl.Series([18.1, 19.2]))
    True
    """
    known = latitude.is_not_null() & longitude.is_not_null()
    north, east = latitude.filter(known).abs(), longitude.filter(known).abs()
    if north.is_empty() or not ((east <= LIMITS["latitude"]).all()):
        return False
    beyond = (north > LIMITS["latitude"]) & (north <= LIMITS["longitude"])
    return bool(beyond.sum() > north.len() / 2)
