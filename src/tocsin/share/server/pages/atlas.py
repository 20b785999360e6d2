"""The map: territories with the warnings and incidents that whoever asks may see, drawn as SVG.

Levels and counts are worked out anew for each reader from what this reader may see, and so is which
territories are drawn. The drawing needs no script, and nothing from outside: shapes are those that
ship with tocsin. A table below it holds everything that it shows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from fastapi import APIRouter, Request, Response

from tocsin.errors import TocsinError
from tocsin.schema.geography.shapes import centre, shapes
from tocsin.schema.geography.territory import by_iso, territories
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.share.server.desk import acts, handling
from tocsin.share.server.desk.handling import Item
from tocsin.share.server.desk.workspace.incidents import list_seen
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import Here, Signed

router = APIRouter(tags=["pages"], include_in_schema=False)
WIDE = 720
"""The drawing's width, in its own units; its height follows the ground."""
HIGH = 560
"""Its height, at most."""
SMALLEST = 4.0
"""Islands of fewer square units are not drawn, unless a territory has nothing larger."""
DETAIL = 0.6
"""Units by which an outline may be simplified."""


@dataclass
class Place:
    """This is what a reader may see of a territory."""

    code: str
    standing: list[Item] = field(default_factory=list)
    """Warnings that stand, the most pressing first."""
    incidents: int = 0

    @property
    def level(self) -> str:
        """The highest level of a warning that stands; empty: none stands."""
        levels = [one.said.level for one in self.standing]
        return max(levels, key=ALERT_LEVELS.index, default="")


@router.get("/map")
def show_map(request: Request, signed: Signed, here: Here) -> Response:
    """Show the territories with the warnings and the incidents that whoever asks may see."""
    with here.database.reading() as connection:
        items = handling.inbox(here.database, connection, signed, here.settings.service_levels)
        seen = list_seen(here.database, connection, signed)
    acts.record_reading(here.database, signed, [*(one.row for one in items), *(r for r, _ in seen)])
    places: dict[str, Place] = {}
    for one in items:
        place = places.setdefault(one.row.jurisdiction, Place(one.row.jurisdiction))
        if one.state != handling.ENDED:
            place.standing.append(one)
    for code, n in Counter(row.jurisdiction for row, _ in seen).items():
        places.setdefault(code, Place(code)).incidents = n
    ordered = sorted(places.values(), key=_rank)
    return draw(
        request,
        "outlook/map",
        signed,
        places=ordered,
        drawing=drawing(ordered),
        now=here.database.time(),
    )


def _rank(place: Place) -> tuple[object, ...]:
    level = ALERT_LEVELS.index(place.level) if place.level else -1
    return (-level, -len(place.standing), -place.incidents, place.code)


def drawing(places: Sequence[Place]) -> dict[str, Any] | None:
    """Work out the drawing of some territories, with what lies around them.

    Args:
        places: what is to be shown, by territory; codes that no territory has are left out.

    Returns:
        `wide` and `high`, `areas` (each with the outline `path`, `level` and whether it is
        `known`), and `labels` (`x`, `y`, `level`, `n`); None where there is no territory to draw.
    """
    known = {gwno: one for one in places if (gwno := _gwno(one.code)) is not None}
    ground = _ground(tuple(sorted(known)))
    if ground is None:
        return None
    wide, high, outlines, points = ground
    areas = [
        {"path": path, "known": gwno in known, "level": known[gwno].level if gwno in known else ""}
        for gwno, path in outlines
    ]
    labels = [
        {"x": points[gwno][0], "y": points[gwno][1], "level": one.level, "n": len(one.standing)}
        for gwno, one in known.items() if one.standing and gwno in points
    ]  # fmt: skip
    return {"wide": wide, "high": high, "areas": areas, "labels": labels}


def _gwno(code: str) -> int | None:
    try:
        return by_iso(code).gwno if code else None
    except TocsinError:
        return None


Ground = tuple[int, int, list[tuple[int, str]], dict[int, tuple[float, float]]]
"""Width and height, outlines by territory, and the points of labels."""


@lru_cache(maxsize=64)
def _ground(gwnos: tuple[int, ...]) -> Ground | None:
    """The ground that holds some territories: theirs, and what of all others lies in it."""
    found = {gwno: parts for gwno in gwnos if (parts := _parts(gwno))}
    if not found:
        return None
    west, south, east, north = _frame([part for parts in found.values() for part in parts])
    # Degrees of longitude are shorter away from the equator.
    narrow = max(0.2, math.cos(math.radians((south + north) / 2)))
    scale = min(WIDE / ((east - west) * narrow), HIGH / (north - south))
    around = {one.gwno: _parts(one.gwno) for one in territories() if one.gwno not in found}

    def at(degrees: Numbers) -> Numbers:
        placed: Numbers = np.round((degrees - (west, north)) * (narrow * scale, -scale), 1)
        return placed

    points = {gwno: tuple(at(np.array(place[::-1])).tolist())
              for gwno in found if (place := centre(gwno)) is not None}  # fmt: skip
    # What lies beyond the frame is cut off by the drawing itself.
    inside = {gwno: [part for part, bounds in parts if bounds[0] < east and bounds[2] > west
                     and bounds[1] < north and bounds[3] > south]
              for gwno, parts in (around | found).items()}  # fmt: skip
    paths = [(gwno, _path(parts, at)) for gwno, parts in inside.items()]
    size = (round((east - west) * narrow * scale), round((north - south) * scale))
    return *size, [one for one in paths if one[1]], points


def _frame(some: list[Part]) -> tuple[float, float, float, float]:
    """West, south, east and north of some polygons, with a margin."""
    bounds = [one for _, one in some]
    west, south = (min(one[n] for one in bounds) for n in (0, 1))
    east, north = (max(one[n] for one in bounds) for n in (2, 3))
    margin = 0.06 * max(east - west, north - south)
    return west - margin, max(-90.0, south - margin), east + margin, min(90.0, north + margin)


Numbers = npt.NDArray[np.float64]
Part = tuple[Any, tuple[float, float, float, float]]
"""A polygon, and its bounds: west, south, east, north."""


@cache
def _parts(gwno: int) -> tuple[Part, ...]:
    """A territory's polygons; none where it is too small for our maps."""
    from shapely.geometry import shape

    found = [shape(one["geometry"]) for one in shapes([gwno])["features"]]
    return tuple((part, part.bounds) for whole in found for part in whole.geoms)


def _path(parts: list[Any], at: Any) -> str:
    """The outline of a territory as SVG has it, simplified to what the eye sees."""
    from shapely import Polygon, get_coordinates

    drawn = [Polygon(at(get_coordinates(one.exterior))).simplify(DETAIL) for one in parts]
    largest = max((one.area for one in drawn), default=0.0)
    kept = [one for one in drawn if one.area > 0 and one.area >= min(SMALLEST, largest)]
    return "".join(
        "M" + "L".join(f"{x:g},{y:g}" for x, y in list(one.exterior.coords)[:-1]) + "Z"
        for one in kept
    )
