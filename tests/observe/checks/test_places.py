"""Places: a point lies where its country is; names and codes must agree."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.observe.checks.places import country, point
from tocsin.observe.checks.values import Refused
from tocsin.schema.geography.territory import resolve

DAY = date(2024, 1, 1)


def test_no_point_is_no_fault() -> None:
    assert point({"latitude": ""}, resolve("Mali"), on=DAY) == {"latitude": None, "longitude": None}


@pytest.mark.parametrize(
    ("latitude", "longitude", "rule"),
    [
        ("16.27", "", "number"),
        ("", "0", "number"),
        ("16.27", "-60", "outside"),
        ("95", "0", "range"),
    ],
)
def test_half_a_point_or_one_elsewhere_is_refused(latitude: str, longitude: str, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        point({"latitude": latitude, "longitude": longitude}, resolve("Mali"), on=DAY)
    assert caught.value.rule == rule


def test_a_state_counts_with_the_ground_of_the_day() -> None:
    juba = {"latitude": "4.85", "longitude": "31.6"}
    assert point(juba, resolve("Sudan"), on=date(2005, 1, 1))["latitude"] == 4.85
    with pytest.raises(Refused, match="outside Sudan"):
        point(juba, resolve("Sudan"), on=DAY)


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
