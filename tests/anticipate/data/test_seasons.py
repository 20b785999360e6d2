"""The months of the year: what is a season, and what is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.anticipate.data.seasons import COMMON, measure_seasons, seasons_ahead

COUNTS = arrays(float, (4, 60), elements=st.floats(0, 1e5) | st.just(float("nan")))


def _with_season(units: int, years: int) -> np.ndarray:
    """Each December has e times as much as the other months, on the scale of log(1 + deaths)."""
    return np.tile(np.expm1(np.r_[np.full(11, 3.0), 4.0]), (units, years))


def test_the_season_is_found_and_drawn_towards_that_of_all() -> None:
    deaths = _with_season(200, 21)
    found = measure_seasons(deaths, 12)
    assert found[:, 11] == pytest.approx(11 / 12, abs=0.03)
    assert found[:, :11] == pytest.approx(-1 / 12, abs=0.01)
    # One unit whose peak is in June among so many has a third of it: 20 years of 20 + COMMON.
    deaths[0] = np.roll(deaths[0], 6)
    odd = measure_seasons(deaths, 12)[0]
    assert odd[5] + 1 / 12 == pytest.approx(20 / (20 + COMMON), abs=0.03)
    assert odd[11] > odd[5]


@pytest.mark.parametrize("month", [1, 6, 12])
def test_the_month_of_the_last_column_names_the_others(month: int) -> None:
    deaths = _with_season(50, 10)[:, : 120 - (12 - month)]
    assert (measure_seasons(deaths, month).argmax(axis=1) == 11).all()
    ahead = seasons_ahead(deaths, month, 24, life=4.0)
    assert ahead[0].argmax() == (11 - month) % 12
    assert ahead[:, :12] == pytest.approx(ahead[:, 12:])


def test_growth_is_no_season() -> None:
    deaths = np.expm1(np.tile(np.linspace(1.0, 7.0, 120), (30, 1)))
    assert np.abs(measure_seasons(deaths, 9)).max() < 1e-9


def test_what_the_latest_months_hold_is_taken_off() -> None:
    """A forecast of which the last month is nearly all, and this a December, holds December."""
    ahead = seasons_ahead(_with_season(100, 20), 12, 12, life=0.1)
    assert ahead[0, 11] == pytest.approx(0.0, abs=0.01)
    assert ahead[0, :11] == pytest.approx(-1.0, abs=0.05)


def test_quiet_unknown_and_short_histories_have_no_season() -> None:
    assert (measure_seasons(np.zeros((3, 100)), 4) == 0).all()
    assert (measure_seasons(np.full((3, 100), np.nan), 4) == 0).all()
    assert (measure_seasons(_with_season(3, 2), 12) == 0).all()
    # A war whose records begin with the first Decembers unknown: its edge is no season.
    deaths = _with_season(50, 10)
    deaths[:, :30] = np.nan
    assert measure_seasons(deaths, 12)[0, 11] > 0.5
    even = np.full((50, 120), 40.0)
    even[:, :30] = np.nan
    assert np.abs(measure_seasons(even, 12)).max() < 1e-12


@given(COUNTS, st.integers(1, 12), st.permutations(range(4)))
def test_seasons_have_no_mean_and_know_no_order_of_units(
    deaths: np.ndarray, month: int, order: list[int]
) -> None:
    found = measure_seasons(deaths, month)
    assert found.shape == (4, 12)
    assert np.abs(found.mean(axis=1)).max() < 1e-12
    assert np.abs(found).max() <= 3.0
    assert (measure_seasons(deaths[order], month) == found[order]).all()


def test_the_order_of_many_units_decides_no_bit() -> None:
    random = np.random.default_rng(5)
    deaths = np.round(random.lognormal(3, 2, (60, 240)))
    order = random.permutation(60)
    assert (measure_seasons(deaths[order], 7) == measure_seasons(deaths, 7)[order]).all()
