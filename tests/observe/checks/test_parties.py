"""Parties: names as given, nobody where nobody is known, actors once a file."""

from __future__ import annotations

import pytest

from tocsin.observe.checks.parties import government, organisation
from tocsin.observe.checks.values import Refused
from tocsin.observe.reader import Batch, actors_last, frame_of
from tocsin.schema.geography.territory import resolve


@pytest.mark.parametrize(
    "name",
    ["", "  ", "Unknown", "unknown", "Unidentified Armed Group (Mali)", "Unidentified Gang",
     "Unaffiliated Individual(s)", "Unaffiliated Individuals", "Not available", "None", "n/a", "NA",
     "-", "--", "Not attributed", None, "nan", "#N/A", "?", "Groupe armé inconnu",
     "Hommes armés non identifiés", "Individus armés inconnus", "Grupo armado desconocido",
     "Hombres armados no identificados", "Gunmen (unidentified)", "Armed men, unknown",
     "des inconnus", "مسلحون مجهولون", "Desconocidos", "Groupe armé non-identifié (Mali)",
     "GANI", "HANI", "Hommes armés", "Gunmen", "the assailants", "Hombres armados", "مسلحون"],
)  # fmt: skip
def test_nobody_known(name: str | None) -> None:
    assert organisation(name) is None


@pytest.mark.parametrize(
    "name",
    ["JNIM", "Al-Qaida", "Groupe armé de l'Azawad", "Army of the Unknown Imam",
     "Armed Men of Gao", "Nationalist Party", "insurgents", "Bandits", "Rebels",
     "Forces armées", "Armée", "L'armée", "A", "The", "Naxalites",
     "Unknown2Front", "Nonesuch Brigade", "جبهة", "APT28/Fancy Bear"],
)  # fmt: skip
def test_a_name_is_kept_as_given(name: str) -> None:
    assert organisation(f" {name} ") == name.strip()


def test_a_disguised_name_is_refused() -> None:
    with pytest.raises(Refused, match="mixes"):
        organisation("\u041d\u043eutis", "gname")


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Syria", "Government of Syria"),
        ("West Bank and Gaza Strip", "Government of Palestine"),
        ("Somaliland", "Government of Somaliland"),
    ],
)
def test_governments(name: str, party: str) -> None:
    assert government(resolve(name)) == party


def test_a_state_of_later_days_is_governed_by_the_holder_of_its_ground() -> None:
    from datetime import date

    assert government(resolve("South Sudan", on=date(2005, 1, 1))) == "Government of Sudan"


def test_actors_come_last_and_once_with_all_their_territories() -> None:
    def batch(gwno: str) -> Batch:
        row = {"actor_id": "a", "name": "A", "full_name": None, "kind": "non-state formal"}
        frame = frame_of("actors", [row | {"gwnos": gwno, "source": "X"}])
        return Batch("X", 1, 1, {"actors": frame})

    found = list(actors_last([batch("652"), batch("432"), batch("652")]))
    assert [one.rows for one in found] == [1, 1, 1, 0]
    assert [list(one.tables) for one in found] == [[], [], [], ["actors"]]
    assert found[-1].tables["actors"]["gwnos"].to_list() == ["432 652"]
