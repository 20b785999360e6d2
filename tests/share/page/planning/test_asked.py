"""What who decides asks is answered from tables, in each language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tocsin.share.page.planning.asked import (
    RECORD,
    _say_borne,
    answers,
    borne,
    bought,
    say_record,
    turned,
    watched,
)
from tocsin.share.page.planning.words import LANGUAGES, PlanWords

METHOD = Path(__file__).parents[4] / "docs" / "methods" / "calibration.md"
SIGN: dict[str, Any] = {
    "portfolio": "force", "against": "status quo", "outcome": "deaths", "month": 24,
    "n_futures": 500, "p_better": 0.734, "signal": "grievance",
    "unit": "index, 0 to 1 (0.5 today)", "above": True, "value": 0.60373, "share": 0.208,
    "p_better_beyond": 0.3654, "p_better_beyond_low": 0.2871, "p_better_beyond_high": 0.4499,
    "p_better_within": 0.8308, "p_better_within_low": 0.7968, "p_better_within_high": 0.8612,
    "turns": True,
}  # fmt: skip


def tables(**given: Any) -> dict[str, pl.DataFrame]:
    years = [
        {"portfolio": name, "outcome": outcome, "year": year, "mean": size * year,
         "low": 4 * size * year, "high": -size * year, "p_better": 0.7299}
        for name, size in (("force", -10.0), ("layered", -100.0), ("thrift", 5.0))
        for outcome in ("deaths", "grievance")
        for year in range(1, 11)
    ]  # fmt: skip
    places = [
        {"portfolio": "force", "territory": place, "outcome": outcome, "mean": mean,
         "low": mean - 9.0, "high": mean + 9.0, "p_better": better}
        for place, outcome, mean, better in (
            ("Sudan", "deaths", 3.0, 0.678), ("Sudan", "displaced", -70.0, 0.9),
            ("Sudan", "grievance", 0.1, 0.04), ("Uganda", "deaths", -3.0, 0.6),
            ("Uganda", "displaced", -4.0, 0.7), ("Uganda", "grievance", -0.1, 0.9),
        )
    ]  # fmt: skip
    levers = [("status quo", 0.7), ("force", 4.0), ("layered", 2.7), ("thrift", 0.5)]
    swings = [
        {"portfolio": name, "against": "status quo", "outcome": "deaths", "parameter": parameter,
         "mean": -10.0, "low": low, "high": high}
        for name, parameter, low, high in (
            ("force", "enforcement_effect", 93.0, -30.0), ("force", "decay", -1.0, 7.0),
            ("layered", "decay", -1.0, -7.0),
        )
    ]  # fmt: skip
    return {
        "comparison_years": pl.DataFrame(years),
        "comparison_territories": pl.DataFrame(places),
        "portfolio_levers": pl.DataFrame(levers, schema=["portfolio", "cost"], orient="row"),
        "parameter_swings": pl.DataFrame(swings),
        "signposts": pl.DataFrame([SIGN]),
    } | given


def test_what_a_unit_of_cost_buys_is_counted_beyond_the_status_quo() -> None:
    rows = {row["portfolio"]: row for row in bought(tables())}
    assert list(rows) == ["force", "layered", "thrift"]
    assert [one["year"] for one in rows["force"]["years"]] == [1, 2, 3, 5, 10]
    # 1,000 fewer in ten years for 2 units a year more, which are 20.
    each = rows["layered"]["each"]
    assert (each["mean"], each["low"], each["high"]) == pytest.approx((50.0, -50.0, 200.0))
    # What costs less than the status quo has no price for a life.
    assert rows["thrift"]["each"] is None


def test_what_is_worse_on_average_is_named_though_most_futures_are_better() -> None:
    sudan, uganda = borne(tables())
    assert [name for name, _ in sudan["worse"]] == ["deaths", "grievance"]
    assert [share for _, share in sudan["worse"]] == pytest.approx([0.322, 0.96])
    assert uganda["worse"] == []


def test_of_rivals_those_are_watched_for_that_do_better_beyond() -> None:
    others = [
        SIGN | {"against": f"rival {n}", "p_better_beyond": 0.1 * n, "turns": n != 2}
        for n in range(6)
    ]
    rows = watched(tables(signposts=pl.DataFrame([*others, SIGN])))
    assert [row["against"] for row in rows] == ["status quo", "rival 0", "rival 1", "rival 3"]


def test_parameters_that_turn_the_answer_come_by_how_much() -> None:
    force, layered = turned(tables())
    assert [(one["parameter"], one["end"]) for one in force["ends"]] == [
        ("enforcement_effect", "lowest"), ("decay", "highest"),
    ]  # fmt: skip
    assert layered["ends"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_answer_stands_in_each_language(language: str) -> None:
    words = PlanWords(language)
    found = answers(tables(), words, [{"territory": "Sudan", "gwno": 625}])
    assert found["years"] == [1, 2, 3, 5, 10]
    # A share of futures is cut, and the words are the language's own.
    assert words.bound(0.729) in found["bought"][0]["years"][0]
    assert found["bought"][2]["each"] == "–"
    assert words.outcome("grievance") in found["borne"][0]["worse"]
    assert (found["borne"][0]["territory"] == "Sudan") == (language == "en")
    [watch] = found["watch"]
    assert watch["rule"] == "if grievance over 0.604 for 3 months then …"
    assert words.amount(0.604, "least") in watch["text"]
    assert words.bound(0.3654) in watch["text"]
    named = {"portfolio": "force", "rival": words.portfolio("status quo")}
    assert watch["text"].endswith(words.say("watch_turns", **named))
    assert len(found["turns"]) == 3
    assert words.say("turned_never", portfolio=words.portfolio("layered")) in found["turns"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"turns": False}, "watch_holds"),
        ({"turns": False, "p_better_within": 0.4}, "watch_either"),
        ({"above": False}, "watch_turns"),
    ],
)
def test_a_value_where_nothing_turns_is_not_called_a_switch(
    given: dict[str, Any], key: str
) -> None:
    words = PlanWords("en")
    [one] = answers(tables(signposts=pl.DataFrame([SIGN | given])), words)["watch"]
    assert one["text"].endswith(words.say(key, portfolio="force", rival="status quo"))
    assert ("below" in one["text"]) == (given.get("above") is False)
    assert ("under 0.604" in one["rule"]) == (given.get("above") is False)


def test_where_nothing_tells_there_is_no_rule() -> None:
    silent = SIGN | dict.fromkeys(("signal", "unit", "above", "value"), None) | {"turns": False}
    [one] = answers(tables(signposts=pl.DataFrame([silent])), PlanWords("en"))["watch"]
    assert one["rule"] == ""
    assert "nothing that a rule can watch" in one["text"]
    assert f"after year {silent['month'] // 12} it does better" in one["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_outcomes_are_told_where_they_turn_and_named_where_not(language: str) -> None:
    words = PlanWords(language)
    lost = SIGN | {"outcome": "trade_lost", "month": 60}
    calm = SIGN | {"outcome": "grievance", "turns": False}
    worse = SIGN | {"outcome": "escalation", "turns": False, "p_better": 0.1}
    alike = SIGN | {"outcome": "displaced"}
    signs = pl.DataFrame([SIGN, alike, lost, calm, worse])
    rows = watched(tables(signposts=signs))
    assert [row.get("outcomes") for row in rows] == [
        ["deaths", "displaced"], ["trade_lost"], None, None
    ]  # fmt: skip
    assert [row.get("firm") or row.get("worse") for row in rows[2:]] == [
        ["grievance"], ["escalation"]
    ]  # fmt: skip
    deaths, trade, firm, never = answers(tables(signposts=signs), words)["watch"]
    assert words.outcome("displaced") in deaths["text"]
    assert words.outcome("deaths") in deaths["text"]
    assert words.outcome("trade_lost") in trade["text"]
    assert "5" in trade["text"]
    # Ends of the interval are rounded away from the share, and the share is cut.
    for share in (words.bound(0.3654), words.bound(0.2871), words.bound(0.4499, most=True)):
        assert share in deaths["text"]
    # What does worse in most futures is not said to have nothing that turns it.
    for one, name in ((firm, "grievance"), (never, "escalation")):
        assert words.outcome(name) in one["text"]
        assert one["rule"] == ""
    assert firm["text"] != never["text"].replace(
        words.outcome("escalation"), words.outcome("grievance")
    )


def test_a_workspace_of_an_earlier_tocsin_says_its_record_and_nothing_else() -> None:
    found = answers({"signposts": pl.DataFrame()}, PlanWords("en"))
    assert {key for key, value in found.items() if value} == {"record"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_record_is_that_of_the_methods_page(language: str) -> None:
    text = METHOD.read_text("utf-8")
    report = text[text.index("to report") : text.index("to choose by")]
    told = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", report)]
    for score in ("log", "deaths"):
        for values in RECORD[score].values():  # type: ignore[attr-defined]
            assert set(values) <= set(told)
    for values in RECORD["held"].values():  # type: ignore[attr-defined]
        assert {round(100 * one) for one in values} <= set(told)
    words = PlanWords(language)
    said = say_record(words)
    for part in (words.decimals(0.255), words.decimals(0.416), words.per_cent(0.9)):
        assert part in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_where_nearly_all_futures_tie_is_not_worse_in_half_of_them(language: str) -> None:
    """Of 0 deaths under both in 95 of 100 futures '48.4 %' were said to be worse."""
    row = {
        "portfolio": "layered", "territory": "Gabon", "mean": 26.0, "low": -1.0, "high": 0.0,
        "p_better": 0.516,
    }  # fmt: skip
    rows = [row | {"outcome": one} for one in ("deaths", "displaced")]
    rows[1] |= {"high": 40.0}
    [found] = borne({"comparison_territories": pl.DataFrame(rows)})
    assert found["worse"] == [("deaths", None), ("displaced", pytest.approx(0.484))]
    words = PlanWords(language)
    told = _say_borne(found, words, {})["worse"]
    assert words.say("borne_few", share=words.per_cent(0.05)) in told
    assert words.bound(0.484) in told
