"""Own history: newer months weigh more, and nothing is made of nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy.stats import norm

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.models.recency import HALF_LIFE, recency


def history(rows: list[list[float]]) -> Panel:
    months = tuple(add_months(date(2000, 1, 1), step) for step in range(len(rows[0])))
    names = tuple(f"unit {i}" for i in range(len(rows)))
    return Panel(tuple(range(1, len(rows) + 1)), names, months, "n", np.array(rows, float))


def test_weights_halve_with_the_half_life() -> None:
    lag = int(HALF_LIFE)
    quiet_then_war = [0.0] * 100 + [50.0] * lag
    found = recency(history([quiet_then_war]), 2, 1000)
    assert found.shape == (1, 2, 1000)
    # The last `lag` months hold half of all weight.
    assert abs((found[0, 0] > 0).mean() - 0.5) < 0.01
    assert abs(np.median(found[0, 0][found[0, 0] > 0]) - 50) < 5


def test_peace_stays_peace_and_gaps_are_passed_over() -> None:
    gaps = [np.nan, 7.0] * 20
    found = recency(history([[0.0] * 40, gaps]), 1, 200)
    assert (found[0] == 0).all()
    assert (found[1] >= 1).all()
    assert (np.diff(found, axis=-1) >= 0).all()


def test_the_draws_are_those_of_the_dressed_months() -> None:
    row = [4.0, np.nan, 0.0, 25.0, 1.0]
    found = recency(history([row, [np.nan] * 5]), 1, 50)[:, 0]
    assert (found[1] == 0).all()
    values: list[tuple[float, float]] = []
    for age, count in zip((4, 2, 1, 0), (4.0, 0.0, 25.0, 1.0), strict=True):
        for k in range(21):
            dressed = np.round(np.expm1(np.log1p(count) + 0.4 * norm.ppf((k + 0.5) / 21)))
            values.append((max(dressed, 1.0) if count else 0.0, 0.5 ** (age / 4)))
    values.sort(key=lambda pair: pair[0])
    below = np.cumsum([weight for _, weight in values])
    for k, value in enumerate(found[0]):
        assert value == values[int(np.searchsorted(below / below[-1], (k + 0.5) / 50))][0]


def test_months_of_more_than_ten_years_ago_are_not_looked_at() -> None:
    old = [900.0] * 50 + [np.nan] * 120
    assert (recency(history([old]), 1, 20) == 0).all()
    assert (recency(history([[900.0] + [np.nan] * 119]), 1, 20) > 0).all()
