"""Sizes of events: their law, their sums, and what more incidents can never do."""

from __future__ import annotations

import itertools

import jax
import numpy as np
import pytest

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.threat import severity


@pytest.mark.slow
def test_sizes_of_events_have_the_exponent_and_the_mean_of_the_parameters() -> None:
    """Event sizes: Hill's estimator (1975), and Bohorquez et al. (2009) near 2.5."""
    u = ((np.arange(400_000) + 0.5) / 400_000).astype(np.float32)[:, None]
    noise = Noise(np.concatenate([u, u], 1), np.zeros((400_000, 2), np.float32))
    sizes = jax.jit(severity.sizes)
    for tail in (2.1, 2.3, 2.5, 2.7):
        p = {"tail": np.float32(tail), "deaths_each": np.float32(7.0)}
        found = np.asarray(sizes(p, np.ones((400_000, 1), np.float32), noise), float).ravel()
        large = found[(found >= 20) & (found < 9_999)]
        assert 1 + 1 / np.log(large / 20).mean() == pytest.approx(tail, abs=0.06)
        assert found.mean() == pytest.approx(7.0, rel=0.08)
    none = np.asarray(sizes(p, np.zeros((400_000, 1), np.float32), noise))
    assert (none == 0).all()


@pytest.mark.slow
def test_the_sum_of_many_events_is_distributed_as_if_each_were_drawn() -> None:
    rng = np.random.default_rng(1)
    p = {"tail": np.float32(2.5), "deaths_each": np.float32(7.0)}
    n, F = 12, 100_000
    each = (7 / 3) * rng.random((F, n)) ** (-1 / 1.5)
    true = np.minimum(each, 1e4).sum(1)
    normal = rng.standard_normal((F, 2)).astype(np.float32)
    noise = Noise(rng.random((F, 2)).astype(np.float32) * 0.999999 + 5e-7, normal)
    found = np.asarray(jax.jit(severity.sizes)(p, np.full((F, 1), n, np.float32), noise)).ravel()
    shares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999]
    np.testing.assert_allclose(np.quantile(found, shares), np.quantile(true, shares), rtol=0.08)


@pytest.mark.slow
def test_more_incidents_never_kill_fewer_by_the_same_chance() -> None:
    u = np.linspace(0.001, 0.999, 500).astype(np.float32)
    noise = Noise(np.stack([u, u], 1), np.zeros((500, 2), np.float32))
    p = {"tail": np.float32(2.5), "deaths_each": np.float32(7.0)}
    sizes = jax.jit(severity.sizes)
    many = [np.asarray(sizes(p, np.full((500, 1), n, np.float32), noise)) for n in (0, 1, 2, 5, 40)]
    assert all((b >= a - 1e-3).all() for a, b in itertools.pairwise(many))


@pytest.mark.parametrize("tail", [2.02, 2.1, 2.4])
def test_the_capped_mean_is_met_by_the_smallest_size(tail: float) -> None:
    """The mean of min(X, top), X Pareto, is the integral of its tail: s + s (1 - r^(a-1)) / (a - 1)
    with r = s / top, where a is the exponent less one."""
    a = tail - 1
    for mean in (6.0, 16.6):
        s = severity.smallest(a, mean)
        met = s + s * (1 - (s / 10_000) ** (a - 1)) / (a - 1)
        assert met == pytest.approx(mean, rel=1.5e-3)
