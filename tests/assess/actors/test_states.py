"""Whose forces a name means, in which territory, and in which languages."""

from __future__ import annotations

import pytest

from tocsin.assess.actors.states import (
    acting_state,
    government,
    is_state_body,
    state_body,
    state_number,
)
from tocsin.schema.vocabulary.folding import ORGANISATIONS

MOZAMBIQUE, SYRIA, MALI, PHILIPPINES, PERU, SOMALIA = 541, 652, 432, 840, 135, 520


@pytest.mark.parametrize(
    ("name", "where", "whose"),
    [
        ("Forças Armadas de Defesa de Moçambique", None, 541),
        ("Forças de Defesa e Segurança de Moçambique", None, 541),
        ("FDS", MOZAMBIQUE, 541),
        ("FDS", MALI, 432),
        ("FDS", SYRIA, None),
        ("FDS", None, None),
        ("Força Local", MOZAMBIQUE, 541),
        ("Forças do Ruanda", MOZAMBIQUE, 517),
        ("Tropas do Ruanda", None, 517),
        ("RDF", MOZAMBIQUE, 517),
        ("Rwanda Defence Force", MOZAMBIQUE, 517),
        ("Uganda People's Defence Force", None, 500),
        ("Troupes du Tchad", None, 483),
        ("Fuerzas Armadas de Colombia", None, 100),
        ("Forces armées de la République démocratique du Congo", None, 490),
        ("SNA", SOMALIA, 520),
        ("SNA", SYRIA, None),
        ("Indonesian security forces", None, 850),
        ("Nigerian Army", None, 475),
        ("Turkish Armed Forces", SYRIA, 640),
        ("Myanmar military", None, 775),
        ("Papua New Guinean police", None, 910),
        ("the Somali government", SOMALIA, 520),
        ("Turkish forces", SYRIA, 640),
        ("Afghan National Army", None, 700),
        ("Syrian Arab Army", None, 652),
        ("armée nigériane", None, 475),
        ("Armée nigérienne", None, 436),
        ("Forces armées maliennes", None, MALI),
        ("les soldats burkinabè", None, 439),
        ("Armée nationale tchadienne", None, 483),
        ("Forces de sécurité ivoiriennes", None, 437),
        ("Armée arabe syrienne", None, SYRIA),
        ("Police nationale haïtienne", None, 41),
        ("Ejército colombiano", None, 100),
        ("Policía Nacional hondureña", None, 91),
        ("Fuerzas Armadas venezolanas", None, 101),
        ("soldados franceses", MALI, 220),
        ("Exército moçambicano", None, MOZAMBIQUE),
        ("الجيش السوري", None, SYRIA),
        ("الجيش العربي السوري", None, SYRIA),
        ("القوات المسلحة السودانية", None, 625),
        ("الشرطة العراقية", None, 645),
        ("قوات الأمن اللبنانية", None, 660),
        ("Congolese army", 490, 490),
        ("BIR", 471, 471),
        ("BIR", None, None),
        ("armée congolaise", 484, 484),
        # Names of organisations that look alike.
        ("Forces libanaises", 660, None),
        ("القوات اللبنانية", 660, None),
        ("Armée syrienne libre", SYRIA, None),
        ("Armée nationale libyenne", 620, None),
        ("الجيش الوطني السوري", SYRIA, None),
        ("الجيش السوري الحر", SYRIA, None),
        ("armée congolaise", None, None),
        ("Kurdish forces", SYRIA, None),
        ("Indonesian People's Army", 850, None),
        ("Free Syrian Army", SYRIA, None),
        ("Syrian National Army", SYRIA, None),
        ("Libyan National Army", 620, None),
        ("Lebanese Forces", 660, None),
        ("Kurdish security forces", 645, None),
        ("Congolese army", None, None),
        ("Irish Republican Army", None, None),
        ("Fuerzas Armadas Revolucionarias de Colombia", None, None),
        ("Forces démocratiques de libération du Rwanda", None, None),
        ("New People's Army", PHILIPPINES, None),
        ("Kosovo Liberation Army", None, None),
        ("Libya National Army", 620, None),
        ("Forças Populares de Libertação", None, None),
        ("Arakan Army", 775, None),
    ],
)
def test_whose_forces(name: str, where: int | None, whose: int | None) -> None:
    assert state_number(name, where) == whose
    assert is_state_body(name, where) is (whose is not None)


def test_missions_of_states_are_no_one_states_body() -> None:
    for name in ("SAMIM", "MINUSCA", "G5 Sahel", "MNJTF"):
        assert is_state_body(name)
        assert state_body(name, MOZAMBIQUE) is None


def test_which_body() -> None:
    assert state_body("PNP", PHILIPPINES) == ("police", 840)
    assert state_body("PNP", PERU) == ("police", 135)
    assert state_body("Força Local", MOZAMBIQUE) == ("local force", 541)
    assert state_body("FADM") == state_body("Forças Armadas de Defesa de Moçambique")
    assert state_body("FDS", MOZAMBIQUE) == ("security forces", 541)


BARE = (
    "Soldiers", "soldats", "Soldados", "الجنود", "army", "Police", "troops", "Gendarmes",
    "forces gouvernementales", "fuerzas gubernamentales", "القوات الحكومية", "Border guards",
)  # fmt: skip


@pytest.mark.parametrize("name", BARE)
def test_a_bare_body_is_a_states_and_its_territory_says_which(name: str) -> None:
    assert is_state_body(name, MALI)
    told = state_body(name, MALI)
    assert told is not None
    assert told[1] is None


@pytest.mark.parametrize(
    "name",
    [
        "police et gendarmes", "army and police", "armée et police", "Police, Gendarmerie",
        "شرطة وجيش", "الجيش والشرطة", "ejército y policía", "FARDC et police", "Police & military",
    ],
)  # fmt: skip
def test_bodies_of_a_state_joined_are_the_state_s(name: str) -> None:
    assert is_state_body(name, 490)
    assert acting_state(name, 490) == 490
    assert state_body(name, 490) is not None


def test_joined_bodies_are_of_the_state_that_is_named_once() -> None:
    assert acting_state("police and army of Nigeria", 490) == 475
    assert acting_state("FARDC, UPDF", 490) is None
    assert is_state_body("FARDC, UPDF", 490)


@pytest.mark.parametrize("name", ["Army and JNIM", "soldats et miliciens", "Army of God, ADF"])
def test_a_body_joined_to_another_is_no_state_s(name: str) -> None:
    assert not is_state_body(name, 490)


@pytest.mark.parametrize(
    "name",
    [
        "Government of Palestine", "Police Forces of Palestine (2007-) Gaza Strip",
        "Military Forces of Palestine (1994-) Palestinian Authority", "Government of Somaliland",
        "Military Forces of Somaliland (1991-)", "Puntland Security Forces",
        "Government of Western Sahara", "Government of Northern Cyprus", "Government of Abkhazia",
        "Forces of Nagorno-Karabakh", "Government of Crimea",
    ],
)  # fmt: skip
def test_rulers_of_a_part_are_not_the_government_of_the_state(name: str) -> None:
    assert state_number(name) is None
    assert government(ORGANISATIONS.fold(name)) is None


def test_a_part_in_brackets_says_only_where() -> None:
    assert state_number("Government of Somalia (Somaliland)") == 520
