"""How technology spreads: shares of channels, first uses in time, who may be next, and a map."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from tocsin.schema.geography.shapes import shapes
from tocsin.share.charts.style import (
    BLUE,
    GREY,
    INK,
    LAND,
    ORANGE,
    TECHNOLOGY_COLOURS,
    altair,
    place,
    trusted,
)
from tocsin.share.facts.words import Facts, percent, plain

Say = Callable[..., str]
Word = Callable[[str, str], str]
ROW = 26
"""Height of a row of a chart with names of one line, in pixels."""
LINE = 15
"""Height that each further line of a name takes."""
NAMES = 150
"""Width that names of organisations may take, so that a phone shows the chart too."""
LETTERS = 21
"""Letters of a name on one line, so that it keeps within `NAMES`."""


@trusted
def diffusion_charts(
    facts: Facts, say: Say, word: Word, written: Callable[[str], str] = str
) -> dict[str, Facts]:
    """Draw the charts of the page on diffusion, those that have something to show.

    Args:
        facts: what `facts.diffusion.diffusion` gives.
        say: gives a sentence of the page's language by its key.
        word: gives a word of a closed list by the list's name and its key.
        written: writes the numbers and signs of what stands in a chart as the language does.

    Returns:
        Charts as `style.place` gives them, by name: `shares, timeline, curves, fans, next, map,
        cuts, portfolios`.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    drawn: dict[str, Facts] = {}
    for name, draw, needed in (
        ("shares", _shares, facts["shares"]),
        ("timeline", _timeline, facts["timeline"]),
        ("curves", _curves, facts["curves"]),
        ("fans", _fans, [row for row in facts["curves"] if row["year_hazard"] is not None]),
        ("next", _next, facts["next"]),
        ("map", _map, facts["places"]),
        ("cuts", _cuts, facts["cuts"]),
        ("portfolios", _portfolios, [row for one in facts["portfolios"] for row in one["course"]]),
    ):
        if needed:
            chart, height, words = draw(alt, facts, say, word)
            drawn[name] = place(
                f"diffusion-{name}", name, chart, title=say(f"{name}_title"),
                alt=f"{say(f'{name}_title')}. {written(words)}", height=height,
            )  # fmt: skip
    return drawn


def _channel(word: Word, channel: str) -> str:
    return " = ".join(word("channel_name", one) for one in channel.split(" = "))


def _break_lines(*names: str) -> str:
    """Names on as many lines as they need, so that none is cut."""
    return "\n".join(line for name in names for line in textwrap.wrap(name, LETTERS))


def _names(alt: Any) -> Any:
    """The axis of names that stand on several lines."""
    return alt.Axis(labelLimit=NAMES, labelExpr="split(datum.label, '\\n')", labelBaseline="middle")


def _height(names: list[str]) -> int:
    """The height of a chart with a row for each name: every row is as high as the highest."""
    return (ROW + LINE * max((name.count("\n") for name in names), default=0)) * len(names)


def _shares(alt: Any, facts: Facts, say: Say, word: Word) -> tuple[Any, int, str]:
    rows = [
        {**row, "named": _break_lines(_channel(word, row["channel"])), "bound": row["null_high"]}
        for row in facts["shares"]
    ]
    order = [row["named"] for row in rows]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("named:N", title=None, sort=order, axis=_names(alt))
    )
    scale = alt.Scale(domain=[0, 1])
    x = alt.X(
        "low:Q", title=say("shares_axis"), scale=scale, axis=alt.Axis(format="%", tickCount=5)
    )
    tooltip = [
        alt.Tooltip("named:N", title=say("channel")),
        *(alt.Tooltip(f"{name}:Q", title=name, format=".0%") for name in ("mean", "low", "high")),
    ]
    rule = base.mark_rule(strokeWidth=3, color=BLUE).encode(x=x, x2="high:Q")
    dot = base.mark_point(filled=True, size=80, color=BLUE, opacity=1).encode(
        x=alt.X("mean:Q", scale=scale), tooltip=tooltip
    )
    null = (
        base.transform_filter("isValid(datum.bound)")
        .mark_tick(color=ORANGE, thickness=3, size=16)
        .encode(x=alt.X("bound:Q", scale=scale))
    )
    words = "; ".join(f"{' '.join(row['named'].split())} {row['mean']:.0%}" for row in rows)
    return alt.layer(rule, dot, null), _height(order) + 60, words


def _colour(alt: Any, rows: list[Facts], say: Say) -> Any:
    labels = list(TECHNOLOGY_COLOURS)
    of = {row["label"]: row["shown"] for row in rows}
    used = [label for label in labels if label in of]
    return alt.Color(
        "shown:N",
        title=say("class"),
        scale=alt.Scale(
            domain=[of[label] for label in used],
            range=[TECHNOLOGY_COLOURS[label] for label in used],
        ),
        # It stands right of the names on a phone, where the French classes need the room.
        legend=alt.Legend(labelFontSize=11),
    )


def _add_labels(rows: list[Facts], word: Word) -> list[Facts]:
    return [{**row, "shown": word("technology", row["technology"])} for row in plain(rows)]


def _timeline(alt: Any, facts: Facts, say: Say, word: Word) -> tuple[Any, int, str]:
    rows = [
        row | {"named": _break_lines(row["named"])} for row in _add_labels(facts["timeline"], word)
    ]
    order = list(dict.fromkeys(row["named"] for row in rows))
    time = alt.Scale(type="utc")
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("named:N", title=None, sort=order, axis=_names(alt)),
        color=_colour(alt, rows, say),
    )
    rule = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:T", title=None, scale=time, axis=alt.Axis(format="%Y", tickCount="year",
                                                             labelOverlap=True)), x2="high:T"
    )  # fmt: skip
    dot = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=alt.X("median:T", scale=time),
        tooltip=[
            alt.Tooltip("named:N", title=say("organisation")),
            alt.Tooltip("shown:N", title=say("class")),
            alt.Tooltip("median:T", title="50%"),
            alt.Tooltip("low:T", title="5%"),
            alt.Tooltip("high:T", title="95%"),
        ],
    )
    words = "; ".join(
        f"{' '.join(row['named'].split())}, {row['shown']}, {row['median'][:7]}"
        for row in rows[:12]
    )
    return alt.layer(rule, dot), _height(order) + 120, words


def _curves(alt: Any, facts: Facts, say: Say, word: Word) -> tuple[Any, int, str]:
    rows = _add_labels(facts["curves"], word)
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("to:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(format="%Y")),
        color=_colour(alt, rows, say),
    )
    # In which part of a step of time a first use came is not told: nothing may rise before it.
    met = base.mark_line(strokeWidth=2.5).encode(y=alt.Y("met:Q", title=say("curves_axis")))
    meant = base.mark_line(strokeDash=[4, 3]).encode(y="expected:Q")
    last = {row["shown"]: row["met"] for row in rows}
    words = "; ".join(f"{name} {count:.0f}" for name, count in last.items())
    return alt.layer(met, meant), 280, words


def _fans(alt: Any, facts: Facts, say: Say, word: Word) -> tuple[Any, int, str]:
    """The hazard of each class, step by step, as a chance within a year with its interval."""
    rows = [row for row in _add_labels(facts["curves"], word) if row["year_hazard"] is not None]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("from:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(format="%Y")),
        x2="to:T",
        color=_colour(alt, rows, say),
    )
    y = alt.Y("year_low:Q", title=say("fans_axis"), axis=alt.Axis(format="%", tickCount=4))
    fan = base.mark_rect(opacity=0.18).encode(y=y, y2="year_high:Q")
    middle = base.mark_rule(strokeWidth=2.5).encode(
        y="year_hazard:Q",
        tooltip=[
            alt.Tooltip("shown:N", title=say("class")),
            *(
                alt.Tooltip(f"year_{name}:Q", title=title, format=".1%")
                for name, title in (("hazard", "50%"), ("low", "5%"), ("high", "95%"))
            ),
        ],
    )
    last = {row["shown"]: row for row in rows}
    words = "; ".join(
        f"{name} {percent(row['year_hazard'])} ({percent(row['year_low'])} – "
        f"{percent(row['year_high'])})"
        for name, row in last.items()
    )
    return alt.layer(fan, middle), 280, words


def _portfolios(alt: Any, facts: Facts, say: Say, word: Word) -> tuple[Any, int, str]:
    """What organisations had in each year: a row an organisation and class, a column a year."""
    rows = [
        {
            "who": _break_lines(one["actor"], word("technology", row["technology"]).lower()),
            "year": str(row["year"]),
            "probability": row["probability"],
        }
        for one in facts["portfolios"]
        for row in one["course"]
    ]
    order = list(dict.fromkeys(row["who"] for row in rows))
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=-90, labelOverlap=True)),
            y=alt.Y("who:N", title=None, sort=order, axis=_names(alt)),
            color=alt.Color(
                "probability:Q",
                title=say("portfolios_axis"),
                scale=alt.Scale(scheme="cividis", domain=[0, 1], reverse=True),
                legend=alt.Legend(format="%", direction="horizontal"),
            ),
            tooltip=[
                alt.Tooltip("who:N", title=say("organisation")),
                alt.Tooltip("year:O", title=say("year")),
                alt.Tooltip("probability:Q", title=say("portfolios_axis"), format=".0%"),
            ],
        )
    )
    last = {row["who"]: row for row in rows}
    words = "; ".join(
        f"{' '.join(who.split())}: {percent(row['probability'])} ({row['year']})"
        for who, row in list(last.items())[:12]
    )
    return chart, _height(order) + 90, words


def _next(alt: Any, facts: Facts, _say: Say, word: Word) -> tuple[Any, int, str]:
    rows = [
        # The organisation and its class stand on lines of their own.
        {**row, "who": _break_lines(row["actor"], row["shown"].lower())}
        for row in _add_labels(facts["next"], word)
    ]
    order = [row["who"] for row in rows]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y(
            "who:N",
            title=None,
            sort=order,
            axis=_names(alt),
        )
    )
    x = alt.X("low:Q", title=None, axis=alt.Axis(format="%", tickCount=4))
    rule = base.mark_rule(strokeWidth=3, color=BLUE).encode(x=x, x2="high:Q")
    dot = base.mark_point(filled=True, size=80, color=BLUE, opacity=1).encode(
        x="probability:Q",
        tooltip=[alt.Tooltip("who:N"), alt.Tooltip("probability:Q", format=".0%")],
    )
    # What ties add, where the data show that they matter; else what they would change.
    other = "without_network" if facts["verdict"]["shown"] else "ties_model_probability"
    alone = base.mark_tick(color=ORANGE, thickness=3, size=14).encode(x=f"{other}:Q")
    words = "; ".join(
        f"{row['actor']}, {row['shown']} {percent(row['probability'])}" for row in rows
    )
    return alt.layer(rule, dot, alone), _height(order) + 60, words


def _map(alt: Any, facts: Facts, say: Say, word: Word) -> tuple[Any, int, str]:
    """Territories with a ring at their centre, and lines between centres; no place of a group."""
    places = facts["places"]
    land = alt.Chart(
        alt.Data(values=shapes([one["gwno"] for one in places])["features"])
    ).mark_geoshape(fill=LAND, stroke=GREY)
    marks = [
        {
            **{name: one[name] for name in ("territory", "latitude", "longitude", "organisations")},
            "ties": max(one["ties"], 1),
            "words": "; ".join(
                f"{word('channel_name', row['channel'])}: {row['ties']}" for row in one["within"]
            ),
        }
        for one in places
    ]
    base = alt.Chart(alt.Data(values=marks)).encode(longitude="longitude:Q", latitude="latitude:Q")
    rings = base.mark_point(filled=False, stroke=ORANGE, strokeWidth=2.5).encode(
        size=alt.Size(
            "ties:Q",
            scale=alt.Scale(type="sqrt", range=[60, 1500]),
            legend=alt.Legend(title=say("map_ring"), tickCount=3),
        ),
        tooltip=[
            alt.Tooltip("territory:N", title=say("territory")),
            alt.Tooltip("organisations:Q", title=say("organisations")),
            alt.Tooltip("words:N", title=say("channel")),
        ],
    )
    names = base.mark_text(dy=-16, color=INK, fontSize=11).encode(text="territory:N")
    layers = [land]
    if facts["joined"]:
        lines = [{**row, "named": word("channel_name", row["channel"])} for row in facts["joined"]]
        layers.append(
            alt.Chart(alt.Data(values=lines))
            .mark_rule(color=BLUE, opacity=0.6)
            .encode(
                longitude="longitude:Q", latitude="latitude:Q",
                longitude2="longitude2:Q", latitude2="latitude2:Q",
                size=alt.Size("ties:Q", legend=None, scale=alt.Scale(range=[1, 6])),
                tooltip=["from:N", "to:N", "named:N", "ties:Q"],
            )
        )  # fmt: skip
    chart = alt.layer(*layers, rings, names).resolve_scale(size="independent").project("mercator")
    words = "; ".join(f"{one['territory']}: {one['words']}" for one in marks)
    return chart, 360, words


def _cuts(alt: Any, facts: Facts, say: Say, word: Word) -> tuple[Any, int, str]:
    rows = [
        {
            **row,
            "named": _break_lines(
                _channel(word, row["channel"]) + (f", {say('thins')}" if row["thins_ties"] else "")
            ),
        }
        for row in facts["cuts"]
    ]
    order = [row["named"] for row in rows]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("named:N", title=None, sort=order, axis=_names(alt))
    )
    rule = base.mark_rule(strokeWidth=3, color=BLUE).encode(
        x=alt.X("low:Q", title=say("cuts_axis")), x2="high:Q"
    )
    dot = base.mark_point(filled=True, size=80, color=BLUE, opacity=1).encode(x="fewer:Q")
    words = "; ".join(f"{' '.join(row['named'].split())} {row['fewer']:.1f}" for row in rows)
    return alt.layer(rule, dot), _height(order) + 60, words
