"""The smoothed model: its slope is that of its likelihood, and it learns what made the data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import nbinom

from tocsin.anticipate.grid.smoothed import GROWTH, SIZE, WEIGHTS, _likelihood, _size


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
