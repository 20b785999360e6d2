"""Scores of held-out years: sums, starts and averages."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.alerts.records.replay import PastForecast
from tocsin.anticipate.data.panel import Panel
from tocsin.bench.plan.years import (
    CHOICE,
    REPORT,
    YEARS,
    _scores,
    average_scores,
    first_year_near,
    play_years,
    start_at,
)


def past() -> PastForecast:
    months = tuple(date(2015 + at // 12, at % 12 + 1, 1) for at in range(24))
    deaths = np.tile([[30.0], [2.0], [0.0]], (1, 24))
    known = Panel((482, 625, 500), ("a", "b", "c"), months, "ged_sb", deaths)
    random = np.random.default_rng(1)
    draws = random.poisson([[[30.0]], [[2.0]], [[0.1]]], (3, 12, 80)).astype(float)
    draws[2] = np.nan
    return PastForecast(date(2016, 12, 1), "pool", known, draws)


@pytest.mark.slow
def test_the_model_begins_where_the_forecast_is_and_leaves_out_who_has_none() -> None:
    start, totals = start_at(past())
    assert start.gwnos == (482, 625)
    np.testing.assert_allclose(totals, past().draws[:2].sum(1))
    np.testing.assert_allclose(start.level, past().draws[:2].mean((1, 2)), rtol=1e-5)


def test_no_origin_to_choose_by_looks_into_2018() -> None:
    assert max(CHOICE) + YEARS < 2018 <= min(REPORT) + 1


def test_origins_have_the_same_weight() -> None:
    found = average_scores([{"a": 1.0, "b": float("nan")}, {"a": 3.0, "b": 2.0}])
    assert found == {"a": 2.0, "b": 2.0}


def test_a_state_without_a_known_year_has_no_score() -> None:
    drawn = np.array([[1.0, np.nan, 3.0], [np.nan] * 3])
    found = _scores(drawn, np.array([2.0, 5.0]))
    assert found["coverage_90"][0] == 1.0
    assert all(np.isnan(values[1]) for values in found.values())


def test_a_quantile_is_near_within_a_tenth_or_within_chance() -> None:
    forecast = np.arange(1001.0)[None] + 100
    alike, lower = np.linspace(100, 1100, 512)[None], np.linspace(80, 880, 512)[None]
    assert first_year_near(alike, forecast).all()
    assert not first_year_near(lower, forecast).any()
    # Of 16 futures chance leaves more open than a tenth, though not in the upper tail.
    assert first_year_near(lower[:, ::32], forecast)[:2].all()
    assert not first_year_near(lower[:, ::32] / 2, forecast)[:2].any()
    # Where nobody dies in the forecast, nobody may.
    assert first_year_near(np.zeros((1, 9)), np.zeros((1, 9))).all()
    assert not first_year_near(np.ones((1, 9)), np.zeros((1, 9))).any()


@pytest.mark.release
def test_the_first_year_is_the_forecast_s() -> None:
    start, totals = start_at(past())
    years = play_years(start, totals, futures=256)
    assert [one.shape for one in years] == [(2, 256)] * 3
    np.testing.assert_allclose(np.median(years[0], 1), np.median(totals, 1), rtol=0.1)
