"""What single objects of STIX 2.1 say: text, when, where, how sure, and whether it is a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tocsin.errors import TocsinError
from tocsin.observe.checks.places import point
from tocsin.observe.checks.spans import Span, days, year_of
from tocsin.observe.checks.values import Refused
from tocsin.schema.geography.territory import Territory, by_iso, resolve
from tocsin.schema.vocabulary.placeholder import is_placeholder, is_placeholder_day, is_some_day

Item = Mapping[str, Any]
ACTORS = ("intrusion-set", "threat-actor")


def text_of(item: Item, name: str) -> str:
    """Return the text of a property without outer spaces; empty where it has none."""
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""


def texts_of(item: Item, name: str) -> list[str]:
    """Return the texts of a property that is a list; none where it is no list."""
    value = item.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def is_person(item: Item) -> bool:
    """Tell whether an object is an individual, or does not say that it is an organisation."""
    if item.get("type") == "identity":
        return text_of(item, "identity_class") not in ("organization", "group", "class", "system")
    return item.get("type") in ACTORS and text_of(item, "resource_level") == "individual"


def span_of(item: Item) -> Span:
    """Read the first and the last day of an object, also from its extensions.

    The property `created` is not taken, since it is not the event's. Programs fill an unset first
    or last day with an epoch: such a first day is not known, and such a last day leaves the end
    open, so that only the first is told. Midnight of a first of January without a last day means
    some day of that year.

    Args:
        item: the object.

    Returns:
        The span of days.

    Raises:
        Refused: no first day is given, or it cannot be read.
    """
    extensions = item.get("extensions")
    inner = extensions.values() if isinstance(extensions, dict) else []
    unset = ""
    for one in (item, *(part for part in inner if isinstance(part, dict))):
        for first, last in (("first_seen", "last_seen"), ("start_time", "end_time")):
            begun, ended = text_of(one, first), text_of(one, last)
            if begun and _is_unset(begun):
                unset = begun
            elif begun:
                start = days({first: begun}, first)
                end = days({last: ended}, last) if ended and not _is_unset(ended) else start
                once = start.start == end.end
                if once and is_some_day(start.start) and _MIDNIGHT.search(begun):
                    return year_of(start.start)
                return start if end is start else start.to(end)
    if unset:
        reason = "When it was first seen is not known: the day is one that programs put for none."
        raise Refused("date", reason, column="first_seen", value=unset)
    raise Refused("date", "It does not say when it was first seen.", column="first_seen")


_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?$")
_FIRST_TEN = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def _is_unset(text: str) -> bool:
    found = _FIRST_TEN.match(text)
    if found is None:
        return is_placeholder(text)
    try:
        return is_placeholder_day(date(int(found[1]), int(found[2]), int(found[3])), unsure=True)
    except ValueError:
        return False


def territory_of(location: Item, on: date) -> Territory | None:
    """Find the territory that a location names by code or name on a day; None where none is
    known.
    """
    value = text_of(location, "country")
    try:
        return by_iso(value, on=on) if len(value) <= 3 else resolve(value, on=on)
    except TocsinError:
        return None


def place_of(location: Item) -> dict[str, Any]:
    """Read the point and the names of a location, and how exact they are.

    STIX gives the point's precision in metres; without a point the area is all that is known.

    Args:
        location: a STIX object of the type `location`.

    Returns:
        The columns `latitude`, `longitude` (degrees), `place`, `adm1` and `place_prec` of
        `reports`.
    """
    area, city = text_of(location, "administrative_area"), text_of(location, "city")
    found = {
        **_point(location),
        "place": city or None,
        "adm1": area or None,
        "place_prec": 4 if area else 6,
    }
    if found["latitude"] is None:
        return found
    metres = location.get("precision")
    if isinstance(metres, int | float) and metres > 0:
        return found | {"place_prec": 1 if metres <= 5_000 else 2 if metres <= 25_000 else 4}
    return found | {"place_prec": 1 if city else found["place_prec"]}


def _point(location: Item) -> dict[str, Any]:
    """A point is two numbers; half of one, or one that is no place on Earth, is doubted."""
    said: dict[str, str] = {}
    for name in ("latitude", "longitude"):
        value = location.get(name)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        said[name] = str(value) if number else "" if value is None else "no number"
    return point(said)


def confidence_of(link: Item) -> float | None:
    """Return the confidence of an object as a share from 0 to 1; None where it gives none."""
    value = link.get("confidence")
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100:
        return value / 100
    return None
