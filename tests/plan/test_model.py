"""Invariants of the regional model."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson as reference

from tocsin.plan.model import MONTHS, poisson, simulate
from tocsin.plan.portfolios import PORTFOLIOS, STATUS_QUO, effort

BASE = effort(PORTFOLIOS[STATUS_QUO])
BORDER = np.array([[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]], np.float32)


def run(level: list[float], efforts: np.ndarray = BASE, seed: int = 0, futures: int = 30):
    world = (np.array(level, np.float32), np.full((3, 5), 0.2, np.float32), BORDER)
    keys = jax.random.split(jax.random.key(seed), futures)
    return {name: np.asarray(v) for name, v in simulate(keys, efforts, BASE, world).items()}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(0, 3000), min_size=3, max_size=3),
    st.lists(st.floats(0, 1, width=32), min_size=13, max_size=13),
)
def test_levels_stay_in_their_range(level: list[float], efforts: list[float]) -> None:
    found = run(level, np.array(efforts, np.float32))
    assert found["deaths"].shape == (30, MONTHS, 3)
    assert all(np.isfinite(values).all() for values in found.values())
    assert (found["deaths"] >= 0).all()
    assert (found["deaths"] == np.round(found["deaths"])).all()
    for name, top in (("capability", 1), ("grievance", 1), ("service_lost", 100)):
        assert ((found[name] >= 0) & (found[name] <= top + 1e-4)).all()


def test_same_key_same_bits_and_same_futures() -> None:
    one, two = run([10, 100, 0.1]), run([10, 100, 0.1])
    assert all((one[name] == two[name]).all() for name in one)
    other = run([10, 100, 0.1], seed=1)
    assert (one["deaths"] != other["deaths"]).any()


def test_peace_stays_peace() -> None:
    assert run([0, 0, 0])["deaths"].sum() == 0


def test_the_status_quo_starts_at_the_forecast() -> None:
    found = run([50, 200, 5], futures=2000)
    first_year = found["deaths"][:, :12].mean(axis=(0, 1))
    assert first_year == pytest.approx([50, 200, 5], rel=0.2)


@pytest.mark.parametrize("rate", [0.01, 1.0, 7.5, 20.0, 60.0])
def test_counts_are_poisson(rate: float) -> None:
    levels = (np.arange(4000) + 0.5) / 4000
    found = np.asarray(poisson(jnp.asarray(levels), jnp.full(4000, rate)))
    expected = reference.ppf(levels, rate)
    assert np.abs(found - expected).max() <= 1
    assert found.mean() == pytest.approx(rate, rel=0.02, abs=0.002)


def test_more_stress_never_gives_fewer_by_the_same_chance() -> None:
    u = jnp.linspace(0.01, 0.99, 50)
    counts = [np.asarray(poisson(u, jnp.full(50, r))) for r in (0.5, 2.0, 10.0, 23.0, 40.0, 90.0)]
    assert all((b >= a).all() for a, b in itertools.pairwise(counts))
