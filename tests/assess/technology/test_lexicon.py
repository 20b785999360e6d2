"""Words that name a technology, in four languages and in any dress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology.lexicon import (
    STEM,
    _clauses,
    _context,
    contexts,
    entries,
    fold,
    heads,
    loose_patterns,
    matches,
    starts,
)
from tocsin.schema.vocabulary.technology import TECHNOLOGIES


def _found_by(rule: str) -> st.SearchStrategy[tuple[str, str]]:
    pattern = loose_patterns()[rule]
    return st.tuples(st.just(pattern), st.from_regex(pattern, fullmatch=True))


@pytest.mark.parametrize(
    ("text", "technology"),
    [
        ("A drone over the town", "uncrewed-aircraft"),
        ("DRONES seen", "uncrewed-aircraft"),
        ("hallazgo de coche-bomba", "improvised-explosives"),
        ("Explosion d’un engin explosif improvisé", "improvised-explosives"),
        ("انفجار سيارة مفخخة", "improvised-explosives"),
        ("tirs d'obus sur la ville", "guided-or-indirect-fire"),
        ("Ransomware hits a hospital", "cyber"),
        ("campagne de désinformation", "information-operations"),
        ("الطائرات المُسيَّرة فوق البلدة", "uncrewed-aircraft"),
        ("وبالعبوات الناسفة", "improvised-explosives"),
        ("هجوم إلكتروني على الوزارة", "cyber"),
        ("Granjas de bots en las redes", "information-operations"),
    ],
)
def test_named(text: str, technology: str) -> None:
    assert [match.technology for match in matches(text)] == [technology]


@pytest.mark.parametrize(
    "text",
    [
        "clashes in the countryside",
        "shell company fined",
        "rocketed prices",
        "villagers hacked to death with machetes",
        "warplanes shell the hills",
        "The group denied that it had used drones",
        "الوزارة تنفي تعرضها لهجوم سيبراني",
        "Simulacro de ciberataque en la red eléctrica",
        "Les agriculteurs surveillent leurs champs avec des drones",
    ],
)
def test_not_named(text: str) -> None:
    assert matches(text) == []


def test_every_entry_is_reviewed_in_form() -> None:
    assert {entry.technology for entry in entries()} == set(TECHNOLOGIES)
    assert {entry.language for entry in entries()} == {"en", "fr", "ar", "es"}
    assert len({entry.rule for entry in entries()}) == len(entries())
    assert all(0 < entry.probability < 1 for entry in entries())


WORDS = ["drone", "Car Bomb", "obús", "سيارة مفخخة", "IED"]


@pytest.mark.slow
@given(st.text(max_size=60), st.sampled_from(WORDS), st.text(max_size=60))
def test_evidence_is_where_it_says(before: str, word: str, after: str) -> None:
    text = before + word + after
    for match in matches(text):
        assert text[match.start : match.end] == match.evidence
        assert match.start < match.end


def test_a_context_holds_for_its_clause_only() -> None:
    found = matches("The army denied that it used drones; a drone hit the depot")
    assert [(match.technology, match.start) for match in found] == [("uncrewed-aircraft", 39)]
    assert matches("A training centre was struck by a drone, three killed")


def test_what_did_not_go_off_is_less_sure_and_says_so() -> None:
    (sure,), (less,) = matches("A car bomb exploded"), matches("Police defused a car bomb")
    assert less.probability < sure.probability
    assert less.rule == "ied-en, did not go off"


HIDDEN = ["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u202e", "\u0640", "\u0301", "\u064b"]


@given(st.sampled_from(WORDS), st.lists(st.sampled_from(HIDDEN), max_size=6), st.randoms())
def test_characters_that_are_not_seen_hide_nothing(
    word: str, hidden: list[str], random: object
) -> None:
    text = word
    for character in hidden:
        place = random.randrange(1, len(text) + 1)  # type: ignore[attr-defined]
        text = text[:place] + character + text[place:]
    plain, dressed = matches(word), matches(text)
    assert [m.technology for m in dressed] == [m.technology for m in plain]
    for match in dressed:
        assert text[match.start : match.end] == match.evidence


@given(st.text(max_size=80))
def test_folding_keeps_every_place(text: str) -> None:
    folded, places = fold(text)
    assert len(folded) == len(places)
    assert list(places) == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    again, _ = fold(folded)
    assert again == folded or not text.isascii()


def test_looser_patterns_and_contexts_are_well_formed() -> None:
    assert list(loose_patterns()) == [entry.rule for entry in entries()]
    assert all(0 <= context.factor < 1 for context in contexts())
    assert {context.language for context in contexts()} == {"en", "fr", "ar", "es"}


@pytest.mark.slow
@given(st.sampled_from(sorted(loose_patterns())).flatmap(_found_by))
def test_no_word_of_the_lexicon_is_left_out_by_its_first_letters(found: tuple[str, str]) -> None:
    pattern, text = found
    assert not heads(text).isdisjoint(starts(pattern)), text


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        ("car bombs?", ["car"]),
        ("ca?r", ["ca", "cr"]),
        ("c+ar", ["c"]),
        ("(?:the )?ieds?", ["ied", "the"]),
        ("(?:the ){2}ied", ["the"]),
        ("(?:the ){0,2}ied", ["ied", "the"]),
        ("(?:the |an? )*ied", ["a", "an", "ied", "the"]),
        ("[dk]rone", ["dro", "kro"]),
        ("[dk]?rone", ["d", "k", "ron"]),
        ("[^d]rone", [""]),
        ("[a-d]rone", [""]),
        (r"\w+ drone", [""]),
        ("(?:a|)drone", ["", "a"]),
        ("is-k|isil", ["is", "isi"]),
        ("“?islamic state”?", ["isl"]),
        ("(?<=by )la contra", ["la"]),
        (r"a[|)]b|c\|d", ["a", "c"]),
        ("a.c", ["a"]),
        ("", [""]),
    ],
)
def test_the_letters_with_which_a_pattern_begins(pattern: str, begins: list[str]) -> None:
    assert sorted(starts(pattern)) == begins


def test_the_heads_of_words() -> None:
    assert heads("a drone") == {"", "a", "d", "dr", "dro"}
    assert "قاع" in heads("للقاعدة", carried=True)


def test_heads_are_of_three_letters_at_most_and_carried_ones_begin_later() -> None:
    assert STEM == 3
    assert heads("drones") == {"", "d", "dr", "dro"}
    assert heads("") == {""}
    carried = heads("abcdef", carried=True)
    assert carried == {"", "a", "ab", "abc", "b", "bc", "bcd", "c", "cd", "cde"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a;b", ["a", "b"]), ("a. b?c", ["a", " b", "c"]), ("..a", ["a"]), ("a.", ["a"]), ("", []),
        ("a", ["a"]), ("a\nb", ["a", "b"]), ("a؟b", ["a", "b"]), (";", []),
    ],
)  # fmt: skip
def test_clauses_are_what_holds_anything(text: str, found: list[str]) -> None:
    assert [text[first:last] for first, last in _clauses(text)] == found


def test_the_surest_words_of_a_class_are_told_and_of_those_the_first() -> None:
    weak, strong = "Police defused a car bomb", "a car bomb exploded"
    (one,) = matches(f"{weak}. Later {strong}")
    assert one.start == len(weak) + len(". Later a ")
    assert one.evidence == "car bomb"
    (one,) = matches(f"A {strong[2:]}. Later {strong}")
    assert one.start == 2
    (spanish,) = matches("Un dron y un drone")
    assert (spanish.evidence, spanish.start) == ("dron", 3)
    # Of entries that find the same words the first of the file is named.
    assert matches("Drone")[0].rule == "uav-en"
    (less,) = matches(weak)
    assert less.probability == pytest.approx(0.75 * one.probability)


def test_matches_come_in_the_order_of_the_text() -> None:
    text = "Drone hits base, car bomb kills two, website hacked"
    found = matches(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert [one.evidence for one in found][:2] == ["Drone", "car bomb"]


def test_contexts_of_a_clause_multiply_and_hold_for_their_classes() -> None:
    text, kind = "the defused car bomb was denied", "improvised-explosives"
    factor, names = _context(kind, text, 0, len(text))
    assert factor == 0.0 or names == ["did not go off"]
    only, said = _context(kind, "police defused a bomb", 0, 21)
    assert (only, said) == (0.75, ["did not go off"])
    assert _context(kind, "a bomb went off", 0, 15) == (1.0, [])
    assert _context(kind, "police defused a bomb", 15, 21) == (1.0, [])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("CAR ATTACK", "car attack"), ("Attack in CAR", "attack in caf"),
        ("Car attack", "car attack"), ("CAR attack", "caf attack"),
        ("SCAR of war", "scar of war"), ("CARS burn", "cars burn"),
    ],
)  # fmt: skip
def test_a_country_is_no_car_where_the_text_has_small_letters(text: str, folded: str) -> None:
    assert fold(text)[0] == folded
