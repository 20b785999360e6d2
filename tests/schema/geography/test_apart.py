"""Which territories lie together: land borders, seas, the date line, and what lies apart."""

from __future__ import annotations

import pytest

from tocsin.errors import UsageError
from tocsin.schema.geography.apart import parts_apart, refuse_apart
from tocsin.schema.geography.region import REGIONS, territory_groups
from tocsin.schema.geography.shapes import shapes
from tocsin.schema.geography.territory import territories


@pytest.mark.parametrize(
    "words",
    ["Mali", "Mali, Niger, Chad", "Haiti, Cuba, Dominican Republic", "Sri Lanka, India",
     "Madagascar, Mozambique", "Japan, South Korea", "Russia, United States of America"],
)  # fmt: skip
def test_islands_and_coasts_lie_together(words: str) -> None:
    assert len(parts_apart(territory_groups(words, name="r")["r"])) == 1


@pytest.mark.parametrize("words", ["Kenya, Peru", "Syria, Mali", "Sri Lanka, Haiti, Colombia"])
def test_what_lies_on_other_coasts_lies_apart(words: str) -> None:
    assert len(parts_apart(territory_groups(words, name="r")["r"])) == 2


def test_a_territory_without_a_shape_makes_no_bridge() -> None:
    small = next(one.gwno for one in territories() if not shapes([one.gwno])["features"])
    assert parts_apart([501, 135, small]) == [[501, small], [135]]
    assert parts_apart([small, 501, 135]) == [[small, 501], [135]]
    assert parts_apart([small]) == [[small]]


def test_the_remedy_is_written_as_the_place_is() -> None:
    for in_settings, words in (
        (True, "[region.territories] 'Part 1' = [501]; 'Part 2' = [135]."),
        (False, '"Part 1: Kenya; Part 2: Peru".'),
    ):
        with pytest.raises(UsageError, match="Peru lies more than") as caught:
            refuse_apart([501, 135], where="here", in_settings=in_settings)
        assert caught.value.remedy.endswith(words)
        assert caught.value.where == "here"


@pytest.mark.slow
@pytest.mark.parametrize("name", REGIONS)
def test_each_region_of_the_world_is_one(name: str) -> None:
    assert len(parts_apart(territory_groups(name, name="r")["r"])) == 1
