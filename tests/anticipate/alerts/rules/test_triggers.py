"""What rules ask of forecast and truth, on cases worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.alerts.rules.triggers import deaths_needed, outcome, probability
from tocsin.anticipate.data.panel import Panel, add_months

DEATHS = Rule(name="a", kind="deaths", within=2, deaths=10, probability=0.5)
DOUBLE = Rule(name="b", kind="doubling", within=2, deaths=8, probability=0.5)
ONSET = Rule(name="c", kind="onset", within=2, deaths=5, quiet=3, probability=0.5)
# Rows: at war, at peace, a new state whose first month is the third.
PAST = np.array([[4.0, 6, 3, 2], [0, 0, 0, 0], [np.nan, np.nan, 0, 0]])


def known(deaths: np.ndarray) -> Panel:
    months = tuple(add_months(date(2000, 1, 1), i) for i in range(deaths.shape[1]))
    return Panel(
        tuple(range(1, len(deaths) + 1)), ("a", "b", "c")[: len(deaths)], months, "n", deaths
    )


def test_what_is_needed() -> None:
    assert deaths_needed(DEATHS, PAST).tolist() == [10, 10, 10]
    assert deaths_needed(DOUBLE, PAST).tolist() == [10, 8, 8]
    np.testing.assert_array_equal(deaths_needed(ONSET, PAST), [np.nan, 5, np.nan])


def test_the_probability_is_the_share_of_courses() -> None:
    draws = np.zeros((3, 2, 4))
    draws[0] = [[5, 5, 0, 9], [4, 5, 0, 9]]
    draws[1] = [[5, 0, 0, 0], [0, 0, 0, 0]]
    assert probability(DEATHS, known(PAST), draws)[:2].tolist() == [0.5, 0]
    assert probability(DOUBLE, known(PAST), draws)[:2].tolist() == [0.5, 0]
    np.testing.assert_array_equal(probability(ONSET, known(PAST), draws), [np.nan, 0.25, np.nan])


def test_the_truth_is_what_came_within_the_months() -> None:
    deaths = np.concatenate([PAST, [[4, 6, 0], [5, 0, 0], [0, 1, 0]]], axis=1)
    assert outcome(DEATHS, deaths, 3).tolist() == [1, 0, 0]
    np.testing.assert_array_equal(outcome(ONSET, deaths, 3), [np.nan, 1, np.nan])
    assert np.isnan(outcome(DEATHS, deaths, 5)).all()


@pytest.mark.parametrize("rule", [DEATHS, DOUBLE, ONSET])
def test_the_truth_hangs_on_nothing_after_its_months(rule: Rule) -> None:
    random = np.random.default_rng(3)
    deaths = random.poisson(2.0, (4, 30)).astype(float) * (random.random((4, 30)) < 0.4)
    later = deaths.copy()
    later[:, 20:] += 50
    for column in range(18):
        np.testing.assert_array_equal(outcome(rule, deaths, column), outcome(rule, later, column))
