"""Each baseline gives sorted, whole, non-negative draws for any history."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.anticipate.data.panel import Matrix, Panel, add_months
from tocsin.anticipate.models.baselines import MODELS, last_twelve

counts = st.one_of(st.integers(0, 5).map(float), st.integers(0, 50_000).map(float), st.just(np.nan))


def history(deaths: Matrix) -> Panel:
    n, t = deaths.shape
    months = tuple(add_months(date(2000, 1, 1), i) for i in range(t))
    return Panel(tuple(range(1, n + 1)), tuple(map(str, range(n))), months, "ged_sb", deaths)


@pytest.mark.parametrize("name", list(MODELS))
@settings(max_examples=60, deadline=None)
@given(deaths=arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 40)), elements=counts))
def test_draws_of_any_history(name: str, deaths: Matrix) -> None:
    found = MODELS[name](history(deaths), 3, 50)
    assert found.shape == (len(deaths), 3, 50)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    assert (found == np.round(found)).all()


@pytest.mark.parametrize("name", list(MODELS))
def test_quiet_is_nearly_quiet_and_war_is_not(name: str) -> None:
    deaths = np.stack([np.zeros(60), np.full(60, 400.0)])
    found = MODELS[name](history(deaths), 1, 1000).mean(axis=(1, 2))
    assert found[0] < 0.5
    assert 300 < found[1] < 500


def test_last_twelve_months_are_the_draws() -> None:
    deaths = np.arange(24.0)[None, :]
    assert np.unique(last_twelve(history(deaths), 1, 120)).tolist() == list(range(12, 24))
