"""Every state lies in one region."""

from __future__ import annotations

import pytest

from tocsin.errors import UsageError
from tocsin.schema.geography.region import NOWHERE, REGIONS, place_named, region, territory_groups
from tocsin.schema.geography.style import GROUND
from tocsin.schema.geography.territory import UnknownTerritory, is_known, resolve, territories


def test_every_territory_has_a_region() -> None:
    found = {region(one.gwno) for one in territories()}
    assert found == set(REGIONS)
    assert region(627) == NOWHERE


def test_some_that_people_expect() -> None:
    expected = {"Mali": "Africa", "Egypt": "Middle East", "Mexico": "Americas", "Ukraine": "Europe"}
    expected |= dict.fromkeys(["Fiji", "Kazakhstan", "India"], "Asia and Oceania")
    expected["South Sudan"] = "Africa"
    assert {name: region(resolve(name).gwno) for name in expected} == expected


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (1, 1, NOWHERE), (2, 199, "Americas"), (200, 399, "Europe"), (400, 626, "Africa"),
        (627, 629, NOWHERE), (630, 699, "Middle East"), (700, 999, "Asia and Oceania"),
        (1000, 1000, NOWHERE),
    ],
)  # fmt: skip
def test_each_region_is_a_block_of_numbers(first: int, last: int, name: str) -> None:
    assert {region(first), region(last)} == {name}


@pytest.mark.parametrize("name", REGIONS)
def test_a_world_region_stands_for_its_states_of_today(name: str) -> None:
    first, last = REGIONS[name]
    today = [one.gwno for one in territories() if one.end is None]
    for written in (name, name.upper()):
        found = territory_groups(written, name="X")
        assert found == {"X": [one for one in today if first <= one <= last]}


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mali, Saint Helena, Ascension, and Tristan da Cunha, Niger", {"X": [432, 200, 436]}),
        ("Congo, Democratic Republic of the, Congo", {"X": [490, 484]}),
        ("Gambia, The", {"X": [420]}),
        ("420", {"X": [420]}),
        ("West: Mali; Chad\n West : Niger,", {"West": [432, 436], "X": [483]}),
        (" ; North: ;Mali", {"X": [432]}),
    ],
)
def test_names_with_commas_and_groups(text: str, found: dict[str, list[int]]) -> None:
    assert territory_groups(text, name="X") == found


def test_a_territory_stands_in_one_group_and_is_told_by_both_its_names() -> None:
    with pytest.raises(UsageError) as refused:
        territory_groups("West: Mali, Niger; East: 436", name="X")
    assert refused.value.what == "'436' and 'Niger' are the same territory: Niger (436)."


def test_a_state_that_ended_is_refused_with_its_last_day() -> None:
    with pytest.raises(UsageError, match="ended on 1993-01-01"):
        territory_groups("Czechoslovakia", name="X")


@pytest.mark.parametrize(
    ("told", "state", "part"),
    [
        ("Crimea", "Ukraine", "Crimea"), ("Ukraine (Crimea)", "Ukraine", "Crimea"),
        ("Crimée, Ukraine", "Ukraine", "Crimea"), ("القرم", "Ukraine", "Crimea"),
        ("Republic of Abkhazia", "Georgia", "Abkhazia"),
        ("Ossétie du Sud", "Georgia", "South Ossetia"),
        ("Nagorno Karabakh", "Azerbaijan", "Nagorno-Karabakh"),
        ("Artsakh", "Azerbaijan", "Nagorno-Karabakh"),
        ("Transdniestria", "Moldova", "Transnistria"),
        ("Somalie (Somaliland)", "Somalia", "Somaliland"), ("Puntland", "Somalia", "Puntland"),
        ("RASD", "Morocco", "Western Sahara"), ("فلسطين", "Israel", "Palestine"),
        ("Israel (Gaza)", "Israel", "Palestine"), ("Israel/Palestine", "Israel", None),
        ("Chypre du Nord", "Cyprus", "Northern Cyprus"), ("Kosovo (UNSCR 1244)", "Kosovo", None),
        ("Taiwan (ROC)", "Taiwan", None), ("Georgia", "Georgia", None),
    ],
)  # fmt: skip
def test_ground_and_parts_as_tables_name_them(told: str, state: str, part: str | None) -> None:
    found = place_named(told)
    assert (found.name, found.part) == (state, part)


@pytest.mark.parametrize("told", ["Serbia (Kosovo)", "Crimea, Russia", "Kashmir", "Abyei"])
def test_ground_of_which_the_state_is_open_is_no_territory(told: str) -> None:
    with pytest.raises(UnknownTerritory):
        place_named(told)


def test_disputed_ground_is_no_name_of_the_state_under_which_it_is_counted() -> None:
    for name in GROUND:
        assert not is_known(name)
