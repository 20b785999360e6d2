"""How the models did, year by year."""

from __future__ import annotations

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
)
from tocsin.share.facts.words import Facts


def windows_chart(facts: Facts) -> Facts:
    """Draw the score of each model in each year that it did not know, as lines.

    The score is the mean CRPS over that of the last twelve months taken as draws, in the same year:
    years differ in their deaths by far more than models do, so that lines of deaths lie on each
    other. Lower is better.

    Args:
        facts: the facts of a brief; some row of `windows` must have a `ratio`.

    Returns:
        A chart as `style.place` gives it.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    models = sorted({row["model"] for row in facts["windows"]})
    scale = alt.Scale(domain=models, range=[BLUE, ORANGE, GREEN, PINK, SKY, AMBER, INK, GREY])
    title = "Mean CRPS (last twelve months = 1)"
    figures = [
        alt.Tooltip("ratio:Q", format=".3f"),
        alt.Tooltip("crps:Q", title="CRPS (deaths)", format=".2f"),
    ]
    chart = (
        alt.Chart(alt.Data(values=facts["windows"]))
        .mark_line(point={"size": 45})
        .encode(
            x=alt.X("window:O", title="Year forecast", axis=axis),
            y=alt.Y("ratio:Q", title=title, scale=alt.Scale(zero=False)),
            color=alt.Color("model:N", title="Model", scale=scale),
            strokeDash=alt.StrokeDash("model:N", title="Model", scale=alt.Scale(domain=models)),
            tooltip=["model:N", "window:O", *figures],
        )
    )
    words = "Score of each model in each year that it did not know; the last twelve months are 1."
    return place(
        "record", "record", chart, title="Score by year, all territories", alt=words, height=260
    )
