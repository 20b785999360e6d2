"""Days are read from any of the usual ways to write them, and nothing crashes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.linkage.records.dates import EPOCH, day_first, span

FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y",
           "%d-%b-%Y", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M"]  # fmt: skip


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(FORMATS))
def test_a_day_is_read_in_every_format(day: date, form: str) -> None:
    number = (day - EPOCH).days
    assert span(day.strftime(form)) == (number, number)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_a_range_is_read(day: date, length: int) -> None:
    last = day + timedelta(days=length)
    found = span(f"{day.isoformat()} to {last.isoformat()}")
    assert found == ((day - EPOCH).days, (last - EPOCH).days)


@given(st.text())
def test_any_text_is_a_range_in_order_or_nothing(text: str) -> None:
    found = span(text)
    assert found is None or found[0] <= found[1]


@pytest.mark.parametrize("text", ["", "soon", "2016-13-01", "31/02/2016", "99999999", "0000-00-00"])
def test_what_is_no_day_is_nothing(text: str) -> None:
    assert span(text) is None


def test_a_column_tells_whether_the_day_comes_first() -> None:
    assert day_first(["01/02/2016", "25/02/2016"])
    assert not day_first(["01/02/2016", "02/25/2016"])
