"""A number agrees with its noun and its verb, on every page and in each language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from tocsin.share.page.language import LANGUAGES, Words
from tocsin.share.page.lead import lead
from tocsin.share.page.nouns import Count, class_of, noun_forms
from tocsin.share.page.planning.words import PlanWords
from tocsin.share.server.web.language import Words as ServerWords


def leaves(table: dict[str, Any]) -> Iterator[str]:
    for value in table.values():
        yield from leaves(value) if isinstance(value, dict) else [str(value)]


def sentences(language: str) -> list[str]:
    """All that pages say in a language."""
    said: list[str] = []
    for package in ("tocsin.share.page", "tocsin.share.server.pages"):
        for path in files(package).joinpath("words").iterdir():
            told = tomllib.loads(path.read_text("utf-8"))
            if path.name == f"{language}.toml":
                said += leaves(told)
            elif path.name in ("planning.toml", "diffusion.toml", "exercise.toml"):
                said += leaves(told[language])
    return said


def said_nouns(language: str) -> set[str]:
    """What is counted in the sentences of a language."""
    parsed = (part for text in sentences(language) for part in Formatter().parse(text))
    return {noun for _, name, noun, _ in parsed if name and noun}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_sentences_count_is_there_and_nothing_else(language: str) -> None:
    assert said_nouns(language) == set(noun_forms(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_are_those_that_the_language_has(language: str) -> None:
    known = set(Locale(language).plural_form.tags) | {"zero", "other"}
    for name, forms in noun_forms(language).items():
        assert "other" in forms, name
        assert set(forms) <= known, name
        blanks = {blank for one in forms.values() for _, blank, _, _ in Formatter().parse(one)}
        assert blanks <= {"n", None}, name


@pytest.mark.parametrize(
    ("n", "incidents", "months"),
    [
        (1, "حادث واحد", "شهر واحد"),
        (2, "حادثين", "شهرين"),
        (3, "3 حوادث", "3 أشهر"),
        (10, "10 حوادث", "10 أشهر"),
        (11, "11 حادثاً", "11 شهراً"),
        (99, "99 حادثاً", "99 شهراً"),
        (100, "100 حادث", "100 شهر"),
        (103, "103 حوادث", "103 أشهر"),
        (112, "112 حادثاً", "112 شهراً"),
    ],
)
def test_arabic_counts_as_its_grammar_does(n: int, incidents: str, months: str) -> None:
    told = "{n:of_incidents}; {n:of_months}".format(n=Words("ar").number(n))
    assert told == f"{incidents}; {months}"


def test_french_counts_nought_as_one_and_holds_its_number() -> None:
    words = Words("fr")
    sentence = "{n:linked_death} {n:were_recorded}"
    told = [sentence.format(n=words.number(n)) for n in (0, 1, 2, 10**6)]
    assert told[0] == "0\u00a0décès lié a été recensé"
    assert told[1] == "1\u00a0décès lié a été recensé"
    assert told[2] == "2\u00a0décès liés ont été recensés"
    assert told[3].endswith("décès liés ont été recensés")


@given(st.integers(0, 10**7), st.sampled_from(LANGUAGES))
def test_a_number_stands_in_its_noun_as_it_is_written(n: int, language: str) -> None:
    number = Words(language).number(n)
    for name, forms in noun_forms(language).items():
        told = format(number, name)
        form = forms[class_of(n, language, forms)]
        assert told == form.replace("{n}", str(number))


def test_a_noun_that_no_language_has_is_no_word() -> None:
    with pytest.raises(KeyError):
        format(Count("1", 1, "en"), "unicorn")


def lone(**more: Any) -> dict[str, Any]:
    """A region in which everything that is counted is there once."""
    own = {"hits": 1, "false_alarms": 0, "misses": 0, "events": 1}
    risk = {
        "gwno": 652, "territory": "Syria", "probability": 0.9, "word": "likely", "last_3": 1,
        "last_1": 1, "last_12": 1, "year_before_3": 1, "median": 1.0, "far": "far_above",
    }  # fmt: skip
    return {
        "region": "Levant", "target": "ged_sb", "origin": date(2022, 12, 1),
        "first": date(2023, 1, 1), "last": date(2023, 3, 1), "risk": [risk],
        "kept": {"least": 0.8, "came": 1, "n": 1, "share": 1.0, "own": own, "raised_at": 0.5},
        "recent": {"incidents": 1, "deaths": 1, "places": [{"gwno": 652, "territory": "Syria"}]},
        "record": [], "calibration": [{"lost": True, "horizon": 1, "fault": "too low"}],
        "changes": {"since": None, "moved": [], "others": 0, "least": 25}, "ended": [],
        "alerts": [], "reported": [],
    } | more  # fmt: skip


def told(facts: dict[str, Any], words: Words) -> str:
    parts = lead(facts, words)
    said = [" ".join([*part["sentences"], *part["items"], *part["after"]]) for part in parts]
    return re.sub("[\u2066-\u2069]", "", " ".join(said)).replace("\u00a0", " ")


WRONG = {
    "en": r"\b1 (?!in |of |were|was)\w+s\b|\b1 \w+ (?:in [\w\- ]+ )?were\b",
    "fr": r"\b1 (?!cas\b|mois\b|décès\b)\w+s\b|\b1 [\w ]+ (?:ont|n’avaient)\b",
    "ar": r"(?<![\d,.])[12] (?!في|من|إلى|خلال)\w|عددها [12]\b",
}
"""One with a plural, by language."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_of_anything_is_told_as_one(language: str) -> None:
    row = {"gwno": 645, "territory": "Iraq", "incidents": 1, "deaths": 1,
           "first": date(2022, 1, 3), "last": date(2022, 1, 3)}  # fmt: skip
    missed = {"hits": 0, "false_alarms": 1, "misses": 1, "events": 1}
    kept = lone()["kept"]
    cases = [
        lone(), lone(kept=kept | {"own": missed}), lone(risk=[], reported=[row]),
        lone(risk=[], recorded=[row]),
        lone(risk=[], reported=[row | {"deaths": 0}]),
    ]  # fmt: skip
    for facts in cases:
        said = told(facts, Words(language))
        assert re.findall(WRONG[language], said) == [], said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_without_a_case_says_that_none_came(language: str) -> None:
    none = {"hits": 0, "false_alarms": 3, "misses": 0, "events": 0}
    said = told(lone(kept=lone()["kept"] | {"own": none}), Words(language))
    words = {"en": "no such case came", "fr": "aucun cas n’est survenu", "ar": "ولم تقع أيّ حالة"}
    assert words[language] in said


def test_where_the_only_deaths_are_is_not_told_as_most() -> None:
    row = {"gwno": 645, "territory": "Iraq", "incidents": 1, "deaths": 2,
           "first": date(2022, 1, 1), "last": date(2022, 2, 1)}  # fmt: skip
    calm = row | {"gwno": 652, "territory": "Syria", "deaths": 0}
    all_in_one = told(lone(risk=[], reported=[row, calm]), Words("en"))
    assert "2 incidents with 2 deaths were reported in Levant: Iraq (2)." in all_in_one
    many = [row | {"deaths": n} for n in (9, 8, 7, 1)]
    assert "most deaths in" in told(lone(risk=[], reported=many), Words("en"))


def test_a_half_is_counted_as_the_language_does() -> None:
    one, many = (PlanWords(language).amount(1.5) for language in ("fr", "en"))
    assert format(one, "dead").endswith("mort")
    assert format(many, "more_death").endswith("more deaths")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "au moins 1 décès en 1 mois après 2 mois de calme"),
        ("ar", "اندلاع عنف يخلّف ما لا يقل عن وفاة واحدة خلال شهر واحد بعد شهرين هادئين"),
    ],
)
def test_a_rule_is_told_with_its_numbers(language: str, said: str) -> None:
    for written in ("1 death within 1 month", "1 deaths within 1 months"):
        sentence = f"onset of at least {written} after 2 quiet months"
        assert ServerWords(language).rule(sentence) == said


@pytest.mark.parametrize("words", [Words("fr").day, lambda day: ServerWords("fr").day(f"{day}")])
def test_the_first_of_a_french_month_is_an_ordinal(words: Callable[[date], str]) -> None:
    assert words(date(2022, 1, 1)) == "1er janvier 2022"
    assert words(date(2022, 1, 31)) == "31 janvier 2022"
