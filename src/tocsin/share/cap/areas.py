"""Is an area a shape on the Earth that a receiver can match?"""

from __future__ import annotations

import itertools
import math
import re
from decimal import Decimal, InvalidOperation

import shapely

from tocsin.share.cap.document import Element, split_words
from tocsin.share.cap.rules import Findings, quote

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
HALF_ROUND = 20_040.0
"""Half the Earth's circumference in kilometres: no circle is larger."""
FINE = 1_000
"""Points beyond which a polygon is told to be fine."""
MOST_POINTS = 100_000
"""A polygon with more points is not looked at, so that a message cannot hold up its receiver."""


def check_area(area: Element, here: str, found: Findings) -> None:
    """Hold an area to clause 3.2.4.

    Args:
        area: the element.
        here: its place in the message.
        found: where findings are added.
    """
    for number, polygon in enumerate(area.all("polygon"), 1):
        _polygon(polygon, f"{here}/polygon[{number}]", found)
    for number, circle in enumerate(area.all("circle"), 1):
        _circle(circle, f"{here}/circle[{number}]", found)
    shapes = [one for name in ("polygon", "circle") for one in area.all(name) if one.text.strip()]
    if not shapes and not area.all("geocode"):
        what = "it has a name and neither a shape nor a code"
        found.add("area-words", area, here, what)
    ceiling, altitude = _decimal(area.value("ceiling")), _decimal(area.value("altitude"))
    if area.first("ceiling") is not None and area.first("altitude") is None:
        found.add("ceiling-alone", area, here, "it has a ceiling and no altitude")
    elif ceiling is not None and altitude is not None and ceiling < altitude:
        what = f"the ceiling ({ceiling} ft) is below the altitude ({altitude} ft)"
        found.add("ceiling-below", area, here, what)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def read_pair(word: str) -> tuple[float, float] | None:
    """Read one pair `lat,lon`.

    Args:
        word: the text.

    Returns:
        Latitude and longitude in degrees, of any size; None where it is no pair of numbers.

    >>> read_pair("38.47,-120.14")
    (38.47, -120.14)
    >>> read_pair("38.47;-120.14") is None
    True
    """
    parts = word.split(",")
    if len(parts) != 2 or not all(NUMBER.fullmatch(part) for part in parts):
        return None
    return float(parts[0]), float(parts[1])


def _on_earth(points: list[tuple[float, float]], at: Element, here: str, found: Findings) -> bool:
    """Say which numbers are no degrees; tell pairs that are the wrong way round."""
    lats = [lat for lat, _ in points if not -90 <= lat <= 90]
    lons = [lon for _, lon in points if not -180 <= lon <= 180]
    if lats:
        found.add("latitude", at, here, f"{lats[0]:g} is no latitude")
        if not any(abs(lon) > 90 for _, lon in points) and all(abs(lat) <= 180 for lat in lats):
            found.add("swapped", at, here, "the pairs seem to be lon,lat", "Write lat,lon.")
    if lons:
        found.add("longitude", at, here, f"{lons[0]:g} is no longitude")
    return not lats and not lons


def _polygon(polygon: Element, here: str, found: Findings) -> None:
    words = split_words(polygon.text)
    if len(words) > MOST_POINTS:
        what = f"it has {len(words):,} points; at most {MOST_POINTS:,} are looked at"
        found.add("polygon-form", polygon, here, what)
        return
    pairs = [read_pair(word) for word in words]
    for word, pair in zip(words, pairs, strict=True):
        if pair is None:
            what = f"{quote(word)} is no pair lat,lon"
            remedy = "Write 38.47,-120.14 38.34,-119.95 and so on."
            found.add("polygon-form", polygon, here, what, remedy)
            return
    points = [pair for pair in pairs if pair is not None]
    if len(points) < 4:
        found.add("polygon-few", polygon, here, f"it has {len(points)} pairs; four are needed")
    if not points:
        return
    if points[0] != points[-1]:
        what = f"it begins at {words[0]} and ends at {words[-1]}"
        found.add("polygon-open", polygon, here, what, "Repeat the first pair at the end.")
    if not _on_earth(points, polygon, here, found) or len(points) < 4 or points[0] != points[-1]:
        return
    if len(points) > FINE:
        found.add("polygon-fine", polygon, here, f"it has {len(points):,} points")
    _shape(points, polygon, here, found)


def _shape(points: list[tuple[float, float]], polygon: Element, here: str, found: Findings) -> None:
    ring = shapely.Polygon([(lon, lat) for lat, lon in points])
    if any(abs(a[1] - b[1]) > 180 for a, b in itertools.pairwise(points)):
        what = "two neighbouring points lie more than 180 degrees apart"
        remedy = "Cut it in two at the date line."
        found.add("polygon-dateline", polygon, here, what, remedy)
        lons = _unwrap([lon for _, lon in points])
        if abs(lons[-1] - lons[0]) > 180:
            what = "it goes round a pole, and no receiver can tell which side of it is meant"
            found.add("polygon-pole", polygon, here, what, "Write a circle around the pole.")
            return
        if not ring.is_valid:
            ring = shapely.Polygon([(lon, lat) for lon, (lat, _) in zip(lons, points, strict=True)])
    covered = shapely.make_valid(ring).area
    if covered == 0:
        found.add("polygon-flat", polygon, here, "its points lie on one line")
    elif not ring.is_valid:
        reason = shapely.is_valid_reason(ring)
        place = re.search(r"\[([-\d.e]+) ([-\d.e]+)", reason)
        near = f" near {float(place[2]):.4f},{float(place[1]):.4f}" if place else ""
        if math.isclose(ring.area, covered, rel_tol=1e-9):
            # Its parts lie beside each other and none is counted twice: what it covers is plain.
            found.add("polygon-touching", polygon, here, f"it touches itself{near}")
            return
        found.add("polygon-crossing", polygon, here, f"it crosses or covers itself{near}",
                  "`tocsin.share.cap.repaired` makes simple polygons of it.")  # fmt: skip


def _unwrap(lons: list[float]) -> list[float]:
    """Longitudes that go on over the date line instead of jumping to its other side."""
    steps = [(b - a + 180) % 360 - 180 for a, b in itertools.pairwise(lons)]
    return list(itertools.accumulate(steps, initial=lons[0]))


def _circle(circle: Element, here: str, found: Findings) -> None:
    words = split_words(circle.text)
    point = read_pair(words[0]) if len(words) == 2 else None
    if point is None or not NUMBER.fullmatch(words[1]):
        what = f"{quote(circle.text.strip())} is no circle"
        found.add("circle-form", circle, here, what, "Write 32.9525,-115.5527 12.5.")
        return
    _on_earth([point], circle, here, found)
    radius = float(words[1])
    if not 0 <= radius <= HALF_ROUND:
        found.add("circle-radius", circle, here, f"{words[1]} km is no radius on the Earth")


def repair_polygon(polygon: str) -> list[str]:
    """Make simple, closed polygons of one that crosses itself.

    Args:
        polygon: pairs lat,lon with spaces between them, at least three different.

    Returns:
        Polygons in the same form, in order of their latitude; each closed, none crossing itself,
        together covering what the crossing one encloses (even–odd, as GEOS repairs: OGC Simple
        Features, `MakeValid`). Holes cannot be told in CAP and are filled.

    Raises:
        ValueError: it has a pair that is none, or encloses nothing.

    >>> repair_polygon("0,0 2,2 2,0 0,2 0,0")
    ['0,0 1,1 0,2 0,0', '2,0 2,2 1,1 2,0']
    """
    pairs = [read_pair(word) for word in polygon.split()]
    if len(pairs) < 3 or None in pairs:
        raise ValueError(f"{quote(polygon)} is no polygon of pairs lat,lon")
    points = [(lon, lat) for lat, lon in (pair for pair in pairs if pair is not None)]
    made = shapely.make_valid(shapely.Polygon(points))
    # A collection may hold a collection, so it is taken apart twice.
    every = shapely.get_parts(shapely.get_parts(made))
    parts = [one for one in every if one.geom_type == "Polygon" and one.area > 0]
    if not parts:
        raise ValueError(f"{quote(polygon)} encloses nothing")
    rings = [list(shapely.normalize(part).exterior.coords) for part in parts]
    rings.sort(key=lambda ring: sorted((lat, lon) for lon, lat in ring))
    return [" ".join(f"{lat:.10g},{lon:.10g}" for lon, lat in ring) for ring in rings]
