"""Times in the standard's form."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.share.cap.message import stamp
from tocsin.share.cap.structure import parse_time

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES).map(
        lambda moment: moment.replace(microsecond=0)
    )
)
def test_a_written_time_is_read_as_the_same(moment: datetime) -> None:
    assert parse_time(stamp(moment)) == moment


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-26", "2026-11-26T08:00:00", "2026-13-01T00:00:00-00:00",
     "0000-01-01T00:00:00-00:00", "2026-11-26T08:00:00-15:00", "2026-11-26T08:00:00,00:00",
     "٢٠٢٦-11-26T08:00:00-00:00"],
)  # fmt: skip
def test_another_form_is_none(text: str) -> None:
    assert parse_time(text) is None
