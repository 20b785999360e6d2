"""The course of levers: today's formula, ramps, decay, side effects and rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.portfolios import PORTFOLIOS, SHIPPED, STATUS_QUO, effort
from tocsin.plan.portfolios.course import lever_levels
from tocsin.plan.portfolios.declared import Measure, Portfolio, Rule, Terms
from tocsin.plan.portfolios.shipped import DELAY
from tocsin.schema.vocabulary.lever import LEVERS

TODAY = PORTFOLIOS[STATUS_QUO]
DIALOGUE = LEVERS.index("dialogue")


def levels(
    measure: Measure, *, delay: float = 0.0, steps: int = 36, per_year: int = 12
) -> np.ndarray:
    terms = dict(SHIPPED.levers) | {"dialogue": Terms("", delay=delay)}
    portfolio = Portfolio("x", {"dialogue": measure})
    found = lever_levels(portfolio, {}, terms, steps=steps, per_year=per_year)
    assert found.shape == (steps, 13)
    return found[:, DIALOGUE]


@pytest.mark.parametrize("name", list(SHIPPED.portfolios))
def test_constant_efforts_grow_by_the_models_formula(name: str) -> None:
    found = lever_levels(SHIPPED.portfolios[name], TODAY, SHIPPED.levers, steps=36, per_year=12)
    month = np.arange(36)[:, None]
    delay = np.array([DELAY[one] for one in LEVERS])
    at_start, whole = effort(TODAY), effort(PORTFOLIOS[name])
    expected = at_start + (whole - at_start) * (1 - np.exp(-(month + 1) / delay))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_status_quo_stays_where_it_is() -> None:
    found = lever_levels(
        SHIPPED.portfolios[STATUS_QUO], TODAY, SHIPPED.levers, steps=520, per_year=52
    )
    assert (found == effort(TODAY)).all()


def test_weeks_and_months_agree_at_the_end_of_each_year() -> None:
    weekly = levels(Measure(0.8), delay=9.0, steps=520, per_year=52)
    monthly = levels(Measure(0.8), delay=9.0, steps=120)
    np.testing.assert_allclose(weekly[51::52], monthly[11::12], rtol=1e-6)


def test_a_start_a_ramp_a_stop_and_a_half_life() -> None:
    found = levels(Measure(0.8, start=6, ramp=4, stop=24, half_life=7))
    assert (found[:7] == 0).all()
    assert found[8] == pytest.approx(0.4)
    assert found[10] == pytest.approx(0.8)
    assert found[17] == pytest.approx(0.4)
    assert (found[24:] == 0).all()


def test_own_levers_and_side_effects_act_through_those_of_the_model() -> None:
    terms = dict(SHIPPED.levers) | {
        "mine": Terms("", delay=0, acts_as={"dialogue": 0.5}, side_effects={"health": -1.0}),
    }
    portfolio = Portfolio("x", {"mine": Measure(0.6), "health": Measure(0.2)})
    found = lever_levels(portfolio, {"health": 0.2}, terms, steps=3, per_year=12)
    assert found[2, DIALOGUE] == pytest.approx(0.3)
    assert found[2, LEVERS.index("health")] == 0.0


def test_levers_of_other_packages_follow_the_models_own() -> None:
    terms = dict(SHIPPED.levers) | {"talks": Terms("", delay=0)}
    portfolio = Portfolio("x", {"talks": Measure(0.7)})
    found = lever_levels(portfolio, {}, terms, steps=2, per_year=12, others=("aid", "talks"))
    assert found.shape == (2, 15)
    assert found[1].tolist() == pytest.approx([0.0] * 14 + [0.7])


def test_the_rule_that_fires_later_has_the_last_word() -> None:
    rules = [Rule("deaths", True, 1.0, 0.0, (("dialogue", one),), "") for one in (0.3, 0.6, 0.9)]
    since = [np.array([2, 10, 36]), np.array([5, 5, 36]), np.array([5, 3, 0])]
    terms = dict(SHIPPED.levers) | {"dialogue": Terms("", delay=0)}
    found = lever_levels(
        Portfolio("x", {}), {}, terms, steps=36, per_year=12,
        fired=list(zip(rules, since, strict=True)),
    )[:, :, DIALOGUE]  # fmt: skip
    assert found.shape == (3, 36)
    assert found[0, [0, 2, 4, 5, 35]].tolist() == pytest.approx([0, 0.3, 0.3, 0.9, 0.9])
    assert found[1, [2, 3, 5, 9, 10]].tolist() == pytest.approx([0, 0.9, 0.6, 0.6, 0.3])
    assert found[2].tolist() == pytest.approx([0.9] * 36)


@given(
    st.floats(0, 1), st.floats(0, 40), st.floats(0, 40), st.floats(0, 40), st.floats(0.1, 99)
)  # fmt: skip
def test_levels_stay_between_none_and_the_effort(
    whole: float, start: float, ramp: float, delay: float, half: float
) -> None:
    found = levels(Measure(whole, start=start, ramp=ramp, half_life=half), delay=delay)
    assert (found >= 0).all()
    assert (found <= whole * (1 + 1e-6)).all()
