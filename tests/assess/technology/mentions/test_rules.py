"""The file of rules: every value is known, every class has words."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.mentions.rules import (
    Names,
    Said,
    _finder,
    _matches,
    clause,
    hedges,
    name_parties,
    parties,
    refusals,
    sayings,
    words,
)
from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.tables.assessed.incident import PARTIES, SAID
from tocsin.schema.vocabulary.technology import TECHNOLOGIES


def test_the_file_says_nothing_unknown() -> None:
    assert {one.technology for one in words()} == set(TECHNOLOGIES)
    for rule in (*refusals(), *sayings()):
        assert rule.value in SAID
        assert rule.technologies <= set(TECHNOLOGIES)
        assert 0 <= rule.use <= 1
    assert {one.kind for one in parties()} <= set(PARTIES)
    assert all(by_gwno(one.gwno) for one in parties() if one.gwno)


def test_every_clause_of_the_file_is_looked_for_and_none_else() -> None:
    room = files("tocsin.assess.technology.mentions")
    asked: set[str] = set()
    for name in ("clauses.py", "parties.py", "reading.py", "judgement.py"):
        asked |= set(re.findall(r'clause\(\s*"(\w+)"\s*\)', room.joinpath(name).read_text("utf-8")))
    text = room.joinpath("rules.toml").read_text("utf-8")
    assert set(re.findall(r'\[\[clause\]\]\nname = "(\w+)"', text)) == asked
    with pytest.raises(StopIteration):
        clause("none")


@pytest.mark.parametrize(
    ("text", "is_hedged"),
    [
        ("rebels allegedly used a §", True),
        ("les rebelles auraient utilise un §", True),
        ("el grupo habria lanzado un §", True),
        ("presuntos rebeldes lanzan un §", True),
        ("الجيش يتهم المسلحين بإطلاق §", True),
        ("suspected rebel § hits a post", True),
        ("rebels claim § an airport", True),
        ("rebels used a §", False),
        ("les rebelles ont utilise un §", False),
        ("the suspect was killed by a §", False),
    ],
)
def test_what_is_only_held_to_have_been(text: str, is_hedged: bool) -> None:
    assert (hedges().search(text) is not None) == is_hedged


WRITTEN = [
    (number, words) for number, one in enumerate(parties()) for words in (one.small, one.capitals)
]


@given(
    st.sampled_from([one for one in WRITTEN if one[1]]).flatmap(
        lambda one: st.tuples(st.just(one[0]), st.from_regex(one[1], fullmatch=True))
    ),
    st.sampled_from(["", "و", "ول"]),
)
def test_no_name_is_left_out_of_a_search_by_its_first_letters(
    made: tuple[int, str], before: str
) -> None:
    """What the rules find whose first letters are looked at is what one pattern of all finds."""
    number, name = made
    text = f"then {before}{name} and others"
    for kind_of in ("small", "capitals"):
        written = tuple(
            (at, getattr(one, kind_of))
            for at, one in enumerate(parties())
            if (one.kind, one.gwno is None)
            == (parties()[number].kind, parties()[number].gwno is None)
            and getattr(one, kind_of)
        )
        if not written:
            continue
        arabic = re.search("[ء-ي]", text) is not None
        looked = text if kind_of == "capitals" else text.lower()
        wanted = {match.span() for match in _finder(written, arabic=arabic).finditer(looked)}
        found = {(start, end) for _, start, end in name_parties(text)}
        assert wanted <= found


NAMES = ("army", "syrian army", "army of the north", "north", "(?:the )?north wing", "wing")


@given(st.permutations(NAMES), st.lists(st.sampled_from(" ".join(NAMES).split()), max_size=12))
def test_names_are_found_as_one_pattern_finds_them(names: list[str], text: list[str]) -> None:
    """Names overlap and begin with each other."""
    written = tuple(enumerate(names[:4]))
    said = " ".join(["anti-army", *text, "syrian army of the north wing"])
    wanted = [(m.lastgroup, m.span()) for m in _finder(written, arabic=False).finditer(said)]
    assert [(m.lastgroup, m.span()) for m in _matches(written, said, arabic=False)] == wanted


def test_no_rule_is_found_in_nothing() -> None:
    assert not any(one.pattern.search("") for one in (*sayings(), *refusals(), *words()))


def test_no_name_is_found_in_nothing() -> None:
    for one in parties():
        assert not one.small or re.fullmatch(one.small, "") is None
        assert not one.capitals or re.fullmatch(one.capitals, "") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("قصف قوات النظام", "this-state"),
        ("قصف لقوات النظام", "this-state"),
        ("هجوم لداعش", "organisation"),
        ("هجوم ولداعش", "organisation"),
        ("هجوم للقاعدة", "organisation"),
    ],
)
def test_an_arabic_name_carries_its_prepositions(text: str, kind: str) -> None:
    assert [one.kind for one, _, _ in name_parties(text)] == [kind]


def test_a_rule_fits_its_classes_where_nothing_speaks_against_it() -> None:
    rule = Said("lost", "lost", frozenset(["cyber"]), None, re.compile("shot down"),
                re.compile("not"), 0.1, True)  # fmt: skip
    every = Said("lost", "lost", frozenset(), None, re.compile("shot down"), None, 0.1, True)
    found = rule.fits("cyber", "it was shot down")
    assert found is not None
    assert found.span() == (7, 16)
    for technology, part in (
        ("mines", "it was shot down"), ("cyber", "it was not shot down"), ("cyber", "it flew"),
    ):  # fmt: skip
        assert rule.fits(technology, part) is None
    assert every.fits("mines", "not shot down") is not None
    assert every.fits("mines", "it flew") is None


def test_words_that_are_not_of_the_class_are_no_use_of_it() -> None:
    assert {(one.use, one.is_class) for one in refusals()} == {(0.0, False)}
    assert all(one.is_class for one in sayings())
    assert all(0 < one.facing_a_state <= one.probability < 1 for one in words())
    assert any(one.facing_a_state < one.probability for one in words())


@pytest.mark.parametrize(
    ("small", "capitals", "written"),
    [("is", "", "(?i:is)"), ("", "IS", "IS"), ("isis", "IS", "(?i:isis)|IS"), ("", "", "")],
)
def test_a_name_is_written_in_both_its_ways(small: str, capitals: str, written: str) -> None:
    assert Names("organisation", "IS", None, small, capitals).written == written


def test_a_nationality_is_found_before_what_is_only_described() -> None:
    first, *rest = ((one.kind, one.gwno) for one, _, _ in name_parties("Army, rebels and Turkish"))
    assert first == ("other-state", 640)
    assert set(rest) == {("this-state", None), ("described", None)}
    # Names in capitals are no words in small letters.
    assert [one.kind for one, _, _ in name_parties("what is told")] == []
    assert {one.name for one, _, _ in name_parties("what IS told")} == {"IS"}
    assert list(name_parties("an anti-army march")) == []


def test_a_capital_is_that_of_its_state() -> None:
    seats = [one for one in parties() if one.seat]
    assert seats
    assert all(one.gwno and one.small and not one.capitals for one in seats)
    assert not any(one.seat for one in parties() if one.kind != "other-state")
