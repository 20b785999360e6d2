"""Use of technology by quarter."""

from __future__ import annotations

from tocsin.schema.geography.grammar import with_the
from tocsin.share.charts.style import (
    TECHNOLOGY_COLOURS,
    altair,
    place,
)
from tocsin.share.facts.words import Facts, plain


def use_chart(facts: Facts) -> Facts:
    """Draw the expected incidents a quarter with each technology class, with 90 % intervals.

    Args:
        facts: the facts of a brief; `quarters` must not be empty.

    Returns:
        A chart as `style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
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
        y=alt.Y("low:Q", title="Incidents a quarter", scale=scale), y2="high:Q"
    )
    line = base.mark_line(point=True).encode(
        y=alt.Y("expected:Q", scale=scale),
        strokeDash=alt.StrokeDash("label:N", legend=None),
        tooltip=[
            alt.Tooltip("label:N", title="Class"),
            alt.Tooltip("quarter:T", format="%b %Y", title="Quarter from"),
            alt.Tooltip("expected:Q", format=".1f", title="Expected"),
            alt.Tooltip("low:Q", format=".0f", title="5%"),
            alt.Tooltip("high:Q", format=".0f", title="95%"),
        ],
    )
    words = "Expected incidents a quarter in which a non-state group used each technology class."
    where = with_the(facts["quarters"][0]["territory"])
    title = f"Use by non-state groups in {where}, by quarter"
    return place("adoption", "adoption", alt.layer(bars, line), title=title, alt=words, height=300)
