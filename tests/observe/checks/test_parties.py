"""Parties: names as given, nobody where nobody is known, actors once a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe.checks.parties import (
    accusations,
    government,
    organisation,
    read_side,
    read_sides,
    suspects,
)
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
     "Possum Front", "OR Brigade", "Army of freedom or death",
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


@pytest.mark.parametrize(
    "cell",
    ["Hill Front?", "Hill Front (?)", "?Hill Front", "Presumed Hill Front", "SUSPECTED Hill Front",
     "likely Hill Front", "Hill Front (unconfirmed)", "Hill Front, probably", "Hill Front (TBC)",
     "Suspected: Hill Front", "suspected members of the Hill Front", "présumé Hill Front",
     "Présumés éléments du Hill Front", "Hill Front probable", "Hill Front (à confirmer)",
     "presunto Hill Front", "presuntos integrantes del Hill Front", "Hill Front (por confirmar)",
     "provável Hill Front", "Suposto Hill Front", "يشتبه في Hill Front", "Hill Front (محتمل)",
     "Hill Front (غير مؤكد)", "Hill Front؟", "Hill Front or unknown", "Unknown or Hill Front"],
)  # fmt: skip
def test_a_word_of_doubt_is_no_part_of_a_name(cell: str) -> None:
    side = read_side({"actor_a": cell}, "actor_a")
    assert (side.name, side.suspects) == ("Hill Front", ("Hill Front",))
    [doubt] = side.doubts
    assert (doubt.original, doubt.value, doubt.rule) == (cell, "Hill Front", "party")


@pytest.mark.parametrize(
    "cell",
    ["Hill Front or River Alliance", "Hill Front ou River Alliance", "Hill Front o River Alliance",
     "either Hill Front or River Alliance", "Hill Front (suspected) or River Alliance?",
     "Hill Front أو River Alliance", "Hill Front and/or River Alliance"],
)  # fmt: skip
def test_of_several_suspects_none_is_named(cell: str) -> None:
    side = read_side({"actor_a": cell}, "actor_a")
    assert (side.name, side.suspects) == (None, ("Hill Front", "River Alliance"))
    assert side.doubts[0].value is None
    told = accusations(side, "log:1", "log", "Office")
    assert [(row["actor"], row["stance"], row["said_by"]) for row in told] == [
        ("Hill Front", "accused", "Office"), ("River Alliance", "accused", "Office")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["TBC", "à confirmer", "غير مؤكد", "Suspected", "Suspected gunmen", "?", "Unknown (?)"]
)
def test_a_doubt_of_nobody_names_nobody(cell: str) -> None:
    side = read_side({"actor_a": cell}, "actor_a")
    assert (side.name, side.suspects) == (None, ())


@given(
    st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3, max_size=12),
    st.sampled_from(["{}?", "suspected {}", "{} (unconfirmed)", "présumé {}", "{} probable"]),
    st.sampled_from(["{}", "{}?", "presunto {}"]),
)
def test_any_name_comes_out_of_its_doubt(name: str, form: str, again: str) -> None:
    side = read_side({"actor_a": again.format(form.format(name))}, "actor_a")
    plain = read_side({"actor_a": name}, "actor_a")
    assert side.name == plain.name
    assert suspects(name) == ()


@pytest.mark.parametrize(
    ("fields", "sides"),
    [
        ({"actor_a": "herders vs farmers"}, ["herders", "farmers"]),
        ({"actor_a": "JNIM versus ISSP", "actor_b": ""}, ["JNIM", "ISSP"]),
        ({"actor_b": "JNIM v. army"}, ["JNIM", "army"]),
        ({"actor_a": "A vs B", "actor_b": "A vs B"}, ["A", "B"]),
        ({"actor_a": "Hill Front vs unknown"}, ["Hill Front", None]),
        # Two columns, three sides and names with 'against' are left as they stand.
        ({"actor_a": "A vs B", "actor_b": "C"}, ["A vs B", "C"]),
        ({"actor_a": "A vs B vs C"}, ["A vs B vs C", None]),
        ({"actor_a": "Front against Terror"}, ["Front against Terror", None]),
        ({"actor_a": "Army V Corps"}, ["Army V Corps", None]),
    ],
)
def test_both_sides_in_one_cell(fields: dict[str, str], sides: list[str | None]) -> None:
    assert [side.name for side in read_sides(fields)] == sides
