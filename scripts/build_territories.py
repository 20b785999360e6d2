"""Write `schema/geography/data/shapes.topojson` from Natural Earth's countries as TopoJSON.

Example: python scripts/build_territories.py countries-50m.json

The input is `countries-50m.json` of the package world-atlas 2 (ISC; data: Natural Earth,
public domain). Countries are matched to Gleditsch-Ward numbers by their names; parts that
belong to one unit (Palestine and Israel as UCDP counts them) become one territory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tocsin.schema.geography.territory import UnknownTerritory, resolve

OUT = Path(__file__).parents[1] / "src/tocsin/schema/geography/data/shapes.topojson"


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


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    OUT.write_text(json.dumps(build(Path(sys.argv[1])), separators=(",", ":")), encoding="utf-8")
