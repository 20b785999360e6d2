"""Own history: newer months weigh more, and nothing is made of nothing."""

from __future__ import annotations

from datetime import date

import numpy as np

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
