"""Times as they are written in tables."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.tables.times import empty, find_clock, read_times
from tocsin.errors import SourceRefused


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1))
def test_a_date_is_read_back_as_it_was_written(days: list[date]) -> None:
    column = pl.Series("time", [day.isoformat() for day in days])
    clock = find_clock([column])
    assert clock.dates
    shown = [clock.shown(time) for time in read_times(column, clock)]
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


def test_months_unreadable_times_and_nothing() -> None:
    column = pl.Series(["2021-05", "2021-05-17", "soon", None, " ", "NA"])
    clock = find_clock([column])
    times = read_times(column, clock)
    assert clock.shown(times[0]) == "2021-05-01"
    assert np.isnan(times[2:]).all()
    assert empty(column).tolist() == [False, False, False, True, True, True]


def test_a_mixture_is_refused() -> None:
    with pytest.raises(SourceRefused, match="dates"):
        find_clock([pl.Series(["2021-05-17", "2021-05-18", "12"])])
