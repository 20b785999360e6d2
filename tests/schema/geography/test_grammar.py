"""Names of territories in sentences."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from tocsin.schema.geography.grammar import in_french, with_the
from tocsin.schema.geography.territory import by_gwno


def rows() -> list[dict[str, str]]:
    text = files("tocsin.schema.geography").joinpath("data/grammar.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_table_has_every_state_by_its_name() -> None:
    for row in rows():
        assert by_gwno(int(row["gwno"])).name == row["name"]
        assert row["en"] in ("", "the")
        assert row["fr"] in ("", "m", "f", "p", "à", "en", "fà")


@pytest.mark.parametrize(
    ("name", "gwno", "said"),
    [
        ("Sénégal", 433, "au Sénégal"),
        ("Philippines", 840, "aux Philippines"),
        ("États-Unis", 2, "aux États-Unis"),
        ("Équateur", 130, "en Équateur"),
        ("Irak", 645, "en Irak"),
        ("Honduras", 91, "au Honduras"),
        ("Sierra Leone", 451, "en Sierra Leone"),
        ("Mozambique", 541, "au Mozambique"),
        ("Cuba", 40, "à Cuba"),
        ("Haïti", 41, "en Haïti"),
        ("Grenade", 55, "à la Grenade"),
        ("South Vietnam", 817, "dans le territoire suivant : South Vietnam"),
    ],
)
def test_french(name: str, gwno: int, said: str) -> None:
    assert in_french(name, gwno) == said


def test_a_territory_without_a_number_is_named_behind_a_noun() -> None:
    assert in_french("Atlantide", None) == "dans le territoire suivant : Atlantide"


def test_english() -> None:
    with_article = ["Philippines", "Netherlands", "Gambia", "Central African Republic", "DR Congo"]
    assert [with_the(name) for name in with_article] == [f"the {one}" for one in with_article]
    parts = ["Cook Islands", "Isle of Man", "Falkland Islands", "French Southern Territories"]
    assert [with_the(name) for name in parts] == [f"the {one}" for one in parts]
    without = ["Mali", "Syria", "Sahel", "Micronesia", "Republican Guard", "The Isle of Man"]
    assert [with_the(name) for name in without] == without
