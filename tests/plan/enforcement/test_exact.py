"""Controls against published answers, brute force, and each other."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.enforcement import brute_force, random_case, small_case
from tocsin.errors import TocsinError, UsageError
from tocsin.plan.enforcement import Limits, choose, exact, read_network
from tocsin.plan.enforcement.exact import ROUNDING, Controls, Measure


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
    assert told.value.where == "edges, row 4, column length"


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
     (5.0, np.inf, np.inf), (0.0, 0.0, 0.0), (0.5, 0.25, 0.5)],
)  # fmt: skip
def test_the_gap_is_a_share_of_the_answer(value: float, bound: float, gap: float) -> None:
    assert Controls(np.zeros(1, dtype=bool), value, bound, 0.0, 0.0).gap == gap


@pytest.mark.parametrize("unit", [1e-3, 1e3])
def test_no_unit_moves_an_answer(unit: float) -> None:
    case = small_case()
    network = replace(
        case, capacity=unit * case.capacity, cost=unit * case.cost, length=unit * case.length
    )
    for measure, left in (("flow", [80, 10, 0]), ("way", [5, 17, np.inf])):
        found = [choose(network, Limits(unit * n), measure=measure) for n in range(3)]
        assert [one.value for one in found] == pytest.approx(unit * np.array(left))
        assert [one.bound for one in found] == pytest.approx(unit * np.array(left))
        assert [one.cost for one in found] == pytest.approx([0, unit, 2 * unit])


def solved(monkeypatch: pytest.MonkeyPatch, **other: Any) -> None:
    """Let the solver tell something else beside what it found."""
    from scipy import optimize

    real = optimize.milp

    def milp(*asked: Any, **more: Any) -> Any:
        found = real(*asked, **more)
        told = {"x": found.x, "status": found.status, "mip_dual_bound": found.mip_dual_bound}
        return SimpleNamespace(**told | other)

    monkeypatch.setattr(optimize, "milp", milp)


def test_a_bound_that_lies_away_from_the_answer_is_told_and_one_within_rounding_is_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solved(monkeypatch, mip_dual_bound=6.0)
    found = choose(small_case(), Limits(1))
    assert (found.value, found.bound, found.gap) == (10.0, 6.0, 0.4)
    for off in (1.0, -1.0):
        solved(monkeypatch, mip_dual_bound=10.0 + off * 10 * ROUNDING / 2)
        assert choose(small_case(), Limits(1)).bound == 10.0
    # The longest way is found as what is least below nothing.
    solved(monkeypatch, mip_dual_bound=-20.0)
    assert choose(small_case(), Limits(1), measure="way").bound == 20.0
    # Another goal's bound says nothing of what gets through.
    assert choose(small_case(), Limits(2, value=10, goal="cost")).bound == 10.0


def test_what_the_solver_does_not_find_in_time_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    solved(monkeypatch, x=None, status=1)
    with pytest.raises(TocsinError, match="within 3 s"):
        choose(small_case(), Limits(1), seconds=3)


def test_an_answer_that_the_check_contradicts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    off = {"flow": 10 * ROUNDING, "way": -17 * ROUNDING}
    checks: dict[str, Any] = {
        "flow": ("greatest_flow", lambda value: (value, None)), "way": ("shortest_way", float),
    }  # fmt: skip
    for measure, claimed in (("flow", 10.0), ("way", 17.0)):
        name, told = checks[measure]
        for times, right in ((1.0, True), (1.5, False), (-3.0, True)):
            value = claimed + times * off[measure]
            monkeypatch.setattr(exact, name, lambda *_, value=value, told=told: told(value))
            if right:
                # A better answer than was claimed is none that is wrong.
                assert choose(small_case(), Limits(1), measure=measure).value == value
            else:
                with pytest.raises(TocsinError, match="solver said"):
                    choose(small_case(), Limits(1), measure=measure)
