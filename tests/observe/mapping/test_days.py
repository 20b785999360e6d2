"""Days in the forms and languages that people use."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.observe.checks.values import Refused
from tocsin.observe.mapping.days import FORMATS, span

DAY = date(2021, 2, 3)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("2021-02-03", "%Y-%m-%d"), ("2021-02-03T10:20:30Z", "%Y-%m-%d"),
        ("2021-02-03 10:20", "%Y-%m-%d"), ("03/02/2021", "%d/%m/%Y"), ("3.2.2021", "%d.%m.%Y"),
        ("20210203", "%Y%m%d"), ("3 février 2021", "%d %B %Y"),
        ("3 de febrero de 2021", "%d %B %Y"),
        ("February 3, 2021", "%B %d %Y"), ("Feb 3rd, 2021", "%B %d %Y"), ("3-Feb-2021", "%d-%B-%Y"),
        ("3 شباط 2021", "%d %B %Y"), ("٣ فبراير ٢٠٢١", "%d %B %Y"), ("٢٠٢١-٠٢-٠٣", "%Y-%m-%d"),
    ],
)  # fmt: skip
def test_one_day(value: str, form: str) -> None:
    assert (span(value, form).start, span(value, form).precision) == (DAY, 1)


def test_a_month_and_a_year_are_their_days() -> None:
    assert span("2024-02", "%Y-%m").end == date(2024, 2, 29)
    assert span("كانون الثاني 2024", "%B %Y").start == date(2024, 1, 1)
    assert (span("2024", "%Y").end, span("2024", "%Y").precision) == (date(2024, 12, 31), 5)


def test_a_refused_day_that_reads_both_ways_says_both_forms() -> None:
    with pytest.raises(Refused) as refused:
        span("05/03/2024", "%Y-%m-%d")
    said = refused.value.reason
    assert "as 5 March 2024 by %d/%m/%Y, and as 3 May 2024 by %m/%d/%Y" in said
    assert "[forms]" in said
    for one_way in ("25/03/2024", "soon", "05/03/1445"):
        with pytest.raises(Refused) as refused:
            span(one_way, "%Y-%m-%d")
        assert "It reads as" not in refused.value.reason


@settings(deadline=None)
@given(st.text(), st.sampled_from(FORMATS))
def test_any_text_is_a_day_or_refused(value: str, form: str) -> None:
    try:
        found = span(value, form)
    except Refused:
        return
    assert found.start <= found.end


@pytest.mark.parametrize("text", ["1970-01-01", "2000-01-01", "1900-01-01"])
def test_a_placeholder_is_no_day(text: str) -> None:
    with pytest.raises(Refused):
        span(text, "%Y-%m-%d")
