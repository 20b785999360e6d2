"""Points in a draft of a mapping: in two columns, perhaps the wrong way round, or both in one."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.errors import TocsinError
from tocsin.observe.mapping.guess import Column, Guess
from tocsin.schema.geography.shapes import outside_km
from tocsin.schema.geography.territory import UnknownTerritory, by_iso, is_known, resolve
from tocsin.schema.mapping.cells import one_of_pair, plain_degrees, plain_signs

PAIRS = 0.9
"""Share of a column's values that hold both coordinates, from which on it is named for both."""


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
        return resolve(name).gwno
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
        both = [_both(value) for value in column.values[:500]]
        share = sum(both) / len(both) if both else 0.0
        if column.name not in taken and share >= PAIRS:
            why = f"both coordinates stand in it; {share:.0%} of the values fit"
            chosen["latitude"] = Guess("latitude", column, 0.6, why)
            chosen["longitude"] = Guess("longitude", column, 0.6, why)
            return


def _both(value: str) -> bool:
    north, east = (
        plain_degrees(one_of_pair(plain_signs(value), field), field)
        for field in ("latitude", "longitude")
    )
    return north != east != value and between(north, -90, 90) and between(east, -180, 180)


def between(value: str, low: float, high: float) -> bool:
    """Tell whether a cell is a number within bounds; a comma may separate its decimals."""
    try:
        return low <= float(plain_signs(value).replace(",", ".")) <= high
    except ValueError:
        return False


def is_country(value: str) -> bool:
    """Tell whether a cell names a territory, or is an ISO 3166 code of one."""
    if is_known(value):
        return True
    try:
        by_iso(value)
    except UnknownTerritory:
        return False
    return True
