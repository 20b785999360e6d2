"""Parameters that made a stream are found again; a thin stream leans on the others."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.anticipate.alerts.stream.fitting import fit, likelihood
from tocsin.anticipate.alerts.stream.hawkes import Hawkes, simulate

TRUE = Hawkes(background=1.0, season=(0.0, 0.0), fast=0.5, slow=0.2, half_life=3.0, dispersion=1.5)
DAYS = np.arange(1500.0)


@pytest.fixture(scope="module")
def made() -> np.ndarray:
    return simulate(TRUE, np.random.default_rng(2), days=1500, paths=4)


@pytest.mark.slow
def test_what_made_a_stream_is_found(made: np.ndarray) -> None:
    found = fit({i: (row, DAYS) for i, row in enumerate(made)})
    # The slow kernel and the background are hard to tell apart; the fast one is not.
    assert np.mean([m.fast for m in found.values()]) == pytest.approx(0.5, abs=0.1)
    assert all(m.fast + m.slow < 1 for m in found.values())
    assert np.mean([m.dispersion for m in found.values()]) == pytest.approx(1.5, abs=0.15)
    assert np.mean([m.half_life for m in found.values()]) == pytest.approx(3.0, rel=0.5)
    for i, row in enumerate(made):
        assert likelihood(found[i], row, DAYS) > likelihood(TRUE, row, DAYS) - 2


@pytest.mark.slow
def test_a_thin_stream_borrows_its_shape(made: np.ndarray) -> None:
    thin = np.zeros(1500)
    thin[[100, 101, 700, 1200]] = 1
    alone = fit({9: (thin, DAYS)})[9]
    among = fit({**{i: (row, DAYS) for i, row in enumerate(made)}, 9: (thin, DAYS)})[9]
    assert abs(among.half_life - 3.0) < abs(alone.half_life - 3.0) + 1e-6
    assert among.background < 0.05


def test_the_likelihood_is_the_negative_binomial_s() -> None:
    from scipy.stats import nbinom

    flat = Hawkes(2.0, (0.0, 0.0), 0.0, 0.0, 3.0, 1.5)
    counts = np.array([0.0, 3.0, 1.0, 7.0])
    size = 2.0 / 0.5
    want = nbinom.logpmf(counts, size, size / (size + 2.0)).sum()
    assert likelihood(flat, counts, np.arange(4.0)) == pytest.approx(float(want))
