"""The timeline: a few futures, quarter by quarter, on maps of whole territories.

The maps are SVG. Without a script the page shows frames that stand still; a light script lays two
maps side by side that a reader steps through, or lets run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import polars as pl

from tocsin.schema.geography.shapes import centre, shapes
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.charts.style import CIVIDIS, LAND
from tocsin.share.facts.words import Facts
from tocsin.share.page.planning.words import PlanWords

EDGES = (1, 25, 100, 1000)
"""Deaths of a quarter from which the next colour begins."""
COLOURS = (LAND, *CIVIDIS)
"""None, and then darker with more deaths."""
FRAMES = (7, 15, 23, 31, 39)
"""Quarters that stand still on a page without a script: the end of every second year."""
WIDTH = 320.0
"""Points across a map."""
SMALL = 3.5
"""Points of the radius by which a territory is drawn that has no shape at this scale."""
FUTURES = ("future_low", "future_middle", "future_high")


def timeline(paths: pl.DataFrame, words: PlanWords) -> Facts | None:
    """Make what the timeline is drawn of.

    Args:
        paths: the table `future_paths`.
        words: the sentences of the language.

    Returns:
        `territories` (`gwno, name, shape`, an SVG path), the map's `height`, `portfolios` and
        `futures` (`key, label`), `frames` (by future and portfolio, colours of each territory at
        `FRAMES`), `colours`, `classes` in words, and `data`: deaths by future, portfolio, quarter
        and territory. None where no future was kept.
    """
    if paths.is_empty():
        return None
    gwnos = paths["gwno"].unique(maintain_order=True).to_list()
    drawn, height = outlines(gwnos)
    rows = paths.select("gwno", "territory").unique(maintain_order=True).to_dicts()
    territories = [
        {"gwno": row["gwno"], "name": words.territory(row), "shape": drawn[row["gwno"]]}
        for row in rows
    ]
    numbers = dict(paths.select("future", "fewer").unique(maintain_order=True).sort("fewer").rows())
    data: dict[str, dict[str, list[list[int]]]] = {}
    for (future, portfolio), part in paths.group_by("future", "portfolio", maintain_order=True):
        wide = part.pivot(on="gwno", index="quarter", values="deaths").sort("quarter")
        deaths = wide.select(str(gwno) for gwno in gwnos).rows()
        data.setdefault(str(future), {})[str(portfolio)] = [
            [round(one) for one in row] for row in deaths
        ]
    others = [name for name in next(iter(data.values())) if name != STATUS_QUO]
    last = len(next(iter(data.values()))[STATUS_QUO])
    return {
        "territories": territories,
        "height": height,
        "status_quo": STATUS_QUO,
        "others": [{"key": name, "label": words.portfolio(name)} for name in others],
        "futures": [
            {"key": str(number), "label": _future(place, fewer, words)}
            for place, (number, fewer) in enumerate(numbers.items())
        ],
        "quarters": last,
        "shown": [quarter for quarter in FRAMES if quarter < last],
        "colours": COLOURS,
        "classes": _classes(words),
        "data": data,
    }


def colour(deaths: float) -> str:
    """The colour of a territory with so many deaths in a quarter.

    >>> [COLOURS.index(colour(deaths)) for deaths in (0, 24, 25, 5_000)]
    [0, 1, 2, 4]
    """
    return COLOURS[sum(deaths >= edge for edge in EDGES)]


def _future(place: int, fewer: float, words: PlanWords) -> str:
    """A future in words: where it lies among all."""
    key = FUTURES[min(place, len(FUTURES) - 1)]
    return words.say(key, share=words.percent(1 - fewer if key == "future_low" else fewer))


def _classes(words: PlanWords) -> list[Facts]:
    """What each colour stands for."""
    ends = [f"{words.number(a)}–{words.number(b - 1)}" for a, b in pairwise(EDGES)]
    labels = [words.say("none_class"), *ends, f"{words.number(EDGES[-1])}+"]
    return [{"colour": one, "label": label} for one, label in zip(COLOURS, labels, strict=True)]


def outlines(gwnos: list[int]) -> tuple[dict[int, str], float]:
    """Draw territories as paths of SVG, on one map of `WIDTH` points.

    Args:
        gwnos: Gleditsch-Ward numbers.

    Returns:
        A path for each, and the height of the map. A territory without a shape is a small circle
        at its centre.
    """
    rings: dict[int, list[list[tuple[float, float]]]] = {
        one["properties"]["gwno"]: _rings(one["geometry"]) for one in shapes(gwnos)["features"]
    }
    points = {gwno: centre(gwno) for gwno in gwnos if gwno not in rings}
    every = [spot for some in rings.values() for ring in some for spot in ring]
    every += [spot for spot in points.values() if spot is not None]
    if not every:
        return dict.fromkeys(gwnos, ""), 1.0
    west, east = min(x for x, _ in every), max(x for x, _ in every)
    south, north = min(y for _, y in every), max(y for _, y in every)
    # As wide as it is at the middle latitude, so that no territory looks broader than it is.
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 4 * SMALL) / max((east - west) * narrow, (north - south) * 0.5, 1e-6)

    def place(spot: tuple[float, float]) -> tuple[float, float]:
        return (
            2 * SMALL + (spot[0] - west) * narrow * scale, 2 * SMALL + (north - spot[1]) * scale
        )  # fmt: skip

    found = {gwno: "".join(_path([place(spot) for spot in ring]) for ring in some)
             for gwno, some in rings.items()}  # fmt: skip
    for gwno, spot in points.items():
        found[gwno] = "" if spot is None else _circle(*place(spot))
    return found, round(4 * SMALL + (north - south) * scale, 1)


def _rings(geometry: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """All rings of a polygon or of several, in degrees."""
    parts = geometry["coordinates"]
    polygons = [parts] if geometry["type"] == "Polygon" else parts
    return [[(float(x), float(y)) for x, y, *_ in ring] for one in polygons for ring in one]


def _path(spots: list[tuple[float, float]]) -> str:
    """A closed ring; steps under half a point are left out."""
    kept = spots[:1]
    for spot in spots[1:]:
        if math.dist(spot, kept[-1]) >= 0.5:
            kept.append(spot)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z"


def _circle(x: float, y: float) -> str:
    half = f"a{SMALL} {SMALL} 0 1 0"
    return f"M{x - SMALL:.1f} {y:.1f}{half} {2 * SMALL} 0{half} {-2 * SMALL} 0Z"
