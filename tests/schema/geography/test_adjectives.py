"""Adjectives of states in all the forms that follow from those of a dictionary."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from tocsin.schema.geography.adjectives import states_of
from tocsin.schema.geography.territory import by_gwno


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ("Syrian SYRIAN syrian", {652}),
        # French: with and without an ending in -s, -e and -en.
        ("malien malienne maliens maliennes", {432}),
        ("béninois béninoise béninoises beninois", {434}),
        ("congolais congolaise congolaises", {484, 490}),
        # Spanish and Portuguese: in -o, with an accent at the end, in -ol and others.
        ("sirio siria sirios sirias", {652}),
        ("francés francesa franceses francesas", {220}),
        ("español española españoles españolas", {230}),
        ("iraní iranís iraníes", {630}),
        ("maliense malienses", {432}),
        # Arabic: with its article, and as a feminine.
        ("سوري السوري سورية السورية", {652}),
    ],
)
def test_an_adjective_is_known_in_all_its_forms(words: str, states: set[int]) -> None:
    for word in words.split():
        assert states_of(word) == states, word


@pytest.mark.parametrize(
    "word",
    [
        "Kurdish",
        "Arab",
        "",
        "syrien syrienne",
        "béninoiss",
        "siriso",
        "francéss",
        "syriane",
        "لسوري",
    ],
)
def test_what_is_no_form_of_a_states_adjective_is_of_none(word: str) -> None:
    assert states_of(word) == frozenset()


def test_each_word_of_the_table_is_of_its_state() -> None:
    text = files("tocsin.schema.geography").joinpath("data/adjectives.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) > 90
    for row in rows:
        assert by_gwno(int(row["gwno"])).name == row["name"]
        for language in ("en", "fr", "es", "ar"):
            for word in filter(None, row[language].split("|")):
                assert int(row["gwno"]) in states_of(word), word
