"""Write `shapes.topojson` and `part_shapes.json` in `schema/geography/data` from Natural Earth.

Example: python scripts/build_territories.py countries-50m.json countries-10m.json

The inputs are those files of the npm package world-atlas 2 (ISC; data: Natural Earth, public
domain); with the second alone (`- countries-10m.json`) only the shapes of parts are written.
Parts that lie apart from their state (Bermuda) come from the finer map, since most are too small
for the other; a part on the state's own ground needs no shape, and one that has none on any map
gets null, so that its points are not looked at. Countries are matched to
Gleditsch-Ward numbers by their names; parts that belong to one unit (Palestine and Israel as UCDP
counts them) become one territory.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

from tocsin.schema.geography.shapes import outside_km
from tocsin.schema.geography.territory import UnknownTerritory, resolve

DATA = Path(__file__).parents[1] / "src/tocsin/schema/geography/data"
OUT = DATA / "shapes.topojson"
PARTS = DATA / "part_shapes.json"
NAMES = {
    "Akrotiri": "Akrotiri and Dhekelia",
    "Br. Indian Ocean Ter.": "British Indian Ocean Territory",
    "British Virgin Is.": "British Virgin Islands",
    "Cayman Is.": "Cayman Islands", "Cook Is.": "Cook Islands",
    "Dhekelia": "Akrotiri and Dhekelia", "Faeroe Is.": "Faroe Islands",
    "Falkland Is.": "Falkland Islands", "Fr. Polynesia": "French Polynesia",
    "Fr. S. Antarctic Lands": "French Southern Territories",
    "Indian Ocean Ter.": "Christmas Island|Cocos (Keeling) Islands",
    "N. Mariana Is.": "Northern Mariana Islands", "Pitcairn Is.": "Pitcairn",
    "St-Barthélemy": "Saint Barthélemy", "St-Martin": "Saint Martin",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon",
    "Turks and Caicos Is.": "Turks and Caicos Islands", "U.S. Virgin Is.": "U.S. Virgin Islands",
    "U.S. Minor Outlying Is.": "United States Minor Outlying Islands",
    "Vatican": "Vatican City", "Wallis and Futuna Is.": "Wallis and Futuna",
    "Åland": "Åland Islands",
}  # fmt: skip
"""Natural Earth's names of parts, where ours differ; one shape may be of two of ours."""
ALSO = ("Akrotiri and Dhekelia", "Norfolk Island", "Pitcairn", "Saint Helena", "Vatican City")
"""Parts that sources name; they have shapes whether or not the table of names knows them."""
TINY = ("Tokelau",)
"""Parts that are on no map of Natural Earth."""
DEGREES = 0.005
"""Coasts of parts are simplified by so much, some 500 m."""


def build(source: Path) -> dict[str, object]:
    """The topology with one geometry a territory, its id the Gleditsch-Ward number."""
    atlas = json.loads(source.read_text(encoding="utf-8"))
    parts: dict[int, list[list[list[int]]]] = {}
    left_out = []
    for geometry in atlas["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        try:
            gwno = resolve(name).gwno
        except UnknownTerritory:
            left_out.append(name)
            continue
        arcs = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        parts.setdefault(gwno, []).extend(arcs)
    sys.stderr.write(f"{len(parts)} territories; left out: {', '.join(sorted(left_out))}\n")
    geometries = [
        {"type": "MultiPolygon", "id": gwno, "arcs": arcs} for gwno, arcs in sorted(parts.items())
    ]
    return {
        "type": "Topology",
        "transform": atlas["transform"],
        "arcs": atlas["arcs"],
        "objects": {"territories": {"type": "GeometryCollection", "geometries": geometries}},
    }


def build_parts(source: Path) -> dict[str, object]:
    """Name of a part to the coordinates of its MultiPolygon, or None where it has no shape."""
    from shapely import make_valid
    from shapely.geometry import shape
    from shapely.ops import unary_union

    atlas = json.loads(source.read_text(encoding="utf-8"))
    found: dict[str, list[object]] = {}
    for geometry in atlas["objects"]["countries"]["geometries"]:
        known = geometry["properties"]["name"]
        for name in NAMES.get(known, known).split("|"):
            if geometry.get("type") and (name in ALSO or _is_apart(name)):
                found.setdefault(name, []).append(make_valid(shape(_decoded(atlas, geometry))))
    parts: dict[str, object] = dict.fromkeys(TINY)
    for name, shapes in found.items():
        whole = unary_union(shapes).simplify(DEGREES)
        inside = whole.representative_point()
        gwno = None if name in ALSO else resolve(name).gwno
        if gwno is not None and outside_km(gwno, inside.y, inside.x) == 0:
            continue
        polygons = [
            [
                [[round(x, 3), round(y, 3)] for x, y in ring.coords]
                for ring in (polygon.exterior, *polygon.interiors)
            ]
            for polygon in getattr(whole, "geoms", [whole])
            if polygon.geom_type == "Polygon"
        ]
        if polygons:  # One too small for any area (the Vatican) is looked at by its state.
            parts[name] = polygons
    sys.stderr.write(f"{len(parts)} parts: {', '.join(sorted(parts))}\n")
    return dict(sorted(parts.items()))


def _is_apart(name: str) -> bool:
    try:
        return resolve(name).part is not None
    except UnknownTerritory:
        return False


def _decoded(atlas: dict[str, Any], geometry: dict[str, Any]) -> dict[str, object]:
    """A geometry of a topology as GeoJSON (TopoJSON 1.0: arcs as integer steps on a grid)."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]

    def line(ring: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for arc in ring:
            steps = atlas["arcs"][arc if arc >= 0 else ~arc]
            xs = itertools.accumulate(step[0] for step in steps)
            ys = itertools.accumulate(step[1] for step in steps)
            part = [(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)]
            part = part if arc >= 0 else part[::-1]
            points += part[1:] if points else part
        return points

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    coordinates = [[line(ring) for ring in polygon] for polygon in polygons]
    return {"type": "MultiPolygon", "coordinates": coordinates}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if not PARTS.exists():
        PARTS.write_text("{}", encoding="utf-8")  # Shapes of states are looked at before.
    if sys.argv[1] != "-":
        OUT.write_text(json.dumps(build(Path(sys.argv[1])), separators=(",", ":")), "utf-8")
    parts = json.dumps(build_parts(Path(sys.argv[2])), separators=(",", ":"), ensure_ascii=False)
    PARTS.write_text(parts + "\n", encoding="utf-8")
