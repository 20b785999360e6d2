"""Names that only say of which kind a side was are told apart from names."""

from __future__ import annotations

import pytest

from tocsin.schema.tables.observed.described import is_crowd, is_description

DESCRIPTIONS = (
    "Criminal gang", "Rival clan", "Pastoralists", "Armed youth", "Local militia", "bandits",
    "Militia (Pastoralists)", "Militia (Students)", "Sunni Muslim Militia (Iraq)", "Gangs (Haiti)",
    "Nigerian bandits", "Northern bandits", "rebel forces", "Anti-government militia",
    "Armed men in military uniform", "organised crime", "Syrian insurgents",
    "Bandits armés", "coupeurs de route", "hommes armés", "groupe armé", "Éléments armés",
    "Groupe d'autodéfense", "éleveurs armés", "bandits du nord", "Rebelles du Tchad", "insurgés",
    "pandillas", "grupo armado", "crimen organizado", "Banda criminal", "delincuentes armados",
    "homens armados", "مسلحون", "ميليشيا محلية", "مجموعة مسلحة", "قطاع الطرق", "العصابات",
)  # fmt: skip
NAMES = (
    "Al-Shabaab", "الشباب", "طالبان", "الجماعة الإسلامية", "Toro Communal Militia (Nigeria)",
    "Fulani Ethnic Militia (Nigeria)", "Lebanese Forces", "Forces", "Armed Islamic Group",
    "Autodefensas Unidas de Colombia", "Vigilante Group of Nigeria", "Islamic Group", "M23",
    "Cartel del Sur", "Clan del Golfo", "Rebel Armed Forces", "Fuerzas Armadas Rebeldes",
    "Forces armées du nord", "Private army", "Southern Front", "Barrio 18", "West Side Boys",
    "Mai-Mai militia", "Arab militia", "People's Armed Forces of Congo", "Islamic State",
    "Group A", "Groupe é", "عُمان", "",
)  # fmt: skip


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_words_of_kind_alone_are_a_description(name: str) -> None:
    assert is_description(name)
    assert is_description(name.upper())
    assert not is_description(f"{name} Tarkun")


@pytest.mark.parametrize("name", NAMES)
def test_a_word_of_its_own_makes_a_name(name: str) -> None:
    assert not is_description(name)


def test_crowds_are_told_from_those_who_fight() -> None:
    assert all(map(is_crowd, ("Rival clan", "Armed herders", "jeunes armés", "قبيلة")))
    assert not any(map(is_crowd, ("bandits", "Criminal gang", "Fulani herders", "hommes armés")))


@pytest.mark.parametrize(
    "name",
    [
        "bandits, herders", "gunmen and militia", "soldiers and vigilantes", "soldats et miliciens",
        "المسلحون والقبائل", "bandits ou éleveurs", "Tribesmen", "Death Squad",
        "Jihadi-inspired extremists", "Palestinian Extremists",
    ],
)  # fmt: skip
def test_joint_descriptions_are_descriptions(name: str) -> None:
    assert is_description(name)


@pytest.mark.parametrize(
    "name",
    ["JNIM, bandits", "JNIM and gunmen", "army and police", "FARDC et milices", "Army of God"],
)
def test_a_name_or_bodies_of_states_alone_are_none(name: str) -> None:
    assert not is_description(name)
