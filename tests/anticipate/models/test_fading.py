"""Own past as distributions: rising, whole, and nearer to the last months where it fades fast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from tocsin.anticipate.models.fading import (
    LIVES,
    MANY,
    TOWERS,
    WIDE,
    latest_past,
    measure_towering,
    own_past,
)

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


def test_each_month_stands_for_a_lognormal_and_fades_at_each_speed() -> None:
    """Month by month, also by the short way for the last month alone."""
    deaths = np.array([[0.0, 5, np.nan, 40, 0], [np.nan, np.nan, 2.0, 0, 900], [np.nan] * 5])
    whole, last = own_past(deaths, COUNTS), own_past(deaths, COUNTS, since=4)
    assert last.shape == (3, 1, len(LIVES), len(COUNTS))
    for unit, row in enumerate(deaths):
        for t in range(5):
            for k, life in enumerate(LIVES):
                weights = [0.5 ** ((t - s) / life) for s in range(t + 1)]
                known = [(w, y) for w, y in zip(weights, row, strict=False) if not np.isnan(y)]
                for v, count in enumerate(COUNTS):
                    below = [
                        1.0 if y == 0
                        else 0.0 if count == 0
                        else norm.cdf((np.log1p(count + 0.5) - np.log1p(y)) / 0.4)
                        for _, y in known
                    ]  # fmt: skip
                    total = sum(w for w, _ in known)
                    expected = (
                        sum(w * b for (w, _), b in zip(known, below, strict=True)) / total
                        if known
                        else 1.0
                    )
                    assert whole[unit, t, k, v] == pytest.approx(expected, abs=1e-6)
                    if t == 4:
                        assert last[unit, 0, k, v] == pytest.approx(expected, abs=1e-6)


def test_a_past_that_is_long_over_is_none() -> None:
    """After 700 months a weight that halves each month is 1e-211; two speeds can still tell."""
    deaths = np.array([[8.0] + [np.nan] * 700])
    for found in (own_past(deaths, COUNTS, since=700), own_past(deaths, COUNTS, since=699)[:, 1:]):
        assert found[0, 0, 0].tolist() == [1.0] * len(COUNTS)
        assert found[0, 0, 1:, 0].tolist() == [0.0] * (len(LIVES) - 1)


@settings(max_examples=30, deadline=None)
@given(arrays(float, (2, 15), elements=st.one_of(st.just(np.nan), st.integers(0, 9000).map(float))))
def test_only_great_months_of_the_last_year_tower(deaths: np.ndarray) -> None:
    over, level = measure_towering(deaths)
    assert over.shape == level.shape == deaths.shape
    assert (over >= 1).all()
    assert (over[:, :3] == 1).all()
    counts = np.nan_to_num(deaths)
    known = [row[-12:][~np.isnan(row[-12:])] for row in deaths]
    middle = np.array([[max(np.median(row), 1.0) if row.size else 1.0] for row in known])
    tall = over > 1
    np.testing.assert_array_equal(
        tall[:, 3:], (counts[:, 3:] > TOWERS * middle) & (counts[:, 3:] > MANY)
    )
    # What such a month stands for lies between the year and the month.
    assert ((level >= middle) & (level <= counts))[tall].all()


def test_a_month_that_towers_is_lowered_and_others_are_left() -> None:
    """One part in how far it towers stands for itself, the rest for the way back to the year."""
    steady, tower = np.full(12, 40.0), np.r_[np.full(11, 100.0), 3600.0]
    deaths = np.stack([steady, tower])
    asked = {"lives": np.array([4.0]), "blur": 0.5}
    left = latest_past(deaths, COUNTS, **asked)[:, 0]
    lowered = latest_past(deaths, COUNTS, lowered=True, **asked)[:, 0]
    np.testing.assert_array_equal(lowered[0], left[0])
    weight = 0.5 ** (np.arange(12)[::-1] / 4)

    def dressed(size: float, blur: float) -> np.ndarray:
        below = norm.cdf((np.log1p(COUNTS + 0.5) - np.log1p(size)) / blur)
        return np.where(COUNTS == 0, 0.0, below)

    itself = TOWERS * 100 / 3600
    last = itself * dressed(3600, 0.5) + (1 - itself) * dressed(600, WIDE)
    expected = (weight[:-1].sum() * dressed(100, 0.5) + last) / weight.sum()
    np.testing.assert_allclose(lowered[1], expected, atol=1e-6)


def test_months_that_are_not_reported_yet_make_no_month_tower() -> None:
    deaths = np.array([[900.0] * 5 + [np.nan] * 7])
    assert (measure_towering(deaths)[0] == 1).all()


def test_a_count_revised_by_one_death_moves_no_forecast_by_much() -> None:
    """No jump where a month begins to tower."""
    deaths = np.stack([np.full(12, 90.0)] * 2)
    deaths[:, -1] = MANY, MANY + 1
    below = latest_past(deaths, COUNTS, lives=np.array([3.0]), lowered=True)
    assert np.abs(below[0] - below[1]).max() < 0.005
