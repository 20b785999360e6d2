"""Days that a spreadsheet wrote anew: the whole column tells which number is the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe.formats.records import Record
from tocsin.observe.resaved import with_days, with_numbers

FORMS: dict[str, tuple[str, Callable[[date], str]]] = {
    "Excel, United States": ("month first", lambda d: f"{d.month}/{d.day}/{d.year} 0:00"),
    "Excel, France": ("day first", lambda d: f"{d:%d/%m/%Y} 00:00"),
    "Calc, Germany": ("day first", lambda d: f"{d:%d.%m.%Y}"),
    "Excel, Netherlands": ("day first", lambda d: f"{d.day}-{d.month}-{d.year} 0:00"),
}


def read(*values: object) -> tuple[list[object], list[str]]:
    told: list[str] = []
    records = [Record(n, b"", {"day": value}) for n, value in enumerate(values)]
    found = list(with_days(lambda: records, ("day",), told.append))
    return [record.fields["day"] for record in found], told


@pytest.mark.parametrize("form", FORMS)
@given(days=st.lists(st.dates(date(1946, 1, 1), date(2100, 1, 1)), min_size=1, max_size=8))
def test_every_day_comes_back_where_one_of_them_tells_the_order(
    form: str, days: list[date]
) -> None:
    said, write = FORMS[form]
    found, told = read(*map(write, days), write(date(2016, 1, 31)))
    assert found[:-1] == [one.isoformat() for one in days]
    assert len(told) == 1
    assert said in told[0]


def test_days_that_read_both_ways_stay_as_they_are_and_are_told() -> None:
    found, told = read("3/12/2021 0:00", "4/11/2021 0:00")
    assert found == ["3/12/2021 0:00", "4/11/2021 0:00"]
    assert "none of them tells" in told[0]
    # So does one that comes late in a file of other days.
    late = ["2016-01-31"] * 300 + ["3/12/2021 0:00"]
    assert read(*late) == (late, [])
    # To the second they are UCDP's own, of which the month is first.
    assert read("3/12/2016 0:00:00") == (["2016-03-12"], [])


def test_what_is_no_such_day_is_left_alone() -> None:
    values = ["2016-01-31", "", None, "31/31/2016", "30/2/2016", "x", 7]
    assert read("31/1/2016", *values)[0] == ["2016-01-31", *values]
    assert read("12-Mar-21", "12-mars-21", "7-févr.-99")[0] == [
        "2021-03-12", "2021-03-12", "1999-02-07",
    ]  # fmt: skip


def read_numbers(*rows: tuple[str, str]) -> tuple[list[object], list[str]]:
    """Counts beside a latitude."""
    told: list[str] = []
    records = [Record(n, b"", {"best": one, "latitude": y}) for n, (one, y) in enumerate(rows)]
    found = list(with_numbers(lambda: records, ("best",), told.append))
    return [record.fields["best"] for record in found], sorted(set(told))


def test_the_degrees_of_a_point_tell_the_sign_between_thousands() -> None:
    found, told = read_numbers(
        ("1,204", "16.27"), ("1,000", "16.27"), ("1,204,000", "1.5"), ("12", "2.5"), ("2.5", "3.5")
    )
    assert found == ["1204", "1000", "1204000", "12", "2.5"]
    assert told == [
        "A spreadsheet has written its numbers anew, with ',' between thousands ('1,204' is 1204); "
        "read so."
    ]
    found, told = read_numbers(("1.204", "16,27"), ("1.000", "16,27"), ("2,67", "1,5"), ("3,0", ""))
    assert found == ["1204", "1000", "2.67", "3.0"]
    assert len(told) == 1


def test_a_point_of_another_row_tells_it_too_and_none_changes_nothing() -> None:
    assert read_numbers(("1,204", "16"), ("3", "2.5"))[0] == ["1204", "3"]
    assert read_numbers(("1,204", "16"), ("1.204", "")) == (["1,204", "1.204"], [])
    # What the point says are decimals stays what it is.
    assert read_numbers(("1.204", "16.27"), ("12,04", "16.27")) == (["1.204", "12,04"], [])
