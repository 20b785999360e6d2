"""Points in a draft of a mapping: in two columns, perhaps the wrong way round, or both in one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tocsin.errors import TocsinError
from tocsin.observe.mapping.guess import Column, Guess
from tocsin.schema.geography.region import place_named
from tocsin.schema.geography.shapes import outside_km
from tocsin.schema.geography.style import ground
from tocsin.schema.geography.territory import (
    UnknownTerritory,
    by_gwno,
    by_iso,
    is_known,
    territories,
)
from tocsin.schema.mapping.cells import east_first, one_of_pair, plain_degrees, plain_signs

PAIRS = 0.9
"""Share of a column's values that hold both coordinates, from which on it is named for both."""

FEW = 3
"""Different points from which on the country that holds all of them is told."""
MOST = 200
"""Points that are looked at."""
NEAR = 25.0
"""Kilometres off a country's shape, which is coarse at coasts, within which a point may lie."""
DOUBT = 10.0
"""Kilometres: where all points lie so near to another country, it may be meant."""


def check_points(chosen: dict[str, Guess]) -> None:
    """Check a point against the country: coordinates are often the wrong way round.

    Args:
        chosen: the guesses by field, which are mended.
    """
    north, east, where = (chosen.get(f) for f in ("latitude", "longitude", "country"))
    if not (north and east and where):
        return
    if _inside(east, north, where) > _inside(north, east, where) + 0.5:
        why = "the names say the reverse, but only so do the points lie in their country"
        chosen["latitude"] = Guess("latitude", east.column, 0.6, why)
        chosen["longitude"] = Guess("longitude", north.column, 0.6, why)


def country_of_points(chosen: dict[str, Guess]) -> tuple[str, int] | None:
    """Find the one country in which all points of a table lie, where no column names one.

    Args:
        chosen: the guesses by field.

    Returns:
        Its name and how many points there are; None where points are few, lie in several
        countries or in none, or on a border, so that another might be meant.
    """
    north, east = chosen.get("latitude"), chosen.get("longitude")
    if not (north and east) or north.column.filled != east.column.filled:
        return None
    first = east_first(north.column.name)
    ys, xs = (
        [_degrees(value, field, most, first=first) for value in guess.column.values]
        for guess, field, most in ((north, "latitude", 90), (east, "longitude", 180))
    )
    pairs = zip(ys, xs, strict=True)
    points = [one for one in dict.fromkeys(pairs) if None not in one][:MOST]
    if len(points) < FEW or len(north.column.values) != len(east.column.values):
        return None
    left = [one for one in territories() if one.end is None]
    for y, x in points[:FEW]:
        left = [one for one in left if _apart(one.gwno, y, x) <= NEAR]
    holding = [one for one in left if _holds(one.gwno, points)]
    for one in left:
        near = max(_apart(one.gwno, y, x) for y, x in points) <= DOUBT
        holding += [one] if near and one not in holding else []
    return (holding[0].name, len(north.column.values)) if len(holding) == 1 else None


def country_line(found: tuple[str, int] | None) -> str:
    """Write the line of a draft that says of which country all rows are, or that it is open.

    Args:
        found: what `country_of_points` gives for the points of the table.

    Returns:
        A line of a mapping file, in TOML.
    """
    if found is None:
        return '# Open: country = "the one country that all rows are about"'
    name = found[0].replace('"', "")
    return f'country = "{name}"  # Look: no column names it; all {found[1]:,} points lie there'


def _holds(gwno: int, points: Sequence[tuple[float | None, float | None]]) -> bool:
    """All points lie in the state or just off its coast, and half of them within it."""
    apart = [_apart(gwno, y, x) for y, x in points]
    return max(apart) <= NEAR and 2 * sum(one == 0 for one in apart) >= len(apart)


def _apart(gwno: int, y: float | None, x: float | None) -> float:
    found = None if y is None or x is None else outside_km(gwno, y, x)
    return math.inf if found is None else found


def _degrees(value: str, field: str, most: int, *, first: bool) -> float | None:
    plain = plain_degrees(one_of_pair(plain_signs(value), field, east_first=first), field)
    return float(plain_signs(plain).replace(",", ".")) if between(plain, -most, most) else None


def _inside(north: Guess, east: Guess, where: Guess) -> float:
    if {north.column.filled, east.column.filled, where.column.filled} != {1.0}:
        return 0.0
    good, looked = 0, 0
    for y, x, name in zip(
        north.column.values[:100], east.column.values[:100], where.column.values[:100], strict=True
    ):
        if not (is_country(name) and between(y, -90, 90) and between(x, -180, 180)):
            continue
        looked += 1
        unit = _unit(name)
        apart = outside_km(unit, *(float(plain_signs(one).replace(",", ".")) for one in (y, x)))
        good += apart is None or apart < 50
    return good / looked if looked else 0.0


def _unit(name: str) -> int:
    try:
        return place_named(name).gwno
    except TocsinError:
        return by_iso(name).gwno


def add_pair(chosen: dict[str, Guess], columns: Sequence[Column]) -> None:
    """Name a column that holds both coordinates of points, where no others are known.

    One coordinate without the other is none, and is left open.

    Args:
        chosen: the guesses by field, to which both coordinates are added.
        columns: the columns of the sample.
    """
    halves = {"latitude", "longitude"} & set(chosen)
    if len(halves) == 2:
        return
    for half in halves:
        chosen.pop(half)
    taken = {guess.column.name for guess in chosen.values()}
    for column in columns:
        first = east_first(column.name)
        both = [_both(value, first=first) for value in column.values[:500]]
        share = sum(both) / len(both) if both else 0.0
        if column.name not in taken and share >= PAIRS:
            why = f"both coordinates stand in it; {share:.0%} of the values fit"
            chosen["latitude"] = Guess("latitude", column, 0.6, why)
            chosen["longitude"] = Guess("longitude", column, 0.6, why)
            return


def _both(value: str, *, first: bool) -> bool:
    north, east = (
        plain_degrees(one_of_pair(plain_signs(value), field, east_first=first), field)
        for field in ("latitude", "longitude")
    )
    return north != east != value and between(north, -90, 90) and between(east, -180, 180)


def between(value: str, low: float, high: float) -> bool:
    """Tell whether a cell is a number within bounds; a comma may separate its decimals."""
    try:
        return low <= float(plain_signs(value).replace(",", ".")) <= high
    except ValueError:
        return False


def is_degrees(value: str, field: str) -> bool:
    """Tell whether a cell is a latitude or a longitude.

    Args:
        value: the cell, in degrees as people write them.
        field: 'latitude', which lies from -90 to 90, or else a longitude, from -180 to 180.
    """
    most = 90 if field == "latitude" else 180
    return between(plain_degrees(plain_signs(value), field), -most, most)


def is_country(value: str) -> bool:
    """Tell whether a cell names a territory, or is an ISO 3166 code of one."""
    if is_known(value) or ground(value):
        return True
    try:
        by_iso(value)
    except UnknownTerritory:
        return False
    return True


def is_gwno(value: str) -> bool:
    """Tell whether a cell is the Gleditsch-Ward number of a territory."""
    try:
        by_gwno(int(value.removesuffix(".0")))
    except (UnknownTerritory, ValueError):
        return False
    return True
