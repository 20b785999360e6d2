"""Times, months and names are in the reader's language, and nothing is written as certain."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.alerts.rules.declared import default_rules
from tocsin.assess.linkage.pairs.comparisons import comparisons
from tocsin.assess.linkage.points.bare import NAME
from tocsin.schema.tables.anticipated.sentence import say
from tocsin.share.server.web.language import Told, Words


@pytest.mark.parametrize(
    ("language", "direction", "month", "name"),
    [("en", "ltr", "November 2026", "Mali"), ("fr", "ltr", "novembre 2026", "Syrie"),
     ("ar", "rtl", "نوفمبر 2026", "تشاد")],
)  # fmt: skip
def test_months_territories_and_times_are_in_the_language(
    language: str, direction: str, month: str, name: str
) -> None:
    words = Words(language)
    code = {"Mali": "MLI", "Syrie": "SYR", "تشاد": "TCD"}[name]
    assert (words.direction, words.month("2026-11"), words.territory(code)) == (
        direction, month, name,
    )  # fmt: skip
    assert words.territory("XXX") == "XXX"
    assert "1970-01-01 00:00 UTC" in words.time(0)


def test_nothing_is_written_as_certain() -> None:
    words = Words("en")
    shown = [words.percent(share) for share in (0.0, 0.004, 0.5, 0.994, 1.0)]
    assert shown == ["under 1%", "under 1%", "50%", "over 99%", "over 99%"]


def test_a_name_in_the_other_script_changes_no_order_around_it() -> None:
    arabic, french = Words("ar"), Words("fr")
    assert arabic("from", owner="Health") == "من \u2068Health\u2069"
    assert arabic("from", owner="الصحة") == "من الصحة"
    name = "الصحة"
    assert french("from", owner=name) == f"de \u2068{name}\u2069"
    assert french("from", owner="Santé (nord)") == "de Santé (nord)"
    # A minus stays before its number, and a time is isolated once.
    assert "\u2068-0.09\u2069" in arabic("skill_long", skill="-0.09", low="+0.1", high="0")
    assert arabic("changed", time=arabic.time(0)).count("\u2066") == 1
    assert french("changed", time=french.time(0)) == "modifiée le 1970-01-01 00:00 UTC"
    # Nobody turns around a line by their name.
    for name in ("\u202eHealth", "\u2066x\u2069\u202ey\u2069", "\u2069\u202e"):
        for words in (arabic, french):
            assert not {"\u202e", "\u2067"} & set(words("from", owner=name))
    assert french("from", owner="") == "de "


RULES = {
    "at least 25 deaths within 3 months, probability above 0.5": ("25", "3", "50"),
    "deaths double within 3 months, from at least 25 deaths, probability above 0.3, in Mali":
        ("25", "3", "30"),
    "onset of at least 25 deaths within 6 months after 12 quiet months, cost 1 loss 20":
        ("25", "6", "12", "1", "20"),
    "first use of uncrewed aircraft within 12 months, probability above 0.2": ("12", "20"),
    "adoption of guided or indirect fire in a neighbour within 1 month, probability above 1":
        ("1", "99"),
}  # fmt: skip
"""Sentences of each kind of rule, and the numbers that stand in them."""


@pytest.mark.parametrize("sentence", RULES)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_rule_is_said_in_the_language_with_all_its_numbers(language: str, sentence: str) -> None:
    words = Words(language)
    said = words.rule(sentence)
    assert said
    # One month is told without a digit in Arabic.
    found = re.findall(r"\d+", said.replace("شهر واحد", "1"))
    assert sorted(found) == sorted(RULES[sentence])
    for label in ("uncrewed", "guided", "Mali"):
        assert label not in said
    # English pages have it as it was declared.
    assert Words("en").rule(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    ["", "the river rises", "at least 25 deaths", "at least 25 deaths within 3 months or so",
     "at least 25 deaths within 3 months, probability above 0.5.5",
     "at least 25 deaths within 3 months, probability above ..",
     "first use of , within 3 months", "at least -5 deaths within 3 months",
     "at least 25 deaths within 3 months, in Atlantis"],
)  # fmt: skip
def test_a_sentence_of_another_form_is_not_guessed_at(sentence: str) -> None:
    assert Words("fr").rule(sentence) == ""


def test_whatever_the_grammar_reads_is_said_and_whatever_it_writes() -> None:
    french = Words("fr")
    assert french.rule("At least 1,000 deaths within one month, above 5 %, in Mali.") == (
        "au moins 1000 décès en 1 mois, alerte au-delà d’une probabilité de 5\xa0%"
    )
    for rule in default_rules():
        assert french.rule(say(rule)), say(rule)


@given(st.text())
def test_any_text_of_a_rule_is_said_or_left(text: str) -> None:
    for sentence in (text, f"first use of {text} within 3 months, probability above 0.2"):
        assert "\u202e" not in Words("ar").rule(sentence)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_why_reports_were_linked_is_said_in_the_language(language: str) -> None:
    words = Words(language)
    of_own = [one for one in comparisons(["type"]) if one.name not in ("time", "place")]
    levels = {level.label for one in [*of_own, NAME] for level in one.levels}
    for level in sorted(levels | {"not comparable", "2 days apart", "0.4 km apart"}):
        said = words.agreement(level)
        assert not said.english, level
        assert said.text != level
    for one in (
        "prior",
        "time",
        "place",
        "release",
        "coverage",
        "rivals",
        *(c.name for c in of_own),
    ):
        assert words.of("comparisons", one) != one, one
    assert words.agreement("an odd one") == Told("an odd one", english=True)


def test_a_distance_is_said_as_its_language_writes_numbers() -> None:
    assert Words("fr").agreement("0.4 km apart").text == "à 0,4 km"
    assert Words("en").agreement("12.5 km apart") == Told("12.5 km apart")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_part_of_an_object_is_named_and_nothing_in_it_is_rounded(language: str) -> None:
    words = Words(language)
    level, chance, months = (words.part(one) for one in ("level", "probability", "months"))
    assert words.part("months/2026-12/p50").startswith(f"{months}{words('comma')}")
    assert words.content("level", '"emergency"') == words.of("levels", "emergency")
    assert words.content("probability", "0.9996") == words("percent", n="99.96")
    assert words.content("probability", "1") == words("percent", n="100")
    assert words.content("months/2026-12/p_any", "0.5") == words("percent", n="50")
    assert words.content("data_to", '"2026-11-30"') == words.day("2026-11-30")
    told = words.content("months", '{"first": "2026-12", "last": "2027-02"}')
    assert words.month("2026-12") in told
    assert words.month("2027-02") in told
    assert words.content("level", "null") == words.content("level", "") == words("corrected_none")
    assert len({level, chance, months, "level", "probability", "months"}) == (
        3 if language == "en" else 6
    )


def test_what_has_no_words_is_shown_as_it_stands() -> None:
    words = Words("fr")
    assert words.part("color/hue") == "color/hue"
    for name, text in (
        ("color", '"62 %"'), ("probability", '"0.5"'), ("probability", "7"), ("level", '"high"'),
        ("probability", "true"), ("deaths", "[1, 2, 3]"), ("months", '{"a": 1}'), ("since", '"x"'),
        ("kind", '["a"]'), ("level", '{"none": 1}'),
    ):  # fmt: skip
        assert words.content(name, text) == text, name
    assert words.content("since", '"2026-02-30"') == "2026-02-30"
