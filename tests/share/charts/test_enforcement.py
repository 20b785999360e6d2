"""The picture of a frontier marks a doubt where there is one, and nowhere else."""

from __future__ import annotations

import math

import polars as pl
import pytest

from tocsin.share.charts.enforcement import frontier_svg

pytest.importorskip("vl_convert")
DOUBT = "where the best choice may still lie"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bounds", "told"),
    [([10.0, 7.0, 4.0], False), ([10.0, 6.5, 4.0], True), ([10.0, math.inf, 4.0], False)],
)
def test_a_bound_is_drawn_where_a_choice_is_not_proved_best(
    bounds: list[float], told: bool
) -> None:
    points = pl.DataFrame({
        "cost": [0.0, 1.0, 2.0], "left": [10.0, 7.0, 4.0], "bound": bounds,
        "lawful_lost": [0.0, 1.0, 1.0], "controls": [0, 1, 2],
    })  # fmt: skip
    drawn = frontier_svg(points, measure="flow")
    assert (DOUBT in drawn) is told
    assert "Flow that still gets through" in drawn
