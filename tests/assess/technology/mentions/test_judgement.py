"""Whether a part speaks of the event that its text stands with."""

from __future__ import annotations

import pytest

from tocsin.assess.technology.mentions.judgement import (
    DIGEST,
    ELSEWHERE,
    FOREIGN,
    HERE,
    LISTED,
    OPEN,
    _begins,
    _item,
    of_this_event,
)
from tocsin.assess.technology.mentions.reading import Setting, read


def test_places_of_the_other_parts_count() -> None:
    text = "Shelling of Rastan city; car bomb in Daraa"
    fire, bomb = read(text)
    places = ("Homs province", "Rastan town")
    assert of_this_event(text, fire, places) == HERE
    assert of_this_event(text, bomb, places) == ELSEWHERE


def test_a_part_with_a_side_of_the_event_is_not_elsewhere() -> None:
    """A line behind ';' names the place of both, this one who laid the mine."""
    known = ("Syria", "Government of Syria", "Hill Front")
    for text, share in (
        ("Mine laid by Hill Front kills three; quiet in Homs", OPEN),
        ("Mine kills three Hill Front fighters; quiet in Homs", OPEN),
        ("Mine kills three; quiet in Homs", ELSEWHERE),
        ("Army mine kills three; quiet in Homs", ELSEWHERE),
    ):
        (one,) = read(text, Setting(652, "Government of Syria", "Hill Front"))
        assert of_this_event(text, one, ("Homs",), known) == share


def test_titles_and_digests_are_doubted() -> None:
    for text, share in (
        ("IED Events Dataset", FOREIGN), ("40 people killed yesterday in shelling", DIGEST),
    ):  # fmt: skip
        (one,) = read(text)
        assert of_this_event(text, one, (None, None)) == share < HERE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Weekly digest: clash; drone strike in Yemen; drone lands on dunes", [LISTED, LISTED]),
        ("Week in review: clash in Paro; drone strike in Yemen", [LISTED]),
        ("La semaine en bref : accrochage à Paro ; frappe de drone au Yémen", [LISTED]),
        ("AFP World News Schedule: clash; Ukraine drones; quake", [LISTED]),
        ("News in brief: clash | drone strike by Hill Front | car bomb in Kabul", [OPEN, LISTED]),
        ("موجز الأنباء: اشتباك; طائرة مسيرة تضرب حافلة", [LISTED]),
        # One source of several may be a briefing, and the others tell of the event.
        ("Daily Briefing in Relation to the Coup; Drone strike on bus", [OPEN]),
        # Without such a heading only a part that names another state is elsewhere.
        ("Clash at the ford; drone strike in Yemen; drone strike on bridge", [LISTED, OPEN]),
        ("Clash at the ford; drone strike in Tonga", [OPEN]),
        ("Army drone strikes Hill Front in Yemen", [OPEN]),
        # A list with commas is one part, and each of its items is judged by its own place.
        ("Clash at the ford, car bomb in Baghdad, quake shakes coast", [LISTED]),
        ("Accrochage au gué, attentat à la bombe en Irak, grève au port", [LISTED]),
        ("Choque en el vado, coche bomba en Irak, huelga en el puerto", [LISTED]),
        ("Clash in Yemen, car bomb kills four, quake shakes coast", [OPEN]),
        ("Clash at the ford, Hill Front bomb in Yemen, strike goes on", [OPEN]),
        ("Car bomb in Baghdad, police say", [OPEN]),  # no list
        ("Officer killed, cyberattack hits Lima clinic, floods in Peru", [LISTED]),
        ("Rebel shot, rockets fired at Tel Aviv, shares fall", [LISTED]),
        ("Un soldat tué, roquettes sur Damas, grève au port", [LISTED]),
        ("Soldado muere, drones golpean Kiev, sube el pan", [LISTED]),
        ("Soldier killed, drone hits army post at ford, rain expected", [OPEN]),
        ("Soldier killed, Hill Front fires rockets at Baghdad, rain", [OPEN]),
        # What was laid went off where it is; what is fired may be aimed from here.
        ("Soldier killed at ford; car bomb rocks Kabul; gold price rises", [LISTED]),
        ("Un soldat tué au gué; une bombe secoue Bagdad", [LISTED]),
        ("Soldier killed at ford; rockets strike Tel Aviv", [OPEN]),
        ("Soldier killed at ford; car bomb rocks market", [OPEN]),
        # What a state buys is no part of a fight; what an organisation buys may be.
        ("Government buys drones from Turkey", [LISTED]),
        ("Le gouvernement achète des drones armés", [LISTED]),
        ("El gobierno compra drones armados", [LISTED]),
        ("Hill Front bought drones abroad", [OPEN]),
    ],
)
def test_a_part_of_a_list_of_news_is_of_the_event_only_where_it_says_so(
    text: str, expected: list[float]
) -> None:
    known = ("Tonga", "Government of Tonga", "Hill Front")
    where = Setting(972, *known[1:])
    found = [of_this_event(text, one, (None, None), known) for one in read(text, where)]
    assert found == expected
    # Nobody knows the sides: nothing is taken to be elsewhere for lack of their names.
    said = [one for one in read(text) if one.said != "acquired"]
    assert LISTED not in [of_this_event(text, one, (None, None)) for one in said]


def test_all_that_a_line_of_a_log_says_is_of_its_event() -> None:
    (one,) = read("IED hits a patrol")
    assert of_this_event("IED hits a patrol", one, (None, None), own=True) == HERE
    assert of_this_event("IED hits a patrol", one, (None, None)) == OPEN
    two = "Clash; IED hits a patrol"
    (one,) = read(two)
    assert of_this_event(two, one, (None, None), own=True) == OPEN


@pytest.mark.parametrize(
    ("place", "share"),
    [
        # Words of four letters tell; shorter ones and those of any place do not.
        ("Homs", HERE), ("Homs province", HERE), ("Fao", OPEN), ("Northern Village", OPEN),
        ("Al-Kaf", OPEN), ("Rastan", ELSEWHERE), (None, OPEN), ("", OPEN),
    ],
)  # fmt: skip
def test_a_place_is_known_by_its_telling_words(place: str | None, share: float) -> None:
    text = "Shelling of homs and fao near the village of al kaf; clash in rastan"
    (fire,) = read(text)
    assert of_this_event(text, fire, (place, None)) == share
    assert of_this_event(text, fire, (None, place)) == share


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("mali and niger", 432), ("north korea again", 731), ("korea again", None),
        ("car bomb", None), ("uae police", None), ("bamako today", 432), ("ivory coast", 437),
        ("chad", 483), ("", None), ("town of mali", None),
        ("usa army", None), ("syr", None), ("turkish army", None),
    ],
)  # fmt: skip
def test_some_words_begin_with_the_name_of_a_state_or_its_capital(
    words: str, number: int | None
) -> None:
    assert _begins(words) == (set() if number is None else {number})


@pytest.mark.parametrize(
    ("at", "item"),
    [(0, "two die"), (8, "two die"), (9, "a bomb"), (16, "a bomb"), (17, "rain"), (20, "rain")],
)
def test_an_item_of_a_list_ends_with_its_comma(at: int, item: str) -> None:
    assert _item("Two die, a bomb, rain", at) == item
    assert _item("Two die، a bomb، rain", at) == item
    assert _item("Two die, a bomb", at % 15) is None
