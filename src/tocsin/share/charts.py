"""The charts of a brief, as Vega-Lite. Colours are safe for the colour-blind.

Maps use the scale 'cividis' (Nuñez, Anderton and Renslow 2018), lines and marks the palette of
Okabe and Ito (2008).
"""

from __future__ import annotations

from typing import Any

from tocsin.errors import require
from tocsin.schema.geography.shapes import centre, shapes
from tocsin.share.alerts import alert_charts
from tocsin.share.facts import Facts, plain

Spec = dict[str, Any]
INK, BLUE, ORANGE, GREEN, PINK = "#1b2733", "#0072b2", "#d55e00", "#009e73", "#cc79a7"
TECHNOLOGY_COLOURS = {
    "Uncrewed aircraft": BLUE,
    "Improvised explosives": ORANGE,
    "Guided or indirect fire": GREEN,
    "Cyber": PINK,
    "Information operations": "#56b4e9",
}
FULL: Any = "container"
_CONFIG: Spec = {
    "font": "system-ui, sans-serif",
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": INK},
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "orient": "bottom",
        "columns": 2,
        "titleLimit": 0,
    },
    "view": {"stroke": None},
    "title": {"anchor": "start", "fontSize": 14, "color": INK},
}


def charts(facts: Facts) -> list[Facts]:
    """All charts: dicts with `id, section, title, alt, spec`, in the order of the page."""
    found = []
    for i, group in enumerate(facts["groups"]):
        if group["gwnos"]:
            found.append(_map(i, group, facts))
    found += [_fan(i, fan) for i, fan in enumerate(facts["fans"])]
    for name, title, words, chart in alert_charts(facts):
        found.append(_placed(name, "alerts", chart, title=title, alt=words, height=220))
    if facts["quarters"]:
        found.append(_adoption(facts))
    if any(row["against"] == "status quo" for row in facts["comparisons"]):
        found.append(_trade_offs(facts))
    if facts["windows"]:
        found.append(_windows(facts))
    return found


def _placed(name: str, section: str, chart: Any, *, title: str, alt: str, height: int) -> Facts:
    chart = chart.properties(width=FULL, height=height, background="white").configure(**_CONFIG)
    spec = chart.to_dict()
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return {"id": name, "section": section, "title": title, "alt": alt, "spec": spec}


def _map(i: int, group: Facts, facts: Facts) -> Facts:
    alt = require("altair", extra="share")
    rows = {row["gwno"]: row for row in facts["risk"]}
    features = shapes(group["gwnos"])["features"]
    for feature in features:
        row = rows[feature["properties"]["gwno"]]
        feature["properties"] |= {
            "probability": row["probability"],
            "word": row["word"],
            "interval": f"{row['low']:.0f} to {row['high']:.0f}",
            "mean": row["mean"],
        }
    tooltip = [
        alt.Tooltip("properties.territory:N", title="Territory"),
        alt.Tooltip("properties.probability:Q", title="Probability", format=".0%"),
        alt.Tooltip("properties.word:N", title="In words"),
        alt.Tooltip("properties.mean:Q", title="Deaths expected", format=",.0f"),
        alt.Tooltip("properties.interval:N", title="90 % interval"),
    ]
    fill = alt.Color(
        "properties.probability:Q",
        scale=alt.Scale(scheme="cividis", domain=[0, 1]),
        legend=alt.Legend(title="Probability", format="%", tickCount=3),
    )
    land = (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(stroke="white", strokeWidth=1)
        .encode(color=fill, tooltip=tooltip)
    )
    marks = []
    for number in group["gwnos"]:
        point, row = centre(number), rows[number]
        if point:
            width = row["high"] - row["low"]
            marks.append({"latitude": point[0], "longitude": point[1], "width": width})
    rings = (
        alt.Chart(alt.Data(values=marks))
        .mark_point(filled=False, stroke="#d55e00", strokeWidth=2.5, shape="circle")
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
    title = f"{group['name']}: where serious violence is likely in the next three months"
    words = "; ".join(
        f"{row['territory']} {row['probability']:.0%}"
        for row in facts["risk"]
        if row["gwno"] in group["gwnos"]
    )
    chart = alt.layer(land, rings).project("mercator")
    return _placed(
        f"map-{i}", "risk", chart, title=title, alt=f"Map of {group['name']}. {words}.", height=340
    )


def _fan(i: int, fan: Facts) -> Facts:
    alt = require("altair", extra="share")
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=4),
    )
    scale = alt.Scale(type="symlog", constant=10, domainMin=0)
    title = "Deaths a month (symlog scale)"
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
            alt.Tooltip("p05:Q", title="5 %", format=",.0f"),
            alt.Tooltip("p95:Q", title="95 %", format=",.0f"),
        ],
    )
    past = (
        alt.Chart(alt.Data(values=plain(fan["history"])))
        .mark_line(color=INK, strokeWidth=1.5, point={"size": 12, "color": INK})
        .encode(x=x, y=alt.Y("deaths:Q", scale=scale))
    )
    last = fan["forecast"][-1]
    words = (
        f"Fan chart of {fan['territory']}: history, then median and 50 % and 90 % intervals; "
        f"at the last month {last['p05']:.0f} to {last['p95']:.0f} deaths."
    )
    chart = alt.layer(wide, narrow, middle, past)
    return _placed(f"fan-{i}", "fans", chart, title=fan["territory"], alt=words, height=220)


def _adoption(facts: Facts) -> Facts:
    alt = require("altair", extra="share")
    labels = [
        name for name in TECHNOLOGY_COLOURS if any(name == q["label"] for q in facts["quarters"])
    ]
    colour = alt.Color(
        "label:N",
        title="Technology class",
        scale=alt.Scale(domain=labels, range=[TECHNOLOGY_COLOURS[name] for name in labels]),
    )
    scale = alt.Scale(type="symlog", constant=5, domainMin=0)
    base = alt.Chart(alt.Data(values=plain(facts["quarters"]))).encode(
        x=alt.X(
            "quarter:T",
            title=None,
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(format="%Y", tickCount="year"),
        ),
        color=colour,
    )
    bars = base.mark_rule(strokeWidth=2, opacity=0.5).encode(
        y=alt.Y("low:Q", title="Incidents a quarter (symlog scale)", scale=scale), y2="high:Q"
    )
    line = base.mark_line(point=True).encode(
        y=alt.Y("expected:Q", scale=scale),
        strokeDash=alt.StrokeDash("label:N", legend=None),
        tooltip=[
            alt.Tooltip("label:N", title="Class"),
            alt.Tooltip("quarter:T", format="%b %Y", title="Quarter from"),
            alt.Tooltip("expected:Q", format=".1f", title="Expected"),
            alt.Tooltip("low:Q", format=".0f", title="5 %"),
            alt.Tooltip("high:Q", format=".0f", title="95 %"),
        ],
    )
    words = "Expected incidents a quarter in which a non-state group used each technology class."
    title = f"Use by non-state groups in {facts['quarters'][0]['territory']}, by quarter"
    return _placed(
        "adoption", "adoption", alt.layer(bars, line), title=title, alt=words, height=300
    )


def _trade_offs(facts: Facts) -> Facts:
    alt = require("altair", extra="share")
    rows = [
        {
            "portfolio": row["portfolio"],
            "label": row["label"],
            **{name: 100 * row[name] / row["base"] for name in ("mean", "low", "high")},
            "better": row["p_better"],
        }
        for row in facts["comparisons"]
        if row["against"] == "status quo" and row["base"] > 0 and row["outcome"] != "trade_lost"
    ]
    names = sorted({row["portfolio"] for row in rows})
    colours = alt.Scale(domain=names, range=[ORANGE, BLUE, GREEN][: len(names)])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("label:N", title=None, axis=alt.Axis(labelLimit=150)),
        yOffset="portfolio:N",
        color=alt.Color("portfolio:N", title="Portfolio", scale=colours),
    )
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q")
    bars = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title="Change against status quo (%; left is better)"), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        x="mean:Q",
        shape=alt.Shape("portfolio:N", title="Portfolio"),
        tooltip=[
            alt.Tooltip("portfolio:N"),
            alt.Tooltip("label:N", title="Outcome"),
            alt.Tooltip("mean:Q", format="+.1f", title="Change (%)"),
            alt.Tooltip("low:Q", format="+.1f", title="5 %"),
            alt.Tooltip("high:Q", format="+.1f", title="95 %"),
            alt.Tooltip("better:Q", format=".0%", title="Futures in which better"),
        ],
    )
    words = "Change of each outcome against the status quo, with 90 % intervals over futures."
    title = "What each portfolio changes, in the same futures"
    return _placed(
        "trade-offs", "portfolios", alt.layer(zero, bars, dots), title=title, alt=words, height=300
    )


def _windows(facts: Facts) -> Facts:
    alt = require("altair", extra="share")
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    scale = alt.Scale(range=[PINK, INK, BLUE, ORANGE])
    chart = (
        alt.Chart(alt.Data(values=facts["windows"]))
        .mark_line(point={"size": 45})
        .encode(
            x=alt.X("window:O", title="Year forecast from the October before", axis=axis),
            y=alt.Y("crps:Q", title="Mean CRPS (deaths; lower is better)"),
            color=alt.Color("model:N", title="Model", scale=scale),
            strokeDash=alt.StrokeDash("model:N", title="Model"),
            tooltip=["model:N", "window:O", alt.Tooltip("crps:Q", format=".2f")],
        )
    )
    words = "Mean score of each model in each year that it did not know."
    return _placed(
        "record", "record", chart, title="Score by year, all territories", alt=words, height=260
    )
