"""Whose forces a name means, in which territory, and in which languages."""

from __future__ import annotations

import pytest

from tocsin.assess.actors.states import is_state_body, state_body, state_number

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
        # Names of organisations that look alike.
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
