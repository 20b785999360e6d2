"""Spans: every day that may be meant lies within, and UCDP's precision follows the length."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe.checks.spans import between, month_of, week_around, year_of

days = st.dates(date(1946, 1, 1), date(2100, 12, 20))


@pytest.mark.parametrize(
    ("length", "precision"), [(1, 1), (2, 2), (6, 2), (7, 3), (8, 4), (31, 4), (32, 5), (400, 5)]
)
def test_precision_follows_the_length(length: int, precision: int) -> None:
    start = date(2024, 1, 1)
    assert between(start, start + timedelta(days=length - 1)).precision == precision


@given(days)
def test_the_day_lies_within_and_coarser_spans_hold_finer_ones(day: date) -> None:
    week, month, year = week_around(day), month_of(day), year_of(day)
    for span in (week, month, year):
        assert span.start <= day <= span.end
    assert year.start <= month.start
    assert month.end <= year.end
    assert ((week.end - week.start).days, week.precision) == (6, 3)
    assert (month.precision, year.precision) == (4, 5)
