"""Names fold to one form whatever the spelling, and no text breaks the rules."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.actors.names import aliases, fold, is_placeholder, members, skeleton
from tocsin.assess.actors.states import is_state_body, state_number
from tocsin.schema.geography.territory import spellings
from tocsin.schema.vocabulary.folding import acronym


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jaysh al-Islam", "Jaish Al Islam"),
        ("anti-Balaka", "Anti Balaka"),
        ("Séléka", "SELEKA"),
        ("Military Forces of Syria (2000-2024)", "Government of Syria"),
        ("Police Forces of the Central African Republic", "Government of Central African Republic"),
        ("Al-Nusra Front", "Jabhat al-Nusra"),
        ("Harakat Ahrar al-Sham", "Ahrar al-Sham Movement"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    same_words = sorted(fold(one).split()) == sorted(fold(other).split())
    assert same_words or skeleton(one) == skeleton(other)


def test_transliterations_share_their_consonants() -> None:
    assert skeleton("Hezbollah") == skeleton("Hizb'allah") == skeleton("حزب الله")
    assert skeleton("Hezbollah") != skeleton("Hamas")


def test_every_state_of_the_actor_list_is_known(seen: dict[str, pl.DataFrame]) -> None:
    states = seen["actors"].filter(pl.col("kind") == "state")["name"].to_list()
    unknown = [name for name in states if state_number(name) is None]
    assert unknown == ["Government of Hyderabad"] or not unknown


def test_forces_of_a_state_fold_to_its_government() -> None:
    bodies = ("Government", "Military Forces", "Police Forces", "Armed Forces")
    forms = {f"{body} of {name}" for body in bodies for name in spellings(652)}
    assert {fold(form) for form in forms} == {"government syria"}


def test_a_full_name_gives_its_initials() -> None:
    assert acronym("Lord's Resistance Army") == "lra"
    found = aliases("Islamic State (ISIS)")
    assert found["isis"] < found["islamic state"] < 1.0


@pytest.mark.parametrize(
    "name", ["Unidentified Armed Group (Syria)", "UNKNOWN", "", "  ", "-", "Groupe non identifié"]
)
def test_placeholders_name_nobody(name: str) -> None:
    assert is_placeholder(name)
    assert aliases(name) == {}


@given(st.text(max_size=60), st.none() | st.text(max_size=60))
@settings(deadline=None)
def test_any_text_gives_weights_within_bounds(name: str, full: str | None) -> None:
    assert all(key and 0 < weight <= 1 for key, weight in aliases(name, full).items())
    assert members(name)
    skeleton(name)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_folding_forgets_case(name: str) -> None:
    assert fold(name.casefold()) == fold(name.casefold().casefold())


@pytest.mark.parametrize(
    ("name", "is_body"),
    [
        ("Police nationale", True), ("Police nationale d'Haïti", True), ("PNH", True),
        ("Polícia da República de Moçambique", True), ("Forças de Defesa e Segurança", True),
        ("Fuerzas Armadas de Colombia", True), ("Philippine National Police", True),
        ("الجيش", True), ("Fuerzas Armadas Revolucionarias de Colombia", False),
        ("New People's Army", False), ("Ejército de Liberación Nacional", False), ("G9", False),
    ],
)  # fmt: skip
def test_bodies_of_a_state_by_the_names_of_its_own_logs(name: str, is_body: bool) -> None:
    """'Police nationale' of a log in Haiti was offered as an organisation that may have done it."""
    assert is_state_body(name) is is_body


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("JNIM and gunmen", ["JNIM", "gunmen"]),
        ("JNIM et hommes armés non identifiés", ["JNIM", "hommes armés non identifiés"]),
        ("unidentified gunmen and JNIM", ["unidentified gunmen", "JNIM"]),
        ("JNIM, ISSP and bandits", ["JNIM", "ISSP", "bandits"]),
        ("Group for Support of Islam and Muslims", ["Group for Support of Islam and Muslims"]),
        ("Movement of Youth and Students", ["Movement of Youth and Students"]),
        ("Patriots and Fighters", ["Patriots and Fighters"]),
    ],
)
def test_gunmen_beside_an_organisation_are_a_member_of_a_joint_side(
    name: str, parts: list[str]
) -> None:
    assert members(name) == parts
