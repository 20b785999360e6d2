"""Regret and swings, from runs made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.compare import PortfolioRun
from tocsin.plan.exploration.regrets import parameter_swings, regrets
from tocsin.plan.region.prior import Parameter
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

FUTURES = 100
DRAWN = np.stack([np.linspace(0, 1, FUTURES), np.tile([0.0, 1.0], FUTURES // 2)]).astype(np.float32)
PARAMETERS = (
    Parameter("matters", 0.0, 1.0, "", "assumption"),
    Parameter("does not", 0.0, 1.0, "", "Somebody (2000)"),
)


def runs() -> dict[str, PortfolioRun]:
    base = np.full((FUTURES, 2), 50.0)
    better = base - 5.0 * DRAWN[0][:, None]
    return {
        STATUS_QUO: PortfolioRun({"deaths": base, "trade_lost": np.zeros(FUTURES)}, {}),
        "mine": PortfolioRun({"deaths": better, "trade_lost": np.ones(FUTURES)}, {}),
    }


def test_regret_is_what_is_lost_against_the_best_of_each_future() -> None:
    rows = {(row["portfolio"], row["outcome"]): row for row in regrets(runs()).to_dicts()}
    quo = rows[STATUS_QUO, "deaths"]
    assert (quo["mean"], quo["greatest"]) == (pytest.approx(5.0), pytest.approx(10.0))
    assert quo["p90"] == pytest.approx(9.0)
    assert rows["mine", "deaths"]["greatest"] == 0.0
    assert rows["mine", "trade_lost"]["mean"] == 1.0
    assert (quo["good_enough"], rows["mine", "trade_lost"]["good_enough"]) == (1.0, 0.0)


def test_swings_are_the_means_where_a_parameter_is_low_or_high() -> None:
    found = parameter_swings(runs(), PARAMETERS, DRAWN)
    rows = {(row["parameter"], row["outcome"]): row for row in found.to_dicts()}
    moved = rows["matters", "deaths"]
    assert moved["mean"] == pytest.approx(-5.0)
    assert moved["low"] == pytest.approx(-10 * DRAWN[0][:20].mean(), rel=1e-5)
    assert moved["high"] == pytest.approx(-10 * DRAWN[0][-20:].mean(), rel=1e-5)
    assert moved["basis"] == "judgement"
    two = 10 * DRAWN[0][:20].std(), 10 * DRAWN[0][-20:].std()
    assert moved["error"] == pytest.approx(np.hypot(*two) / np.sqrt(20), rel=1e-4)
    # Trade is lost whatever the parameters are.
    assert rows["does not", "trade_lost"]["low"] == rows["does not", "trade_lost"]["high"] == 1.0
    assert set(found["portfolio"]) == {"mine"}


def test_of_few_futures_the_lowest_and_the_highest_alone_are_compared() -> None:
    base, mine = np.zeros((3, 2)), np.array([[1.0, 1.0], [5.0, 5.0], [3.0, 3.0]])
    both = {
        STATUS_QUO: PortfolioRun({"deaths": base}, {}),
        "mine": PortfolioRun({"deaths": mine}, {}),
    }
    drawn = np.array([[0.9, 0.1, 0.5], [0.0, 0.5, 1.0]], np.float32)
    rows = parameter_swings(both, PARAMETERS, drawn).to_dicts()
    assert [(row["parameter"], row["low"], row["high"]) for row in rows] == [
        ("matters", 10.0, 2.0), ("does not", 2.0, 6.0),
    ]  # fmt: skip
    assert [(row["mean"], row["error"]) for row in rows] == [(6.0, 0.0)] * 2
    assert {row["against"] for row in rows} == {STATUS_QUO}
    assert regrets(both)["n_futures"].to_list() == [3, 3]
