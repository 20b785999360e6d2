"""Portfolios: costs and efforts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.portfolios import DELAY, PORTFOLIOS, cost, effort
from tocsin.schema.vocabulary.lever import LEVERS


def test_the_two_answers_cost_the_same() -> None:
    assert cost(PORTFOLIOS["layered"]) == cost(PORTFOLIOS["enforcement-heavy"]) == 4.0


def test_every_lever_has_a_delay() -> None:
    assert set(DELAY) == set(LEVERS)


@given(st.dictionaries(st.sampled_from(LEVERS), st.floats(0, 1), max_size=13))
def test_cost_is_monotone(portfolio: dict[str, float]) -> None:
    assert cost(portfolio) == pytest.approx(float(effort(portfolio).sum()), abs=1e-5)
    assert cost(portfolio | {LEVERS[0]: 1.0}) >= cost(portfolio) - 1e-9


@pytest.mark.parametrize("wrong", [{"bombing": 1.0}, {"dialogue": 1.5}, {"dialogue": -0.1}])
def test_what_is_no_portfolio(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="levers"):
        effort(wrong)
