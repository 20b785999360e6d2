"""What controls buy: the flow that is left, against what the controls cost."""

from __future__ import annotations

import math

import polars as pl

from tocsin.errors import require
from tocsin.share.charts.style import BLUE, INK, ORANGE, altair

PROVED = 1e-6
"""A choice that differs from its bound by a smaller share is the best that there is."""


def frontier_svg(points: pl.DataFrame, *, measure: str) -> str:
    """Draw a frontier of enforcement as a picture.

    Args:
        points: a row a choice: `cost`, `left`, `bound`, `lawful_lost`, `controls`.
        measure: 'flow' or 'way', which says what is left.

    Returns:
        The picture as SVG. The upper panel shows what is left and, where it is not proved best, how
        far it may be from the bound that no choice beats; the lower one the lawful trade that is
        stopped. An infinite length is left out.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    alt = altair()
    convert = require("vl_convert", extra="share")
    rows = points.filter(pl.col("left").is_finite()).to_dicts()
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("cost:Q", title="Cost of controls (the file's unit)")
    )
    title = "Flow that still gets through" if measure == "flow" else "Length of the shortest way"
    line = base.mark_line(interpolate="step-after", color=BLUE, strokeWidth=2)
    dots = base.mark_point(filled=True, size=60, color=BLUE, opacity=1)
    left = alt.Y("left:Q", title=title)
    upper = line.encode(y=left) + dots.encode(y=left)
    open_rows = [
        row for row in rows
        if PROVED * max(1.0, row["left"]) < abs(row["left"] - row["bound"]) < math.inf
    ]  # fmt: skip
    if open_rows:
        # A mark at a point that is proved best would be read as a doubt that there is not.
        unsure = alt.Chart(
            alt.Data(values=open_rows), title="Thin line: where the best choice may still lie"
        ).encode(x="cost:Q", y="bound:Q")
        upper += unsure.mark_rule(color=INK).encode(y2="left:Q")
        upper += unsure.mark_tick(color=INK, orient="horizontal", thickness=2, size=14)
    upper = upper.properties(width=520, height=220)
    stopped = alt.Y(
        "lawful_lost:Q", title="Lawful trade stopped", scale=alt.Scale(zero=True, nice=True)
    )
    lower = base.mark_line(
        interpolate="step-after", color=ORANGE, point=alt.OverlayMarkDef(color=ORANGE, size=60)
    ).encode(y=stopped)
    chart = alt.vconcat(upper, lower.properties(width=520, height=110)).configure_axis(
        labelFontSize=12, titleFontSize=12
    )
    return str(convert.vegalite_to_svg(chart.to_dict()))
