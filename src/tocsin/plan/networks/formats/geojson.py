"""Networks drawn on a map: GeoJSON (RFC 7946) with points and areas for components, and lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tocsin.errors import SourceRefused
from tocsin.plan.networks.formats.drawn import BROAD, Drawn, as_place, mapping
from tocsin.plan.networks.formats.parts import Parts, load_json, parts


def read_geojson(path: Path, *, layer: str = "", district: str = "") -> Parts:
    """Read a network that is drawn on a map, such as an extract of OpenStreetMap.

    A point is a component; so is a small area in which a line ends, such as a substation.
    Properties may be `id`, `layer`, `district`, `people`, `backup_hours`, `supply`. A line joins
    components by its properties `source` and `target`, or else those that it meets: at an end, at a
    place where a point lies or another line ends, and in an area in which it ends. Where an end
    meets none, one without people is made.

    Args:
        path: the file.
        layer: the layer of features that name none; empty: the file's name.
        district: the district of those that name none; empty: the file's name.

    Returns:
        The network; a feature without a place is left out, and this is said.

    Raises:
        SourceRefused: it is no such file, or a feature cannot be read; it is named.
    """
    held = load_json(path, "GeoJSON")
    features = held.get("features") if isinstance(held, dict) else None
    if not isinstance(features, list):
        raise SourceRefused("This is no GeoJSON: there are no features.", where=path.name)
    drawn = Drawn(layer or path.stem, district or path.stem)
    courses: list[tuple[str, dict[str, Any], Any]] = []
    other, areas = 0, 0
    for number, feature in enumerate(features, 1):
        where = f"{path.name}, feature {number}"
        shape = mapping(feature, "geometry")
        kind, place = shape.get("type"), shape.get("coordinates")
        if kind == "Point":
            drawn.add_point(feature, number, as_place(place, where))
        elif kind in ("Polygon", "MultiPolygon"):
            drawn.add_area(feature, number, shape, where)
            areas += 1
        elif kind in ("LineString", "MultiLineString"):
            several = [place] if kind == "LineString" else place or []
            courses += [(where, mapping(feature, "properties"), course) for course in several]
        else:
            other += 1
    lines = drawn.joined(courses)
    said = []
    if other:
        said.append(f"{other} features that are no points, areas or lines were left out.")
    if areas > drawn.areas:
        said.append(
            f"{areas - drawn.areas} areas in which no line ends, or broader than {BROAD:g} "
            "degrees, were left out."
        )
    if drawn.parted:
        said.append(
            f"{drawn.parted} lines were parted where they pass a point or the end of another line."
        )
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
