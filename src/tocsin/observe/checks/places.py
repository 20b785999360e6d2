"""Where a record says that it happened: its country and its point."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

from tocsin.base.moved import old_parameters
from tocsin.errors import TocsinError
from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.values import Refused, decimal, territory, text
from tocsin.schema.geography.shapes import outside_km
from tocsin.schema.geography.territory import Territory, by_iso, territories

TOLERANCE_KM = 50.0
"""How far outside its named country a point may lie: coasts and borders are drawn coarsely."""


@old_parameters(unit=None, on=None)
def point(
    fields: Mapping[str, str], *, latitude: str = "latitude", longitude: str = "longitude"
) -> dict[str, Any]:
    """Read the point of a record; `grading.grade` checks whether it lies in its country.

    A comma separates decimals, as spreadsheets of many countries write them: no degrees have
    thousands.

    Args:
        fields: the record by heading.
        latitude: the heading of degrees north.
        longitude: the heading of degrees east.

    Returns:
        The values of the columns `latitude` and `longitude` of `reports`, in degrees. Both are
        None where the source gives no point, or none that can be read; then the doubt is in
        `point_doubts`.
    """
    nothing: dict[str, Any] = {"latitude": None, "longitude": None}
    if text(fields, latitude) is None and text(fields, longitude) is None:
        return nothing
    plain = {one: str(fields.get(one, "")).replace(",", ".") for one in (latitude, longitude)}
    try:
        north = decimal(plain, latitude, low=-90, high=90)
        east = decimal(plain, longitude, low=-180, high=180)
    except Refused as refusal:
        return nothing | {"point_doubts": [
            Doubt(column, fields.get(heading, ""), None, "point", refusal.reason, heading)
            for column, heading in (("latitude", latitude), ("longitude", longitude))
        ]}  # fmt: skip
    return {"latitude": north, "longitude": east}


def situate(unit: Territory) -> dict[str, Any]:
    """Make the values of a report that say in which territory it lies.

    Args:
        unit: the territory.

    Returns:
        The columns `territory` and `gwno`, and the key `part`, by which `grading.grade` checks
        the point.
    """
    return {"territory": unit.name, "gwno": unit.gwno, "part": unit.part}


def outside(
    gwno: int, latitude: float, longitude: float, *, on: date, part: str | None = None
) -> float | None:
    """Measure how far a point lies outside a territory on a day.

    Sources place events at the centres of places, so few points come again and again: earlier
    answers are kept in memory.

    Args:
        gwno: the territory's Gleditsch-Ward number.
        latitude: degrees north.
        longitude: degrees east.
        on: the day of the event, since borders move.
        part: the part of the state that is meant, such as Bermuda.

    Returns:
        Kilometres, 0 inside; None where the territory's shape is not known.
    """
    return _outside(gwno, latitude, longitude, None if on >= day_of_last_change() else on, part)


@lru_cache(maxsize=2**18)
def _outside(
    gwno: int, latitude: float, longitude: float, on: date | None, part: str | None
) -> float | None:
    return outside_km(gwno, latitude, longitude, on=on, part=part)


@cache
def day_of_last_change() -> date:
    """Return the day since which no state was born or ended, so that codes mean today's states."""
    return max(day for unit in territories() for day in (unit.start, unit.end) if day)


def country(
    fields: Mapping[str, str],
    name: str,
    iso: str | None,
    *,
    on: date | None,
    until: date | None = None,
) -> Territory:
    """Find the territory that a record names by a name, by an ISO 3166 code, or by both.

    Args:
        fields: the record by heading.
        name: the heading of the country's name.
        iso: the heading of the country's ISO 3166 code, or None where there is none. A code that
            no territory has is passed over, since some sources make up codes.
        on: the day of the event, since borders move; None: today's territories.
        until: the last day on which the event may have happened, where `on` is the first: an
            imprecise day does not decide between two states, the record's own country does.

    Returns:
        The territory.

    Raises:
        Refused: neither is known, or the two mean different territories.
    """
    coded = _territory_of_code(fields, iso, on, until) if iso and fields.get(iso) else None
    if not fields.get(name):
        if coded is None:
            raise Refused("territory", "No country is named.", column=name)
        return coded
    try:
        named = territory(fields, name, None, on=on, until=until)
    except Refused:
        if coded is None:
            raise
        return coded
    if coded is not None and coded.gwno != named.gwno:
        reason = f"The name means {named.name}, the code {coded.name}."
        raise Refused("territory", reason, column=name, value=fields[name])
    return named


def _territory_of_code(
    fields: Mapping[str, str], iso: str, on: date | None, until: date | None
) -> Territory | None:
    """None where no territory has the code: sources make some up (Kosovo is 0 in ACLED)."""
    try:
        return by_iso(fields[iso].removesuffix(".0"), on=on, until=until)
    except TocsinError:
        return None
