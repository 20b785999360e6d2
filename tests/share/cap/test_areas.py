"""Shapes: pairs, rings, and what becomes of one that crosses itself."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tocsin.share.cap.areas import read_pair, repair_polygon

DEGREES = st.floats(-80, 80).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(DEGREES, DEGREES), min_size=3, max_size=8, unique=True))
def test_a_repaired_polygon_is_simple_and_covers_as_much(
    points: list[tuple[float, float]],
) -> None:
    text = " ".join(f"{lat},{lon}" for lat, lon in [*points, points[0]])
    try:
        parts = repair_polygon(text)
    except ValueError:
        assert shapely.make_valid(shapely.Polygon(points)).area == 0
        return
    made = [[read_pair(word) for word in part.split()] for part in parts]
    rings = [shapely.Polygon([pair for pair in ring if pair]) for ring in made]
    assert all(ring[0] == ring[-1] for ring in made)
    assert all(shapely.is_simple(one.exterior) for one in rings)
    whole = shapely.make_valid(shapely.Polygon(points))
    filled = sum(
        shapely.Polygon(part.exterior).area
        for part in shapely.get_parts(shapely.get_parts(whole))
        if part.geom_type == "Polygon"
    )
    assert math.isclose(sum(one.area for one in rings), filled, rel_tol=1e-5, abs_tol=1e-6)


@pytest.mark.parametrize("word", ["1", "1,2,3", "1, 2", "a,b", "1;2", "nan,1", "inf,1", "", "1,"])
def test_what_is_no_pair_is_none(word: str) -> None:
    assert read_pair(word) is None
