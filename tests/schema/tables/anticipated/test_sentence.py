"""The grammar of alert rules: what it reads back, and what it says when it does not."""

from __future__ import annotations

import re
from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.errors import UsageError
from tocsin.schema.tables.anticipated.sentence import parse, say
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

KINDS = ("deaths", "doubling", "onset", "first-use", "neighbour")
PLACES = (432, 436, 346, 490, 484, 438, 652, 52, 678)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from(KINDS))
    technology = kind in ("first-use", "neighbour")
    paid = draw(st.booleans())
    cost = draw(st.integers(1, 50))
    return Rule(
        name="made up",
        kind=kind,
        within=draw(st.integers(1, 36)),
        deaths=0 if technology else draw(st.integers(1, 2_000_000)),
        quiet=draw(st.integers(1, 60)) if kind == "onset" else 0,
        technology=draw(st.sampled_from(TECHNOLOGIES)) if technology else "",
        gwnos=tuple(draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=4))),
        probability=draw(st.integers(1, 999)) / 1000 if not paid or draw(st.booleans()) else None,
        cost=cost if paid else None,
        loss=cost + draw(st.integers(1, 500)) if paid else None,
    )


@given(rules())
def test_what_is_said_is_read_back(rule: Rule) -> None:
    assert Rule.model_validate({"name": "made up", **parse(say(rule))}) == rule


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "probability of at least 25 deaths within 3 months above 0.3",
            {"kind": "deaths", "deaths": 25, "within": 3, "probability": 0.3},
        ),
        (
            "At least 1,000 deaths within one month, probability over 5 %, in Mali and Niger.",
            {"kind": "deaths", "deaths": 1000, "within": 1, "probability": 0.05,
             "gwnos": (432, 436)},
        ),
        (
            "at least 25 deaths within 3 months in Bosnia and Herzegovina, Congo, DRC and Mali, "
            "cost 1 loss 4",
            {"kind": "deaths", "deaths": 25, "within": 3, "gwnos": (346, 490, 432),
             "cost": 1.0, "loss": 4.0},
        ),
        (
            "deaths double within 3 months, above 0.3",
            {"kind": "doubling", "deaths": 25, "within": 3, "probability": 0.3},
        ),
        (
            "first use of uncrewed aircraft within 12 months above 20 percent",
            {"kind": "first-use", "technology": "uncrewed-aircraft", "within": 12,
             "probability": 0.2},
        ),
        (
            "adoption of cyber in a neighbour within 6 months, probability above 0.1",
            {"kind": "neighbour", "technology": "cyber", "within": 6, "probability": 0.1},
        ),
    ],
)  # fmt: skip
def test_sentences_people_write(sentence: str, found: dict[str, object]) -> None:
    assert parse(sentence) == found


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("at least many deaths within 3 months above 0.3", "'many' (word 3)"),
        ("at least 25 deaths in 3 months above 0.3", "'in' (word 5)"),
        ("at least 25 deaths within 3 months above 0.3, in Atlantis", "'Atlantis'"),
        ("at least 25 deaths within 3 months above 0.3 above 0.4", "twice"),
        ("at least 2.5 deaths within 3 months above 0.3", "'2.5' (word 3)"),
        ("first use of magic within 3 months above 0.3", "'magic'"),
        ("something bad, above 0.3", "'something' (word 1)"),
        ("at least 25 deaths within 3 months, probability", "too early"),
        ("", "too early"),
    ],
)
def test_errors_name_the_word(sentence: str, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(sentence)
    assert word in f"{caught.value.what} {caught.value.remedy}"


@pytest.mark.slow
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UsageError):
        parse(text)


WORDS = re.split(
    " ",
    "at least deaths within months month probability of above over in first use adoption onset "
    "double from cost loss quiet after a neighbour cyber Mali Niger and , % 25 0.3 3 1,000 . (",
)


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_words_of_the_grammar_in_any_order_are_read_or_refused(words: list[str]) -> None:
    with suppress(UsageError):
        parse(" ".join(words))


def test_one_of_anything_is_written_as_one_and_read_in_either_form() -> None:
    rule = SimpleNamespace(kind="onset", deaths=1, within=1, quiet=1, technology=None,
                           probability=None, cost=None, loss=None, gwnos=())  # fmt: skip
    said = say(rule)
    assert said == "onset of at least 1 death within 1 month after 1 quiet month"
    older = "onset of at least 1 deaths within 1 months after 1 quiet months"
    assert parse(said) == parse(older)
    doubling = parse("deaths double within 3 months, from at least 1 death")
    assert doubling["deaths"] == 1
