"""Where a record says that it happened: a point that must lie where its country is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tocsin.errors import TocsinError
from tocsin.observe.checks.values import Refused, decimal, territory, text
from tocsin.schema.geography.shapes import outside_km
from tocsin.schema.geography.territory import Territory, by_iso

TOLERANCE_KM = 50.0
"""How far outside its named country a point may lie: coasts and borders are drawn coarsely."""


def point(
    fields: Mapping[str, str],
    unit: Territory,
    *,
    on: date,
    latitude: str = "latitude",
    longitude: str = "longitude",
) -> dict[str, float | None]:
    """The point of a record, checked against the territory that the record names.

    Args:
        fields: the record by heading.
        unit: the territory in which the point must lie.
        on: the day of the event, since borders move.
        latitude: the heading of degrees north.
        longitude: the heading of degrees east.

    Returns:
        The values of the columns `latitude` and `longitude` of `reports`, in degrees. Both are
        None where the source gives no point.

    Raises:
        Refused: one of the two is missing, is no number or is out of range, or the point lies
            more than `TOLERANCE_KM` outside the territory.
    """
    if text(fields, latitude) is None and text(fields, longitude) is None:
        return {"latitude": None, "longitude": None}
    north = decimal(fields, latitude, low=-90, high=90)
    east = decimal(fields, longitude, low=-180, high=180)
    outside = outside_km(unit.gwno, north, east, on=on)
    refuse_far(outside, unit.part or unit.name, (north, east), column=latitude)
    return {"latitude": north, "longitude": east}


def refuse_far(
    outside: float | None, called: str, point: tuple[float, float], *, column: str
) -> None:
    """Refuse a point that lies further outside its territory than `TOLERANCE_KM`.

    Args:
        outside: kilometres outside the territory; None where its shape is not known.
        called: the territory, as the reason names it.
        point: degrees north and east.
        column: the column that the reason points at.

    Raises:
        Refused: the point lies too far outside.
    """
    if outside is not None and outside > TOLERANCE_KM:
        reason = f"The point lies {outside:.0f} km outside {called}."
        raise Refused("outside", reason, column=column, value=f"{point[0]}, {point[1]}")


def country(fields: Mapping[str, str], name: str, iso: str | None, *, on: date | None) -> Territory:
    """The territory that a record names by a name, by an ISO 3166 code, or by both.

    Args:
        fields: the record by heading.
        name: the heading of the country's name.
        iso: the heading of the country's ISO 3166 code, or None where there is none. A code that
            no territory has is passed over, since some sources make up codes.
        on: the day of the event, since borders move; None: today's territories.

    Raises:
        Refused: neither is known, or the two mean different territories.
    """
    coded = _coded(fields, iso, on) if iso and fields.get(iso) else None
    if not fields.get(name):
        if coded is None:
            raise Refused("territory", "No country is named.", column=name)
        return coded
    try:
        named = territory(fields, name, None, on=on)
    except Refused:
        if coded is None:
            raise
        return coded
    if coded is not None and coded.gwno != named.gwno:
        reason = f"The name means {named.name}, the code {coded.name}."
        raise Refused("territory", reason, column=name, value=fields[name])
    return named


def _coded(fields: Mapping[str, str], iso: str, on: date | None) -> Territory | None:
    """None where no territory has the code: sources make some up (Kosovo is 0 in ACLED)."""
    try:
        return by_iso(fields[iso].removesuffix(".0"), on=on)
    except TocsinError:
        return None
