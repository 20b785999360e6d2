"""A map of cells: how likely deaths are in each, and how many are expected.

The fill is a probability on one scale for all territories (cividis: readable by people who
confuse red and green, and in grey); the circle's area is the number of deaths expected. Cells
show where people are at risk; no cell is ranked or named.
"""

from __future__ import annotations

from datetime import date
from math import atan, degrees, exp, log, pi, radians, tan
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.base.atomic import write_bytes
from tocsin.errors import UsageError, require
from tocsin.schema.geography.prio_grid import centre, outline
from tocsin.schema.geography.shapes import shapes
from tocsin.schema.geography.territory import resolve
from tocsin.share.charts.style import INK, ORANGE, altair

Spec = dict[str, Any]
SIDE = 380
"""Pixels that a territory's map is wide and high."""
LEAST = 5.0
"""Fewer expected deaths get no circle."""
KINDS = {
    "ged_sb": "state-based conflict",
    "ged_ns": "non-state conflict",
    "ged_os": "one-sided violence",
    "ged_total": "organised violence",
}


def cell_map(
    cells: pl.DataFrame, unplaced: pl.DataFrame, *, origin: date, months: int, target: str
) -> Spec:
    """Make a Vega-Lite specification with one map for each territory.

    Args:
        cells: a row for each cell: `priogrid_gid, country, p_any` (the chance of a death in the
            months, 0 to 1) and `mean` (deaths expected).
        unplaced: a row for each territory: `territory`, and the `share` of its deaths whose place
            is too coarse for a cell.
        origin: the first day of the last month that was known.
        months: how many months after the origin the map is about.
        target: which deaths are counted.

    Returns:
        The specification, as a dict that JSON can hold.
    """
    alt = altair()
    names = cells["country"].unique().sort().to_list()
    left_out = dict(unplaced.select("territory", "share").iter_rows())
    maps = [
        _territory(alt, name, cells.filter(pl.col("country") == name), left_out) for name in names
    ]
    after = f"{months} months after {origin:%B %Y}"
    chart = (
        alt.hconcat(*maps)
        .resolve_scale(color="shared", size="shared")
        .properties(
            title=alt.TitleParams(
                f"Where deaths in {KINDS.get(target, target)} are likely in the {after}",
                subtitle=[
                    "Cells of half a degree (PRIO-GRID). Fill: probability of at least one death. "
                    "Circle: deaths expected.",
                    "Data: UCDP GED (CC BY 4.0). Borders: Natural Earth; they say nothing "
                    "on status. Forecast: tocsin.",
                ],
                anchor="start",
                fontSize=15,
                color=INK,
                subtitleColor=INK,
            ),
            background="white",
        )
        .configure(font="system-ui, sans-serif", padding=12)
        .configure_view(stroke=None)
    )
    spec: Spec = chart.to_dict()
    return spec


def save_chart(spec: Spec, out: Path) -> None:
    """Write a specification as a picture, PNG (twice the size of the screen) or SVG.

    Args:
        spec: a specification of Vega-Lite.
        out: the file to write; its suffix, .png or .svg, says which picture it is.

    Raises:
        UsageError: the file has another suffix.
        MissingExtra: the extra `share` is not installed.
    """
    convert = require("vl_convert", extra="share")
    if out.suffix == ".png":
        drawn = convert.vegalite_to_png(spec, scale=2)
    elif out.suffix == ".svg":
        drawn = convert.vegalite_to_svg(spec).encode()
    else:
        raise UsageError(f"'{out.name}' is no picture.", remedy="Name it .png or .svg.")
    write_bytes(out, drawn)


def _projection(cells: list[int]) -> Spec:
    """Mercator that fits the cells. Fitted here: maps side by side would share one otherwise."""
    places = [centre(number) for number in cells]
    south, north = (f(place[0] for place in places) for f in (min, max))
    west, east = (f(place[1] for place in places) for f in (min, max))
    height = _mercator(north + 0.5) - _mercator(south - 0.5)
    scale = 0.98 * SIDE / max(radians(east - west + 1), height)
    middle = degrees(2 * atan(exp((_mercator(north) + _mercator(south)) / 2)) - pi / 2)
    return {
        "type": "mercator",
        "scale": scale,
        "center": [(west + east) / 2, middle],
        "translate": [SIDE / 2, SIDE / 2],
    }


def _mercator(latitude: float) -> float:
    return log(tan(pi / 4 + radians(latitude) / 2))


def _territory(alt: Any, name: str, cells: pl.DataFrame, left_out: dict[str, float]) -> Any:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [outline(row["priogrid_gid"])]},
            "properties": {"p_any": row["p_any"]},
        }
        for row in cells.to_dicts()
    ]
    marks = [
        dict(zip(("latitude", "longitude"), centre(row["priogrid_gid"]), strict=True))
        | {"mean": row["mean"]}
        for row in cells.to_dicts()
        if row["mean"] >= LEAST
    ]
    fill = (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="white", strokeWidth=0.4)
        .encode(
            color=alt.Color(
                "properties.p_any:Q",
                scale=alt.Scale(scheme="cividis", domain=[0, 1]),
                legend=alt.Legend(
                    title="Probability of a death",
                    format=".0%",
                    orient="bottom",
                    gradientLength=220,
                ),
            )
        )
    )
    circles = (
        alt.Chart(alt.Data(values=marks))
        .mark_point(filled=False, stroke=ORANGE, strokeWidth=1.3, shape="circle")
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size(
                "mean:Q",
                scale=alt.Scale(type="linear", domain=[0, 300], range=[0, 450]),
                legend=alt.Legend(title="Deaths expected", values=[10, 100, 300], orient="bottom"),
            ),
        )
    )
    border = alt.Chart(alt.Data(values=shapes([resolve(name).gwno])["features"])).mark_geoshape(
        filled=False, stroke=INK, strokeWidth=1.4
    )
    share = left_out.get(name, 0.0)
    title = f"{name} ({share:.0%} of past deaths have no cell)"
    return (
        alt.layer(fill, border, circles)
        .project(**_projection(cells["priogrid_gid"].to_list()))
        .properties(width=SIDE, height=SIDE, title=alt.TitleParams(title, fontSize=13, color=INK))
    )
