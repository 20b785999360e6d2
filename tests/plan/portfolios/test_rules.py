"""Rules in words: what is read, and what is refused by its word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.plan.portfolios.rules import (
    COUNTED,
    EXAMPLE,
    PER_CENT,
    SIGNALS,
    check_signals,
    parse_rule,
)
from tocsin.schema.vocabulary.lever import LEVERS


def test_the_example_of_the_errors_is_a_rule() -> None:
    rule = parse_rule(EXAMPLE, LEVERS)
    assert (rule.signal, rule.above, rule.threshold, rule.months) == ("deaths", True, 500.0, 3.0)
    assert rule.actions == (("shared-early-warning", 0.8), ("dialogue", 0.6))


@given(
    st.sampled_from(sorted(SIGNALS)),
    st.sampled_from(["under", "below", "over", "above"]),
    st.floats(0, 1).map(lambda x: round(x, 4)),
    st.integers(0, 99),
    st.dictionaries(st.sampled_from(LEVERS), st.floats(0, 1), min_size=1, max_size=4),
    st.booleans(),
)
def test_a_rule_in_words_is_read_as_it_is_meant(
    signal: str, order: str, threshold: float, months: int, actions: dict[str, float], dot: bool
) -> None:
    wait = f" for {months} months" if months else ""
    then = " and ".join(f"{lever} to {effort!r}" for lever, effort in actions.items())
    sign = " %" * (signal in PER_CENT)
    told = f"If {signal} {order} {threshold}{sign}{wait}, then {then}{'.' * dot}"
    rule = parse_rule(told, LEVERS)
    assert (rule.signal, rule.threshold, rule.months) == (signal, threshold, months)
    assert rule.above is (order in ("over", "above"))
    assert dict(rule.actions) == actions


@given(st.text(max_size=80))
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError):
        parse_rule(f"{text} unless", LEVERS)


def test_per_cent_mean_what_the_signal_is_measured_in() -> None:
    share = parse_rule("if attribution confidence under 60 % then dialogue to 1", LEVERS)
    assert share.threshold == 0.6
    lost = parse_rule("if services lost over 5 % then health to 1", LEVERS)
    assert lost.threshold == 5.0
    assert set(COUNTED) | set(PER_CENT) <= set(SIGNALS)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("when deaths over 5 then health to 1", "'when' (word 1)"),
        ("if death over 5 then health to 1", "Did you mean 'deaths'"),
        ("if deaths over many then health to 1", "'many' (word 4)"),
        ("if deaths over nan then health to 1", "'nan' (word 4)"),
        ("if deaths over 5 % then health to 1", "'%' (word 5)"),
        ("if deaths over 5 for 3 then health to 1", "'then' (word 7)"),
        ("if deaths over 5 for 0 months then health to 1", "'0' (word 6)"),
        ("if deaths over 5 for 0.5 months then health to 1", "'0.5' (word 6)"),
        ("if deaths over 5 for 121 months then health to 1", "from 1 to 120"),
        ("if deaths over 5 then helth to 1", "Did you mean 'health'"),
        ("if deaths over 5 then helth to 1", "'helth' (word 6"),
        ("if deaths over 5 then health to 2", "'2' (word 8)"),
        ("if deaths over 5 then health to 1 or dialogue to 1", "'or' (word 9)"),
        ("if deaths over 5 then health to 1 and health to 0", "sets 'health' twice"),
        ("if deaths over 5 then dialogue to 1 and health to 1 and health to 0", "'health' twice"),
        ("if deaths over 5 then health to", "ends too early"),
        ("if deaths over 1,000 then health to 1", "'1,000' can be read in two ways"),
        ("if deaths at least 5 then health to 1", "neither 'under' nor 'over'"),
        ("if grievance over 60 then health to 1", "never reaches"),
        ("if escalation over 4 then health to 1", "never reaches"),
        ("if escalation over 2 % then health to 1", "'%' (word 5)"),
        ("if services lost over 0.3 then health to 1", "may mean 0.3 % or 30 %"),
        ("if services lost over 300 % then health to 1", "never reaches"),
    ],
)
def test_what_is_no_rule_is_told_by_its_word(sentence: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_rule(sentence, LEVERS)
    assert words in f"{caught.value.what} {caught.value.remedy}"


def test_a_rule_on_what_the_model_does_not_give_is_refused() -> None:
    rule = parse_rule("if legitimacy lost over 0.6 then dialogue to 1", LEVERS)
    check_signals([rule], ["legitimacy_lost"])
    with pytest.raises(UsageError, match="'legitimacy lost'") as caught:
        check_signals([rule], ["deaths"])
    assert caught.value.remedy == "It gives: 'deaths'."
