"""The page on portfolios says the same in each language, with numbers as the language has them."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from tocsin.errors import UsageError
from tocsin.plan.compare import least_favourable
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.start.spread import FACTORS
from tocsin.schema.tables.planned.parameter import LABELS
from tocsin.schema.vocabulary.lever import LEVERS
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.portfolios import OUTCOME_LABELS
from tocsin.share.page.language import OWN_NAMES
from tocsin.share.page.planning.words import LANGUAGES, PlanWords

SAID = tomllib.loads(files("tocsin.share.page").joinpath("words/planning.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_with_the_same_blanks(language: str) -> None:
    assert set(SAID[language]) == set(SAID["en"])
    assert set(OWN_NAMES) == set(LANGUAGES) == set(SAID)
    for key, sentence in SAID["en"].items():
        if isinstance(sentence, str):
            blanks = set(re.findall(r"{(\w+)", sentence))
            assert set(re.findall(r"{(\w+)", SAID[language][key])) == blanks, key


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_outcomes_levers_and_the_status_quo_have_names(language: str) -> None:
    words = PlanWords(language)
    assert set(SAID[language]["outcome_name"]) == {*OUTCOME_LABELS, "cost"}
    assert all(words.lever(name) != name for name in LEVERS)
    assert words.portfolio(STATUS_QUO) != STATUS_QUO
    # What a user named has no other name.
    assert words.portfolio("ours") == "ours"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_parameter_and_its_unit_have_words(language: str) -> None:
    words = PlanWords(language)
    names = [*(one.name for one in PARAMETERS), *FACTORS]
    said = [words.parameter(name) for name in names]
    assert set(LABELS) == set(names)
    # Two parameters with the same words could not be told apart.
    assert len(set(said)) == len(names)
    assert words.parameter("another_package") == "another package"
    if language != LANGUAGES[0]:
        assert not set(said) & set(LABELS.values())
        assert all(words.unit(one.unit) != one.unit for one in PARAMETERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_against_a_portfolio_is_said_to_be_so(language: str) -> None:
    words = PlanWords(language)
    assert words.order(2.19, 0.8) == words.amount(2.19, "least")
    assert words.order(2.19, 0.2) == words.say("order_worse", flip=words.amount(2.19, "least"))
    assert words.order(2.19, 0.2) != words.order(2.19, 0.8)
    assert words.order(1.0, 0.5) == words.say("order_unshown")
    assert words.order(None, None) == "–"


def test_numbers_are_written_with_as_many_digits_as_count() -> None:
    words, french = PlanWords("en"), PlanWords("fr")
    assert [words.amount(one) for one in (0, 12345.6, 99.4, 3.14159, 0.01234, -0.5)] == [
        "0", "12,300", "99", "3.1", "0.012", "−0.5",
    ]  # fmt: skip
    assert [words.amount(1.4706, bound) for bound in ("least", "most")] == ["1.47", "1.48"]
    # An Arabic page keeps the sign before its number, in an isolate from left to right.
    assert PlanWords("ar").amount(-11) == "\u2066−11\u2069"
    assert PlanWords("ar").amount(11) == "11"
    assert french.amount(3.14159) == "3,1"
    assert words.outcome("deaths") == "Deaths"
    assert words.outcome("cost") == "Cost"


def test_a_least_is_cut_and_never_rounded_up() -> None:
    words = PlanWords("en")
    assert words.bound(0.99999) == "99.9%"
    assert words.bound(0.994) == "99.4%"
    assert words.bound(1.0) == "100.0%"
    assert words.bound(0.0) == "0.0%"
    # A share in which something fails is not made to look like none.
    assert words.bound(0.0004, most=True) == "0.1%"
    assert PlanWords("fr").bound(0.5).replace("\u202f", " ").replace("\xa0", " ") == "50,0 %"


def test_another_language_is_refused() -> None:
    with pytest.raises(UsageError, match="'de'"):
        PlanWords("de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_other_likelihoods_make_of_a_share_is_what_the_plan_makes_of_it(language: str) -> None:
    numbers = [int(one) for one in re.findall(r"\d+(?=\s?[%٪])", SAID[language]["shares_note"])]
    assert len(numbers) == 12
    for share, two, four in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
        for told, ratio in ((two, 2), (four, 4)):
            assert told == int(100 * least_favourable(share / 100, ratio) + 1e-9)
