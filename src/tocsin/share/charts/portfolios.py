"""What each portfolio changes."""

from __future__ import annotations

import textwrap

from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.charts.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    altair,
    place,
)
from tocsin.share.facts.words import Facts, percent
from tocsin.share.summary import doubt_words

IN_POINTS = ("trade_lost",)
"""Outcomes that are percentages of which the status quo has next to none."""
CHANGE = "Change (% of the status quo’s mean)"
NARROW = 18
"""Letters in a line of an axis title, so that a telephone shows it whole."""


def trade_offs(facts: Facts) -> Facts:
    """Draw the change of each outcome against the status quo, in per cent of the status quo.

    They are parts of the status quo's mean, so a future that is far worse than the mean may lose
    more than 100 % of it. Where the status quo has next to none of an outcome (lawful trade lost),
    the change is in points.

    Args:
        facts: the facts of a brief; its `comparisons` must hold some with the status quo.

    Returns:
        A chart as `style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    rows = [
        {
            "portfolio": row["portfolio"],
            "label": row["label"] + (" (points)" if row["outcome"] in IN_POINTS else ""),
            **{name: _change(row, name) for name in ("mean", "low", "high")},
            "better": f"{percent(row['p_better'])}{doubt_words(row)}",
        }
        for row in facts["comparisons"]
        if row["against"] == STATUS_QUO and (row["base"] > 0 or row["outcome"] in IN_POINTS)
    ]
    names = sorted({row["portfolio"] for row in rows})
    colours = alt.Scale(domain=names, range=[ORANGE, BLUE, GREEN][: len(names)])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("label:N", title=None, axis=alt.Axis(labelLimit=170)),
        yOffset="portfolio:N",
        color=alt.Color("portfolio:N", title="Portfolio", scale=colours),
    )
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q")
    bars = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title=textwrap.wrap(CHANGE, NARROW)), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        x="mean:Q",
        shape=alt.Shape("portfolio:N", title="Portfolio", scale=alt.Scale(domain=names)),
        tooltip=[
            alt.Tooltip("portfolio:N"),
            alt.Tooltip("label:N", title="Outcome"),
            alt.Tooltip("mean:Q", format="+.1f", title=CHANGE),
            alt.Tooltip("low:Q", format="+.1f", title="5%"),
            alt.Tooltip("high:Q", format="+.1f", title="95%"),
            alt.Tooltip("better:N", title="Better in, of the futures played"),
        ],
    )
    words = "Change of each outcome against the status quo, with 90% intervals over futures."
    title = "What each portfolio changes against the status quo (left of 0 is better)"
    return place(
        "trade-offs", "portfolios", alt.layer(zero, bars, dots), title=title, alt=words, height=300
    )


def _change(row: Facts, name: str) -> float:
    value = float(row[name])
    return value if row["outcome"] in IN_POINTS else 100 * value / float(row["base"])
