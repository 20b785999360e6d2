"""Answers are checked on arrival, and points made coarse."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.share.server.desk.answers import check, point_of

TODAY = date(2026, 11, 26)
GOOD = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "one_sided"}


def test_good_answers_are_kept_and_empty_ones_left_out() -> None:
    kept = check(GOOD | {"headline": " A road was closed ", "account": " "}, today=TODAY)
    assert kept == GOOD | {"headline": "A road was closed"}


@pytest.mark.parametrize(
    ("more", "where"),
    [({"event_date": "20.11.2026"}, "event_date"), ({"event_date": "2026-11-28"}, "event_date"),
     ({"country": ""}, "country"), ({"event_kind": "war"}, "event_kind"),
     ({"target": "civilians nobody"}, "target"), ({"deaths_low": "-1"}, "deaths_low"),
     ({"deaths_low": "²"}, "deaths_low"), ({"name_of_person": "x"}, "name_of_person"),
     ({"organisation": "Another"}, "organisation"), ({"point": "200 10"}, "point"),
     ({"point": "nan 1"}, "point"), ({"point": "1"}, "point"),
     ({"headline": "x" * 4001}, "headline"),
     ({"headline": "a\0b"}, "headline")],
)  # fmt: skip
def test_wrong_answers_are_refused_by_name(more: dict[str, str], where: str) -> None:
    with pytest.raises(UsageError) as found:
        check(GOOD | more, today=TODAY)
    assert found.value.where == where


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["", "blurred", "hidden"]))
def test_no_point_is_kept_to_more_than_was_agreed(
    latitude: float, longitude: float, blur: str
) -> None:
    whole = GOOD | {"point": f"{latitude} {longitude} 12.5 3", "place_known": "place"}
    kept = check(whole, today=TODAY, blur=blur)
    if blur == "hidden":
        assert "point" not in kept
        return
    decimals = 1 if blur else 2
    assert all(len(part.partition(".")[2]) == decimals for part in kept["point"].split())
    north, east = point_of(kept["point"])
    assert abs(north - latitude) <= 0.5 * 10**-decimals + 1e-9
    assert abs(east - longitude) <= 0.5 * 10**-decimals + 1e-9
    assert kept["place_known"] == ("district" if blur else "place")
