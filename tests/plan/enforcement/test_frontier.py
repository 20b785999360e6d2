"""The frontier: every choice that no other beats, and who bears it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.enforcement import random_case, small_case
from tocsin.errors import UsageError
from tocsin.plan.enforcement import Limits, choose, frontier


def test_the_published_frontier() -> None:
    found = frontier(small_case(), 2)
    assert found.before == 80
    assert found.points["cost"].to_list() == [0, 1, 2]
    assert found.points["left"].to_list() == pytest.approx([80, 10, 0])
    assert found.points["stopped"].to_list() == pytest.approx([0, 0.875, 1])
    assert found.points["ways"][1] == "S - C"


@pytest.mark.slow
@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_no_choice_is_beaten_and_each_is_best_for_its_money(seed: int, budget: int) -> None:
    network = random_case(np.random.default_rng(seed))
    points = frontier(network, budget).points
    assert points["cost"].is_sorted()
    assert points["cost"][0] == 0
    assert (points["cost"] <= budget + 1e-6).all()
    left = points["left"].to_list()
    assert all(a > b for a, b in itertools.pairwise(left))
    for cost, value in points.select("cost", "left").rows():
        assert choose(network, Limits(cost)).value == pytest.approx(value)


def test_lawful_trade_lost_is_shared_by_both_ends() -> None:
    network = random_case(np.random.default_rng(3))
    found = frontier(network, 12)
    for cost, lost in found.points.select("cost", "lawful_lost").rows():
        borne = found.burden.filter(found.burden["cost"] == cost)["lawful_lost"].sum()
        assert borne == pytest.approx(lost)


@pytest.mark.parametrize("budget", [-1.0, float("nan"), float("inf")])
def test_a_budget_is_a_number(budget: float) -> None:
    with pytest.raises(UsageError, match="no budget"):
        frontier(small_case(), budget)
