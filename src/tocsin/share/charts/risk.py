"""Maps of the region, and fans of what may come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.schema.geography.grammar import with_the
from tocsin.schema.geography.shapes import centre, shapes
from tocsin.share.charts.style import (
    BLUE,
    INK,
    ORANGE,
    altair,
    place,
)
from tocsin.share.facts.words import Facts, percent, plain

EDGE = 0.15
"""A name that stands within this share of the map's width from its edge runs inwards."""
CLOSE = 0.08
"""Share of a map's height within which two names would run into each other."""


def risk_map(i: int, group: Facts, facts: Facts) -> Facts:
    """Draw a map of a sub-region with the risk in each territory.

    The colour shows the probability of serious violence, the area of a ring the width of the 90 %
    interval of deaths.

    Args:
        i: the number of the sub-region, for the identifier of the chart.
        group: the sub-region, one of the facts' `groups`; all its territories have a forecast.
        facts: the facts of a brief.

    Returns:
        A chart as `style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    rows = {row["gwno"]: row for row in facts["risk"]}
    features = shapes(group["gwnos"])["features"]
    land = _land(alt, features, rows)
    marks = _marks(group["gwnos"], rows)
    _align(marks, features)
    rings = (
        alt.Chart(alt.Data(values=marks))
        .mark_point(filled=False, stroke=ORANGE, strokeWidth=2.5, shape="circle")
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size(
                "width:Q",
                scale=alt.Scale(type="sqrt", domain=[0, 3000], range=[10, 1500]),
                legend=alt.Legend(title="Interval’s width (deaths)", values=[30, 300, 3000]),
            ),
        )
    )
    title = f"{group['name']}: how likely serious violence is in the three months after the data"
    words = "; ".join(
        f"{row['territory']} {percent(row['probability'])}"
        for row in facts["risk"]
        if row["gwno"] in group["gwnos"]
    )
    chart = alt.layer(land, rings, *_names(alt, marks)).project("mercator")
    return place(
        f"map-{i}",
        "risk",
        chart,
        title=title,
        alt=f"Map of {with_the(group['name'])}. {words}.",
        height=340,
    )


def _land(alt: Any, features: list[Any], rows: Mapping[int, Facts]) -> Any:
    """The territories, coloured by the probability; what is told of each is put into its shape."""
    for feature in features:
        row = rows[feature["properties"]["gwno"]]
        feature["properties"] |= {
            "probability": row["probability"],
            "word": row["word"],
            "interval": f"{row['low']:.0f} to {row['high']:.0f}",
            "mean": row["mean"],
        }
        if row.get("all_3") is not None:
            feature["properties"]["all_3"] = row["all_3"]
    tooltip = [
        alt.Tooltip("properties.territory:N", title="Territory"),
        alt.Tooltip("properties.probability:Q", title="Probability", format=".0%"),
        alt.Tooltip("properties.word:N", title="In words"),
        alt.Tooltip("properties.mean:Q", title="Deaths expected", format=",.0f"),
        alt.Tooltip("properties.interval:N", title="90% interval"),
    ]
    if any("all_3" in feature["properties"] for feature in features):
        title = "All organised violence, last 3 months"
        tooltip.append(alt.Tooltip("properties.all_3:Q", title=title, format=",.0f"))
    fill = alt.Color(
        "properties.probability:Q",
        scale=alt.Scale(scheme="cividis", domain=[0, 1]),
        legend=alt.Legend(title="Probability", format="%", tickCount=3),
    )
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="white", strokeWidth=1)
        .encode(color=fill, tooltip=tooltip)
    )


def _names(alt: Any, marks: list[dict[str, Any]]) -> list[Any]:
    """The territories' names, each on a white edge that keeps it readable on any colour."""
    return [
        alt.Chart(alt.Data(values=some))
        .mark_text(fontSize=11, dy=13 if below else -12, align=align, color=INK, **edge)
        .encode(longitude="longitude:Q", latitude="latitude:Q", text="name:N")
        for below in (False, True)
        for align in ("left", "center", "right")
        if (some := [one for one in marks if (one["below"], one["align"]) == (below, align)])
        for edge in ({"stroke": "white", "strokeWidth": 3, "strokeOpacity": 0.8}, {})
    ]


def _marks(gwnos: list[int], rows: dict[int, Facts]) -> list[dict[str, Any]]:
    """Where the ring and name of each territory stand; a name close to another's goes below."""
    found: list[dict[str, Any]] = []
    for gwno in gwnos:
        point, row = centre(gwno), rows[gwno]
        if point:
            width = row["high"] - row["low"]
            place = {"latitude": point[0], "longitude": point[1]}
            found.append(place | {"width": width, "name": row["territory"], "below": False})
    tall = max((one["latitude"] for one in found), default=0.0) - min(
        (one["latitude"] for one in found), default=0.0
    )
    for i, one in enumerate(found):
        one["below"] = any(
            abs(one["latitude"] - other["latitude"]) < CLOSE * tall
            and abs(one["longitude"] - other["longitude"]) < 4 * CLOSE * tall
            and not other["below"]
            for other in found[:i]
        )
    return found


def _align(marks: list[dict[str, Any]], features: list[dict[str, Any]]) -> None:
    """Let the names near an edge of the map run inwards, so that none is cut on a phone."""
    from shapely.geometry import shape

    bounds = [shape(one["geometry"]).bounds for one in features]
    west = min((one[0] for one in bounds), default=0.0)
    wide = max((one[2] for one in bounds), default=1.0) - west
    for mark in marks:
        share = (mark["longitude"] - west) / (wide or 1.0)
        mark["align"] = "left" if share < EDGE else "right" if share > 1 - EDGE else "center"


def fan_layers(fan: Facts) -> Any:
    """Draw the history, then the median and the 50 % and 90 % intervals of a forecast.

    Args:
        fan: a dict of `history` (rows of `month, deaths`) and `forecast` (rows of `month, p05, p25,
            p50, p75, p95`, deaths a month).

    Returns:
        Layers of an Altair chart.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=4),
    )
    scale = alt.Scale(type="symlog", constant=10, domainMin=0)
    title = "Deaths a month"
    ahead = alt.Chart(alt.Data(values=plain(fan["forecast"])))
    wide = ahead.mark_area(opacity=0.25, color=BLUE).encode(
        x=x, y=alt.Y("p05:Q", title=title, scale=scale), y2="p95:Q"
    )
    narrow = ahead.mark_area(opacity=0.4, color=BLUE).encode(
        x=x, y=alt.Y("p25:Q", scale=scale), y2="p75:Q"
    )
    middle = ahead.mark_line(color=BLUE, strokeWidth=2).encode(
        x=x,
        y=alt.Y("p50:Q", scale=scale),
        tooltip=[
            alt.Tooltip("month:T", format="%b %Y"),
            alt.Tooltip("p50:Q", title="Median", format=",.0f"),
            alt.Tooltip("p05:Q", title="5%", format=",.0f"),
            alt.Tooltip("p95:Q", title="95%", format=",.0f"),
        ],
    )
    past = (
        alt.Chart(alt.Data(values=plain(fan["history"])))
        .mark_line(color=INK, strokeWidth=1.5, point={"size": 12, "color": INK})
        .encode(x=x, y=alt.Y("deaths:Q", scale=scale))
    )
    return alt.layer(wide, narrow, middle, past)


def fan_chart(i: int, fan: Facts) -> Facts:
    """Draw a fan chart: one territory's history, then the median and intervals of its forecast.

    Args:
        i: the number of the chart, for its identifier.
        fan: one of the facts' `fans`.

    Returns:
        A chart as `style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    last = fan["forecast"][-1]
    words = (
        f"Fan chart of {with_the(fan['territory'])}: history, then median and 50% and 90% "
        f"intervals; at the last month {last['p05']:,.0f} to {last['p95']:,.0f} deaths."
    )
    chart = fan_layers(fan)
    return place(f"fan-{i}", "fans", chart, title=fan["territory"], alt=words, height=220)
