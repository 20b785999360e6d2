"""A reliability diagram for each alert rule."""

from __future__ import annotations

from typing import Any

from tocsin.share.charts.style import (
    BLUE,
    GREY,
    INK,
    altair,
)
from tocsin.share.facts.words import Facts


def alert_charts(facts: Facts) -> list[tuple[str, str, str, Any]]:
    """Draw a reliability diagram for each rule that has a record.

    Args:
        facts: the facts of a brief, of which `alerts` is used.

    Returns:
        For each such rule the identifier of its chart, a title, a description in words, and the
        Altair chart.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    return [
        (rule["chart"], f"Track record of {rule['rule']}", _words(rule), _diagram(rule))
        for rule in facts["alerts"]
        if rule["proven"] and rule["bins"]
    ]


def _words(rule: Facts) -> str:
    said = "; ".join(
        f"said {row['forecast']:.0%}, came {row['frequency']:.0%} of {row['n']:,}"
        for row in rule["bins"]
    )
    return f"Reliability diagram of the rule {rule['rule']}: {said}."


def _diagram(rule: Facts) -> Any:
    alt = altair()
    axis = alt.Axis(format="%", tickCount=5)
    unit = alt.Scale(domain=[0, 1])
    line = (
        alt.Chart(alt.Data(values=[{"p": 0}, {"p": 1}]))
        .mark_line(color=INK, strokeDash=[4, 4], strokeWidth=1)
        .encode(
            x=alt.X("p:Q", title="Probability said", axis=axis, scale=unit),
            y=alt.Y("p:Q", title="How often it came", axis=axis, scale=unit),
        )
    )
    base = alt.Chart(alt.Data(values=rule["bins"])).encode(x=alt.X("forecast:Q", scale=unit))
    band = base.mark_rule(color=GREY, strokeWidth=6, opacity=0.6).encode(
        y=alt.Y("consistent_low:Q", scale=unit), y2="consistent_high:Q"
    )
    dots = base.mark_point(filled=True, color=BLUE, opacity=1).encode(
        y=alt.Y("frequency:Q", scale=unit),
        size=alt.Size(
            "n:Q", scale=alt.Scale(type="log", range=[20, 220]), legend=None
        ),
        tooltip=[
            alt.Tooltip("forecast:Q", title="Said", format=".1%"),
            alt.Tooltip("frequency:Q", title="Came", format=".1%"),
            alt.Tooltip("n:Q", title="Cases", format=","),
            alt.Tooltip("consistent_low:Q", title="Were it right, from", format=".1%"),
            alt.Tooltip("consistent_high:Q", title="to", format=".1%"),
        ],
    )  # fmt: skip
    return alt.layer(line, band, dots)
