"""Networks drawn on a map: GeoJSON (RFC 7946) with points for components and lines between them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tocsin.errors import SourceRefused
from tocsin.plan.networks.formats.parts import Parts, load_json, node, parts

NEAR = 5
"""Decimals of a degree to which an end of a line and a point have to agree: about a metre."""


def read_geojson(path: Path, *, layer: str = "", district: str = "") -> Parts:
    """Read a network that is drawn on a map.

    A point is a component; its properties may be `id`, `layer`, `district`, `people`,
    `backup_hours`, `supply`. A line joins components by its properties `source` and `target`, or
    else those at its two ends; where an end has none, one without people is made.

    Args:
        path: the file.
        layer: the layer of features that name none; empty: the file's name.
        district: the district of those that name none; empty: the file's name.

    Returns:
        The network; a feature that is neither point nor line is left out, and this is said.

    Raises:
        SourceRefused: it is no such file, or a feature cannot be read; it is named.
    """
    held = load_json(path, "GeoJSON")
    features = held.get("features") if isinstance(held, dict) else None
    if not isinstance(features, list):
        raise SourceRefused("This is no GeoJSON: there are no features.", where=path.name)
    drawn = _Drawn(layer or path.stem, district or path.stem)
    courses: list[tuple[str, dict[str, Any], Any]] = []
    other = 0
    for number, feature in enumerate(features, 1):
        where = f"{path.name}, feature {number}"
        shape = _mapping(feature, "geometry")
        kind, place = shape.get("type"), shape.get("coordinates")
        if kind == "Point":
            drawn.add_point(feature, number, _place(place, where))
        elif kind in ("LineString", "MultiLineString"):
            several = [place] if kind == "LineString" else place or []
            courses += [(where, _mapping(feature, "properties"), course) for course in several]
        else:
            other += 1
    lines = [drawn.joined(*course) for course in courses]
    said = [f"{other} features that are neither points nor lines were left out."] if other else []
    if drawn.joints:
        said.append(
            f"{drawn.joints} ends of lines without a component became joints without people."
        )
    return parts(drawn.nodes, [one for one in lines if one[0] != one[1]], said)


def is_geojson(path: Path) -> bool:
    """Tell whether a file of JSON is drawn on a map: GeoJSON often ends in .json, too.

    Args:
        path: the file.

    Returns:
        True if it holds a collection of features.

    Raises:
        SourceRefused: it is no JSON that can be read.
    """
    held = load_json(path, "JSON")
    return isinstance(held, dict) and held.get("type") == "FeatureCollection"


class _Drawn:
    """These are components by where they are drawn."""

    def __init__(self, layer: str, district: str) -> None:
        self.layer, self.district = layer, district
        self.nodes: list[dict[str, Any]] = []
        self.joints = 0
        self._at: dict[tuple[str, float, float], str] = {}

    def add_point(self, feature: Any, number: int, place: tuple[float, float]) -> None:
        """Make a component of a point."""
        held = _mapping(feature, "properties")
        name = held.get("id", feature.get("id"))
        made = node(
            str(name if name is not None else f"point {number}"),
            str(held.get("layer") or self.layer),
            str(held.get("district") or self.district),
        )
        # Numbers and flags stay as the file has them: `read_services` checks them, by row.
        made |= {column: held.get(column) for column in ("people", "backup_hours", "supply")}
        self.nodes.append(made)
        self._at.setdefault((made["layer"], *_rounded(place)), made["id"])

    def joined(self, where: str, held: dict[str, Any], course: Any) -> tuple[str, str]:
        """Find the two components that a line joins, and make joints where there are none."""
        if held.get("source") is not None and held.get("target") is not None:
            return str(held["source"]), str(held["target"])
        if not isinstance(course, list) or len(course) < 2:
            raise SourceRefused("A line needs two places at least.", where=where)
        layer = str(held.get("layer") or self.layer)
        ends = []
        for end in (course[0], course[-1]):
            key = (layer, *_rounded(_place(end, where)))
            if key not in self._at:
                self.joints += 1
                self._at[key] = f"joint {self.joints}"
                district = str(held.get("district") or self.district)
                self.nodes.append(node(self._at[key], layer, district))
            ends.append(self._at[key])
        return ends[0], ends[1]


def _mapping(feature: Any, key: str) -> dict[str, Any]:
    held = feature.get(key) if isinstance(feature, dict) else None
    return held if isinstance(held, dict) else {}


def _place(held: Any, where: str) -> tuple[float, float]:
    try:
        x, y = float(held[0]), float(held[1])
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise SourceRefused(
            "A place has to be two numbers, longitude and latitude.", where=where
        ) from error
    if not (math.isfinite(x) and math.isfinite(y)):
        raise SourceRefused("A place has to be two finite numbers.", where=where)
    return x, y


def _rounded(place: tuple[float, float]) -> tuple[float, float]:
    return round(place[0], NEAR), round(place[1], NEAR)
