"""Portfolios: costs and efforts."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.portfolios import DELAY, PORTFOLIOS, STATUS_QUO, cost, effort
from tocsin.schema.vocabulary.lever import LEVERS


def test_the_two_answers_cost_the_same() -> None:
    assert cost(PORTFOLIOS["layered"]) == cost(PORTFOLIOS["enforcement-heavy"]) == 4.0


def test_every_lever_has_a_delay() -> None:
    assert set(DELAY) == set(LEVERS)


def test_each_portfolio_is_declared_in_levers_and_begins_where_policy_stands() -> None:
    assert next(iter(PORTFOLIOS)) == STATUS_QUO
    for portfolio in PORTFOLIOS.values():
        assert set(portfolio) <= set(LEVERS)
        assert portfolio["health"] == PORTFOLIOS[STATUS_QUO]["health"]
    # What is compared adds to the status quo; neither answer lets go of a lever in force.
    for lever, level in PORTFOLIOS[STATUS_QUO].items():
        assert all(portfolio[lever] >= level for portfolio in PORTFOLIOS.values())


def test_efforts_stand_in_the_order_of_the_levers() -> None:
    for place, lever in enumerate(LEVERS):
        found = effort({lever: 0.25})
        assert found.shape == (13,)
        assert found.dtype == np.float32
        assert np.flatnonzero(found).tolist() == [place]
        assert found[place] == 0.25
    assert not effort({}).any()


def test_full_effort_on_one_lever_costs_one_and_costs_add_up() -> None:
    assert cost({}) == 0
    assert all(cost({lever: 1.0}) == 1.0 for lever in LEVERS)
    assert cost({"dialogue": 0.1, "health": 0.2}) == 0.3
    assert cost(dict.fromkeys(LEVERS, 1.0)) == 13.0


@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_no_effort_and_full_effort_are_portfolios(edge: float) -> None:
    assert effort({"dialogue": edge}).max() == edge


@pytest.mark.parametrize("wrong", [{"bombing": 1.0}, {"dialogue": 1.5}, {"dialogue": -0.1}])
def test_what_is_no_portfolio(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="levers"):
        effort(wrong)
