"""Shapes and borders of territories, from Natural Earth (public domain), scale 1:50 million.

`data/shapes.topojson` is written by `scripts/build_territories.py`; borders are today's.
Shapes show where data were recorded and say nothing on the status of any territory.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno, territories


def shapes(gwnos: Sequence[int]) -> dict[str, Any]:
    """Return the shapes of some territories as a GeoJSON FeatureCollection (RFC 7946).

    Args:
        gwnos: Gleditsch-Ward numbers.

    Returns:
        The collection as JSON values, with coordinates in degrees east and north. Each feature has
        the properties `gwno` and `territory`; a territory that is too small for the scale is left
        out.

    >>> [f["properties"]["territory"] for f in shapes([482])["features"]]
    ['Central African Republic']
    """
    known = _geometries()
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"gwno": gwno, "territory": by_gwno(gwno).name},
                "geometry": known[gwno],
            }
            for gwno in gwnos
            if gwno in known
        ],
    }


def outside_km(
    gwno: int,
    latitude: float,
    longitude: float,
    *,
    on: date | None = None,
    part: str | None = None,
) -> float | None:
    """Measure how far a point lies outside a territory.

    Args:
        gwno: Gleditsch-Ward number; a state that is no more counts as all its successors.
        latitude: degrees north.
        longitude: degrees east.
        on: a day; then all the ground that the state held that day counts, so that Juba
            lies in Sudan in 2005. Default: today's ground.
        part: a part of the state that lies elsewhere, such as Bermuda; then the point must lie
            there. A part on the state's own ground (West Bank, Hong Kong) is the state's.

    Returns:
        Kilometres to the nearest point of the territory; 0 inside; None where the territory, or
        the part, has no shape.

    Raises:
        UnknownTerritory: no state has the number.

    >>> round(outside_km(200, 32.29, -64.78)), round(outside_km(200, 32.29, -64.78, part="Bermuda"))
    (5023, 0)
    """
    from shapely import Point
    from shapely.ops import nearest_points

    apart = part is not None and part in part_shapes()
    shape = _part(part) if apart else _polygon(gwno, _parts_then(gwno, on) if on else ())
    if shape is None:
        return None
    point = Point(longitude, latitude)
    if shape.covers(point) or _is_disputed(gwno, latitude, longitude):
        return 0.0
    near = nearest_points(shape, point)[0]
    return great_circle_km(latitude, longitude, float(near.y), float(near.x))


_DISPUTED = {369: (44.3, 46.2, 32.4, 36.7)}
"""Ground that the maps draw as another state's, though sources count it under this one: Crimea
under Ukraine. From which to which degree north, and from which to which degree east, it lies."""


def _is_disputed(gwno: int, latitude: float, longitude: float) -> bool:
    south, north, west, east = _DISPUTED.get(gwno, (90.0, -90.0, 180.0, -180.0))
    return south <= latitude <= north and west <= longitude <= east


def centre(gwno: int) -> tuple[float, float] | None:
    """Return a point that lies inside a territory, for its label on a map.

    Args:
        gwno: Gleditsch-Ward number.

    Returns:
        Degrees north and degrees east; None where the territory has no shape.
    """
    shape = _polygon(gwno)
    if shape is None:
        return None
    point = shape.representative_point()
    return float(point.y), float(point.x)


def neighbours(gwno: int, *, on: date | None = None) -> list[int]:
    """List the territories that share a land border with a territory.

    Args:
        gwno: Gleditsch-Ward number.
        on: a day; then among the states that existed that day. Default: today's.

    Returns:
        Their Gleditsch-Ward numbers in rising order.

    Raises:
        UnknownTerritory: no state has that number.

    >>> neighbours(652)
    [640, 645, 660, 663, 666]
    """
    by_gwno(gwno)
    if on is None:
        return sorted({b if a == gwno else a for a, b in _borders() if gwno in (a, b)})
    held = {number: by_gwno(number, on=on).gwno for pair in _borders() for number in pair}
    found: set[int] = set()
    for a, b in _borders():
        if gwno in (held[a], held[b]):
            found |= {held[a], held[b]}
    return sorted(found - {gwno})


def neighbour_shares(gwnos: Sequence[int]) -> npt.NDArray[np.float32]:
    """Return each neighbour's share in what reaches a territory over its borders.

    Args:
        gwnos: Gleditsch-Ward numbers of N territories; others are left aside.

    Returns:
        Shares, shape (N, N). A row sums to 1, or to 0 where a territory touches none of the others.

    >>> neighbour_shares([482, 625, 750]).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    found = np.zeros((len(gwnos), len(gwnos)), np.float32)
    for row, gwno in enumerate(gwnos):
        beside = [place for place, other in enumerate(gwnos) if other in neighbours(gwno)]
        found[row, beside] = 1 / max(len(beside), 1)
    return found


@cache
def _topology() -> dict[str, Any]:
    text = files("tocsin.schema.geography").joinpath("data/shapes.topojson").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _borders() -> frozenset[tuple[int, int]]:
    owners: dict[int, set[int]] = {}
    for geometry in _topology()["objects"]["territories"]["geometries"]:
        for ring in _rings(geometry):
            for arc in ring:
                # An arc that is run through backwards has the complement of its number.
                owners.setdefault(max(arc, ~arc), set()).add(geometry["id"])
    pairs = itertools.chain.from_iterable(
        itertools.combinations(sorted(who), 2) for who in owners.values()
    )
    return frozenset(pairs)


def _rings(geometry: dict[str, Any]) -> list[list[int]]:
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring for part in parts for ring in part]


@cache
def _geometries() -> dict[int, dict[str, Any]]:
    """Decode the topology (TopoJSON 1.0: arcs as integer steps on a grid)."""
    topology = _topology()
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = itertools.accumulate(step[0] for step in arc)
        y = itertools.accumulate(step[1] for step in arc)
        arcs.append(
            [(round(a * sx + tx, 4), round(b * sy + ty, 4)) for a, b in zip(x, y, strict=True)]
        )

    def line(ring: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for arc in ring:
            part = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
            points += part[1:] if points else part
        return points

    found: dict[int, dict[str, Any]] = {}
    for item in topology["objects"]["territories"]["geometries"]:
        parts = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
        polygons = [[line(ring) for ring in part] for part in parts]
        found[item["id"]] = {"type": "MultiPolygon", "coordinates": polygons}
    return found


def _parts_then(gwno: int, on: date) -> tuple[int, ...]:
    """Today's territories that were not yet states that day, and lay in this one."""
    found = []
    for number, start in _later_states():
        if on < start and by_gwno(number, on=on).gwno == gwno:
            found.append(number)
    return tuple(found)


@cache
def _later_states() -> tuple[tuple[int, date], ...]:
    return tuple((item.gwno, item.start) for item in territories() if item.start)


@cache
def part_shapes() -> dict[str, Any]:
    """Return the shapes of those parts of states that lie apart from their state, such as Bermuda.

    Returns:
        By the part's name, the coordinates of a GeoJSON MultiPolygon in degrees east and north.
        The value is None where the part is too small for our maps, so that a point in it cannot be
        checked.
    """
    text = files("tocsin.schema.geography").joinpath("data/part_shapes.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _part(name: str) -> Any:
    from shapely import prepare
    from shapely.geometry import shape

    coordinates = part_shapes()[name]
    if not coordinates:
        return None
    whole = shape({"type": "MultiPolygon", "coordinates": coordinates}).buffer(0)
    prepare(whole)
    return whole


@cache
def _polygon(gwno: int, more: tuple[int, ...] = ()) -> Any:
    from shapely import prepare, union_all
    from shapely.geometry import shape

    known = _geometries()
    numbers = [*([gwno] if gwno in known else _heirs(gwno)), *more]
    polygons = [shape(known[number]).buffer(0) for number in numbers if number in known]
    if not polygons:
        return None
    whole = union_all(polygons)
    prepare(whole)
    return whole


def _heirs(gwno: int) -> list[int]:
    """Today's territories on the ground of a state that is no more."""
    state = by_gwno(gwno)
    if state.end is None:
        return []
    before = date.fromordinal(state.end.toordinal() - 1)
    heirs = []
    for item in territories():
        if item.end is not None:
            continue
        try:
            if by_gwno(item.gwno, on=before).gwno == gwno:
                heirs.append(item.gwno)
        except UnknownTerritory:
            continue
    return heirs
