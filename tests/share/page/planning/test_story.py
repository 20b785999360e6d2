"""What is said of a portfolio: how much, how sure, where it lies, and what no reader may miss."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.share.page.planning.story import driver_sentences, story, warning
from tocsin.share.page.planning.words import LANGUAGES, PlanWords

ETHIOPIA = {
    "gwno": 530, "territory": "Ethiopia", "far": "fallen", "median": 16_070, "last_1": 4,
    "last_3": 140_202, "last_12": 163_208,
}  # fmt: skip

CARRIED = {
    "territory": "Ethiopia", "carries": True, "share": 0.84, "rest": -4400.0, "only": False,
    "risk": ETHIOPIA,
}  # fmt: skip


def compared(name: str = "layered", **given: Any) -> dict[str, Any]:
    row = {
        "portfolio": name, "against": "status quo", "outcome": "deaths", "n_futures": 1000,
        "mean": -27_044.4, "median": -15_120.0, "low": -94_359.0, "high": -976.0, "p_better": 1.0,
        "p_better_low": 0.997, "p_better_2": 0.9941, "p_better_4": 0.988, "flips_at": 167.15,
        "judgement": 0.085,
        "driver": CARRIED,
    }  # fmt: skip
    return row | given


BASE = {"portfolio": "status quo", "outcome": "deaths", "mean": 362_729.0, "median": 209_120.0,
        "low": 9803.0, "high": 1_239_080.0}  # fmt: skip


def test_numbers_are_round_and_every_doubt_stands_beside_them() -> None:
    told = story([compared()], [BASE], "ged_sb", PlanWords("en"))
    [one] = told["portfolios"]
    said = " ".join(one["sentences"])
    for part in ("about 27,000 fewer", "94,000 fewer and 980 fewer", "84% of this difference",
                 "in Ethiopia", "4,400 fewer", "median: 15,000 fewer",
                 "100.0% of the 1,000 futures that were played", "99.7%", "99.4%",
                 "98.8%", "factor of 167", "At least 8%"):  # fmt: skip
        assert part in said, part
    assert "at most 210,000 deaths in state-based conflict" in told["status"]
    assert "about 360,000" in told["status"]
    assert "it cannot say" in one["verdict"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_difference_that_judgement_hardly_touches_is_not_said_to_rest_on_nought(
    language: str,
) -> None:
    words = PlanWords(language)
    [one] = story([compared(judgement=0.004)], [BASE], "ged_sb", words)["portfolios"]
    assert words.say("judgement_little") in one["sentences"]
    # 'At least 1 %' would be more than was found.
    [one] = story([compared(judgement=0.006)], [BASE], "ged_sb", words)["portfolios"]
    assert words.say("judgement_little") in one["sentences"]
    [one] = story([compared(judgement=0.019)], [BASE], "ged_sb", words)["portfolios"]
    assert words.say("judgement", share=words.percent(0.01)) in one["sentences"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_claimed_is_rounded_to_the_side_on_which_it_holds(language: str) -> None:
    words = PlanWords(language)
    row = compared(p_better=0.7, p_better_low=0.66, flips_at=1.4799)
    [one] = story([row], [BASE], "ged_sb", words)["portfolios"]
    assert words.say("flips", flip=words.amount(1.47, "least")) in one["sentences"]
    # Half of the futures have at most so many: 209,120 are not at most 200,000 or 209,000.
    told = story([], [BASE | {"median": 201_001.0}], "ged_sb", words)["status"]
    assert words.number(210_000) in told
    assert words.number(14) in story([], [BASE | {"median": 13.5}], "ged_sb", words)["status"]
    # What makes up less than half does not read as half.
    spread = {"territory": "Chad", "carries": False, "share": 0.497, "rest": -5.0, "only": False,
              "risk": None}  # fmt: skip
    [said] = driver_sentences(spread, words)
    assert words.percent(0.49) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_most_futures_are_calm_the_chance_of_a_war_stands_before_the_mean(
    language: str,
) -> None:
    words = PlanWords(language)
    calm = BASE | {"mean": 1_450.0, "median": 14.0, "low": 0.0, "high": 640.0, "p_1000": 0.0091}
    said = story([], [calm], "ged_sb", words)["status"]
    parts = [words.number(14), words.bound(0.01, most=True), words.number(1000), words.number(1400)]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)
    # Where all or none of the futures have so many deaths, there is no chance to be told.
    for chance in (0.0, 0.7, None):
        told = story([], [calm | {"p_1000": chance}], "ged_sb", words)["status"]
        assert words.bound(0.01, most=True) not in told
        assert words.number(640) in told
    # The spread of the status quo says what of it is judgement, as every difference does.
    judged = story([], [calm | {"judgement": 0.07}], "ged_sb", words)["status"]
    assert judged == f"{said} {words.say('status_judged', share=words.percent(0.07))}"
    little = story([], [calm | {"judgement": 0.004}], "ged_sb", words)["status"]
    assert little == f"{said} {words.say('status_judged_little')}"


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"flips_at": 2.02, "p_better": 0.775}, "open"),
        ({"p_better": 0.4}, "worse"),
        ({"mean": 12.0, "p_better": 0.7}, "worse"),
        ({"flips_at": None}, "open"),
    ],
)
def test_what_is_not_firm_is_called_open_and_what_is_no_better_so(
    given: dict[str, Any], verdict: str
) -> None:
    words = PlanWords("en")
    [one] = story([compared(**given)], [], "ged_sb", words)["portfolios"]
    assert one["verdict"] == words.say(verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_war_that_may_have_ended_is_told_once_beside_the_portfolios(language: str) -> None:
    words = PlanWords(language)
    told = story([compared(), compared("other")], [BASE], "ged_sb", words)
    [one] = told["warnings"]
    assert words.say("if_over") in one
    assert "16" in one
    ended = ETHIOPIA | {"far": ""}
    calm = compared(driver=CARRIED | {"risk": ended})
    assert story([calm], [BASE], "ged_sb", words)["warnings"] == []


def test_a_difference_that_no_territory_carries_is_said_to_be_spread() -> None:
    words = PlanWords("en")
    spread = {"territory": "Chad", "carries": False, "share": 0.3, "rest": -5.0, "only": False,
              "risk": None}  # fmt: skip
    [said] = driver_sentences(spread, words)
    assert "No territory makes up half" in said
    assert "30%" in said
    assert "Chad" in said
    assert warning(spread, words) == ""
    assert driver_sentences(None, words) == []
    # Where there is but one territory, nobody has to be told that all of it lies there.
    assert driver_sentences(CARRIED | {"only": True}, words) == []
    assert warning(CARRIED | {"only": True}, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_others_go_the_other_way_a_territory_is_not_all_of_the_difference(
    language: str,
) -> None:
    words = PlanWords(language)
    [said] = driver_sentences(CARRIED | {"share": 1.0, "rest": -91.0}, words)
    assert words.percent(1.0) not in said
    assert words.number(91) in said
    [whole] = driver_sentences(CARRIED | {"share": 1.0, "rest": 0.0}, words)
    assert words.percent(1.0) in whole


def test_other_outcomes_and_pairs_tell_nothing_here() -> None:
    rows = [compared(outcome="displaced"), compared(against="layered")]
    told = story(rows, [], "ged_sb", PlanWords("en"))
    assert told == {"status": "", "portfolios": [], "warnings": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_share_is_said_of_differences_that_go_both_ways(language: str) -> None:
    # Of +147 in all, +120 lie in one place: 43% without signs, and 82% of what a reader adds up.
    words = PlanWords(language)
    mixed = {"territory": "Colombia", "carries": False, "share": 0.43, "change": 120.0,
             "rest": 27.0, "both_ways": True, "only": False, "risk": None}  # fmt: skip
    [said] = driver_sentences(mixed, words)
    assert words.number(43) not in said
    assert words.number(120) in said
    assert words.number(27) in said
