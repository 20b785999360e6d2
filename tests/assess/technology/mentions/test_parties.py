"""A party is found in a text by all its names."""

from __future__ import annotations

import pytest

from tocsin.assess.technology.mentions.parties import (
    Setting,
    _called,
    _is_named_army,
    _short_of,
    parties_in,
)
from tocsin.assess.technology.mentions.reading import read


@pytest.mark.parametrize(
    ("text", "side", "called"),
    [
        ("Jaish al Islam fires rockets", "Jaysh al-Islam", ()),
        ("Rockets by the Lord’s Resistance Army", "Lord's Resistance Army", ()),
        ("Rockets by the People's Hill Column", "People's Hill Column", ()),
        ("Rockets by the Peoples Hill Column", "People’s Hill Column", ()),
        ("Houthi missile hits the port", "Ansarallah", ()),
        ("Houthi missile hits the port", "Houthi Forces - Ansar Allah", ()),
        ("Tarhouna forces fire rockets", "Forces of Tarhouna", ()),
        ("HG fires rockets", "Hill Front", (("Hill Front", "HG"),)),
        ("HPLA fires rockets", "HPLM/A", ()),
        ("HPLF fires rockets", "Hillmen-HPLF", ()),
        ("Hillland rebels fire rockets", "Republic of Hillland", ()),
        ("Hill separatists fire rockets", "Hill insurgents", ()),
        ("Hackers de la Columna de Cayo roban datos", "Cayo Column", ()),
        ("Frente de Liberación del Cayo dispara cohetes", "Cayo Liberation Front", ()),
        ("Le Front du Cayo tire des roquettes", "Cayo Front", ()),
        ("Incautan tres drones a la Columna de Cayo", "Cayo Column", ()),
        ("L'armée saisit des obus au Front du Cayo", "Cayo Front", ()),
        ("Roquettes tirées par le Mouvement national de Cayo", "Cayo National Movement", ()),
    ],
)
def test_a_side_is_found_by_all_its_names(
    text: str, side: str, called: tuple[tuple[str, str], ...]
) -> None:
    one = read(text, Setting(652, "Government of Syria", side, called))[0]
    assert one.by is not None
    assert one.by.name == side


PEOPLE = ("fighters", "rebels", "separatists", "insurgents", "militants", "guerrillas")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Forces of Haftar", {"Haftar"}),
        ("Army of Old Tarhouna", {"Old Tarhouna", "Tarhouna"}),
        ("Army of Sea", set()),
        ("Army of Long Wing", {"Long Wing"}),
        ("Ambazonia insurgents", {f"Ambazonia {word}" for word in PEOPLE}),
        ("insurgents", set()),
        ("Republic of Abkhazia", {f"Abkhaz {word}" for word in (*PEOPLE, "artillery", "side",
                                                               "forces")} | {"Abkhazia"}),
        ("SPLM/A", {"SPLM", "SPLA"}),
        ("SPLM/A-IO", {"SPLM-IO", "SPLA-IO"}),
        ("CNDD-FDD", {"FDD"}),
        ("CNDD-FD", set()),
        ("X/Y", set()),
        ("Northern/Southern Band", {"Northern", "Southern Band"}),
        ("Four/Fives Band", {"Fives Band"}),
        ("Cayo Guard", {f"{kind} {article} Cayo" for kind, some in (
            ("Garde", ("de", "du", "de la", "des")), ("Guardia", ("de", "del", "de la", "de los")),
        ) for article in some}),
        ("Lords of Oz", set()),
    ],
)  # fmt: skip
def test_what_follows_from_the_form_of_a_name(name: str, short: set[str]) -> None:
    assert set(_short_of(name)) == short


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        # A name of four letters or fewer stands in capitals; a longer one as it likes.
        ("Hull", "the HULL camp", True), ("Hull", "the hull of a boat", False),
        ("Hulls", "the hulls camp", True), ("HG", "HG fires", True), ("HG", "hg fires", False),
        ("Hill Front", "hill front fires", True), ("Hill Front", "uphill front fires", False),
        ("Hill Front", "the Hill Front's men", True), ("Hill Front", "Hill Frontier", False),
    ],
)  # fmt: skip
def test_a_short_name_is_looked_for_in_capitals_only(name: str, text: str, found: bool) -> None:
    pattern = _called(name, ())
    assert pattern is not None
    assert (pattern.search(text) is not None) == found


def test_a_name_of_one_letter_cannot_be_looked_for() -> None:
    assert _called("X", ()) is None
    assert parties_in("X fires", Setting(652, "X", None)) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The Arakan Army fires rockets", True), ("Arakan Army fires rockets", True),
        ("The Army fires rockets", False), ("Army fires rockets", False),
        ("An Army drone hits the post", False), ("Theban Army fires rockets", True),
        ("the red Army fires rockets", False),
        # In a text of capitals a capital tells nothing.
        ("Red Army Fires Many Rockets Today", False), ("ARAKAN Army FIRES ROCKETS", False),
        # Four words of five with a capital are no text of capitals.
        ("Arakan Army Fires Many rockets", True),
    ],
)  # fmt: skip
def test_army_may_be_the_end_of_a_name(text: str, named: bool) -> None:
    start = text.index("Army")
    assert _is_named_army(text, start, start + 4) == named
    assert not _is_named_army(text.lower(), start, start + 4)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # The event's own state is meant where a word for its forces stands beside its name.
        ("Syrian army shells the town", [("this-state", None, 652, "Syrian army")]),
        ("Syrian artillery shells the town", [("this-state", None, 652, "Syrian")]),
        ("Des obus syriens tombent", [("this-state", None, 652, "syriens")]),
        # Also where a sentence begins with the word, and not where it stands two words further off.
        ("Obus syriens sur la ville", [("this-state", None, 652, "syriens")]),
        ("Artillerie syrienne", [("this-state", None, 652, "syrienne")]),
        ("Drones de unos sirios", []),
        ("Syrian town is shelled", []),
        # Another state is one wherever its name is not that of somebody who belongs to it.
        ("Turkish jets", [("other-state", "Turkey", 640, "Turkish jets")]),
        ("Turkish mine hit", []), ("Pro-Turkish men", []), ("Turkish civilians", []),
        ("Turkish-backed men", [("described", None, None, "Turkish-backed men")]),
        # A capital is its government where it acts.
        ("Tehran's jets", [("other-state", "Iran", 630, "Tehran's jets")]),
        ("Tehran street", []),
        # What is said of an organisation's people ends its name.
        ("Sea Wing fighters storm", [("organisation", "Sea Wing", None, "Sea Wing fighters")]),
        ("Hill Front storms", [("organisation", "Hill Front", None, "Hill Front")]),
        ("Sea Wing storms and Lake Wing fires", [
            ("organisation", "Sea Wing", None, "Sea Wing"),
            ("organisation", "Lake Wing", None, "Lake Wing"),
        ]),
    ],
)  # fmt: skip
def test_parties_stand_with_their_words(
    text: str, found: list[tuple[str, str | None, int | None, str]]
) -> None:
    where = Setting(652, "Hill Front", "Sea Wing, Lake Wing")
    told = [
        (one.kind, one.name, one.gwno, text[one.start : one.end]) for one in parties_in(text, where)
    ]
    assert told == found


def test_a_side_that_is_a_state_or_nobody_is_looked_for_by_no_name() -> None:
    for side in ("Government of Syria", "Civilians", "Unidentified armed group", None):
        found = parties_in("Civilians and unidentified armed group", Setting(652, side, None))
        assert not [one for one in found if one.kind == "organisation"]
    assert Setting(652, "Government of Syria", None).has_state
    assert Setting(652, None, "Government of Syria").has_state
    assert not Setting(652, "Hill Front", None).has_state


@pytest.mark.parametrize(
    ("side", "text", "written"),
    [
        ("كتائب الوادي", "عبوة زرعتها كتائب الوادي على الطريق", "كتائب الوادي"),
        ("حركة المدّ", "ورشة تابعة لحركة المد", "لحركة المد"),
        ("جيش التحرير", "قال جيش التحرير", "جيش التحرير"),
        ("Me'eke Front", "Me’eke Front fires mortar", "Me’eke Front"),
        ("Ta'ang Guard", "Taang Guard fires mortar", "Taang Guard"),
    ],
)
def test_a_name_is_found_in_the_letters_in_which_a_file_has_it(
    side: str, text: str, written: str
) -> None:
    (found,) = parties_in(text, Setting(950, "Government of Fiji", side))
    assert (found.name, text[found.start : found.end]) == (side, written)


def test_initials_of_a_name_in_arabic_are_nobodys() -> None:
    assert parties_in("KA wins the cup", Setting(950, None, "كتائب الوادي")) == []
