"""The pool: its share of the draws from each part, and width where little is known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.models import network as module
from tocsin.anticipate.models.network import network
from tocsin.anticipate.models.pool import pool
from tocsin.anticipate.models.recency import recency


@pytest.mark.slow
def test_a_third_of_the_draws_is_own_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEPS", 120)
    monkeypatch.setattr(module, "NETWORKS", 2)
    module._fit_once.cache_clear()
    deaths = np.random.default_rng(1).poisson(2.0, (60, 150)).astype(float)
    months = tuple(add_months(date(2000, 1, 1), step) for step in range(150))
    past = Panel(tuple(range(60)), tuple(f"unit {i}" for i in range(60)), months, "n", deaths)
    found = pool(past, 3, 41)
    both = np.concatenate([network(past, 3, 27), recency(past, 3, 14)], axis=-1)
    assert (found == np.sort(both, axis=-1)).all()


@pytest.mark.parametrize("count", [0.0, 50.0])
def test_one_known_month_is_not_taken_for_the_whole_truth(count: float) -> None:
    past = Panel((1,), ("unit",), (date(2020, 10, 1),), "n", np.array([[count]]))
    found = pool(past, 6, 1000)
    low, high = np.quantile(found, [0.05, 0.95])
    assert low == 0.0
    assert high > count
