"""The charts of the page on portfolios, as Vega-Lite."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from tocsin.base.display.bounds import round_bound
from tocsin.errors import require
from tocsin.share.charts.style import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    SKY,
    altair,
    place,
    trusted,
)
from tocsin.share.facts.words import Facts
from tocsin.share.page.planning.facts import COST
from tocsin.share.page.planning.words import PlanWords

SECTION = "planning"
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, AMBER, GREY)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
"""A shape a portfolio beside its colour, for readers who tell colours apart badly."""
ROW = 26
"""Points a row of a chart with rows."""
BROAD = 22
"""Letters of a line of a name beside a heat map."""


def _fold_axis(alt: Any) -> Any:
    """An axis whose labels keep their lines."""
    return alt.Axis(labelLimit=0, labelExpr="split(datum.label, '\\n')", labelLineHeight=13)


def _scales(alt: Any, names: list[str]) -> tuple[Any, Any]:
    """Colours and shapes of portfolios; from the eighth on they come again."""
    colours = [PALETTE[place % len(PALETTE)] for place in range(len(names))]
    shapes = [SHAPES[place % len(SHAPES)] for place in range(len(names))]
    return alt.Scale(domain=names, range=colours), alt.Scale(domain=names, range=shapes)


def explorer(rows: list[Facts], words: PlanWords) -> Facts:
    """Draw portfolios between two outcomes that the reader chooses.

    Args:
        rows: as `facts.trade_offs` gives them, in the words of the language.
        words: the sentences of the language.

    Returns:
        A chart as `charts.style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    names = list(dict.fromkeys(row["portfolio"] for row in rows))
    labels = list(dict.fromkeys(row["label"] for row in rows))
    across, up = (
        alt.param(name=name, value=value, bind=alt.binding_select(
            options=labels, name=words.chart_text("choice", choice=words.say(name))
        ))
        for name, value in (("across", labels[-1]), ("up", labels[0]))
    )  # fmt: skip
    colours, shapes = _scales(alt, names)
    base = (
        alt.Chart()
        .transform_filter("datum.x_label == across && datum.y_label == up")
        .encode(color=alt.Color("portfolio:N", title=words.say("portfolio"), scale=colours))
    )
    x = alt.X("x_mean:Q", title=None, scale=alt.Scale(zero=False, padding=20))
    y = alt.Y("y_mean:Q", title=None, scale=alt.Scale(zero=False, padding=20))
    rule = {"opacity": 0.7, "strokeWidth": alt.ExprRef("datum.width")}
    wide = base.mark_rule(**rule).encode(x=alt.X("x_low:Q", title=None), x2="x_high:Q", y=y)
    high = base.mark_rule(**rule).encode(x=x, y=alt.Y("y_low:Q", title=None), y2="y_high:Q")
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=x, y=y,
        shape=alt.Shape("portfolio:N", title=words.say("portfolio"), scale=shapes),
        tooltip=[
            alt.Tooltip("portfolio:N", title=words.say("portfolio")),
            alt.Tooltip("x_label:N", title=words.say("across")),
            alt.Tooltip("x_mean:Q", format=",.3~g", title=words.say("mean")),
            alt.Tooltip("x_unit:N", title=words.say("unit")),
            alt.Tooltip("y_label:N", title=words.say("up")),
            alt.Tooltip("y_mean:Q", format=",.3~g", title=words.say("mean")),
            alt.Tooltip("y_unit:N", title=words.say("unit")),
        ],
    )  # fmt: skip
    # Titles of axes cannot follow what the reader chooses; a text of the data can.
    one = (
        alt.Chart()
        .transform_filter("datum.x_label == across && datum.y_label == up")
        .transform_window(row_number="row_number()")
        .transform_filter("datum.row_number == 1")
    )
    style = {"fontSize": 12, "lineBreak": "\n", "color": INK}
    below = one.mark_text(align="right", baseline="top", dy=24, **style).encode(
        x=alt.value("width"), y=alt.value("height"), text="x_said:N"
    )
    above = one.mark_text(align="left", baseline="bottom", dy=-22, **style).encode(
        x=alt.value(0), y=alt.value(0), text="y_said:N"
    )
    layers = (wide, high, dots, below, above)
    data = alt.Data(values=_cross(rows, names, labels, words))
    chart = alt.layer(*layers, data=data).add_params(across, up)
    title, told = words.say("explorer_title"), words.say("explorer_alt")
    return place("explorer", SECTION, chart, title=title, alt=told, height=340)


def _cross(rows: list[Facts], names: list[str], labels: list[str], words: PlanWords) -> list[Facts]:
    """Each portfolio with each pair of outcomes, from which the reader's choice takes one."""
    by_name = {(row["portfolio"], row["label"]): row for row in rows}
    said = {
        row["label"]: words.chart_text(
            "cost_axis" if row["outcome"] == COST else "axis", **_names_of(row)
        )
        for row in rows
    }
    return [
        {
            "portfolio": name,
            "x_label": one,
            "y_label": two,
            "x_said": said[one],
            "y_said": said[two],
        }
        | {f"x_{end}": by_name[name, one][end] for end in ("mean", "low", "high")}
        | {f"y_{end}": by_name[name, two][end] for end in ("mean", "low", "high")}
        # A line that lies on another, as where two cost the same, is narrower: both are seen.
        | {"width": max(2 * (len(names) - number), 1.5)}
        | {"x_unit": by_name[name, one]["unit"], "y_unit": by_name[name, two]["unit"]}
        for number, name in enumerate(names)
        for one in labels
        for two in labels
        if (name, one) in by_name and (name, two) in by_name
    ]


def _names_of(row: Facts) -> Facts:
    return {name: row[name] for name in ("label", "unit")}


def regret_map(rows: list[Facts], words: PlanWords) -> Facts:
    """Draw the 90th percentile of regret by portfolio and outcome.

    Args:
        rows: as `facts.regrets` gives them, in the words of the language.
        words: the sentences of the language.

    Returns:
        A chart as `charts.style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    names = list(dict.fromkeys(row["portfolio"] for row in rows))
    # On a phone a long name takes two lines, or the cells would have no room.
    rows = [
        {**row, "label": fill(row["label"], BROAD),
         "p90": round_bound(row["p90"], most=True, digits=3)}
        for row in rows
    ]  # fmt: skip
    labels = list(dict.fromkeys(row["label"] for row in rows))
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "portfolio:N", title=None, sort=names, axis=alt.Axis(labelAngle=-40, labelLimit=200)
        ),
        y=alt.Y("label:N", title=None, sort=labels, axis=_fold_axis(alt)),
    )
    of = fill(words.say("of_greatest"), BROAD).split("\n")
    cells = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "shade:Q", title=of, legend=alt.Legend(format=".0%"),
            scale=alt.Scale(scheme="cividis", domain=[0, 1], reverse=True),
        ),
        tooltip=[
            alt.Tooltip("portfolio:N", title=words.say("portfolio")),
            alt.Tooltip("label:N", title=words.say("outcome")),
            alt.Tooltip("unit:N", title=words.say("unit")),
            alt.Tooltip("mean:Q", format=",.3~g", title=words.say("mean_regret")),
            alt.Tooltip("p90:Q", format=",.3~g", title=words.say("p90")),
            alt.Tooltip("greatest:Q", format=",.3~g", title=words.say("greatest")),
        ],
    )  # fmt: skip
    text = base.mark_text(fontSize=11).encode(
        text="text:N",
        color=alt.condition("datum.shade >= 0.5", alt.value("white"), alt.value(INK)),
    )
    title, told = words.say("regret_title"), words.say("regret_alt")
    height = 60 + (ROW + 6 * any("\n" in label for label in labels)) * len(labels)
    return place("regret", SECTION, cells + text, title=title, alt=told, height=height)


def tornado(number: int, portfolio: str, rows: list[Facts], words: PlanWords) -> Facts:
    """Draw which parameters move a portfolio's difference to the status quo.

    Args:
        number: tells charts of several portfolios apart.
        portfolio: its name.
        rows: its rows, as `facts.swings` gives them; at least one.
        words: the sentences of the language.

    Returns:
        A chart as `charts.style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    ends_said = [words.say("lowest"), words.say("highest")]
    # A name in words takes several lines, or the bars would have no room on a phone.
    rows = [{**row, "parameter": fill(row["parameter"], BROAD)} for row in rows]
    ends = [
        {name: row[name] for name in ("parameter", "code", "basis")}
        | {"end": end, "value": row[side]}
        for row in rows
        for end, side in zip(ends_said, ("low", "high"), strict=True)
    ]
    order = [row["parameter"] for row in rows]
    unit = rows[0]["unit"]
    scale = alt.Scale(domain=ends_said, range=[BLUE, ORANGE])
    across = words.chart_text("difference", unit=unit)
    axis = alt.Axis(title=across.split("\n"), tickCount=4, format="~s")
    across = across.replace("\n", " ")
    y = alt.Y("parameter:N", sort=order, title=None, axis=_fold_axis(alt))
    bars = alt.Chart(alt.Data(values=rows)).mark_rule(strokeWidth=3, color=GREY).encode(
        y=y, x=alt.X("low:Q", axis=axis, scale=alt.Scale(zero=False)),
        x2="high:Q",
    )  # fmt: skip
    dots = alt.Chart(alt.Data(values=ends)).mark_point(filled=True, size=90, opacity=1).encode(
        y=y, x=alt.X("value:Q", axis=axis),
        color=alt.Color("end:N", title=words.say("in_its"), scale=scale),
        shape=alt.Shape("end:N", title=words.say("in_its"),
                        scale=alt.Scale(domain=scale.domain, range=["circle", "square"])),
        tooltip=[
            alt.Tooltip("parameter:N", title=words.say("parameter")),
            alt.Tooltip("code:N", title="docs/model.md"),
            alt.Tooltip("basis:N", title=words.say("rests_on")),
            alt.Tooltip("end:N", title=words.say("in_its")),
            alt.Tooltip("value:Q", format="+,.3~g", title=across),
        ],
    )  # fmt: skip
    mean = alt.Chart(alt.Data(values=rows[:1])).mark_rule(color=INK, strokeDash=[4, 3])
    mean = mean.encode(x="mean:Q")
    told = words.say("swing_alt", portfolio=portfolio)
    title = words.say("swing_title", portfolio=portfolio)
    lines = max(row["parameter"].count("\n") for row in rows)
    height = 40 + (ROW + 12 * lines) * len(rows)
    return place(
        f"tornado-{number}", SECTION, bars + mean + dots, title=title, alt=told, height=height
    )


def pathway_map(rows: list[Facts], words: PlanWords) -> Facts:
    """Draw adaptive pathways: a level an action, and a turn at each tipping point.

    Args:
        rows: `use, action, after, begin, end, colour, signpost` of each use of an action, in their
            order; those without a beginning or an end reach to the border.

    Returns:
        A chart as `charts.style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    known = [row[side] for row in rows for side in ("begin", "end") if row[side] is not None]
    first, last = (min(known), max(known)) if known else (0.0, 1.0)
    margin = max(0.05 * (last - first), 0.25)
    lines = [
        {**row, "begin": first - margin if row["begin"] is None else row["begin"],
         "end": last + margin if row["end"] is None else row["end"]}
        for row in rows
    ]  # fmt: skip
    turns = [row for row in lines if row["after"] is not None]
    order = [row["use"] for row in rows]
    y = alt.Y("use:N", sort=order, title=None, axis=alt.Axis(labelLimit=170, grid=True))
    x = alt.X(
        "begin:Q", title=words.say("year"), axis=alt.Axis(format="d", tickMinStep=1),
        scale=alt.Scale(domain=[first - margin, last + margin], nice=False),
    )  # fmt: skip
    colour = alt.Color("colour:N", scale=None)
    tip = [
        alt.Tooltip("use:N", title=words.say("does")),
        alt.Tooltip("begin:Q", format=".1f", title=words.say("from")),
        alt.Tooltip("end:Q", format=".1f", title=words.say("tipping")),
        alt.Tooltip("signpost:N", title=words.say("signpost")),
    ]
    holds = alt.Chart(alt.Data(values=lines)).mark_rule(strokeWidth=6).encode(
        x=x, x2="end:Q", y=y, color=colour, tooltip=tip
    )  # fmt: skip
    base = alt.Chart(alt.Data(values=turns)).encode(
        x=x, y=alt.Y("after:N", sort=order, title=None)
    )  # fmt: skip
    down = base.mark_rule(strokeWidth=2, strokeDash=[3, 2], color=INK).encode(y2="use:N")
    points = base.mark_point(
        filled=True, size=110, fill="white", stroke=INK, strokeWidth=2, opacity=1
    ).encode(tooltip=tip)
    title, told = words.say("ways_title"), words.say("ways_alt")
    height = 50 + ROW * len(rows)
    return place(
        "pathways", SECTION, alt.layer(holds, down, points), title=title, alt=told, height=height
    )


def picture(chart: Facts, width: int = 720) -> str:
    """Draw a chart as a picture.

    Args:
        chart: as the functions above give it.
        width: points across.

    Returns:
        SVG.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    convert = require("vl_convert", extra="share")
    return str(
        convert.vegalite_to_svg(chart["spec"] | {"width": width, "autosize": {"type": "pad"}})
    )


@trusted
def all_charts(told: Facts, words: PlanWords) -> list[Facts]:
    """Draw all charts of the page for which there are facts.

    Args:
        told: as `page.localise` gives it.
        words: the sentences of the language.

    Returns:
        The charts, in the order of the page.
    """
    found = []
    if told["trade_offs"]:
        found.append(explorer(told["trade_offs"], words))
    if told["regrets"]:
        found.append(regret_map(told["regrets"], words))
    for number, (name, rows) in enumerate(told["swings"].items()):
        if rows:
            found.append(tornado(number, name, rows, words))
    if told["pathways"]:
        found.append(pathway_map(told["pathways"], words))
    return found
