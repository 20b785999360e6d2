"""Cases: each month has one, told from the year before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.anticipate.evaluation.cases import CASES, cases

counts = st.one_of(st.integers(0, 5000).map(float), st.just(np.nan))


@pytest.mark.parametrize(
    ("level", "truth", "case"),
    [
        (0, 0, "quiet"),
        (0, 1, "onset"),
        (10, 20, "escalation"),
        (10, 19, "stable"),
        (1, 4, "stable"),
        (1, 6, "escalation"),
        (10, 5, "de-escalation"),
        (8, 4, "stable"),
        (0.5, 0, "stable"),
        (10, np.nan, "unknown"),
    ],
)
def test_the_definitions(level: float, truth: float, case: str) -> None:
    past = np.full((1, 12), level)
    assert cases(past, np.array([[truth]])).tolist() == [[case]]


@given(arrays(float, (3, 12), elements=counts), arrays(float, (3, 5), elements=counts))
def test_each_known_month_has_one_case(past: np.ndarray, truth: np.ndarray) -> None:
    found = cases(past, truth)
    assert set(found[~np.isnan(truth)]) <= set(CASES)
    assert (found[np.isnan(truth)] == "unknown").all()
    new = np.isin(found, ["onset", "quiet"])
    assert not new[np.nansum(past, axis=1) > 0].any()


def test_the_year_before_is_the_mean_of_the_months_known() -> None:
    past = np.full((3, 12), np.nan)
    past[0, -2:] = 10.0  # two months known: a mean of 10, not of 20 over twelve
    past[2, 0] = 0.0
    truth = np.full((3, 3), [20.0, 5.0, 0.0])
    assert cases(past, truth).tolist() == [
        ["escalation", "de-escalation", "de-escalation"],
        ["onset", "onset", "quiet"],
        ["onset", "onset", "quiet"],
    ]
    # A country with no death in one month and some in another was not quiet.
    past = np.array([[0.0] * 11 + [12.0]])
    assert cases(past, np.array([[1.0, 6.0, 0.0]])).tolist() == [["stable", "escalation", "stable"]]


@pytest.mark.parametrize(
    ("level", "truth", "case"),
    [(5, 10, "escalation"), (4, 8, "stable"), (12, 7, "stable"), (12, 6, "de-escalation"),
     (100, 104, "stable"), (100, 96, "stable"), (0.25, 0, "stable"), (0, 0.5, "onset")],
)  # fmt: skip
def test_both_the_factor_and_the_least_change_are_asked_for(
    level: float, truth: float, case: str
) -> None:
    assert cases(np.full((1, 12), level), np.array([[truth]])).tolist() == [[case]]


def test_a_year_of_which_nothing_is_known_is_a_year_without_a_death(
    recwarn: pytest.WarningsRecorder,
) -> None:
    found = cases(np.full((1, 12), np.nan), np.array([[0.0, 3.0]]))
    assert found.tolist() == [["quiet", "onset"]]
    assert not list(recwarn)
