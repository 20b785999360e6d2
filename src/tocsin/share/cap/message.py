"""A message to be sent, as a value, and its bytes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import shapely
from shapely.geometry.base import BaseGeometry

from tocsin.share.cap.layout import CAP_12

UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""Characters that XML 1.0 cannot hold (W3C, 2008, production 2)."""
MOST_PARTS = 25
"""A territory is sent as so many polygons at most, the largest ones."""
MOST_POINTS = 120
"""A polygon is sent with about so many points at most: radios and small screens read it too."""


@dataclass(frozen=True)
class Area:
    """This is a place that a message is about."""

    name: str
    """Its name in words."""
    polygons: tuple[str, ...] = ()
    """Closed, simple polygons: pairs lat,lon with spaces between them."""
    geocodes: tuple[tuple[str, str], ...] = ()
    """Codes of the place, each with the name of its system."""


@dataclass(frozen=True)
class Info:
    """This is what a message says in one language. Fields are those of CAP 1.2, clause 3.2.2."""

    language: str
    event: str
    urgency: str
    severity: str
    certainty: str
    headline: str
    description: str
    expires: datetime
    """When it ends; later than the message is sent."""
    areas: tuple[Area, ...]
    category: str = "Security"
    responses: tuple[str, ...] = ()
    onset: datetime | None = None
    sender_name: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Message:
    """This is one message. Fields are those of CAP 1.2, clause 3.2.1."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    """Its `msgType`."""
    infos: tuple[Info, ...]
    scope: str = "Public"
    restriction: str = ""
    addresses: str = ""
    note: str = ""
    references: tuple[str, ...] = field(default=())
    """Earlier messages, each as sender,identifier,sent."""


def stamp(moment: datetime) -> str:
    """Write a time as CAP asks for: in UTC, to the second, with the zone -00:00.

    Args:
        moment: a time with its zone.

    Returns:
        The text.

    >>> stamp(datetime(2026, 11, 26, 8, tzinfo=UTC))
    '2026-11-26T08:00:00-00:00'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00".rjust(25, "0")


def as_bytes(message: Message) -> bytes:
    """Write a message.

    Args:
        message: the message; texts may hold any character, and those that XML cannot hold go.

    Returns:
        CAP 1.2 in UTF-8. The same message gives the same bytes.
    """
    root = ET.Element("alert", {"xmlns": CAP_12})
    _texts(root, [
        ("identifier", message.identifier), ("sender", message.sender),
        ("sent", stamp(message.sent)), ("status", message.status), ("msgType", message.kind),
        ("scope", message.scope), ("restriction", message.restriction),
        ("addresses", message.addresses), ("note", message.note),
        ("references", " ".join(message.references)),
    ])  # fmt: skip
    for info in message.infos:
        _info(ET.SubElement(root, "info"), info)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _info(parent: ET.Element, info: Info) -> None:
    _texts(parent, [
        ("language", info.language), ("category", info.category), ("event", info.event),
        *(("responseType", one) for one in info.responses),
        ("urgency", info.urgency), ("severity", info.severity), ("certainty", info.certainty),
        ("onset", stamp(info.onset) if info.onset else ""), ("expires", stamp(info.expires)),
        ("senderName", info.sender_name), ("headline", info.headline),
        ("description", info.description), ("instruction", info.instruction), ("web", info.web),
        ("contact", info.contact),
    ])  # fmt: skip
    for name, value in info.parameters:
        _texts(ET.SubElement(parent, "parameter"), [("valueName", name), ("value", value)])
    for area in info.areas:
        place = ET.SubElement(parent, "area")
        _texts(place, [("areaDesc", area.name), *(("polygon", one) for one in area.polygons)])
        for name, value in area.geocodes:
            _texts(ET.SubElement(place, "geocode"), [("valueName", name), ("value", value)])


def _texts(parent: ET.Element, pairs: Iterable[tuple[str, str]]) -> None:
    """Add an element for each text that says something."""
    for name, text in pairs:
        if text:
            ET.SubElement(parent, name).text = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def polygons(shape: BaseGeometry) -> tuple[str, ...]:
    """Write a shape as polygons that any receiver can draw.

    A shape with many points is drawn with fewer (Douglas and Peucker, 1973, keeping its topology),
    and its smallest islands are left out. Holes cannot be told in CAP and are filled.

    Args:
        shape: polygons in degrees east and north, none over the date line.

    Returns:
        Polygons, the largest first: closed, simple, at most `MOST_PARTS`, each with pairs lat,lon
        to four decimals (about 11 metres).
    """
    every = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    parts = [part for part in every if part.geom_type == "Polygon"]
    parts.sort(key=lambda part: (-part.area, part.bounds))
    found = []
    for part in parts[:MOST_PARTS]:
        ring = _draw_ring(shapely.Polygon(part.exterior))
        if ring is not None:
            found.append(" ".join(f"{lat:.4f},{lon:.4f}" for lon, lat in ring))
    return tuple(found)


def _draw_ring(part: BaseGeometry) -> Sequence[tuple[float, float]] | None:
    """A ring with few points, to four decimals, that does not cross itself; None: too small."""
    tolerance = 0.0
    while True:
        drawn = shapely.set_precision(part.simplify(tolerance, preserve_topology=True), 1e-4)
        pieces = [one for one in shapely.get_parts(drawn) if one.geom_type == "Polygon"]
        if not pieces:
            return None
        ring = max(pieces, key=lambda one: float(one.area)).exterior
        if len(ring.coords) <= MOST_POINTS or tolerance > 5:
            return [(float(x), float(y)) for x, y in ring.coords]
        tolerance = max(0.005, tolerance * 1.6)
