"""Controls against published answers, brute force, and each other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.enforcement import brute_force, random_case, small_case
from tocsin.errors import UsageError
from tocsin.plan.enforcement import Limits, choose, read_network
from tocsin.plan.enforcement.exact import Controls, Measure


def test_the_published_flow_falls_with_each_cut() -> None:
    found = [choose(small_case(), Limits(budget)) for budget in (0, 1, 2)]
    assert [one.value for one in found] == pytest.approx([80, 10, 0])
    assert all(one.gap == 0 for one in found)


def test_the_published_way_grows_with_a_cut() -> None:
    found = [choose(small_case(), Limits(budget), measure="way") for budget in (0, 1)]
    assert [one.value for one in found] == pytest.approx([5, 17])
    assert np.isinf(choose(small_case(), Limits(2), measure="way").value)


@pytest.mark.slow
@settings(max_examples=12)
@given(st.integers(0, 10**6), st.integers(0, 12), st.sampled_from(["flow", "way"]))
def test_the_answer_is_that_of_brute_force(seed: int, budget: int, measure: Measure) -> None:
    network = random_case(np.random.default_rng(seed))
    found = choose(network, Limits(budget), measure=measure)
    assert found.value == pytest.approx(brute_force(network, budget, measure))
    assert found.cost <= budget + 1e-6


@pytest.mark.slow
@settings(max_examples=6)
@given(st.integers(0, 10**6))
def test_more_money_never_leaves_more(seed: int) -> None:
    network = random_case(np.random.default_rng(seed))
    left = [choose(network, Limits(budget)).value for budget in (0, 3, 6, 20)]
    assert left == sorted(left, reverse=True)


def test_a_limit_of_lawful_trade_is_kept() -> None:
    network = random_case(np.random.default_rng(4))
    free = choose(network, Limits(20))
    tight = choose(network, Limits(20, lawful=2))
    assert tight.lawful <= 2 + 1e-6
    assert tight.value >= free.value


def test_limits_that_nothing_keeps_are_refused() -> None:
    with pytest.raises(UsageError, match="No controls"):
        choose(small_case(), Limits(0, value=5, goal="cost"))


def test_a_way_needs_its_length() -> None:
    network = small_case()
    network.length[[2, 4]] = np.nan
    with pytest.raises(UsageError, match="length") as told:
        choose(network, Limits(1), measure="way")
    assert told.value.where == "row 4, column length"


def test_a_way_that_is_closed_altogether_has_no_end_and_another_is_proved() -> None:
    for budget, way in ((0, 5.0), (1, 17.0), (2, np.inf)):
        found = choose(small_case(), Limits(budget), measure="way")
        assert (found.value, found.bound, found.gap) == (way, way, 0.0)


def test_a_chain_that_cannot_be_closed_is_as_long_as_all_its_ways() -> None:
    table = pl.DataFrame({"source": ["S", "A"], "target": ["A", "T"], "capacity": [1.0, 1.0],
                          "length": [1.0, 2.0]})  # fmt: skip
    found = choose(read_network(table, "S", "T"), Limits(5), measure="way")
    assert (found.value, found.bound) == (3.0, 3.0)


@pytest.mark.parametrize(
    ("value", "bound", "gap"),
    [(10.0, 8.0, 0.2), (8.0, 8.0, 0.0), (np.inf, np.inf, 0.0), (np.inf, 5.0, np.inf),
     (5.0, np.inf, np.inf)],
)  # fmt: skip
def test_the_gap_is_a_share_of_the_answer(value: float, bound: float, gap: float) -> None:
    assert Controls(np.zeros(1, dtype=bool), value, bound, 0.0, 0.0).gap == gap
