"""What each lever adds: told of the plan that is shown, with what is shown and what is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.plan.portfolios import SHIPPED
from tocsin.plan.portfolios.declared import Limits, Need, Terms
from tocsin.plan.portfolios.limits import excess
from tocsin.schema import TABLES, conform
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.portfolios import parts
from tocsin.share.page.language import LANGUAGES
from tocsin.share.page.planning.parts import say_parts
from tocsin.share.page.planning.words import PlanWords

SHARES = {"p_better": 0.1, "p_better_low": 0.05, "p_worse": 0.9, "p_worse_low": 0.85}
OTHER = {"p_better": 0.9, "p_better_low": 0.85, "p_worse": 0.1, "p_worse_low": 0.05}
NEITHER = {"p_better": 0.5, "p_better_low": 0.45, "p_worse": 0.5, "p_worse_low": 0.45}


def part(variant: str, mean: float, outcome: str = "deaths", **given: Any) -> dict[str, Any]:
    """A row of the table."""
    lever = variant.removeprefix("without ") if variant.startswith("without") else None
    return {
        "portfolio": "layered", "variant": variant, "lever": lever, "months": 0.0,
        "extra_cost": -0.5, "crosses": None, "outcome": outcome, "unit": outcome,
        "n_futures": 1000, "mean": mean, "low": mean - 60.0, "median": mean, "high": mean + 60.0,
        "source": "plan", **SHARES, **given,
    }  # fmt: skip


ROWS = [
    part(STATUS_QUO, 100.0, extra_cost=-3.0),
    part(STATUS_QUO, 2.0, "trade_lost", extra_cost=-3.0),
    part("without health", 0.0, low=0.0, high=0.0, **NEITHER),
    part("without health", 0.0, "trade_lost", **NEITHER),
    part("without dialogue", 30.0, crosses="at least some dialogue"),
    part("without dialogue", 0.5, "trade_lost", **NEITHER),
    part("without export-control", -5.0, **OTHER),
    part("without export-control", -1.0, "trade_lost", **OTHER),
    part("12 months later", 8.0, months=12.0, extra_cost=0.0, **NEITHER),
    part("12 months later", 0.1, "trade_lost", months=12.0, extra_cost=0.0),
]


def tables(rows: Any = ROWS, **changed: Any) -> dict[str, pl.DataFrame]:
    """A plan whose portfolio has 100 deaths fewer than the status quo and costs 3 units more."""
    known = {"portfolio": "layered", "against": STATUS_QUO, "n_futures": 1000}
    compared = [
        known | {"outcome": "deaths", "mean": -100.0, "low": -160.0, "high": -40.0} | changed,
        known | {"outcome": "trade_lost", "mean": -2.0, "low": -62.0, "high": 58.0},
    ]
    costs = pl.DataFrame({"portfolio": [STATUS_QUO, "layered"], "cost": [1.0, 4.0]})
    return {
        "portfolio_parts": conform(TABLES["portfolio_parts"], pl.DataFrame(rows)),
        "comparisons": pl.DataFrame(compared), "portfolio_levers": costs,
    }  # fmt: skip


def test_levers_stand_by_what_they_add_and_what_is_late_behind_them() -> None:
    [row] = parts(tables())
    assert (row["portfolio"], row["n_futures"]) == ("layered", 1000)
    assert (row["whole"], row["summed"]) == (100.0, 25.0)
    assert [one["lever"] for one in row["rows"]] == ["dialogue", "health", "export-control", None]
    dialogue, health, control, late = row["rows"]
    assert [one["order"] for one in row["rows"]] == ["more", "", "fewer", ""]
    assert dialogue["saved"] == 0.5
    assert dialogue["crosses"] == "at least some dialogue"
    # What changes nothing is shown to be neither, whatever ties make of its share.
    assert (health["worse"], health["better"]) == ([], [])
    assert (control["worse"], control["better"]) == ([], ["trade_lost"])
    assert (late["months"], late["worse"]) == (12.0, ["trade_lost"])


@pytest.mark.parametrize(
    "changed", [{"mean": -101.0}, {"n_futures": 999}, {"low": -170.0}, {"portfolio": "other"}]
)
def test_parts_of_another_plan_are_not_told(changed: dict[str, Any]) -> None:
    assert parts(tables(**changed)) == []


def test_parts_at_other_costs_are_not_told() -> None:
    dearer = [row | {"extra_cost": row["extra_cost"] - 1.0} for row in ROWS]
    assert parts(tables(dearer)) == []
    assert parts({**tables(), "portfolio_parts": tables()["portfolio_parts"].clear()}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_what_is_shown_and_what_is_not(language: str) -> None:
    words = PlanWords(language)
    [told] = say_parts(parts(tables()), words)
    dialogue, health, control, late = told["rows"]
    assert dialogue["what"] == words.lever("dialogue") != "dialogue"
    assert dialogue["share"] == words.say(
        "parts_more", share=words.bound(0.9), bound=words.bound(0.85)
    )
    assert health["share"] == words.say("parts_nothing")
    assert control["share"] == words.say("parts_fewer", share=words.bound(0.1))
    assert control["better"] == words.outcome("trade_lost")
    assert late["share"] == words.say("parts_unshown", share=words.bound(0.5))
    assert late["saved"] == dialogue["worse"] == "–"
    # A long list of all of them would hide the one that stands alone.
    [row] = parts(tables())
    row["rows"] = [one | {"worse": ["trade_lost", "grievance"], "others": 2} for one in row["rows"]]
    assert say_parts([row], words)[0]["rows"][0]["worse"] == words.say("parts_all")
    assert words.number(12) in late["what"]
    assert words.amount(100.0) in told["together"]


def test_a_limit_has_a_name_in_each_language() -> None:
    """Each kind that `excess` names is told in words, and none by the name of a file's key."""
    levers: dict[str, Terms] = dict(SHIPPED.levers)
    limits = Limits(
        budget=1.0, civil_harm=1.0, proportionality=1.0, keep=("health",), least={"dialogue": 0.1},
        most={"export-control": 0.5},
        needs=(Need("targeted-enforcement", 0.5, {"incident-response": 0.3}),),
    )  # fmt: skip
    known = excess(np.zeros((1, len(levers))), list(levers), levers, limits, np.zeros(len(levers)))
    assert len(known) == 8
    english = {name: PlanWords("en").limit(name) for name in known}
    assert english["keep health"] == "Health: no less than today"
    assert english["needs incident-response beside targeted-enforcement"] == (
        "Targeted enforcement only with Incident response"
    )
    for language in LANGUAGES:
        told = [PlanWords(language).limit(name) for name in known]
        assert len(set(told)) == len(known)
        assert not set(told) & set(known)
        assert language == "en" or not set(told) & set(english.values())
    assert PlanWords("fr").limit("a later kind") == "a later kind"
