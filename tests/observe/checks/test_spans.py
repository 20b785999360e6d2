"""Spans: every day that may be meant lies within, and UCDP's precision follows the length."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe.checks.spans import between, days, month_of, week_around, year_doubts, year_of
from tocsin.observe.checks.values import Refused

any_day = st.dates(date(1946, 1, 1), date(2100, 12, 20))


@pytest.mark.parametrize(
    ("length", "precision"), [(1, 1), (2, 2), (6, 2), (7, 3), (8, 4), (31, 4), (32, 5), (400, 5)]
)
def test_precision_follows_the_length(length: int, precision: int) -> None:
    start = date(2024, 1, 1)
    assert between(start, start + timedelta(days=length - 1)).precision == precision


@given(any_day)
def test_the_day_lies_within_and_coarser_spans_hold_finer_ones(day: date) -> None:
    week, month, year = week_around(day), month_of(day), year_of(day)
    for span in (week, month, year):
        assert span.start <= day <= span.end
    assert year.start <= month.start
    assert month.end <= year.end
    assert ((week.end - week.start).days, week.precision) == (6, 3)
    assert (month.precision, year.precision) == (4, 5)


@pytest.mark.parametrize(
    ("value", "start", "end", "precision"),
    [
        ("2024-03-00", "2024-03-01", "2024-03-31", 4),
        ("2024-00-00", "2024-01-01", "2024-12-31", 5),
        ("2024-03-XX", "2024-03-01", "2024-03-31", 4),
        ("2024-xx-05", "2024-01-01", "2024-12-31", 5),
        ("2023-02-30", "2023-02-01", "2023-02-28", 4),
        ("2024-03", "2024-03-01", "2024-03-31", 4),
        ("03/2024", "2024-03-01", "2024-03-31", 4),
        ("2024/3", "2024-03-01", "2024-03-31", 4),
        ("2024", "2024-01-01", "2024-12-31", 5),
    ],
)
def test_a_part_of_a_date_that_is_not_known(
    value: str, start: str, end: str, precision: int
) -> None:
    found = days({"d": value}, "d")
    assert (str(found.start), str(found.end), found.precision) == (start, end, precision)
    assert [(one.original, one.rule) for one in found.doubts] == [(value, "date")]
    assert "date_doubts" in found.columns()


@pytest.mark.parametrize(
    "value", ["2024-13-01", "05/03/2024", "13/2024", "soon", "", "1800-01-00", "00-00-00"]
)
def test_what_tells_no_year_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        days({"d": value}, "d")


def test_a_time_of_day_with_an_offset_is_of_the_local_day() -> None:
    found = days({"d": "2024-03-31T23:30:00.000+03:00"}, "d")
    assert (str(found.start), found.precision, found.doubts) == ("2024-03-31", 1, ())


@pytest.mark.parametrize(("year", "told"), [("2022", 1), ("2023", 0), ("2023.0", 0), ("", 0)])
def test_a_year_that_is_not_that_of_the_date(year: str, told: int) -> None:
    found = year_doubts({"year": year}, "year", days({"d": "2023-03-05"}, "d"))
    doubts = found.get("year_doubts", [])
    assert len(doubts) == told
    assert all((doubt.original, doubt.value) == (year, "2023-03-05") for doubt in doubts)
