"""What a day may be: not to come, and no stand-in for one that is not known."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

import pytest

from tocsin.observe.checks import values
from tocsin.observe.checks.values import Refused, decimal, in_time, month


class Clock(datetime):
    asked = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        cls.asked += 1
        return cls(2024, 5, 10, tzinfo=tz)


def test_the_clock_is_asked_for_the_latest_day_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "datetime", Clock)
    monkeypatch.setattr(values, "_reached", [date.min])
    last = date(2024, 5, 10) + timedelta(days=values.AHEAD)
    days = [date(2024, 5, 1) - timedelta(days=n) for n in range(100)]
    assert [in_time(one, "date", "") for one in days] == days
    assert Clock.asked == 1
    for _ in range(2):
        assert in_time(last, "date", "") == last
        with pytest.raises(Refused, match=r"2024-06-11 in 'date' is still to come") as refused:
            in_time(last + timedelta(days=1), "date", "11 June 2024")
        assert refused.value.value == "11 June 2024"


def test_a_month_is_refused_by_what_stands_in_the_field() -> None:
    assert month({"month": "2024-02"}, "month") == date(2024, 2, 1)
    with pytest.raises(Refused, match="not a day written as year-month-day"):
        month({"month": "spring"}, "month")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234,567", 1_234_567.0), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1 204", 1204.0),
        ("1.234.567", 1_234_567.0), ("1.234", 1.234), ("-1,234,567.25", -1_234_567.25),
    ],
)  # fmt: skip
def test_decimals_with_thousands_apart_where_the_signs_are_certain(
    cell: str, number: float
) -> None:
    assert decimal({"x": cell}, "x", low=-1e9, high=1e9) == number


def test_a_comma_that_may_be_of_decimals_or_thousands_is_refused() -> None:
    with pytest.raises(Refused, match="not a number"):
        decimal({"x": "1,234"}, "x", low=0, high=1e9)
