"""Relative economic value, against the limits that Richardson (2000) gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.alerts.records.value import (
    cheapest_threshold,
    is_surely_cheaper,
    operating_points,
    relative_value,
)

pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=4, max_size=60)


@given(pairs, st.floats(0.01, 0.99))
def test_no_alert_is_worth_more_than_knowing(cases: list[tuple[float, bool]], ratio: float) -> None:
    p = np.array([c[0] for c in cases])
    y = np.array([float(c[1]) for c in cases])
    if 0 < y.mean() < 1:
        assert relative_value((p >= ratio).astype(float), y, ratio) <= 1
        assert relative_value(y, y, ratio) == pytest.approx(1)
        always, never = (relative_value(np.full(len(y), a), y, ratio) for a in (1.0, 0.0))
        assert max(always, never) == pytest.approx(0, abs=1e-9)


def test_value_peaks_at_the_base_rate_with_the_skill_score_of_peirce() -> None:
    random = np.random.default_rng(1)
    y = (random.random(4000) < 0.2).astype(float)
    alarm = np.where(random.random(4000) < 0.8, y, 1 - y)
    peirce = alarm[y == 1].mean() - alarm[y == 0].mean()
    assert relative_value(alarm, y, float(y.mean())) == pytest.approx(peirce)


def test_a_calibrated_forecast_is_best_used_at_cost_over_loss() -> None:
    random = np.random.default_rng(2)
    p = random.random(200_000)
    y = (random.random(200_000) < p).astype(float)
    assert cheapest_threshold(p, y, ratio=0.3) == pytest.approx(0.3, abs=0.03)


def test_an_overconfident_forecast_is_used_elsewhere() -> None:
    random = np.random.default_rng(2)
    truth = random.uniform(0, 0.5, 100_000)
    y = (random.random(100_000) < truth).astype(float)
    assert cheapest_threshold(2 * truth, y, ratio=0.3) == pytest.approx(0.6, abs=0.05)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_a_year_learns_only_from_cases_closed_before_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    years = np.repeat(np.arange(2000, 2010), 12)
    closed = np.concatenate([years[3:], [2010] * 3])
    p, y = random.random((120, 5)), (random.random((120, 5)) < 0.3).astype(float)
    full = operating_points(p, y, years, closed, ratio=0.2)
    later = y.copy()
    later[closed >= 2006] = 1
    again = operating_points(p, later, years, closed, ratio=0.2)
    assert all(full[year] == again[year] for year in range(2000, 2007))
    assert full[2000] == full[2002] == 0.2


def test_a_threshold_that_was_cheaper_by_luck_is_not_taken() -> None:
    random = np.random.default_rng(9)
    p = random.beta(0.3, 6, 4000)
    y = (random.random(4000) < p).astype(float)
    when = np.repeat(np.arange(8), 500)
    assert not is_surely_cheaper(p, y, when, cheapest_threshold(p, y, ratio=0.2), ratio=0.2)
    bold = 3 * p.clip(0, 1 / 3)
    assert is_surely_cheaper(bold, y, when, cheapest_threshold(bold, y, ratio=0.2), ratio=0.2)
