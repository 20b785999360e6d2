"""The page on portfolios says what its tables say, asks for no address, and fits a phone."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest

from tocsin.share.page.planning import planning_page
from tocsin.share.page.planning.page import planning_facts
from tocsin.share.page.planning.words import LANGUAGES, PlanWords

PORTFOLIOS = ("status quo", "layered", "<b>force</b>")
STATUS = pl.DataFrame(
    {"portfolio": "status quo", "outcome": "deaths", "unit": "deaths", "territory": "region",
     "n_futures": 500, "mean": 900.0, "low": 10.0, "median": 400.0, "high": 3000.0,
     "p_1000": 0.6, "judgement": None}, schema_overrides={"judgement": pl.Float64},
)  # fmt: skip


def tables() -> dict[str, pl.DataFrame]:
    pairs = [
        {"portfolio": name, "against": "status quo", "outcome": outcome, "unit": unit,
         "n_futures": 500, "mean": -size * rank, "low": -2 * size * rank, "high": size,
         "median": -10.0,
         "p_better": 0.9, "p_better_low": 0.85, "p_better_2": 0.8, "p_better_4": None,
         "flips_at": 3.3, "judgement": 0.2}
        for rank, name in enumerate(PORTFOLIOS[1:], 1)
        for outcome, unit, size in (("deaths", "deaths", 12_345.0), ("trade_lost", "%", 0.25))
    ]  # fmt: skip
    levers = [
        {"portfolio": name, "lever": lever, "effort": effort, "cost": effort}
        for name in PORTFOLIOS
        for lever, effort in (("dialogue", 0.4), ("clearance", 0.0))
    ]
    regrets = [
        {"portfolio": name, "outcome": "deaths", "unit": "deaths", "n_futures": 500,
         "mean": 10.0 * rank, "p90": 20.0 * rank, "greatest": 50.0 * rank, "good_enough": 0.5}
        for rank, name in enumerate(PORTFOLIOS)
    ]  # fmt: skip
    swings = [
        {"portfolio": "layered", "against": "status quo", "outcome": "deaths", "unit": "deaths",
         "parameter": f"parameter_{one}", "basis": "judgement", "low": -100.0 - one,
         "high": -50.0 + 3 * one, "mean": -80.0, "error": 1.0 if one > 2 else 50.0}
        for one in range(14)
    ]  # fmt: skip
    failures = [
        {"portfolio": name, "against": "status quo", "outcome": "deaths", "share": share,
         "share_2": 0.4, "share_4": 0.66, "flips_at": flips, "looked_at": what,
         "headline": f"It does worse in {share:.0%}."}
        for name, share, what, flips in (
            ("layered", 0.01, "worst tenth", 1.0), ("<b>force</b>", 0.2, "failures", 2.2),
        )
    ]  # fmt: skip
    limits = [
        {"portfolio": "layered", "box": 1, "parameter": "backlash", "low": 0.02, "high": None,
         "unit": "a month", "coverage": 0.5, "density": 0.6, "mass": 0.2,
         "prior_low": 0.0, "prior_high": 0.04},
    ]  # fmt: skip
    fired = [
        {"portfolio": "layered", "number": 1, "sentence": "if deaths over 5 then health to 1",
         "share": 0.5, "month_low": 2.0, "month_median": 9.0, "month_high": 20.0},
    ]  # fmt: skip
    ways = [
        {"use": "current", "action": "current", "after": None, "begin": None, "end": 2027.0,
         "colour": "#9fb3c4", "signpost": ""},
        {"use": "layered", "action": "layered", "after": "current", "begin": 2027.0, "end": 2029.0,
         "colour": "#0072b2", "signpost": "if a"},
    ]  # fmt: skip
    return {
        "comparisons": pl.DataFrame(pairs), "portfolio_levers": pl.DataFrame(levers),
        "regrets": pl.DataFrame(regrets), "parameter_swings": pl.DataFrame(swings),
        "failures": pl.DataFrame(failures), "failure_boxes": pl.DataFrame(limits),
        "rule_firings": pl.DataFrame(fired), "pathways": pl.DataFrame(ways),
    }  # fmt: skip


def test_facts_are_those_of_the_tables() -> None:
    told = planning_facts(tables())
    assert {row["outcome"] for row in told["trade_offs"]} == {"deaths", "trade_lost", "cost"}
    assert len(told["trade_offs"]) == 9
    assert [row["shade"] for row in told["regrets"]] == [0.0, 0.5, 1.0]
    widest = [row["parameter"] for row in told["swings"]["layered"]][:2]
    assert widest == ["parameter_13", "parameter_12"]
    assert len(told["swings"]["layered"]) == 10
    # What chance can make is left out.
    noisy = {**tables(), "parameter_swings": tables()["parameter_swings"].with_columns(error=50.0)}
    assert planning_facts(noisy)["swings"]["layered"] == []
    quo = [row["mean"] for row in told["trade_offs"] if row["portfolio"] == "status quo"]
    assert quo == [0.0, 0.0, 0.4]
    [limit] = told["boxes"][0]["boxes"][0]["limits"]
    assert (limit["left"], limit["width"]) == (50.0, 50.0)
    assert (limit["low"], limit["high"], limit["unit"]) == (0.02, None, "a month")
    assert told["boxes"][1]["boxes"] == []


@pytest.mark.slow
def test_a_part_of_which_nothing_is_known_is_left_out() -> None:
    every = tables()
    some = {name: every[name] for name in ("comparisons", "portfolio_levers")}
    page = planning_page(some, region="Sahel")
    # What was not looked for is not passed over: the page says how to have it.
    assert 'class="box"' not in page
    assert '<code dir="ltr">tocsin plan page</code>' in page
    assert 'id="rules"' not in page
    assert 'id="trade-offs"' in page


@pytest.mark.slow
def test_the_page_asks_for_no_address_and_takes_names_as_text() -> None:
    page = planning_page(tables(), region="Sahel & more")
    assert "Sahel &amp; more" in page
    assert '<p class="note">Units: Deaths (' in page
    for chart in ("explorer", "regret", "tornado-0", "pathways"):
        assert f'data-chart="{chart}"' in page
    assert "default-src 'none'" in page
    bare = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "<b>force</b>" not in bare
    assert not re.search(r"(src|href)=\"(?!data:|#)", bare)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_recorded_in_ten_years_stands_beside_the_futures(language: str) -> None:
    words, last = PlanWords(language), date(2022, 12, 1)
    months = [date(2012 + n // 12, n % 12 + 1, 1) for n in range(132)]
    series = pl.DataFrame(
        {"gwno": 41, "month": months, "target": "ged_sb", "deaths": [*[9] * 12, *[1] * 119, 1300]}
    )
    risk = [{"gwno": 41, "territory": "Haiti", "far": ""}]
    about = {"region": "R", "language": language, "risk": risk, "violence": "ged_sb",
             "made": date(2026, 11, 28), "origin": last}  # fmt: skip
    said = words.say("recorded", origin=words.month(last), deaths=words.number(1419))
    whole = planning_page(tables() | {"series": series, "outcomes": STATUS}, **about)
    assert said in whole
    # Where a month is not known, the sum would be of fewer years.
    short = series.filter(pl.col("month") != date(2015, 5, 1))
    start = words.say("recorded", origin="…", deaths="…").split("…")[0]
    assert start not in planning_page(tables() | {"series": short, "outcomes": STATUS}, **about)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_island_is_said_to_have_no_neighbour(language: str) -> None:
    """Haiti and the Dominican Republic share a border, Cuba has none with either."""
    names = {40: "Cuba", 41: "Haiti", 42: "Dominican Republic"}
    rows = [{"gwno": gwno, "territory": name, "far": ""} for gwno, name in names.items()]
    words = PlanWords(language)
    page = planning_page(tables(), region="Islands", language=language, risk=rows)
    assert words.say("alone", places=words.territory(rows[0])) in page
    page = planning_page(tables(), region="Hispaniola", language=language, risk=rows[1:])
    assert words.say("alone", places="…").split("…")[0] not in page
