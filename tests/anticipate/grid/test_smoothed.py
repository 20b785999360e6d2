"""The smoothed model: its slope is that of its likelihood, and it learns what made the data."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import nbinom

from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.grid.smoothed import GROWTH, SIZE, WEIGHTS, _likelihood, _size, smoothed


def test_the_slope_is_that_of_the_likelihood() -> None:
    random = np.random.default_rng(1)
    x = random.gamma(0.5, 4.0, (200, len(WEIGHTS)))
    y = random.poisson(3.0, 200).astype(float)
    weight = random.random(200)
    chosen = np.concatenate([np.log(WEIGHTS), [np.log(SIZE), GROWTH]])
    value, slope = _likelihood(chosen, x, y, weight)
    near = approx_fprime(chosen, lambda at: _likelihood(at, x, y, weight)[0], 1e-6)
    assert slope == pytest.approx(near, rel=1e-3, abs=1e-2)
    mean = x @ WEIGHTS + 1e-5
    size = _size(mean, chosen)
    plain = (weight * nbinom.logpmf(y, size, size / (size + mean))).sum()
    assert value == pytest.approx(plain)


@pytest.mark.parametrize("width", [4, 8, 12])
def test_a_year_of_months_is_forecast_further_than_it_is_long(width: int) -> None:
    random = np.random.default_rng(2)
    months = tuple(date(2023, month, 1) for month in range(1, width + 1))
    cells = (150_000, 150_001, 150_720)
    deaths = random.poisson(2.0, (3, width)).astype(float)
    history = Panel(cells, ("Mali",) * 3, months, "ged_sb", deaths)
    found = smoothed(history, 14, 20, seed=1)
    assert found.shape == (3, 14, 20)
    assert np.isfinite(found).all()
