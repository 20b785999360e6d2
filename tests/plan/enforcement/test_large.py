"""Large networks: the bound holds, and the gap is certified."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.enforcement import brute_force, grid_case, random_case
from tocsin.plan.enforcement import choose_large, greatest_flow


@pytest.mark.slow
@settings(max_examples=12)
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_the_bound_is_never_above_the_best(seed: int, budget: int) -> None:
    network = random_case(np.random.default_rng(seed))
    # Without time for the exact programme only prices speak.
    found = choose_large(network, budget, gap=0, seconds=0.9)
    best = brute_force(network, budget, "flow")
    assert found.bound <= best + 1e-6
    assert found.value >= best - 1e-6
    assert found.cost <= budget + 1e-6


@pytest.mark.slow
def test_a_grid_is_certified() -> None:
    network = grid_case(1, side=20)
    found = choose_large(network, 20, gap=0.02, seconds=30)
    assert found.gap <= 0.02
    assert greatest_flow(network, found.controlled)[0] == pytest.approx(found.value)
