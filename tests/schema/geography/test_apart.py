"""Which territories lie together: land borders, seas, the date line, and what lies apart."""

from __future__ import annotations

import pytest

from tocsin.schema.geography.apart import parts_apart
from tocsin.schema.geography.region import REGIONS, territory_groups


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


@pytest.mark.slow
@pytest.mark.parametrize("name", REGIONS)
def test_each_region_of_the_world_is_one(name: str) -> None:
    assert len(parts_apart(territory_groups(name, name="r")["r"])) == 1
