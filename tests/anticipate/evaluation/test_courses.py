"""Courses are told by the past alone, and each unit has one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.anticipate.evaluation.courses import COURSES, courses

PASTS = {
    "steady war": [40.0, 60.0] * 18,
    "surge": [10.0] * 30 + [40.0] * 6,
    "lone peak": [2.0] * 30 + [300.0] + [2.0] * 5,
    "fading": [80.0] * 32 + [10.0] * 4,
    "quiet": [30.0] * 20 + [0.0] * 15 + [3.0],
}


@pytest.mark.parametrize("name", COURSES)
def test_each_course_by_an_example(name: str) -> None:
    assert courses(np.array([PASTS[name]])).tolist() == [name]


def test_a_peak_with_company_or_of_long_ago_is_no_lone_one() -> None:
    war = [2.0] * 26 + [300.0] * 5 + [2.0] * 5
    ended = [2.0] * 18 + [300.0] + [2.0] * 17
    assert courses(np.array([war, ended])).tolist() == ["fading", "steady war"]


def test_the_oldest_month_of_the_year_and_of_both_years_counts() -> None:
    a_year_ago = [0.0] * 24 + [12.0] + [0.0] * 11
    two_years_ago = [2.0] * 12 + [300.0] + [2.0] * 22 + [20.0]
    found = courses(np.array([a_year_ago, two_years_ago])).tolist()
    assert found == ["lone peak", "steady war"]


def test_a_month_before_the_year_or_before_the_three_years_does_not_count() -> None:
    thirteen = [0.0] * 23 + [30.0] + [0.0] * 12
    assert courses(np.array([thirteen])).tolist() == ["quiet"]
    # The oldest of 36 months lifts the level that a surge would have to exceed; one older does not.
    risen = [0.0] * 31 + [20.0] * 4
    within, outside = [0.0, 480.0, *risen], [480.0, 0.0, *risen]
    assert courses(np.array([within, outside])).tolist() == ["steady war", "surge"]


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, (4, 40), elements=st.sampled_from([np.nan, 0.0, 1.0, 9.0, 400.0])))
def test_every_unit_has_a_course_whatever_stands_beside_it(deaths: np.ndarray) -> None:
    found = courses(deaths)
    assert set(found) <= set(COURSES)
    assert courses(deaths[::-1]).tolist() == found[::-1].tolist()


AT_THE_EDGE = {
    # The greatest month is five times the median, to the count; three months reach half of it.
    "peak of five medians": ([2.0] * 30 + [10.0, 5.0, 5.0] + [2.0] * 3, "lone peak"),
    "peak of a little less": ([2.0] * 30 + [9.0] + [2.0] * 5, "steady war"),
    "fourth month at half": ([2.0] * 30 + [10.0, 5.0, 5.0, 5.0] + [2.0] * 2, "steady war"),
    # Where the median is none, it takes five deaths.
    "four deaths": ([0.0] * 27 + [4.0] * 3 + [0.0] * 6, "fading"),
    "five deaths": ([0.0] * 27 + [5.0] * 3 + [0.0] * 6, "lone peak"),
    # The greatest month lies thirteen months back.
    "peak before the year": ([2.0] * 23 + [30.0] + [2.0] * 12, "steady war"),
    # One death a month on average is no quiet; and a season may be as high as its year.
    "twelve deaths": ([0.0] * 30 + [2.0] * 6, "surge"),
    "eleven deaths": ([0.0] * 30 + [2.0] * 5 + [1.0], "quiet"),
    "season as the year": ([0.0] * 24 + [30.0] * 12, "surge"),
    "half above": ([20.0] * 24 + [40.0] * 9 + [40.0] * 3, "surge"),
    "season of half above": ([20.0] * 24 + [2.0] * 9 + [24.0] * 3, "surge"),
    "two thirds": ([30.0] * 24 + [30.0] * 6 + [36.0] * 3 + [20.0] * 3, "steady war"),
    "two thirds of the year": ([30.0] * 24 + [30.0] * 9 + [18.0] * 3, "fading"),
}


@pytest.mark.parametrize("name", AT_THE_EDGE)
def test_a_count_at_the_edge(name: str) -> None:
    past, course = AT_THE_EDGE[name]
    assert courses(np.array([past])).tolist() == [course]
