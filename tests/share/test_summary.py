"""What a terminal says of portfolios: the median and the chance of a war, and shares of what was
played."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tocsin.plan.exploration.futures import JOINT
from tocsin.plan.exploration.sensitivity import CHANCE, LATER
from tocsin.share.summary import (
    _fit,
    alone_lines,
    index_rows,
    lines,
    part_lines,
    portfolio_lines,
)

QUO: dict[str, Any] = {
    "portfolio": "status quo", "outcome": "deaths", "unit": "deaths in 10 years",
    "mean": 1_450.0, "low": 0.0, "median": 14.0, "high": 640.0, "p_1000": 0.0091, "judgement": 0.02,
}  # fmt: skip
LAYERED: dict[str, Any] = {
    "portfolio": "layered", "against": "status quo", "outcome": "deaths",
    "unit": "deaths in 10 years", "mean": -180.0, "low": -740.0, "median": -2.0, "high": 0.0,
    "p_better": 1.0, "p_better_2": 0.994, "p_better_4": 0.988, "flips_at": 167.0,
    "judgement": 0.31, "driver": None,
}  # fmt: skip


def test_what_is_rare_is_told_as_a_chance_and_nothing_is_certain() -> None:
    _, quo, layered, _ = portfolio_lines({"comparisons": [LAYERED], "outcomes": [QUO]})
    assert "median 14 deaths in 10 years" in quo
    assert "1,000 or more in <1% of the futures" in quo
    assert "−180 deaths in 10 years on average" in layered
    assert "fewer in >99% of the futures played, ties as half" in layered
    assert "at least in 99.4% and 98.8% where likelihoods are misjudged" in layered
    assert "(the order holds up to a factor of 167); at least 31% of the spread" in layered
    assert "at least 2% of the spread is judgement" in quo
    little = portfolio_lines({"comparisons": [LAYERED], "outcomes": [QUO | {"judgement": 0.004}]})
    assert little[1].endswith("; of the spread less than 1% is traced to judgement")
    # Neither more of judgement, nor a larger factor, nor a larger share than was found.
    close = LAYERED | {"judgement": 0.319, "flips_at": 1.4799, "p_better_2": 0.4897}
    said = portfolio_lines({"comparisons": [close], "outcomes": [QUO]})[2]
    assert "at least in 48.9% and 98.8%" in said
    assert "(the order holds up to a factor of 1.47); at least 31% of the spread" in said
    worse = LAYERED | {"p_better": 0.2, "flips_at": 2.1, "judgement": None}
    assert portfolio_lines({"comparisons": [worse], "outcomes": [QUO]})[2].endswith(
        "(the order with it as the worse one holds up to a factor of 2.10)"
    )
    unshown = LAYERED | {"flips_at": 1.0, "judgement": None}
    assert portfolio_lines({"comparisons": [unshown], "outcomes": [QUO]})[2].endswith(
        "(the order is not shown)"
    )
    # Where half of the futures have so many, or none was counted, there is no chance to be told.
    for chance in (0.7, 0.0, None):
        _, said, *_ = portfolio_lines(
            {"comparisons": [LAYERED], "outcomes": [QUO | {"p_1000": chance}]}
        )
        assert "1,000 or more" not in said
    assert portfolio_lines({"comparisons": [], "outcomes": [QUO]}) == [
        "Portfolios were not compared here."
    ]


@pytest.mark.parametrize(
    ("named", "of", "own", "rests", "said"),
    [
        (
            0,
            3,
            1,
            "rests on one report",
            "no report of 3 incidents says that it was the user; rests on",
        ),
        (1, 1, None, "", "said to be the user by 1 report of 1 incident"),
        (
            2,
            9,
            7,
            "",
            "by 2 reports of 9 incidents; in all territories, 7 can be read as its own use",
        ),
        (
            0,
            20,
            16,
            "",
            "says that it was the user; in all territories, 16 can be read as its own use",
        ),
    ],
)
def test_no_report_is_said_to_name_what_none_names(
    named: int, of: int, own: int | None, rests: str, said: str
) -> None:
    entry = {
        "named": "Hill Group", "label": "Cyber", "confidence": 0.6, "n_named": named,
        "n_incidents": of, "n_own": own, "rests": rests,
    }  # fmt: skip
    facts: dict[str, Any] = {
        "files": [], "region": "R", "made": date(2020, 2, 1), "origin": date(2020, 1, 1),
        "old": False, "unseen": [], "risk": [], "reported": [{
            "territory": "R", "incidents": 9, "deaths": 1, "first": 2019, "last": 2020}],
        "adoption": [entry], "mentioned": [], "unattributed": {"count": 0},
        "comparisons": [], "outcomes": [],
    }  # fmt: skip
    [line] = [one for one in lines(facts) if "Hill Group" in one]
    assert line.endswith(said) or said + " one report" in line


@pytest.mark.parametrize(
    ("candidates", "said"),
    [(["Hill Front (0.40)"], "the brief says who may have done them."),
     ([], "of none of the deadliest is there a candidate.")],
)  # fmt: skip
def test_that_the_brief_says_who_did_it_is_said_only_where_it_does(
    candidates: list[str], said: str
) -> None:
    facts: dict[str, Any] = {
        "files": [], "region": "R", "made": date(2020, 2, 1), "origin": date(2020, 1, 1),
        "old": False, "unseen": [], "risk": [], "reported": [{
            "territory": "R", "incidents": 9, "deaths": 1, "first": 2019, "last": 2020}],
        "adoption": [], "mentioned": [], "comparisons": [], "outcomes": [],
        "unattributed": {"count": 9, "of": 9, "shown": [{"candidates": candidates}]},
    }  # fmt: skip
    [line] = [one for one in lines(facts) if "Perpetrator" in one]
    assert line.endswith(said)


def part(variant: str, mean: float, worse: float, least: float, better: float) -> dict[str, Any]:
    lever = variant.removeprefix("without ") if "without" in variant else None
    return {
        "variant": variant, "lever": lever, "extra_cost": -0.4, "crosses": None,
        "outcome": "deaths", "unit": "deaths in 10 years", "n_futures": 1000, "mean": mean,
        "low": -1.0, "high": 9.0, "p_worse": worse, "p_worse_low": least, "p_better_low": better,
    }  # fmt: skip


def test_what_a_lever_adds_is_told_beside_what_all_do_together() -> None:
    rows = [
        part("status quo", 30.0, 0.9, 0.88, 0.08), part("without aid", 12.0, 0.8, 0.78, 0.18),
        part("without talks", 1.0, 0.51, 0.48, 0.46), part("without force", -4.0, 0.3, 0.27, 0.67),
        part("without words", 0.0, 0.5, 0.48, 0.48) | {"low": 0.0, "high": 0.0},
        part("12 months later", 5.0, 0.7, 0.67, 0.27),
    ]  # fmt: skip
    rows[3]["crosses"] = "the budget"
    rows.append(rows[0] | {"outcome": "displaced"})
    table, said = part_lines(rows, "ours", "deaths")
    assert [row[0] for row in table] == [row["variant"] for row in rows[:-1]]
    assert table[1] == ["without aid", "−0.40", "+12", "−1.0 to +9.0", "80%; 78.0%"]
    text = "\n".join(said)
    assert "'ours' does better without: force." in text
    assert "not shown that these change the outcome either way: talks." in text
    # 12, 1 and -4; a late start is no lever.
    assert "it is +30, while the differences of each by itself add up to +9.0." in text
    assert "These change nothing of it here: words." in text
    assert "would cross a limit of the file: 'without force' (the budget)." in text
    assert "assumed and not found" in said[-1]


def test_indices_are_told_by_what_people_read_of_an_input() -> None:
    rows = [
        {"input": "backlash", "kind": "judgement", "first": 0.25, "first_error": 0.041,
         "total": 0.5, "total_error": 0.1},
        {"input": CHANCE, "kind": CHANCE, "first": 0.1, "first_error": 0.02, "total": 0.2,
         "total_error": 0.02},
        {"input": JOINT, "kind": "calibrated", "first": 0.0, "first_error": 0.02, "total": 0.0,
         "total_error": 0.02},
    ]  # fmt: skip
    header, told = index_rows(rows)
    assert header[:2] == ["input", "rests on"]
    assert len(header) == 4
    assert told[0] == [
        "grievance from heavy enforcement (backlash)", "judgement", "0.25 ± 0.041", "0.50 ± 0.10",
    ]  # fmt: skip
    assert (
        told[1][:2] == ["what happens by chance, with the place in the forecast's first year"] * 2
    )
    assert told[2][0] == "all parameters that data tell of, together"
    _, told = index_rows([rows[1] | {"input": LATER, "kind": LATER}])
    assert told[0][:2] == ["how violence goes on after the forecast's first year"] * 2
    header, told = index_rows([{"input": "my_own", "effect": 1234.0, "effect_error": 3.0,
                                "spread": 2.0}])  # fmt: skip
    assert told == [["my own (my_own)", "1,230 ± 3.0", "2.0"]]
    assert index_rows([]) == ([], [])


def test_it_is_said_where_no_single_input_explains_a_difference() -> None:
    kinds = [{"ranked_first": one, "ranked_first_error": 0.1} for one in (0.3, -0.2, 0.05)]
    one = {"input": "backlash", "ranked_first": 0.1, "ranked_first_error": 0.1}
    other = {"input": LATER, "ranked_first": 0.2, "ranked_first_error": 0.3}
    said, meant = alone_lines(kinds, [one, other])
    assert "explain 15% of which future is worse (of ranks; 95%: at most 32%)" in said
    assert meant.startswith("No single input explains half of it")
    _, meant = alone_lines(kinds, [one, other | {"ranked_first": 0.3}])
    assert meant.startswith("Whether 'how violence goes on after the forecast's first year' alone")
    _, meant = alone_lines(kinds, [one | {"ranked_first": 0.7}, other])
    assert meant == "By itself, 'grievance from heavy enforcement' explains half of it or more."


def test_a_long_name_is_shortened_and_what_follows_it_stays() -> None:
    assert _fit("Milice locale (Chad), not told apart") == "Milice locale (Ch…, not told apart"
    assert _fit("Hill Group") == "Hill Group"
    assert _fit("Hill " * 20) == "Hill Hill Hill Hill Hill Hill Hil…"
