"""Names that are one organisation, names that are not, and what is left to a person."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tocsin.assess.actors.identities.sameness import LIKELY, SAME, Used, find_matches, published_as
from tocsin.assess.actors.identities.spelling import is_short, read_name, spells
from tocsin.schema.geography.territory import resolve

HERE = Path(__file__).parent
PHILIPPINES, SOMALIA, MOZAMBIQUE, SYRIA = 840, 520, 541, 652


def used(*names: str, gwno: int = PHILIPPINES, year: int = 2020) -> list[Used]:
    return [Used(name, name, gwno, (year, year)) for name in names]


def verdicts(*names: str, gwno: int = PHILIPPINES, year: int = 2020) -> dict[frozenset[str], str]:
    found = find_matches(used(*names, gwno=gwno, year=year))
    return {frozenset((one.one.name, one.other.name)): one.verdict for one in found}


@pytest.mark.parametrize(
    ("file", "least"),
    # The first set was seen while rules and lists were made; the second was scored once.
    [("pairs.csv", 0.94), ("pairs_fresh.csv", 0.78)],
)
def test_pairs_of_public_names(file: str, least: float) -> None:
    """All names of a territory stand beside each other, as in one log."""
    rows = list(csv.DictReader((HERE / file).read_text("utf-8").splitlines()))
    rows = [row for row in rows if row["territory_a"] == row["territory_b"]]
    spans: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        for name in (row["a"], row["b"]):
            place = resolve(row["territory_a"]).gwno
            spans.setdefault((name, place), []).append(int(row["year"]))
    names = [Used(name, name, at, (min(ys), max(ys))) for (name, at), ys in spans.items()]
    together = _components(names)
    told = Counter(
        (row["same"], together[row["a"], at] == together[row["b"], at])
        for row in rows
        for at in [resolve(row["territory_a"]).gwno]
    )
    assert told["no", True] == 0
    assert told["yes", True] / (told["yes", True] + told["yes", False]) >= least


def _components(names: list[Used]) -> dict[tuple[str, int | None], int]:
    group = {(one.name, one.gwno): number for number, one in enumerate(names)}
    for match in find_matches(names):
        if match.verdict == SAME:
            kept, gone = (group[one.name, one.gwno] for one in (match.one, match.other))
            group = {key: kept if value == gone else value for key, value in group.items()}
    return group


def test_initials_need_one_name_that_has_them() -> None:
    alone = verdicts("HLF", "Hill Liberation Front")
    assert set(alone.values()) == {SAME}
    two = verdicts("HLF", "Hill Liberation Front", "Highland Labour Force")
    assert set(two.values()) == {LIKELY}
    also = verdicts("HLF", "HILF", "Hill Islamic Liberation Front", "Hill Liberation Front")
    assert also[frozenset(("HLF", "Hill Liberation Front"))] == SAME


def test_two_letters_are_a_proposal() -> None:
    assert set(verdicts("HF", "Hill Front").values()) == {LIKELY}


def test_a_name_with_two_abbreviations_is_joined_to_neither() -> None:
    found = verdicts("Hill Men (HLM)", "Hill Men (HLQ)", "Hill Men")
    assert SAME not in found.values()


def test_a_faction_keeps_its_letter() -> None:
    assert verdicts("MSA-D", "MSA", "MSA-C") == {}
    assert verdicts("SLA (Minni)", "SLA", "SLA (Abdul)", gwno=625) == {}


def test_lists_hold_by_country_and_era() -> None:
    assert verdicts("HTS", "Tahrir al-Sham", gwno=SYRIA) != {}
    assert published_as("Al-Shabaab", SOMALIA, (2020, 2020)) != published_as(
        "Al-Shabaab", MOZAMBIQUE, (2020, 2020)
    )
    assert published_as("Al-Shabaab", MOZAMBIQUE, (2010, 2010)) == frozenset()
    assert SAME not in verdicts("AGC", "Clan del Golfo", gwno=100, year=2001).values()


def test_what_lists_have_as_two_is_not_even_proposed() -> None:
    assert verdicts("BIFF", "MILF") == {}
    assert verdicts("Hizbul Islam", "Hizb-ul-Islam Movement", gwno=SOMALIA) != {}


def test_the_order_of_names_changes_nothing() -> None:
    names = ("NPA", "CPP-NPA", "BIFF", "New People's Army (NPA)", "MILF", "Moro Islamic L. F.")
    assert verdicts(*names) == verdicts(*reversed(names))


@pytest.mark.parametrize(
    ("letters", "words", "how"),
    [
        ("isil", "islamic state of iraq and the levant", "initials"),
        ("gatia", "groupe autodefense touareg imghad et allies", "initials"),
        ("codeco", "cooperative pour le developpement du congo", "syllables"),
        ("milf", "moro national liberation front", None),
        ("mn", "moro national liberation front", None),
    ],
)
def test_letters_of_words(letters: str, words: str, how: str | None) -> None:
    assert spells(letters, tuple(words.split())) == how


def test_what_is_an_abbreviation() -> None:
    assert [is_short(one) for one in ("NPA", "SPLM/A-IO", "M23", "ДНР", "Hamas", "IS K")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_the_own_state_in_brackets_says_nothing() -> None:
    assert read_name("Al-Shabaab (Mozambique)", MOZAMBIQUE).keys == read_name("Al-Shabaab").keys
    assert read_name("Al-Shabaab (Kenya)", MOZAMBIQUE).keys != read_name("Al-Shabaab").keys
