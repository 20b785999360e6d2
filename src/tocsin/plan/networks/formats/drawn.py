"""Components by where they are drawn on a map, and the lines that meet them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tocsin.errors import SourceRefused
from tocsin.plan.networks.formats.parts import node

NEAR = 5
"""Decimals of a degree to which a line and a point have to agree: about a metre."""
BROAD = 0.05
"""Degrees; an area that is broader, some five kilometres, is a district and no component."""
Place = tuple[float, float]
Course = tuple[str, dict[str, Any], Any]
"""Where a line stands in the file, its properties, and its places."""


Line = tuple[str, str, float | None]
"""The two components that a line joins, and how many people it can serve, if that is known."""


@dataclass
class _Area:
    """This is an area that may be a component, with its name once it is one."""

    feature: Any
    number: int
    layer: str
    wide: Any
    name: str = ""


class Drawn:
    """This holds components by where they are drawn; lines are joined to them when all are known.

    Every feature that is added has a layer and a district among its properties.
    """

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.joints = 0
        self.parted = 0
        self.no_numbers = 0
        self._at: dict[tuple[str, float, float], str] = {}
        self._areas: list[_Area] = []

    def add_point(self, feature: Any, number: int, place: Place) -> None:
        """Make a component of a point."""
        made = self._make(feature, f"point {number}")
        self._at.setdefault((made["layer"], *_round_to(place)), made["id"])

    def add_area(self, feature: Any, number: int, shape: dict[str, Any], where: str) -> None:
        """Take an area as a component if a line of its layer ends in it or it serves people."""
        import shapely
        from shapely.geometry import shape as read

        try:
            area = read(shape)
            if area.is_empty:
                raise ValueError
        except (ValueError, TypeError, AttributeError, IndexError, KeyError,
                shapely.errors.ShapelyError) as error:  # fmt: skip
            raise SourceRefused("This is no area.", where=where) from error
        west, south, east, north = area.bounds
        for x, y in ((west, south), (east, north)):
            check_degrees(x, y, where)
        if max(east - west, north - south) > BROAD:
            return
        # Its border belongs to it, as lines are often drawn as far as a fence.
        wide = area.buffer(10**-NEAR)
        shapely.prepare(wide)
        held = mapping(feature, "properties")
        self._areas.append(_Area(feature, number, held["layer"], wide))
        if held.get("people") is not None:
            self._areas[-1].name = self._make(feature, f"area {number}")["id"]

    @property
    def areas(self) -> int:
        """Count the areas that are components."""
        return sum(bool(one.name) for one in self._areas)

    def join_courses(self, courses: list[Course]) -> list[Line]:
        """Find the pairs of components that lines join, and make joints where there are none.

        Each pair comes with the line's `capacity`, or None where it says no number.

        A line is parted at a place at which a point lies or another line ends, as two lines of
        OpenStreetMap that share a place do.
        """
        drawn = [
            (held["layer"], held, [as_place(one, where) for one in course], where)
            for where, held, course in (self._check(one) for one in courses)
        ]
        stops = {
            (layer, *_round_to(end))
            for layer, held, course, _ in drawn if not _says_ends(held)
            for end in (course[0], course[-1])
        }  # fmt: skip
        lines: list[Line] = []
        for layer, held, course, _ in drawn:
            capacity = self._capacity(held)
            if _says_ends(held):
                lines.append((str(held["source"]), str(held["target"]), capacity))
                continue
            inner = [
                place for place in course[1:-1]
                if (layer, *_round_to(place)) in stops or (layer, *_round_to(place)) in self._at
            ]  # fmt: skip
            self.parted += bool(inner)
            met = [self._component(held, layer, place) for place in
                   (course[0], *inner, course[-1])]  # fmt: skip
            lines += [(one, two, capacity) for one, two in pairwise(met)]
        return lines

    def _capacity(self, held: dict[str, Any]) -> float | None:
        """The capacity of a line as a number: maps of others have texts with units there."""
        told = held.get("capacity")
        if told is None or told == "":
            return None
        try:
            number = math.nan if isinstance(told, bool) else float(told)
        except (TypeError, ValueError):
            number = math.nan
        if math.isfinite(number) and number >= 0:
            return number
        self.no_numbers += 1
        return None

    def _check(self, course: Course) -> Course:
        where, held, places = course
        if _says_ends(held):
            return where, held, []
        if not isinstance(places, list) or len(places) < 2:
            raise SourceRefused("A line needs two places at least.", where=where)
        return course

    def _make(self, feature: Any, unnamed: str) -> dict[str, Any]:
        """A component with what its properties say of it."""
        held = mapping(feature, "properties")
        ids = (held.get("id"), feature.get("id"), held.get("@id"))
        name = next((one for one in ids if one is not None), unnamed)
        made = node(str(name), held["layer"], held["district"])
        # Numbers and flags stay as the file has them: `read_services` checks them, by row.
        made |= {column: held.get(column) for column in ("people", "backup_hours", "supply")}
        self.nodes.append(made)
        return made

    def _component(self, held: dict[str, Any], layer: str, place: Place) -> str:
        """The component at a place, or a joint made there."""
        key = (layer, *_round_to(place))
        if key not in self._at:
            self._at[key] = self._around(layer, place) or self._joint(held, layer)
        return self._at[key]

    def _around(self, layer: str, place: Place) -> str:
        from shapely import Point

        spot = Point(place)
        for one in self._areas:
            if one.layer == layer and one.wide.covers(spot):
                one.name = one.name or self._make(one.feature, f"area {one.number}")["id"]
                return one.name
        return ""

    def _joint(self, held: dict[str, Any], layer: str) -> str:
        self.joints += 1
        name = f"joint {self.joints}"
        self.nodes.append(node(name, layer, held["district"]))
        return name


def mapping(feature: Any, key: str) -> dict[str, Any]:
    """Give a member of a feature that should be an object; an empty one where it is none."""
    held = feature.get(key) if isinstance(feature, dict) else None
    return held if isinstance(held, dict) else {}


def as_place(held: Any, where: str) -> Place:
    """Read a place, longitude and latitude in degrees.

    Args:
        held: what the file has for it.
        where: what the feature is called in the error.

    Raises:
        SourceRefused: it is no pair of finite numbers.
    """
    try:
        x, y = float(held[0]), float(held[1])
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise SourceRefused(
            "A place has to be two numbers, longitude and latitude.", where=where
        ) from error
    if not (math.isfinite(x) and math.isfinite(y)):
        raise SourceRefused("A place has to be two finite numbers.", where=where)
    check_degrees(x, y, where)
    return x, y


def check_degrees(x: float, y: float, where: str) -> None:
    """Refuse a place that is not on Earth, such as one in metres or with its latitude first.

    Args:
        x: the longitude in degrees.
        y: the latitude in degrees.
        where: what the feature is called in the error.

    Raises:
        SourceRefused: the longitude is beyond 180, or the latitude beyond 90 degrees.
    """
    if abs(x) > 180 or abs(y) > 90:
        raise SourceRefused(
            f"{x:g}, {y:g} is no longitude and latitude in degrees.", where=where,
            remedy="Write the map in WGS 84 (EPSG:4326), the longitude first.",
        )  # fmt: skip


def _says_ends(held: dict[str, Any]) -> bool:
    """Do the properties of a line say what it joins?"""
    return held.get("source") is not None and held.get("target") is not None


def _round_to(place: Place) -> Place:
    return round(place[0], NEAR), round(place[1], NEAR)
