"""Draws from values that were seen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.models.empirical import draw_equally, draw_weighted, quantile_levels

COUNTS = st.lists(st.integers(0, 50).map(float), min_size=1, max_size=12)


@given(COUNTS, st.integers(1, 200))
def test_equal_weights_are_equal_chances(values: list[float], draws: int) -> None:
    seen = np.array(values)
    found = draw_equally(seen, draws)
    assert (np.diff(found) >= 0).all()
    assert set(found) <= set(values)
    many = len(values) * 4
    assert (draw_equally(seen, many) == draw_weighted(seen, np.ones(len(values)), many)).all()


@given(COUNTS, st.data())
def test_shares_follow_the_weights(values: list[float], data: st.DataObject) -> None:
    size = len(values)
    weight = np.array(data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size)), float)
    found = draw_weighted(np.array(values), weight, 500)
    for value in set(values):
        share = weight[np.array(values) == value].sum() / weight.sum()
        assert abs((found == value).mean() - share) <= 1 / 500 + 1e-9


def test_levels_are_the_middles_of_equal_parts() -> None:
    assert quantile_levels(2).tolist() == [0.25, 0.75]
