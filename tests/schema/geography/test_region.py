"""Every state lies in one region."""

from __future__ import annotations

import pytest

from tocsin.errors import UsageError
from tocsin.schema.geography.region import NOWHERE, REGIONS, region, territory_groups
from tocsin.schema.geography.territory import resolve, territories


def test_every_territory_has_a_region() -> None:
    found = {region(one.gwno) for one in territories()}
    assert found == set(REGIONS)
    assert region(627) == NOWHERE


def test_some_that_people_expect() -> None:
    expected = {"Mali": "Africa", "Egypt": "Middle East", "Mexico": "Americas", "Ukraine": "Europe"}
    expected |= dict.fromkeys(["Fiji", "Kazakhstan", "India"], "Asia and Oceania")
    expected["South Sudan"] = "Africa"
    assert {name: region(resolve(name).gwno) for name in expected} == expected


def test_a_world_region_stands_for_its_states() -> None:
    numbers = territory_groups("Americas", name="New world")["New world"]
    assert 70 in numbers
    assert all(2 <= number <= 199 for number in numbers)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mali, Atlantis", "No territory is called 'Atlantis'"),
        ("Mali, 9999", "number 9999"),
        ("Mali, MLI", "the same territory"),
        (" ; , ", "has no territory"),
    ],
)
def test_what_is_no_region_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        territory_groups(text, name="X")
