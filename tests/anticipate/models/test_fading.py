"""Own past as distributions: rising, whole, and nearer to the last months where it fades fast."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.anticipate.models.fading import LIVES, own_past

COUNTS = np.array([0.0, 1, 3, 20, 400, 1e6])


@given(arrays(float, (3, 7), elements=st.one_of(st.just(np.nan), st.integers(0, 9000).map(float))))
def test_each_is_a_distribution(deaths: np.ndarray) -> None:
    below = own_past(deaths, COUNTS)
    assert below.shape == (3, 7, len(LIVES), len(COUNTS))
    assert (np.diff(below, axis=-1) >= -1e-6).all()
    assert (below >= 0).all()
    np.testing.assert_allclose(below[..., -1], 1.0, atol=1e-5)


@given(arrays(float, (2, 9), elements=st.integers(0, 50).map(float)), st.integers(0, 8))
def test_later_months_change_nothing_before(deaths: np.ndarray, since: int) -> None:
    whole = own_past(deaths, COUNTS)
    np.testing.assert_array_equal(own_past(deaths, COUNTS, since=since), whole[:, since:])
    np.testing.assert_array_equal(own_past(deaths[:, : since + 1], COUNTS), whole[:, : since + 1])


def test_after_a_sudden_peace_the_fastest_says_so_first() -> None:
    deaths = np.array([[500.0] * 20 + [0.0] * 2])
    none = own_past(deaths, COUNTS, since=21)[0, 0, :, 0]
    assert (np.diff(none) < 0).all()
    np.testing.assert_allclose(none[0], 0.75, atol=1e-3)


def test_months_unknown_count_neither_way() -> None:
    gaps = np.array([[3.0, np.nan, np.nan]])
    np.testing.assert_allclose(
        own_past(gaps, COUNTS)[0, 2], own_past(gaps, COUNTS)[0, 0], atol=1e-6
    )
    assert (own_past(np.array([[np.nan]]), COUNTS) == 1).all()
