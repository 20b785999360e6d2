"""Names of states in many languages; those that mean two states are asked."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from tocsin.schema.geography.abroad import codes_meant, key
from tocsin.schema.geography.territory import UnknownTerritory, is_known, resolve


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("Мали", "MLI"), ("Україна", "UKR"), ("Suriye", "SYR"), ("Çad", "TCD"), ("SURİYE", "SYR"),
        ("Nijeri", "NER"), ("Tschad", "TCD"), ("Elfenbeinküste", "CIV"),
        ("Repubblica Centrafricana", "CAF"), ("افغانستان", "AFG"),
        ("سوريه", "SYR"), ("सीरिया", "SYR"), ("Filipina", "PHL"), ("ኢትዮጵያ", "ETH"),
        ("မြန်မာ", "MMR"), ("叙利亚", "SYR"), ("敘利亞", "SYR"),
        ("シリア", "SYR"), ("시리아", "SYR"),
        ("Soomaaliya", "SOM"), ("Nijeriya", "NGA"), ("Sýrie", "SYR"), ("Syrien", "SYR"),
        ("DRC", "COD"), ("RDC", "COD"), ("ДРК", "COD"), ("D.R.C.", "COD"), ("KDC", "COD"),
        ("CAR", "CAF"), ("RCA", "CAF"), ("C.A.R.", "CAF"), ("ЦАР", "CAF"), ("OAC", "CAF"),
        ("BiH", "BIH"), ("БиГ", "BIH"), ("UAE", "ARE"), ("EAU", "ARE"), ("ОАЭ", "ARE"),
        ("BAE", "ARE"), ("EE.UU.", "USA"), ("EE. UU.", "USA"), ("США", "USA"), ("ABD", "USA"),
    ],
)  # fmt: skip
def test_names_of_other_languages(name: str, iso3: str) -> None:
    assert resolve(name).iso3 == iso3


@pytest.mark.parametrize(
    ("name", "both"),
    [
        ("Kongo", {"Congo", "DR Congo"}), ("Конго", {"Congo", "DR Congo"}),
        ("ROC", {"Congo", "Taiwan"}), ("ZAR", {"Central African Republic", "DR Congo"}),
        ("Nga", {"Russia", "Nigeria"}),
    ],
)  # fmt: skip
def test_a_name_that_means_two_states_is_asked(name: str, both: set[str]) -> None:
    with pytest.raises(UnknownTerritory) as asked:
        resolve(name)
    assert all(one in asked.value.what for one in both)
    assert not is_known(name)


def test_a_code_in_capitals_is_the_code() -> None:
    assert resolve("NGA").name == "Nigeria"


def test_vowels_of_other_scripts_tell_states_apart() -> None:
    # Togo and Tonga in Hindi, Ghana and Guinea in Burmese.
    assert [resolve(name).iso3 for name in ("टोगो", "टोंगा")] == ["TGO", "TON"]
    assert [resolve(name).iso3 for name in ("ဂါနာ", "ဂီနီ")] == ["GHA", "GIN"]


def test_no_name_of_another_language_hides_one_of_ours() -> None:
    data = files("tocsin.schema.geography").joinpath("data")
    for file in ("territories.csv", "names_translated.csv"):
        for row in csv.DictReader(data.joinpath(file).read_text("utf-8").splitlines()):
            name = row.get("name") or ""
            if is_known(name) and (meant := codes_meant(name)):
                assert resolve(name).iso3 in {resolve(code).iso3 for code in meant}, name


def test_the_names_come_with_their_licence() -> None:
    data = files("tocsin.schema.geography").joinpath("data")
    assert "UNICODE LICENSE V3" in data.joinpath("names.LICENSE").read_text("utf-8")
    rows = list(csv.reader(data.joinpath("names_abroad.csv").read_text("utf-8").splitlines()))[1:]
    assert len(rows) > 10_000
    assert all(key(name) == name for name, *_ in rows)


def test_the_headings_of_the_lists_are_no_names() -> None:
    assert [codes_meant(name) for name in ("name", "folded name")] == [(), ()]
