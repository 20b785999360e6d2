"""Places: a point lies where its country is; names and codes must agree."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.observe.checks.places import country, outside, point, situate
from tocsin.observe.checks.values import Refused
from tocsin.schema.geography.territory import resolve

DAY = date(2024, 1, 1)


def test_no_point_is_no_fault() -> None:
    assert point({"latitude": ""}) == {"latitude": None, "longitude": None}


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("16.27", ""), ("", "0"), ("95", "0"), ("16,27,1", "-0,04")]
)
def test_half_a_point_or_none_at_all_is_doubted(latitude: str, longitude: str) -> None:
    found = point({"latitude": latitude, "longitude": longitude})
    assert (found["latitude"], found["longitude"]) == (None, None)
    assert [doubt.original for doubt in found["point_doubts"]] == [latitude, longitude]
    assert {doubt.rule for doubt in found["point_doubts"]} == {"point"}


def test_a_comma_before_decimals_is_a_point() -> None:
    found = point({"latitude": "16,27", "longitude": "-0,04"})
    assert found == {"latitude": 16.27, "longitude": -0.04}


def test_how_far_outside_is_remembered_and_does_not_depend_on_when_it_is_asked() -> None:
    mali = resolve("Mali").gwno
    today, then = (outside(mali, 16.27, -60, on=day) for day in (DAY, date(1990, 1, 1)))
    assert today is not None
    assert today == then > 1_000
    assert outside(200, 32.29, -64.78, on=DAY, part="Tokelau") is None


def test_a_report_tells_its_state_and_the_part() -> None:
    assert situate(resolve("Bermuda")) == {
        "territory": "United Kingdom", "gwno": 200, "part": "Bermuda",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code", "gwno"),
    [
        ("Mali", "", 432),
        ("Mali", "466", 432),
        ("Mali", "466.0", 432),
        ("Mali", "ML", 432),
        ("Mali", "0", 432),
        ("", "MLI", 432),
        ("Mali, as nobody calls it", "MLI", 432),
    ],
)
def test_a_name_or_a_code(name: str, code: str, gwno: int) -> None:
    assert country({"c": name, "iso": code}, "c", "iso", on=DAY).gwno == gwno


@pytest.mark.parametrize(("name", "code"), [("", ""), ("Atlantis", ""), ("Mali", "NE"), ("", "ZZ")])
def test_neither_or_both_at_odds(name: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        country({"c": name, "iso": code}, "c", "iso", on=DAY)
    assert caught.value.rule == "territory"
