"""The frontier: every choice that no other beats, and who bears it."""

from __future__ import annotations

import importlib
import itertools
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.enforcement import random_case, small_case
from tocsin.errors import TocsinError, UsageError
from tocsin.plan.enforcement import Limits, choose, frontier, read_network
from tocsin.plan.enforcement.exact import Controls
from tocsin.plan.enforcement.network import Network

module = importlib.import_module("tocsin.plan.enforcement.frontier")
"""The package lends its name to the function."""


def test_the_published_frontier() -> None:
    found = frontier(small_case(), 2)
    assert found.before == 80
    assert found.points["cost"].to_list() == [0, 1, 2]
    assert found.points["left"].to_list() == pytest.approx([80, 10, 0])
    assert found.points["stopped"].to_list() == pytest.approx([0, 0.875, 1])
    assert found.points["ways"][1] == "S - C"


@pytest.mark.slow
@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(1, 12))
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


@pytest.mark.parametrize("budget", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_is_a_number_above_nought(budget: float) -> None:
    with pytest.raises(UsageError, match="nothing to decide"):
        frontier(small_case(), budget)


@pytest.mark.parametrize("lawful", [-1.0, float("nan")])
def test_a_limit_of_lawful_trade_is_not_below_nought(lawful: float) -> None:
    with pytest.raises(UsageError, match="Less than no lawful trade"):
        frontier(small_case(), 1, lawful=lawful)


def test_the_flow_on_each_way_is_told_before_and_after() -> None:
    found = frontier(small_case(), 1)
    assert found.flows.columns == ["cost", "source", "target", "before", "after"]
    assert found.flows.height == 6 * 2
    leaving = found.flows.filter(pl.col("source") == "S").group_by("cost", maintain_order=True)
    assert leaving.agg(pl.col("before", "after").sum()).rows() == [(0, 80, 80), (1, 80, 10)]


@pytest.mark.parametrize("scale", [1e-4, 1e-3, 1.0, 1e3])
def test_the_unit_of_cost_makes_no_difference(scale: float) -> None:
    cheap = replace(small_case(), cost=np.full(6, scale))
    points = frontier(cheap, 2 * scale).points
    assert points["left"].to_list() == pytest.approx([80, 10, 0])
    assert points["cost"].to_list() == pytest.approx([0, scale, 2 * scale])


def test_a_small_flow_is_a_flow() -> None:
    little = replace(small_case(), capacity=small_case().capacity / 100)
    assert frontier(little, 2).points["stopped"].to_list() == pytest.approx([0, 0.875, 1])


def test_a_large_network_has_three_budgets_and_none(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    left = iter([80.0, 30.0, 30.0, 10.0])

    def chosen(network: Network, budget: float, **_: float) -> Controls:
        asked.append(budget)
        return Controls(np.zeros(6, dtype=bool), next(left), 0.0, budget, 0.0)

    monkeypatch.setattr(module, "LARGE", 5)
    monkeypatch.setattr(module, "choose_large", chosen)
    told: list[Controls] = []
    found = frontier(small_case(), 9, on_point=told.append)
    assert asked == pytest.approx([0, 3, 6, 9])
    # What costs more and leaves as much is no choice.
    assert found.points["left"].to_list() == [80, 30, 10]
    assert len(told) == 4


@pytest.mark.slow
@pytest.mark.parametrize("most", [5, 6])
def test_limits_and_ways_are_for_small_networks(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(module, "LARGE", most)
    for asked in ({"lawful": 3.0}, {"measure": "way"}):
        if most < small_case().edges:
            with pytest.raises(UsageError, match="at most 5 ways"):
                frontier(small_case(), 1, **asked)  # type: ignore[arg-type]
        else:
            assert frontier(small_case(), 1, **asked).points.height == 2  # type: ignore[arg-type]


def chain(**more: list[float]) -> Network:
    """The only way from S to T, of two parts; a part that carries nothing lies beside it."""
    table = {"source": ["S", "A", "S"], "target": ["A", "T", "T"], "capacity": [1.0, 1.0, 0.0],
             "cost": [1.0, 1.0, 1.0], "length": [1.0, 2.0, 50.0]} | more  # fmt: skip
    return read_network(pl.DataFrame(table), "S", "T")


def test_what_is_closed_altogether_is_longer_than_the_longest_way() -> None:
    """That way takes all that there is, so it must not pass for one that is closed."""
    points = frontier(chain(), 1, measure="way").points
    assert points.select("cost", "left").rows() == [(0, 3), (1, float("inf"))]
    # A share of a length, or a length a unit of trade, would mean nothing.
    assert points.select(pl.col("stopped", "per_lawful").is_null().all()).row(0) == (True, True)


def test_lawful_trade_is_borne_where_the_controlled_way_begins_and_ends() -> None:
    """Of the two ways of which either stops the flow of 1, the one with less trade is closed."""
    found = frontier(chain(lawful=[8.0, 4.0, 0.0]), 1)
    columns = ("cost", "lawful_lost", "stopped", "per_lawful", "ways")
    assert found.points.select(columns).rows() == [
        (0, 0, 0, None, ""), (1, 4, 1, 0.25, "A - T"),
    ]  # fmt: skip
    assert found.burden.rows() == [(1, "A", 2), (1, "T", 2)]


def test_where_nothing_flows_nothing_is_stopped() -> None:
    dry = replace(small_case(), capacity=np.zeros(6))
    assert frontier(dry, 1).points.select("left", "stopped").rows() == [(0, None)]


@pytest.mark.slow
@pytest.mark.parametrize("unit", [1e-3, 50.0])
def test_the_units_of_flow_and_trade_move_no_choice(unit: float) -> None:
    case = chain(lawful=[8.0, 4.0, 0.0])
    same, other = (
        frontier(replace(case, capacity=one * case.capacity, lawful=one * case.lawful), 1)
        for one in (1.0, unit)
    )
    for name in ("left", "bound", "lawful_lost"):
        expected = (unit * same.points[name]).to_list()
        assert other.points[name].to_list() == pytest.approx(expected)
    for name in ("cost", "stopped", "per_lawful", "gap", "ways", "controls"):
        assert other.points[name].to_list() == same.points[name].to_list()
    assert other.burden["lawful_lost"].to_list() == pytest.approx([2 * unit] * 2)


def test_who_bears_most_is_named_first() -> None:
    """Only both ways together stop the flow, and both begin at A."""
    table = {"source": ["S", "A", "A"], "target": ["A", "B", "T"], "capacity": [9.0, 1.0, 2.0],
             "cost": [None, 1.0, 1.0], "lawful": [0.0, 6.0, 1.0]}  # fmt: skip
    ways = pl.DataFrame(
        {name: [*column, {"source": "B", "target": "T", "cost": None}.get(name, 9.0)]
         for name, column in table.items()}
    )  # fmt: skip
    found = frontier(read_network(ways, "S", "T"), 2)
    last = found.burden.filter(pl.col("cost") == 2).select("place", "lawful_lost").rows()
    assert last == [("A", 3.5), ("B", 3.0), ("T", 0.5)]


def test_a_control_that_costs_nothing_is_in_every_choice_and_no_choice_comes_twice() -> None:
    table = pl.DataFrame({"source": ["S", "S", "S"], "target": ["T", "T", "T"],
                          "capacity": [4.0, 3.0, 2.0], "cost": [0.0, 1.0, 2.0]})  # fmt: skip
    points = frontier(read_network(table, "S", "T"), 3).points
    assert points.select("cost", "left", "controls").rows() == [(0, 5, 1), (1, 2, 2), (3, 0, 3)]


def test_a_way_that_carries_nothing_shortens_no_bound() -> None:
    points = frontier(chain(), 1, measure="way").points
    assert points["bound"].to_list() == [3, float("inf")]


@pytest.mark.slow
def test_a_dearer_choice_is_never_taken_for_the_cheapest() -> None:
    """HiGHS's presolve called a cost of 5 the least that leaves 8, where 4 does."""
    ways = [
        ("n2", "n1", 5, 1, 4), ("n2", "n3", 22, 0, 2), ("n3", "n2", 26, 6, 2),
        ("n1", "n2", 2, 4, 1), ("n3", "n0", 11, 0, 4), ("n0", "n1", 8, 6, 4),
        ("n2", "n0", 12, 4, 2),
        ("n2", "n1", 19, 2, 2), ("n0", "n3", 1, 3, None), ("n0", "n1", 7, 2, 3),
    ]  # fmt: skip
    names = ["source", "target", "capacity", "lawful", "cost"]
    found = frontier(read_network(pl.DataFrame(ways, names, orient="row"), "n0", "n1"), 5.0)
    assert found.points.select("cost", "lawful_lost", "left").rows() == [
        (0, 0, 16), (2, 6, 15), (3, 2, 9), (4, 6, 8),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", [27, 32, 39])
@pytest.mark.parametrize("scale", [1e-7, 0.1, 1007.3])
def test_prices_of_any_size_have_a_frontier_down_to_nothing(seed: int, scale: float) -> None:
    """The next cheaper choice is asked for by a step that the solver can tell from none."""
    network = random_case(np.random.default_rng(seed))
    shared = np.array([0.1, 0.2, 0.3, 0.7, 1.0])[np.arange(network.edges) % 5]
    priced = replace(network, cost=shared * scale)
    points = frontier(priced, 1.3 * scale).points
    assert points["cost"][0] == 0
    assert points["left"][0] == pytest.approx(frontier(network, 1).before)
    for cost, left in points.select("cost", "left").rows():
        held = Limits(cost * (1 + 1e-9))
        assert choose(priced, held).value == pytest.approx(left)
        assert cost <= 1.3 * scale * (1 + 1e-6)


@pytest.mark.slow
def test_prices_with_cents_have_all_their_choices() -> None:
    """HiGHS had called it impossible to spend a little less than 604.38 and keep a limit."""
    rows = [
        ("T", "A", 7, 1, 100.73), ("T", "A", 7, 0, 100.73), ("S", "A", 0.2, 3, None),
        ("A", "S", 0.3, 0, 705.11), ("B", "T", 0.3, 0, 100.73), ("C", "T", 0.3, 3, 302.19),
        ("S", "C", 0.1, 0.5, 705.11), ("B", "S", 0.3, 0, 100.73), ("T", "C", 7, 3, 201.46),
    ]  # fmt: skip
    columns = ("source", "target", "capacity", "lawful", "cost")
    table = pl.DataFrame(rows, schema=columns, orient="row")
    found = frontier(read_network(table, "S", "T", undirected=True), 604.38, lawful=1).points
    assert found["left"].to_list() == pytest.approx([0.9, 0.6, 0.4, 0.1])
    assert found["cost"].to_list() == pytest.approx([0, 100.73, 201.46, 302.19])


def test_flows_of_a_ten_millionth_are_told_apart() -> None:
    table = pl.DataFrame(
        {"source": ["S", "S"], "target": ["T", "T"], "capacity": [1e-7, 3e-7], "cost": [1.0, 1.0]}
    )
    found = frontier(read_network(table, "S", "T"), 1).points
    assert found["left"].to_list() == pytest.approx([4e-7, 1e-7], rel=1e-6, abs=0)


def test_numbers_that_lie_too_far_apart_are_no_fault_of_the_limits() -> None:
    """It said that no controls keep the limits, where none at all would."""
    columns = ("source", "target", "capacity", "cost")
    rows = [("S", "A", 1e-4, 1.0), ("A", "T", 1.0, 1.0), ("S", "B", 1e9, 1.0), ("B", "T", 1e9, 1.0)]
    network = read_network(pl.DataFrame(rows, schema=columns, orient="row"), "S", "T")
    with pytest.raises(TocsinError, match="lie too far apart"):
        frontier(network, 1)


def _ways(rows: list[tuple[str, str, float, float, float | None]]) -> pl.DataFrame:
    columns = ["source", "target", "capacity", "lawful", "cost"]
    return pl.DataFrame(rows, schema=columns, orient="row")


@pytest.mark.slow
def test_ways_and_burden_name_places_though_several_begin_as_one() -> None:
    ways = [("P", "M", 5.0, 3.0, 1.0), ("Q", "M", 6.0, 1.0, 1.0), ("M", "X", 20.0, 100.0, 9.0)]
    found = frontier(read_network(_ways(ways), ["P", "Q"], "X"), 2)
    assert found.points["ways"].to_list() == ["", "Q - M", "P - M; Q - M"]
    dearest = found.burden.filter(pl.col("cost") == 2)
    assert dict(dearest.select("place", "lawful_lost").rows()) == {"M": 2.0, "P": 1.5, "Q": 0.5}
    assert found.flows["source"].unique().sort().to_list() == ["M", "P", "Q"]


@pytest.mark.slow
def test_of_ways_between_the_same_places_the_row_is_named() -> None:
    ways = [("A", "B", 5.0, 0.0, 1.0), ("A", "B", 7.0, 0.0, 1.0), ("B", "C", 20.0, 0.0, 9.0)]
    found = frontier(read_network(_ways(ways), "A", "C"), 2)
    assert found.points["ways"].to_list() == ["", "A - B (row 3)", "A - B (row 2); A - B (row 3)"]


@pytest.mark.parametrize("measure", ["flow", "way"])
def test_a_control_that_costs_nothing_and_does_nothing_is_not_named(measure: str) -> None:
    ways = [("A", "B", 5.0, 0.0, 1.0), ("A", "Q", 3.0, 0.0, 0.0), ("Q", "Z", 3.0, 0.0, 0.0)]
    table = _ways(ways).with_columns(length=pl.lit(1.0))
    found = frontier(read_network(table, "A", "B"), 3, measure=measure)  # type: ignore[arg-type]
    assert found.points["ways"].to_list() == ["", "A - B"]


@pytest.mark.slow
def test_a_frontier_of_many_choices_still_begins_at_no_control(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_POINTS", 4)
    monkeypatch.setattr(module, "COARSE_POINTS", 2)
    ways = [("A", "B", 1.0 + one, 0.0, 1.0) for one in range(9)]
    found = frontier(read_network(_ways(ways), "A", "B"), 9)
    assert found.points["cost"].to_list() == [0, 3, 6, 7, 8, 9]
    assert found.points["left"].to_list() == pytest.approx([45, 21, 6, 3, 1, 0])
    assert "cost less than 6" in found.assumed[0]
