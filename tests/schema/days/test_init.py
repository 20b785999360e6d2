"""One parser of days: by a declared form, or in any usual way, in five languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.days import (
    days_of,
    form_fault,
    is_day_first,
    known_days,
    read_days,
)
from tocsin.schema.vocabulary.calendars import MONTHS

DAY = date(2021, 2, 3)
days = st.dates(date(1900, 1, 1), date(2068, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-03", "2021/2/3", "20210203", "20210203.0", "3.2.2021", "03/02/21", "3 Feb 2021",
        "Wednesday, 3rd February 2021", "Feb 3, 2021", "3 de febrero de 2021", "3 février 2021",
        "3 شباط 2021", "٣ فبراير ٢٠٢١", "٢٠٢١-٠٢-٠٣", "2021-02-03T10:20:30.5Z",
        "03/02/2021 10:20 PM", "3-FEB-21",
    ],
)  # fmt: skip
def test_a_day_in_any_usual_way(text: str) -> None:
    assert read_days(text) == (DAY, DAY)


@given(
    days, st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%B %d %Y", "%Y%m%d", "%d.%m.%y"])
)
def test_a_form_and_any_way_agree_where_both_can_read(day: date, form: str) -> None:
    text = day.strftime(form)
    if "%y" in form and not 1969 <= day.year <= 2068:
        return
    assert read_days(text, form) == read_days(text) == (day, day)


@given(days, st.integers(0, 11))
def test_months_in_five_languages(day: date, spoken: int) -> None:
    names = MONTHS[day.month - 1].split("|")
    text = f"{day.day} {names[spoken % len(names)]} {day.year}"
    assert read_days(text) == read_days(text, "%d %B %Y") == (day, day)


@given(days, st.integers(0, 400))
def test_a_range_has_its_first_and_last_day(day: date, length: int) -> None:
    last = day + timedelta(days=length)
    assert read_days(f"{day} to {last}") == (day, last)
    assert read_days(f"{day} to {last}", "%Y-%m-%d") == (day, last)
    assert read_days(f"{last} to {day}", "%Y-%m-%d") in ([None] if length else [(day, day)])


@given(st.text(), st.sampled_from([None, "%Y-%m-%d", "%d %B %Y", "%Y"]))
def test_any_text_is_days_in_order_or_nothing(text: str, form: str | None) -> None:
    found = read_days(text, form)
    assert found is None or found[0] <= found[1]


def test_parts_that_are_not_known_widen_the_day() -> None:
    assert days_of(2024, 2, 29) == (date(2024, 2, 29), date(2024, 2, 29))
    assert days_of(2024, 2) == read_days("February 2024") == (date(2024, 2, 1), date(2024, 2, 29))
    assert days_of(2024) == read_days("2024") == (date(2024, 1, 1), date(2024, 12, 31))
    for wrong in ((2023, 2, 29), (2023, 13), (2023, -1), (1700,), (2300,)):
        assert days_of(*wrong) is None


def test_a_column_tells_whether_the_day_comes_first() -> None:
    assert is_day_first(["01/02/2016", "25/02/2016 10:00"])
    assert not is_day_first(["01/02/2016", "02/25/2016"])


@pytest.mark.parametrize("form", ["%d/%d/%Y", "%d/%m", "%Q", "%Y %", "%B %m %Y"])
def test_forms_that_mean_nothing_are_told(form: str) -> None:
    assert form_fault(form) is not None
    assert form_fault("%d %B %Y") is None


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("05/03/2024", "%d/%m/%Y | %d %B %Y", date(2024, 3, 5)),
        ("5 mars 2024", "%d/%m/%Y | %d %B %Y", date(2024, 3, 5)),
        ("2024-03-05", "%d/%m/%Y", date(2024, 3, 5)),
        ("2024-03-05T00:00:00", "%d/%m/%Y", date(2024, 3, 5)),
        ("2024-05-03", "%Y-%d-%m", date(2024, 3, 5)),
        ("05.03.2024", "%d/%m/%Y", None),
    ],
)
def test_several_forms_in_one_column(text: str, form: str, day: date | None) -> None:
    found = read_days(text, form)
    assert (found and found[0]) == day
    assert form_fault(form) is None


def test_each_of_several_forms_is_checked() -> None:
    assert form_fault("%d/%m/%Y | %d/%d/%Y")


@pytest.mark.parametrize("text", ["2024-02-" + "9" * 5_000, "0 " * 100_000, "2024-" * 50_000])
def test_a_text_that_is_much_longer_than_a_day_is_none(text: str) -> None:
    assert read_days(text) is None
    assert read_days(text, "%Y-%m-%d") is None
    assert known_days(text, "%Y-%m-%d") is None
