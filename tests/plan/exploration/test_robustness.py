"""Robustness measures on worked examples, and what must hold of them for any values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.exploration.robustness import (
    baseline_regret,
    greatest_regret,
    percentile_outcome,
    regret,
    satisficing,
)

# Returns of stocks, bonds and money market when interest rates rise, stay or fall: the worked
# example of minimax regret in textbooks. Here less is better, so the signs are turned.
RETURNS = -np.array([[-4.0, 4.0, 12.0], [-2.0, 3.0, 8.0], [3.0, 2.0, 1.0]])


def test_the_textbook_example_of_regret() -> None:
    assert regret(RETURNS).tolist() == [[7, 0, 0], [5, 1, 4], [0, 2, 11]]
    assert greatest_regret(RETURNS).tolist() == [7, 5, 11]
    # Maximin would choose the money market, minimax regret bonds.
    assert percentile_outcome(RETURNS, 100).argmin() == 2
    assert greatest_regret(RETURNS).argmin() == 1


def test_percentiles_and_shares_by_hand() -> None:
    values = np.arange(11.0)[None] * np.array([[1.0], [2.0]])
    assert percentile_outcome(values).tolist() == [9.0, 18.0]
    assert greatest_regret(values, 90).tolist() == [0.0, 9.0]
    assert satisficing(values, 5.0).tolist() == pytest.approx([6 / 11, 3 / 11])
    assert baseline_regret(values, values[0], 90).tolist() == [0.0, 9.0]
    # Unless another percentile is asked for.
    assert baseline_regret(values, values[0]).tolist() == [0.0, 9.0]


@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 30))
def test_what_holds_for_any_outcomes(seed: int, portfolios: int, futures: int) -> None:
    values = np.random.default_rng(seed).normal(size=(portfolios, futures))
    lost = regret(values)
    assert (lost >= 0).all()
    assert (lost.min(axis=0) == 0).all()
    # Regret does not change when a future is worse for everybody.
    shifted = values + np.arange(futures)
    np.testing.assert_allclose(regret(shifted), lost, atol=1e-9)
    assert (greatest_regret(values, 90) <= greatest_regret(values)).all()
    assert (satisficing(values, values.max()) == 1).all()


@pytest.mark.parametrize("wrong", [np.zeros(3), np.array([[1.0, np.nan]]), np.array([[np.inf]])])
def test_what_is_no_number_is_refused(wrong: np.ndarray) -> None:
    for measure in (regret, greatest_regret, percentile_outcome):
        with pytest.raises(ValueError, match="numbers"):
            measure(wrong)
