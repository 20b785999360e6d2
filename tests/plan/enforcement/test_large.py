"""Large networks: the bound holds, and the gap is certified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.enforcement import brute_force, grid_case, random_case, small_case
from tocsin.errors import TocsinError
from tocsin.plan.enforcement import Network, choose_large, greatest_flow, large, read_network
from tocsin.plan.enforcement.exact import Controls


@pytest.fixture(autouse=True, scope="module")
def standing_clock() -> Iterator[None]:
    """Time stands still, so that all prices are tried however busy the machine is.

    A search that has less than a second, and therefore does without the exact programme, has prices
    alone.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(large, "time", SimpleNamespace(monotonic=lambda: 0.0))
        yield


@pytest.mark.slow
@settings(max_examples=12)
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_the_bound_is_never_above_the_best(seed: int, budget: int) -> None:
    network = random_case(np.random.default_rng(seed))
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


def test_prices_are_tried_until_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by a second whenever it is asked: after three prices it is too late."""
    tried: list[float] = []

    def one_more(network: Network, weight: np.ndarray) -> tuple[float, np.ndarray]:
        tried.append(weight.sum())
        return least_cut(network, weight)

    least_cut = large._least_cut
    monkeypatch.setattr(large, "_least_cut", one_more)
    monkeypatch.setattr(large, "time", SimpleNamespace(monotonic=count(0.0).__next__))
    choose_large(small_case(), 1.5, gap=0, seconds=2.5)
    assert len(tried) == 3


def two_ways(budget: float, **asked: float) -> Controls:
    """Two equal ways of a cut, of which the budget pays for one and a half: prices leave a gap."""
    table = pl.DataFrame({"source": ["S", "S"], "target": ["T", "T"], "capacity": [10.0, 10.0],
                          "cost": [2.0, 2.0]})  # fmt: skip
    return choose_large(read_network(table, "S", "T"), budget, **asked)


@pytest.mark.slow
def test_what_prices_leave_open_is_solved_exactly_if_there_is_time() -> None:
    found = two_ways(3)
    assert (found.value, found.bound, found.cost) == (10.0, 10.0, 2.0)
    for asked in ({"gap": 0.6}, {"seconds": 0.9}):
        found = two_ways(3, **asked)
        assert (found.value, found.bound, found.cost) == (10.0, 5.0, 2.0)


@pytest.mark.slow
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


def choose_one(
    ways: dict[str, tuple[float, float]], budget: float, *, undirected: bool = False
) -> Controls:
    """What prices alone choose on ways such as 'SA': (capacity, cost)."""
    table = pl.DataFrame({"source": [one[0] for one in ways], "target": [one[1] for one in ways],
                          "capacity": [one for one, _ in ways.values()],
                          "cost": [one for _, one in ways.values()]})  # fmt: skip
    network = read_network(table, "S", "T", undirected=undirected)
    return choose_large(network, budget, seconds=0.9)


def test_a_way_back_across_the_cut_is_part_of_it_only_where_it_leads_both_ways() -> None:
    # The way back carries more, but nothing from S to T: to close it would waste the money.
    found = choose_one({"SA": (5, 1), "AT": (9, 9), "TS": (100, 1)}, 1)
    assert (found.controlled.tolist(), found.value) == ([True, False, False], 0.0)
    # Drawn from its far end, the way from S is as good a way from S.
    found = choose_one({"AS": (5, 1), "AT": (9, 9)}, 1, undirected=True)
    assert (found.controlled.tolist(), found.value) == ([True, False], 0.0)


@pytest.mark.slow
def test_a_control_that_costs_nothing_is_taken_at_any_budget() -> None:
    ways = {"SA": (4.0, 2.0), "AT": (50.0, 9.0), "SB": (6.0, 0.0), "BT": (50.0, 9.0)}
    for budget, left in ((0, 4), (1, 4), (2, 0)):
        found = choose_one(ways, budget)
        assert (found.value, found.cost) == (left, 2 * (left == 0))
        assert found.controlled[2]


def test_the_bound_of_small_fractions_is_as_near_as_that_of_whole_numbers() -> None:
    little = replace(small_case(), capacity=small_case().capacity / 1000)
    found = choose_large(little, 1, seconds=0.9)
    assert found.value == pytest.approx(0.01)
    assert found.bound == pytest.approx(0.01, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("unit", [1e-3, 1e3])
def test_the_unit_of_cost_moves_no_answer_of_prices(unit: float) -> None:
    network = replace(small_case(), cost=np.full(6, unit))
    found = choose_large(network, 1.5 * unit, gap=0, seconds=0.9)
    assert (found.value, found.cost) == (10.0, unit)
    # Half of what is left could be paid for, were half a control to be had.
    assert 4.9 < found.bound <= 10.0


@pytest.mark.parametrize(
    ("capacity", "bound"), [(5.0, 3.0), (5.5, 2.75), (0.01, 0.005), (50.0, 25.0)]
)
def test_a_bound_of_whole_capacities_is_whole(
    capacity: float, bound: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two ways the money closes one and a half; what is left of whole ones is whole, too."""
    monkeypatch.setattr(large, "STEPS", 24)
    network = read_network(
        pl.DataFrame({"source": ["S", "S"], "target": ["T", "T"], "capacity": [capacity] * 2,
                      "cost": [2.0, 2.0]}), "S", "T",
    )  # fmt: skip
    found = choose_large(network, 3, gap=0, seconds=0.9)
    assert (found.value, found.cost) == (capacity, 2.0)
    assert found.bound == pytest.approx(bound, rel=1e-5)


def test_whoever_can_pay_for_all_leaves_nothing_and_it_is_proved() -> None:
    found = choose_one({"SA": (5, 1), "AT": (9, 9), "ST": (2, 3)}, 100)
    assert (found.value, found.bound, found.gap) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("value", "bound", "left", "proved"),
    [(8.0, 7.0, 8.0, 7.0), (8.0, 4.0, 8.0, 5.0), (12.0, 6.0, 10.0, 6.0), (12.0, 11.0, 10.0, 10.0)],
)
def test_of_two_answers_the_better_counts_and_of_two_bounds_the_higher(
    value: float, bound: float, left: float, proved: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []

    def chosen(*_: object, seconds: float) -> Controls:
        given.append(seconds)
        return Controls(np.array([True, True]), value, bound, 3.0, 0.0)

    monkeypatch.setattr(large, "choose", chosen)
    monkeypatch.setattr(large, "STEPS", 4)
    found = two_ways(3, seconds=20)
    assert (found.value, found.bound) == (left, proved)
    assert found.cost == (3.0 if value < 10 else 2.0)
    assert 10 < given[0] <= 20


@pytest.mark.parametrize("unit", [1e-3, 1e3])
def test_the_range_of_prices_is_as_wide_as_what_a_control_pays(
    unit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The price at which the bound is highest is what is carried for each unit of money."""
    monkeypatch.setattr(large, "STEPS", 24)
    table = pl.DataFrame({"source": ["S", "S"], "target": ["T", "T"], "capacity": [10.5, 10.5],
                          "cost": [2 * unit, 2 * unit]})  # fmt: skip
    network = read_network(table, "S", "T")
    found = choose_large(network, 3 * unit, gap=0, seconds=0.9)
    assert (found.value, found.cost) == (10.5, 2 * unit)
    assert found.bound == pytest.approx(5.25, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("unit", [1e-7, 1e-3, 1.0])
def test_a_budget_of_small_numbers_is_kept(unit: float) -> None:
    """Prices of a ten millionth had 49 spent where 40 was there, and the answer called proved."""
    network = grid_case(1, side=12)
    small = replace(network, cost=network.cost * unit)
    found = choose_large(small, 12 * unit, seconds=0.9)
    assert found.cost <= 12 * unit * (1 + 1e-9)
    assert found.value == choose_large(network, 12, seconds=0.9).value
