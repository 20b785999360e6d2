"""Times as they are written in tables."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.tables.times import empty, find_clock, is_endless, read_times
from tocsin.errors import SourceRefused


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1))
def test_a_date_is_read_back_as_it_was_written(days: list[date]) -> None:
    column = pl.Series("time", [day.isoformat() for day in days])
    clock = find_clock([column])
    assert clock.dates
    shown = [clock.write(time) for time in read_times(column, clock)]
    assert shown == column.to_list()
    typed = read_times(pl.Series("time", days), clock)
    assert (typed == read_times(column, clock)).all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_numbers_stay_numbers(numbers: list[float]) -> None:
    column = pl.Series("time", [repr(number) for number in numbers])
    clock = find_clock([column])
    assert not clock.dates
    assert read_times(column, clock).tolist() == numbers


def test_the_unit_of_numbers_is_guessed_or_given() -> None:
    assert find_clock([pl.Series([1990.0, 2004.5])]).unit == "year"
    assert find_clock([pl.Series([1990.0, 2004.5])]).month == pytest.approx(1 / 12)
    assert find_clock([pl.Series([0.0, 2004.5])]).unit == "month"
    assert find_clock([pl.Series([0, 20])], "week").month == pytest.approx(4.348, abs=1e-3)


def test_a_moment_keeps_its_hour_and_a_day_has_none() -> None:
    moments = pl.Series([datetime(2021, 5, 17, 18), datetime(2021, 5, 18)])
    times = read_times(moments, find_clock([moments]))
    assert times[1] - times[0] == pytest.approx(0.25)
    days = read_times(moments.cast(pl.Date), find_clock([moments]))
    assert days.tolist() == [times[1] - 1, times[1]]


def test_months_unreadable_times_and_nothing() -> None:
    column = pl.Series(["2021-05", "2021-05-17", "soon", None, " ", "NA"])
    clock = find_clock([column])
    times = read_times(column, clock)
    assert clock.write(times[0]) == "2021-05-01"
    assert np.isnan(times[2:]).all()
    assert empty(column).tolist() == [False, False, False, True, True, True]


def test_a_mixture_is_refused() -> None:
    with pytest.raises(SourceRefused, match="dates"):
        find_clock([pl.Series(["2021-05-17", "2021-05-18", "12"])])


def test_a_few_dates_among_numbers_cannot_be_read_and_as_many_are_refused() -> None:
    column = pl.Series(["2021-05-17", "12", "13"])
    clock = find_clock([column])
    assert (clock.dates, clock.unit, clock.month) == (False, "month", 1.0)
    times = read_times(column, clock)
    assert np.isnan(times[0])
    assert times[1:].tolist() == [12.0, 13.0]
    with pytest.raises(SourceRefused, match="1 times are dates and 1 are numbers"):
        find_clock([pl.Series(["2021-05-17", "12"])])


def test_years_lie_between_1800_and_2200() -> None:
    assert find_clock([pl.Series([1800.0, 2200.0])]).unit == "year"
    for numbers in ([1799.0, 2000.0], [1900.0, 2201.0]):
        assert find_clock([pl.Series(numbers)]).unit == "month"
    days = find_clock([pl.Series([date(2021, 5, 17), None])])
    assert (days.unit, days.month) == ("day", pytest.approx(30.436875))
    assert days.write(1.9) == "1970-01-02"
    assert find_clock([pl.Series([1.0])]).write(2.50) == "2.5"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1970-01-01", 0.0),
        ("1969-12-31", -1.0),
        ("1970/01/03", 2.0),
        ("1970-02", 31.0),
        (" 1970-01-02 ", 1.0),
        ("1970-01-02T06:00", 1.25),
        ("1970-01-02T06:00:00+06:00", 1.0),
        ("1970-01-02 12:00:00", 1.5),
        ("70-01-02", None),
        ("1970-13", None),
        ("1970-1-2", None),
        ("1970-01-02T", None),
        ("on 2 January 1970", None),
    ],
)
def test_a_day_is_counted_from_1970(text: str, days: float | None) -> None:
    column = pl.Series(["1970-01-01", "1970-01-01", text])
    found = read_times(column, find_clock([column]))[2]
    assert np.isnan(found) if days is None else found == days


def test_a_time_is_written_as_the_day_in_which_it_lies() -> None:
    clock = find_clock([pl.Series([date(2021, 5, 17)])])
    assert [clock.write(one) for one in (-0.5, 0.0, 0.99, 18764.0)] == [
        "1969-12-31", "1970-01-01", "1970-01-01", "2021-05-17"
    ]  # fmt: skip


def test_words_for_nothing_and_for_never_are_told_from_what_cannot_be_read() -> None:
    column = pl.Series(["NaN", "none", "Null", "na", "never", "∞", "-INF", "Jamais", "0", "nil"])
    assert empty(column).tolist() == [True] * 8 + [False] * 2
    assert is_endless(column).tolist() == [False] * 4 + [True] * 4 + [False] * 2
    assert is_endless(pl.Series([None], dtype=pl.String)).tolist() == [False]


def test_a_number_without_end_is_no_time_and_tells_nothing_of_the_unit() -> None:
    column = pl.Series(["2001", "inf", "2004"])
    clock = find_clock([column])
    assert clock.unit == "year"
    assert np.isnan(read_times(column, clock)).tolist() == [False, True, False]


def test_all_columns_together_tell_the_clock() -> None:
    days, numbers = pl.Series(["2021-05-17"]), pl.Series(["3", None])
    assert not find_clock([days, numbers, pl.Series([4])]).dates
    assert find_clock([days, pl.Series([None, None], dtype=pl.String)]).dates
    with pytest.raises(SourceRefused, match="1 times are dates and 1 are numbers"):
        find_clock([pl.Series([date(2021, 5, 17)]), numbers])
    assert find_clock([pl.Series([], dtype=pl.Float64)]).unit == "month"
