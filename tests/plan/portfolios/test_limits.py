"""Limits: what crosses them is found, whatever rules have fired and at whatever time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.portfolios import PORTFOLIOS, SHIPPED, STATUS_QUO
from tocsin.plan.portfolios.declared import Limits, Measure, Need, Portfolio, Terms
from tocsin.plan.portfolios.limits import crossed_limits, excess, share, within_limits
from tocsin.plan.portfolios.rules import parse_rule
from tocsin.schema.vocabulary.lever import LEVERS

TODAY = np.array([PORTFOLIOS[STATUS_QUO].get(name, 0.0) for name in LEVERS])
ALL = Limits(
    budget=3.0, proportionality=1.5, civil_harm=0.6, keep=("health",), least={"dialogue": 0.1},
    most={"export-control": 0.8}, needs=(Need("targeted-enforcement", 0.5, {"health": 0.4}),),
)  # fmt: skip


def row(**efforts: float) -> np.ndarray:
    base = {"health": 0.4, "dialogue": 0.5}
    told = base | {name.replace("_", "-"): one for name, one in efforts.items()}
    return np.array([[told.get(name, 0.0) for name in LEVERS]])


@pytest.mark.parametrize(
    ("efforts", "limit"),
    [
        ({}, None),
        (
            {"joint_exercises": 1.0, "capacity_building": 1.0, "attribution_standards": 0.2},
            "budget",
        ),
        ({"health": 0.1}, "keep health"),
        ({"dialogue": 0.05}, "least dialogue"),
        ({"export_control": 0.9}, "most export-control"),
        ({"targeted_enforcement": 0.6, "health": 0.3}, "needs health beside targeted-enforcement"),
        ({"targeted_enforcement": 0.5, "dialogue": 0.1, "health": 0.2}, "proportionality"),
        ({"targeted_enforcement": 0.9, "export_control": 0.8}, "civil_harm"),
        ({"joint_exercises": float("nan")}, "effort"),
        ({"joint_exercises": 1.1}, "effort"),
        ({"joint_exercises": -0.1}, "effort"),
    ],
)
def test_each_limit_is_crossed_by_itself(efforts: dict[str, float], limit: str | None) -> None:
    beyond = excess(row(**efforts), LEVERS, SHIPPED.levers, ALL, TODAY)
    assert [name for name, by in beyond.items() if by[0] > 0] == ([limit] if limit else [])


@given(st.integers(0, 2**32 - 1))
def test_what_lies_within_crosses_none_and_scaling_down_force_keeps_it_so(seed: int) -> None:
    efforts = np.random.default_rng(seed).random((50, len(LEVERS)))
    inside = within_limits(efforts, LEVERS, SHIPPED.levers, ALL, TODAY)
    beyond = excess(efforts, LEVERS, SHIPPED.levers, ALL, TODAY)
    assert (inside == (np.max(list(beyond.values()), axis=0) <= 0)).all()
    less = efforts.copy()
    less[:, LEVERS.index("targeted-enforcement")] *= 0.5
    assert within_limits(less, LEVERS, SHIPPED.levers, ALL, TODAY)[inside].all()


def test_shipped_portfolios_keep_the_shipped_limits() -> None:
    today = PORTFOLIOS[STATUS_QUO]
    for portfolio in SHIPPED.portfolios.values():
        assert not list(crossed_limits(portfolio, SHIPPED.levers, SHIPPED.limits, today))


def test_a_rule_that_would_cross_a_limit_is_found_in_the_order_in_which_it_would() -> None:
    rules = (
        parse_rule("if deaths over 5 then health to 0.1", LEVERS),
        parse_rule("if deaths over 9 then health to 0.5", LEVERS),
    )
    portfolio = Portfolio("x", {"health": Measure(0.4), "dialogue": Measure(0.5)}, rules)
    found = dict(
        crossed_limits(portfolio, SHIPPED.levers, Limits(keep=("health",)), {"health": 0.2})
    )
    assert list(found) == ["keep health"]
    assert "health to 0.1" in found["keep health"]


def test_a_measure_that_begins_late_or_ends_is_looked_at_at_all_times() -> None:
    late = Portfolio("x", {"dialogue": Measure(0.9, start=12, ramp=6, stop=30)})
    crossing = dict(crossed_limits(late, {"dialogue": Terms("")}, Limits(budget=0.5), {}))
    assert list(crossing) == ["budget"]
    gone = Portfolio("x", {"dialogue": Measure(0.9, stop=30)})
    least = dict(crossed_limits(gone, {"dialogue": Terms("")}, Limits(least={"dialogue": 0.5}), {}))
    assert list(least) == ["least dialogue"]


def test_the_share_of_a_measure_by_month() -> None:
    one = Measure(1.0, start=2, ramp=4, stop=10)
    assert [share(one, month) for month in (0, 2, 4, 6, 9.9, 10)] == [0, 0, 0.5, 1, 1, 0]


def test_efforts_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        excess(np.zeros((2, 3)), LEVERS, SHIPPED.levers, ALL, TODAY)
