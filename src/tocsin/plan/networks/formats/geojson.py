"""Networks drawn on a map: GeoJSON (RFC 7946) with points and areas for components, and lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tocsin.errors import SourceRefused
from tocsin.plan.networks.formats.drawn import BROAD, Drawn, as_place, mapping
from tocsin.plan.networks.formats.parts import Parts, load_json, parts
from tocsin.plan.networks.network import EDGES, NODES
from tocsin.schema.handmade import refuse_misspelt
from tocsin.schema.vocabulary.folding import HEADINGS

KINDS: dict[str, dict[str, set[str] | None]] = {
    "power": {"power": None},
    "telecom": {"telecom": None, "communication": None, "tower:type": {"communication"}},
    "water": {
        "man_made": {"water_tower", "water_works", "water_well", "pumping_station",
                     "reservoir_covered", "water_tank"},
        "substance": {"water"},
    },
    "health": {"healthcare": None, "amenity": {"hospital", "clinic", "doctors"}},
}  # fmt: skip
"""By which tags of OpenStreetMap a feature is of a layer, and which of their values count."""
DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326")
"""How the names of systems end in which places are degrees of WGS 84."""
STOREY = re.compile(r"[+-]?\d{1,2}")
"""OpenStreetMap's own tag `layer` says what lies above what: -1 is under the ground."""


OWN = {HEADINGS.fold(one): one for one in (*NODES, *EDGES, "supply")}
"""The properties that are read, by their folded names."""


def read_geojson(*paths: Path, layer: str = "", district: str = "") -> Parts:
    """Read networks that are drawn on a map, such as an extract of OpenStreetMap.

    A point is a component; so is a small area in which a line ends, such as a substation.
    Properties may be `id`, `layer`, `district`, `people`, `backup_hours`, `supply`, in any case,
    and `capacity` of a line, if it is a number. A line joins components by its properties `source`
    and `target`, or else those that it meets: at an end, at a place where a point lies or another
    line ends, and in an area in which it ends. Where an end meets none, one without people is made.

    Args:
        paths: the files; often the points are in one and the lines in another, and so they are
            read as one map.
        layer: the layer of features that name none and have no tag that tells it (`KINDS`); empty:
            the file's name.
        district: the district of those that name none; empty: the file's name.

    Returns:
        The network; a feature without a place is left out, and this is said.

    Raises:
        SourceRefused: it is no such file, its places are not in degrees, an id stands twice, there
            is no component, or a feature cannot be read; it is named.
    """
    drawn = Drawn()
    courses: list[tuple[str, dict[str, Any], Any]] = []
    other, areas, number = 0, 0, 0
    keys: dict[str, None] = {}
    for path in paths:
        for nth, feature in enumerate(_features(path), 1):
            number += 1
            where = f"{path.name}, feature {nth}"
            held = _place_in(
                mapping(feature, "properties"), layer or path.stem, district or path.stem
            )
            keys |= dict.fromkeys(held)
            shape = mapping(feature, "geometry")
            kind, place = shape.get("type"), shape.get("coordinates")
            named = {"id": feature.get("id"), "properties": held} if shape else {}
            if kind == "Point":
                drawn.add_point(named, number, as_place(place, where))
            elif kind in ("Polygon", "MultiPolygon"):
                drawn.add_area(named, number, shape, where)
                areas += 1
            elif kind in ("LineString", "MultiLineString"):
                several = [place] if kind == "LineString" else place
                if not isinstance(several, list):
                    raise SourceRefused("A line needs two places at least.", where=where)
                courses += [(where, held, course) for course in several]
            else:
                other += 1
    lines = drawn.join_courses(courses)
    if not drawn.nodes and not lines:
        raise SourceRefused(
            "There is no component on this map: no point, no line, and no area where one ends.",
            where=paths[0].name,
        )  # fmt: skip
    ids = [one["id"] for one in drawn.nodes]
    if len(set(ids)) < len(ids):
        again = next(one for place, one in enumerate(ids) if one in ids[:place])
        raise SourceRefused(f"The id '{again}' stands twice.", where=paths[0].name)
    said = [*_notes(drawn, other, areas), *_misspelt(keys)]
    return parts(drawn.nodes, [one for one in lines if one[0] != one[1]], said)


def _features(path: Path) -> list[Any]:
    held = load_json(path, "GeoJSON")
    features = held.get("features") if isinstance(held, dict) else None
    if not isinstance(features, list):
        raise SourceRefused("This is no GeoJSON: there are no features.", where=path.name)
    named = mapping(mapping(held, "crs"), "properties").get("name")
    if named is not None and not str(named).upper().endswith(DEGREES):
        raise SourceRefused(
            f"This map is in '{named}', and not in degrees of longitude and latitude.",
            where=path.name, remedy="Write it anew in WGS 84 (EPSG:4326), as GeoJSON asks for.",
        )  # fmt: skip
    return features


def _place_in(held: dict[str, Any], layer: str, district: str) -> dict[str, Any]:
    """The properties with a layer and a district; 'People' is as good as 'people'."""
    held = {OWN.get(HEADINGS.fold(key), key): one for key, one in held.items()} | {
        key: one for key, one in held.items() if key in OWN.values()
    }
    named = str(held.get("layer") or "")
    if not named or STOREY.fullmatch(named):
        named = next((name for name, tags in KINDS.items() if _has_tag(held, tags)), layer)
    return {**held, "layer": named, "district": str(held.get("district") or district)}


def _has_tag(held: dict[str, Any], tags: dict[str, set[str] | None]) -> bool:
    return any(
        held.get(tag) not in (None, "", "no") and (values is None or str(held[tag]) in values)
        for tag, values in tags.items()
    )


def _notes(drawn: Drawn, other: int, areas: int) -> list[str]:
    said = []
    if other:
        said.append(f"{other} features that are no points, areas or lines were left out.")
    if areas > drawn.areas:
        said.append(
            f"{areas - drawn.areas} areas in which no line ends, or broader than {BROAD:g} "
            "degrees, were left out."
        )
    if drawn.no_numbers:
        said.append(f"Capacities of lines that are no numbers were left out: {drawn.no_numbers}.")
    if drawn.parted:
        said.append(
            f"{drawn.parted} lines were parted where they pass a point or the end of another line."
        )
    if drawn.joints:
        said.append(
            f"{drawn.joints} ends of lines without a component became joints without people."
        )
    return said


def _misspelt(keys: Iterable[str]) -> list[str]:
    """What property is called nearly as one that no feature has: it is not read."""
    try:
        refuse_misspelt(list(keys), ("people", "backup_hours", "supply", "capacity"), "")
    except SourceRefused as error:
        return [f"{error.what.replace('column', 'property')} It is not read."]
    return []


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
