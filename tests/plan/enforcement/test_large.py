"""Large networks: the bound holds, and the gap is certified."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.enforcement import brute_force, grid_case, random_case, small_case
from tocsin.errors import TocsinError
from tocsin.plan.enforcement import choose_large, greatest_flow, large, read_network
from tocsin.plan.enforcement.exact import Controls


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


@pytest.mark.parametrize(("budget", "left"), [(0, 80), (1, 10), (2, 0)])
def test_prices_alone_find_the_published_answer(budget: float, left: float) -> None:
    told: list[tuple[float, float]] = []
    found = choose_large(small_case(), budget, seconds=0.9, on_step=lambda *one: told.append(one))
    assert (found.value, found.cost) == (left, budget)
    assert found.bound <= left
    assert told[-1][0] == left
    assert [one for one, _ in told] == sorted((one for one, _ in told), reverse=True)


def two_ways(budget: float, **asked: float) -> Controls:
    """Two equal ways of a cut, of which the budget pays for one and a half: prices leave a gap."""
    table = pl.DataFrame({"source": ["S", "S"], "target": ["T", "T"], "capacity": [10.0, 10.0],
                          "cost": [2.0, 2.0]})  # fmt: skip
    return choose_large(read_network(table, "S", "T"), budget, **asked)


def test_what_prices_leave_open_is_solved_exactly_if_there_is_time() -> None:
    found = two_ways(3)
    assert (found.value, found.bound, found.cost) == (10.0, 10.0, 2.0)
    for asked in ({"gap": 0.6}, {"seconds": 0.9}):
        found = two_ways(3, **asked)
        assert (found.value, found.bound, found.cost) == (10.0, 5.0, 2.0)


def test_a_programme_that_fails_leaves_the_answer_of_prices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(*_: object, **__: object) -> Controls:
        raise TocsinError("No time.")

    monkeypatch.setattr(large, "choose", failing)
    found = two_ways(3)
    assert (found.value, found.bound) == (10.0, 5.0)


def test_controls_lie_across_the_cut() -> None:
    """The wide way before the narrow one is no use to control."""
    table = pl.DataFrame({"source": ["S", "A"], "target": ["A", "T"], "capacity": [100.0, 5.0],
                          "cost": [2.0, 1.0]})  # fmt: skip
    found = choose_large(read_network(table, "S", "T"), 1, seconds=0.9)
    assert (found.controlled.tolist(), found.value) == ([False, True], 0.0)
