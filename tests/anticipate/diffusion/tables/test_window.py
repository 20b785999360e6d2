"""The window: from when to when cases were watched, and what of them lies within."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables.times import Clock
from tocsin.anticipate.diffusion.tables.window import cut_to_window, find_window
from tocsin.errors import StageNotReady, UsageError

MONTHS, YEARS = Clock(False, 1.0, "month"), Clock(False, 1 / 12, "year")
DAYS = Clock(True, 30.436875, "day")
NAMES = ("low", "high", "entry", "exit")
Times = tuple[float | None, float | None, float | None, float | None]


def _read(*rows: Times) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.Float64), orient="row")
    return table.with_columns(until=pl.lit(None, dtype=pl.Float64))


def _found(
    clock: Clock, *rows: Times, start: float | str | None = None, end: float | str | None = None
) -> tuple[float, float]:
    return find_window(_read(*rows), clock, start, end, "Give times.")


def test_a_window_goes_from_the_first_time_told_to_the_last_of_any_kind() -> None:
    rows: list[Times] = [(2003, 2004, None, None), (None, None, 2001, 2007)]
    assert _found(YEARS, *rows) == (2001, 2007)
    assert _found(DAYS, *rows) == (2001, 2007)
    assert _found(YEARS, (-np.inf, 2004, None, None), (2002, np.inf, None, None)) == (2002, 2004)


def test_months_are_counted_from_0_unless_they_begin_before() -> None:
    assert _found(MONTHS, (3, 3, None, None), (5, 5, None, None)) == (0, 5)
    assert _found(MONTHS, (-2, -2, None, None), (5, 5, None, None)) == (-2, 5)
    assert _found(MONTHS, (5, 5, None, None)) == (0, 5)


def test_ends_that_are_given_count_before_those_of_the_table() -> None:
    rows: list[Times] = [(3, 3, None, None), (5, 5, None, None)]
    assert _found(MONTHS, *rows, start=1) == (1, 5)
    assert _found(MONTHS, *rows, end="9.5") == (0, 9.5)
    assert _found(DAYS, *rows, start="1970-01-02", end="1970-01-11") == (1, 10)
    with pytest.raises(UsageError, match="window's start '2021-01-01'"):
        _found(MONTHS, *rows, start="2021-01-01")
    with pytest.raises(UsageError, match="window's end 'soon'"):
        _found(MONTHS, *rows, end="soon")


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2019-03", "2019-03", ("2019-03-01", "2019-04-01")),
        ("2019-Q1", "2019Q2", ("2019-01-01", "2019-07-01")),
        ("2018", "2019", ("2018-01-01", "2020-01-01")),
        ("2019-03-04", "2019-03-31", ("2019-03-04", "2019-03-31")),
    ],
)
def test_a_month_that_bounds_the_window_is_within_it(
    start: str, end: str, found: tuple[str, str]
) -> None:
    window = _found(DAYS, (0, 0, None, None), start=start, end=end)
    assert tuple(map(DAYS.write, window)) == found


def test_a_period_ends_with_the_window_or_the_exit_at_the_latest() -> None:
    read = _read((3, 3, None, None), (3, 3, None, 4), (9, 9, None, None), (3, 3, None, 6))
    read = read.with_columns(until=pl.Series([6.0, 6.0, 12.0, 6.0]))
    found = cut_to_window(read, (0.0, 10.0), [])
    assert found["until"].to_list() == [6, 4, 10, 6]
    # Who was seen until the end of the period of its first use did not leave with it.
    assert found["stays"].to_list() == [10, 4, 10, 10]


def test_a_window_needs_two_times_in_their_order() -> None:
    with pytest.raises(StageNotReady, match="no first use"):
        _found(MONTHS, (None, None, None, None), (-np.inf, np.inf, None, None))
    for start, end in ((4, 4), (5, 4)):
        with pytest.raises(StageNotReady, match="one instant"):
            _found(MONTHS, (3, 3, None, None), start=start, end=end)
    with pytest.raises(StageNotReady, match="one instant"):
        _found(YEARS, (2003, 2003, None, None))


NAN = float("nan")


@pytest.mark.parametrize(
    ("told", "cut"),
    [
        # As (low, high, entry, exit), of which the last four are (…, exit, stays).
        ((3, 3, None, None), (3, 3, 0, 10, 10)),
        ((10, 10, None, None), (10, 10, 0, 10, 10)),
        ((12, 12, None, None), (NAN, NAN, 0, 10, 10)),
        ((3, 15, None, None), (3, 10, 0, 10, 10)),
        ((3, np.inf, None, None), (3, 10, 0, 10, 10)),
        ((-np.inf, 4, 2, None), (2, 4, 2, 10, 10)),
        ((-3, -3, None, None), (0, 0, 0, 10, 10)),
        ((2, 3, 4, None), (4, 4, 4, 10, 10)),
        # An exit before the first use is moved to it, and who left so goes on being seen.
        ((5, 5, None, 4), (5, 5, 0, 5, 10)),
        ((5, 7, None, 4), (5, 7, 0, 7, 10)),
        ((5, 5, None, 5), (5, 5, 0, 5, 10)),
        # An exit between the two times of a first use bounds it.
        ((3, 8, None, 6), (3, 6, 0, 6, 6)),
        ((3, 8, None, 14), (3, 8, 0, 10, 10)),
        ((None, None, None, 4), (NAN, NAN, 0, 4, 4)),
        ((None, None, -5, None), (NAN, NAN, 0, 10, 10)),
        ((None, None, 4, 4), (NAN, NAN, 4, 4, 4)),
        ((None, None, 10, None), (NAN, NAN, 10, 10, 10)),
    ],
)
def test_a_case_is_cut_to_the_window(told: Times, cut: tuple[float, ...]) -> None:
    found = cut_to_window(_read(told), (0.0, 10.0), [])
    row = found.select(*NAMES, "stays").row(0)
    assert row == pytest.approx(cut, nan_ok=True)
    assert set(found.columns) == {*NAMES, "stays", "until"}
    assert np.isnan(found["until"][0])


def test_who_was_never_there_is_left_out() -> None:
    notes: list[str] = []
    rows: list[Times] = [(3, 3, None, None), (None, None, 11, None), (None, None, None, -1)]
    found = cut_to_window(_read(*rows), (0.0, 10.0), notes)
    assert found.height == 1
    assert notes == ["2 cases were never there within the window and left out."]


def test_what_is_doubtful_is_counted() -> None:
    notes: list[str] = []
    rows: list[Times] = [(3, 3, None, None), (10, 10, None, 10), (12, 12, None, None),
                         (5, 5, None, 4), (6, 6, None, 6)]  # fmt: skip
    cut_to_window(_read(*rows), (0.0, 10.0), notes)
    assert notes == [
        "1 first use lies after the window's end: not yet at that time.",
        "1 first use lies after the exit; the exit was moved to the first use.",
    ]
    notes.clear()
    cut_to_window(_read((3, 3, None, None)), (0.0, 10.0), notes)
    assert notes == []


@pytest.mark.slow
def test_a_later_exit_never_leaves_less_time_at_risk() -> None:
    exits = [float(one) for one in np.linspace(-1, 14, 31)]
    for low in (None, 2.5, 10.0, 12.0):
        ends = [
            cut_to_window(_read((low, low, None, one)), (0.0, 10.0), [])["exit"].to_list()
            for one in exits
        ]
        known = [one[0] for one in ends if one]
        assert all(a <= b for a, b in pairwise(known))
        assert known[-1] == 10.0
