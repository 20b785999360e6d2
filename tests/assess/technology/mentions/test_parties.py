"""A party is found in a text by all its names."""

from __future__ import annotations

import pytest

from tocsin.assess.technology.mentions.parties import Setting
from tocsin.assess.technology.mentions.reading import read


@pytest.mark.parametrize(
    ("text", "side", "called"),
    [
        ("Jaish al Islam fires rockets", "Jaysh al-Islam", ()),
        ("Rockets by the Lord’s Resistance Army", "Lord's Resistance Army", ()),
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
