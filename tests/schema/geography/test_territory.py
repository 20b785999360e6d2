"""Names and codes of states that split, merged or are spelled in many ways."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.geography.territory import (
    UnknownTerritory,
    alpha2,
    by_fips,
    by_gwno,
    by_iso,
    fips_codes,
    resolve,
    spellings,
    territories,
)


@pytest.mark.parametrize(
    ("name", "gwno"),
    [
        ("Yemen (North Yemen)", 678),
        ("Yemen", 678),
        ("South Yemen", 680),
        ("Sudan", 625),
        ("South Sudan", 626),
        ("Serbia", 340),
        ("Serbia (Yugoslavia)", 345),
        ("Kosovo", 347),
        ("Czechoslovakia", 315),
        ("Czechia", 316),
        ("Congo", 484),
        ("Congo, Rep.", 484),
        ("Congo, DRC", 490),
        ("DR Congo (Zaire)", 490),
        ("Democratic Republic of Congo", 490),
        ("Palestine", 666),
        ("West Bank and Gaza", 666),
        ("Russia (Soviet Union)", 365),
        ("Soviet Union", 365),
        ("Swaziland", 572),
        ("Kingdom of eSwatini (Swaziland)", 572),
        ("Macedonia", 343),
        ("Timor Leste", 860),
        ("Viet Nam", 816),
        ("Cote d'Ivoire", 437),
        ("CÔTE D’IVOIRE", 437),
        ("Niger", 436),
        ("Nigeria", 475),
        ("Dominica", 54),
        ("Dominican Rep.", 42),
        ("Guinea-Bissau", 404),
        ("SSD", 626),
    ],
)
def test_spellings_of_all_producers_meet(name: str, gwno: int) -> None:
    assert resolve(name).gwno == gwno


@pytest.mark.parametrize(
    ("name", "day", "gwno"),
    [
        ("South Sudan", date(2011, 7, 8), 625),
        ("South Sudan", date(2011, 7, 9), 626),
        ("South Yemen", date(1990, 5, 21), 680),
        ("South Yemen", date(1990, 5, 22), 678),
        ("Serbia (Yugoslavia)", date(1999, 1, 1), 345),
        ("Serbia (Yugoslavia)", date(2010, 1, 1), 340),
        ("Kosovo", date(1999, 1, 1), 345),
        ("Kosovo", date(2007, 1, 1), 340),
        ("Kosovo", date(2008, 2, 17), 347),
        ("Montenegro", date(2006, 6, 2), 345),
        ("East Germany", date(1990, 10, 3), 260),
        ("Czech Republic", date(1992, 12, 31), 315),
        ("Slovakia", date(1993, 1, 1), 317),
        ("Ukraine", date(1991, 1, 1), 365),
        ("Russia", date(1990, 1, 1), 365),
        ("Eritrea", date(1990, 1, 1), 530),
        ("Palestine", date(2014, 7, 1), 666),
    ],
)
def test_the_state_that_held_the_ground_that_day(name: str, day: date, gwno: int) -> None:
    assert resolve(name, on=day).gwno == gwno


@pytest.mark.parametrize(
    ("name", "first", "last", "gwno"),
    [
        # South Sudan began on 2011-07-09.
        ("South Sudan", date(2011, 1, 1), date(2011, 7, 8), 625),
        ("South Sudan", date(2011, 1, 1), date(2011, 7, 9), 626),
        ("South Sudan", date(2011, 7, 9), date(2011, 7, 9), 626),
        # The last day of Czechoslovakia was 1992-12-31.
        ("Czechoslovakia", date(1992, 12, 31), date(1993, 6, 1), 315),
        # Yemen followed South Yemen on 1990-05-22.
        ("South Yemen", date(1990, 5, 21), date(1990, 6, 1), 680),
        ("South Yemen", date(1990, 5, 22), date(1990, 6, 1), 678),
        ("Mali", date(1990, 1, 1), date(1990, 1, 1), 432),
    ],
)
def test_a_state_counts_if_it_existed_on_any_of_the_days(
    name: str, first: date, last: date, gwno: int
) -> None:
    number = resolve(name).gwno
    for found in (
        resolve(name, on=first, until=last),
        by_gwno(number, on=first, until=last),
        by_iso(resolve(name).iso3, on=first, until=last) if resolve(name).iso3 else None,
    ):
        assert found is None or found.gwno == gwno


def test_a_state_with_parts_is_no_part() -> None:
    for name in ("Israël", "Израиль", "Danemark", "Китай", "Frankreich", "Estados Unidos", "ISR"):
        assert resolve(name).part is None
    for code in ("IL", "CN", "DK", "840"):
        assert by_iso(code).part is None
    assert [by_iso(code).part for code in ("HK", "344", "PSE", "GL")] == [
        "Hong Kong", "Hong Kong", "Palestine", "Greenland",
    ]  # fmt: skip


def test_a_part_keeps_the_name_it_came_by() -> None:
    found = resolve("Gaza Strip")
    assert (found.name, found.part) == ("Israel", "Palestine")


def test_a_state_that_split_is_not_guessed() -> None:
    with pytest.raises(UnknownTerritory, match="Czech Republic and Slovakia"):
        resolve("Czechoslovakia", on=date(1993, 1, 1))


def test_a_misspelling_gets_suggestions_and_no_guess() -> None:
    with pytest.raises(UnknownTerritory) as caught:
        resolve("Lebanom")
    assert "Lebanon" in caught.value.remedy
    with pytest.raises(UnknownTerritory) as caught:
        resolve("Ambia")
    assert caught.value.remedy == "Did you mean: Zambia, Gambia, Namibia?"
    # A part is told by its own name, and not by that of its state.
    with pytest.raises(UnknownTerritory) as caught:
        resolve("Hongkong")
    assert caught.value.remedy == "Did you mean: Hong Kong?"
    for nothing in ("Xqzw", "Lebanom" + " " * 40 + "x" * 40):
        with pytest.raises(UnknownTerritory) as caught:
            resolve(nothing)
        assert "Did you mean" not in caught.value.remedy
    # What is far longer than any name is not compared with any.
    with pytest.raises(UnknownTerritory) as caught:
        resolve("United States of America (the whole of it)" + "." * 40)
    assert caught.value.remedy == "See `tocsin territories`."


def test_a_part_is_known_by_its_names_in_other_languages() -> None:
    for name in ("Groenland", "Groenlandia", "Greenland"):
        assert (resolve(name).name, resolve(name).part) == ("Denmark", "Greenland")


def test_alpha_2_codes_of_states_and_of_those_that_ended_before() -> None:
    assert (alpha2(652), alpha2(490), alpha2(626)) == ("SY", "CD", "SS")
    assert alpha2(315) is None
    assert alpha2(1) is None


def test_no_spelling_points_to_two_states() -> None:
    numbers = [item.gwno for item in territories()]
    assert len(numbers) == len(set(numbers))
    for number in numbers:
        for name in spellings(number):
            assert resolve(name).gwno == number


def test_a_state_exists_from_its_first_day_to_the_day_before_its_end() -> None:
    def existed(gwno: int, day: date) -> bool:
        return gwno in {item.gwno for item in territories(on=day)}

    # East Germany ended on 1990-10-03, and South Sudan began on 2011-07-09.
    assert existed(265, date(1990, 10, 2))
    assert not existed(265, date(1990, 10, 3))
    assert not existed(626, date(2011, 7, 8))
    assert existed(626, date(2011, 7, 9))


def test_unknown_number() -> None:
    with pytest.raises(UnknownTerritory):
        by_gwno(1)


def test_ground_under_trust_counts_with_its_administrator() -> None:
    assert by_gwno(986, on=date(1994, 9, 30)).part == "Palau"
    assert by_gwno(986, on=date(1994, 9, 30)).gwno == 2
    assert by_gwno(986, on=date(1994, 10, 1)).gwno == 986


@given(st.dates(date(1989, 1, 1), date(2030, 1, 1)), st.sampled_from(territories()))
def test_the_holder_existed_that_day(day: date, state: object) -> None:
    existing = {item.gwno for item in territories(on=day)}
    try:
        held = by_gwno(state.gwno, on=day)  # type: ignore[attr-defined]
    except UnknownTerritory:
        return
    assert held.gwno in existing


@pytest.mark.parametrize(
    ("code", "gwno"),
    [("CF", 482), ("caf", 482), ("140", 482), ("004", 700), ("4", 700), ("PS", 666), ("XK", 347)],
)
def test_iso_codes_of_all_three_kinds(code: str, gwno: int) -> None:
    assert by_iso(code).gwno == gwno


@pytest.mark.parametrize("code", ["", "ZZ", "ZZZ", "0", "999", "Syria", "٤", "-4"])
def test_what_is_no_iso_code_is_not_guessed(code: str) -> None:
    with pytest.raises(UnknownTerritory):
        by_iso(code)


def test_every_territory_with_an_alpha_3_code_is_known_by_its_iso_codes() -> None:
    for state in territories():
        if state.iso3:
            assert by_iso(state.iso3, on=None).gwno == state.gwno


def test_every_fips_code_has_a_unit_or_none() -> None:
    units = {code: by_fips(code) for code in fips_codes()}
    found = {code: unit.part or unit.name for code, unit in units.items() if unit}
    assert len(found) > 215
    # The codes that are most easily taken for another country's ISO code.
    expected = {
        "AU": "Austria", "AS": "Australia", "CH": "China", "SZ": "Switzerland", "CG": "DR Congo",
        "CF": "Congo", "NG": "Niger", "NI": "Nigeria", "SU": "Sudan", "OD": "South Sudan",
        "IS": "Israel", "IZ": "Iraq", "WE": "Palestine", "TU": "Turkey", "UP": "Ukraine",
        "RS": "Russia", "RI": "Serbia", "GM": "Germany", "LE": "Lebanon", "CD": "Chad",
    }  # fmt: skip
    assert {code: found[code] for code in expected} == expected
    assert units["OS"] is None
    with pytest.raises(UnknownTerritory):
        by_fips("ZZ")


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("Tchad", "Chad"), ("Guinée", "Guinea"), ("Cameroun", "Cameroon"),
        ("Mauritanie", "Mauritania"), ("République centrafricaine", "Central African Republic"),
        ("Soudan du Sud", "South Sudan"), ("RDC", "DR Congo"), ("Guinée-Bissau", "Guinea-Bissau"),
        ("Guinea Ecuatorial", "Equatorial Guinea"), ("Estados Unidos", "United States"),
        ("Burma/Myanmar", "Myanmar"), ("Somalia, Fed. Rep.", "Somalia"), ("Niger (the)", "Niger"),
        ("Gambia (the)", "Gambia"), ("Macao SAR, China", "China"), ("oPt", "Israel"),
        ("Congo (the Democratic Republic of the)", "DR Congo"), ("Cote dIvoire", "Côte d'Ivoire"),
        ("South-Sudan", "South Sudan"), ("St Kitts & Nevis", "St. Kitts and Nevis"),
        ("Tanzania, the United Republic of", "Tanzania"), ("Guinea Bissau", "Guinea-Bissau"),
        ("Taiwan, China", "Taiwan"), ("Türkiye (Turkey)", "Turkey"), ("KSV", "Kosovo"),
        ("Akrotiri and Dhekelia", "United Kingdom"), ("Norfolk Island", "Australia"),
        ("Saint Helena, Ascension and Tristan da Cunha", "United Kingdom"),
        ("Caribbean Netherlands", "Netherlands"), ("FYROM", "North Macedonia"),
    ],
)  # fmt: skip
def test_forms_of_other_producers_and_languages(name: str, means: str) -> None:
    assert resolve(name).name == means


@pytest.mark.parametrize("name", ["Korea", "Crimea", "Abyei", "Kashmir", "Kurdistan", "EL"])
def test_what_may_mean_several_or_none_is_not_guessed(name: str) -> None:
    with pytest.raises(UnknownTerritory):
        resolve(name)


def test_no_other_name_means_another_state_than_our_own_list_says() -> None:
    for unit in territories():
        assert resolve(unit.name).gwno == unit.gwno


def test_an_imprecise_day_does_not_move_an_event_to_another_state() -> None:
    first, last = date(2011, 1, 1), date(2011, 12, 31)
    assert resolve("South Sudan", on=first).name == "Sudan"
    assert resolve("South Sudan", on=first, until=last).name == "South Sudan"
    assert resolve("Sudan", on=first, until=last).name == "Sudan"
    assert resolve("South Sudan", on=first, until=date(2011, 3, 1)).name == "Sudan"
