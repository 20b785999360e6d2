"""Counts by inverse distribution; random numbers that belong to future, week and mechanism."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import poisson as reference

from tocsin.plan.region.chance import draw_noise, future_keys, poisson, split_noise

_poisson = jax.jit(poisson)
_noise = jax.jit(draw_noise, static_argnums=(2, 3))


def counts(u: np.ndarray, rate: np.ndarray) -> np.ndarray:
    return np.asarray(_poisson(u, norm.ppf(u).astype(np.float32), rate.astype(np.float32)))


@pytest.mark.parametrize("rate", [0.01, 1.0, 5.0, 7.5, 7.6, 12.0, 60.0, 900.0])
def test_counts_are_poisson_within_a_ten_thousandth(rate: float) -> None:
    u = ((np.arange(200_000) + 0.5) / 200_000).astype(np.float32)
    found = counts(u, np.full(200_000, rate))
    most = int(rate + 12 * rate**0.5 + 12)
    shares = np.bincount(found.astype(int), minlength=most)[:most] / len(u)
    variation = 0.5 * np.abs(shares - reference.pmf(np.arange(most), rate)).sum()
    # A grid of 200,000 points is itself off by half a point a value.
    assert variation < 1e-4 + 0.5 * (shares > 0).sum() / len(u)


def test_more_stress_never_gives_fewer_by_the_same_chance() -> None:
    u = np.linspace(0.001, 0.999, 4000).astype(np.float32)
    rates = (0.2, 1.0, 4.0, 7.4, 7.5, 7.51, 9.0, 20.0, 200.0)
    found = [counts(u, np.full(4000, rate)) for rate in rates]
    assert all((b >= a).all() for a, b in itertools.pairwise(found))


@pytest.mark.slow
def test_numbers_belong_to_a_future_a_week_and_a_mechanism() -> None:
    columns = (("storm", 0), ("storm", 1), ("flood", 0))
    keys, weeks = future_keys(3, jnp.array([5, 9, 2])), jnp.array([7, 8])
    whole = _noise(keys, weeks, columns, 4)
    assert whole.uniform.shape == (2, 4, 3, 1, 3)
    np.testing.assert_allclose(whole.normal, norm.ppf(whole.uniform), atol=2e-4)
    # The same future, week and mechanism elsewhere in the arrays, beside others.
    turned = _noise(future_keys(3, jnp.array([2, 5, 4])), jnp.array([8, 3]), columns[::-1], 4)
    np.testing.assert_array_equal(turned.uniform[0, :, 0, 0, 0], whole.uniform[1, :, 2, 0, 2])
    np.testing.assert_array_equal(turned.uniform[0, :, 1, 0, 1], whole.uniform[1, :, 1, 0, 0])
    assert len(np.unique(whole.uniform)) == whole.uniform.size
    own = split_noise(type(whole)(whole.uniform[0], whole.normal[0]), columns)
    np.testing.assert_array_equal(own["storm"].uniform, whole.uniform[0][:, :2])
    np.testing.assert_array_equal(own["flood"].uniform, whole.uniform[0][:, 2:])
