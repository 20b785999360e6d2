"""Every state lies in one region."""

from __future__ import annotations

from tocsin.schema.geography.region import NOWHERE, REGIONS, region
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
