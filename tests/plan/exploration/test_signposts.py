"""Signposts: found where one is planted, and none where there is but chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tocsin.plan.compare import PortfolioRun
from tocsin.plan.exploration.signposts import FEWEST, signposts
from tocsin.plan.portfolios import STATUS_QUO

FUTURES = 600


def paths(deaths: Any, **others: Any) -> PortfolioRun:
    """Three years; what is given is of each future, and the same in all months."""
    each = {"deaths": deaths} | others
    return PortfolioRun({}, {name: np.tile(one[:, None], (1, 36)) for name, one in each.items()})


def on_deaths(runs: dict[str, PortfolioRun]) -> dict[str, Any]:
    """The one row on deaths; the status quo's grievance stands at what it is today."""
    for run in runs.values():
        run.paths.setdefault("grievance", np.full((len(run.paths["deaths"]), 36), 0.5))
    rows = signposts(runs).to_dicts()
    assert [row["outcome"] for row in rows] == ["deaths", "grievance"]
    return rows[0]


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_planted_value_is_found_with_its_side(chance: np.random.Generator) -> None:
    grievance = chance.uniform(0, 1, FUTURES)
    # Ours has 10 fewer deaths where grievance is below 0.8, and 10 more above it.
    change = np.where(grievance > 0.8, 10.0, -10.0) + chance.normal(0, 2, FUTURES)
    base = chance.uniform(50, 100, FUTURES)
    runs = {STATUS_QUO: paths(base), "ours": paths(base + change, grievance=grievance)}
    row = on_deaths(runs)
    assert (row["signal"], row["above"], row["turns"]) == ("grievance", True, True)
    assert row["value"] == pytest.approx(0.8, abs=0.04)
    assert row["share"] == pytest.approx(0.2, abs=0.05)
    assert row["p_better_beyond"] < 0.1
    assert row["p_better_within"] > 0.9
    assert row["mean_beyond"] > 0 > row["mean_within"]
    assert (row["month"], row["n_futures"], row["unit"][:5]) == (12, FUTURES // 2, "index")
    for side in ("beyond", "within"):
        low, share, high = (row[f"p_better_{side}{end}"] for end in ("_low", "", "_high"))
        assert low < share < high or share in (0.0, 1.0)
    # Turned around, low values tell; a reader is told which side.
    turned = {**runs, "ours": paths(base + change, grievance=1 - grievance)}
    row = on_deaths(turned)
    assert (row["above"], row["value"]) == (False, pytest.approx(0.2, abs=0.04))


def test_another_outcome_and_a_later_year_are_looked_at(chance: np.random.Generator) -> None:
    base, shape = np.full(FUTURES, 80.0), (FUTURES, 48)
    trade = chance.random(FUTURES)
    # What trade is lost tells in the third year only, and of what trade is lost afterwards.
    seen = chance.random(shape)
    seen[:, 24:36] = trade[:, None]
    seen[:, 36:] = np.where(trade > 0.7, 2.0, 0.1)[:, None] + 0.01 * chance.random((FUTURES, 12))
    each = {"deaths": np.tile(base[:, None], (1, 48))}
    ours = PortfolioRun({}, each | {"trade_lost": seen})
    quo = PortfolioRun({}, each | {"trade_lost": np.full(shape, 1.0)})
    deaths, lost = signposts({STATUS_QUO: quo, "ours": ours}).to_dicts()
    assert (deaths["signal"], deaths["p_better"], deaths["turns"]) == (None, 0.5, False)
    told = (lost["outcome"], lost["signal"], lost["month"], lost["above"], lost["turns"])
    assert told == ("trade_lost", "trade lost", 36, True, True)
    assert lost["value"] == pytest.approx(0.7, abs=0.05)
    # A level is averaged over what comes after, and not added up.
    assert lost["mean_beyond"] == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize(("doubt", "month"), [(0.05, 24), (0.2, 36)])
def test_a_switch_is_told_where_it_serves_most(
    doubt: float, month: int, chance: np.random.Generator
) -> None:
    """A later year tells more, and comes too late where an earlier one tells nearly as much."""
    bad = chance.random(FUTURES) > 0.7
    change = np.where(bad, 10.0, -10.0)
    base, shape = chance.uniform(50, 100, FUTURES), (FUTURES, 48)
    seen = chance.random(shape)
    for year, part in ((1, doubt), (2, 0.0)):
        wrong = chance.random(FUTURES) < part
        seen[:, 12 * year : 12 * year + 12] = np.where(bad ^ wrong, 0.9, 0.1)[:, None]
        seen[:, 12 * year : 12 * year + 12] += 0.01 * chance.random((FUTURES, 12))
    quo = PortfolioRun({}, {"deaths": np.tile(base[:, None], (1, 48)), "grievance": seen})
    deaths = quo.paths["deaths"] + np.where(np.arange(48) < 24, 0.0, change[:, None])
    runs = {STATUS_QUO: quo, "ours": PortfolioRun({}, {"deaths": deaths, "grievance": seen})}
    row = signposts(runs).row(0, named=True)
    assert (row["outcome"], row["month"], row["turns"]) == ("deaths", month, True)


def test_chance_alone_tells_nothing() -> None:
    for seed in range(8):
        chance = np.random.default_rng(seed)
        base = chance.uniform(50, 100, FUTURES)
        ours = paths(base, grievance=chance.random(FUTURES))
        # What the years after bring is not seen in the second.
        ours.paths["deaths"][:, 24:] += chance.normal(-1, 5, (FUTURES, 1))
        row = on_deaths({STATUS_QUO: paths(base), "ours": ours})
        assert (row["signal"], row["turns"]) == (None, False), seed
        # Whatever year one half thought of, it is told of one and the same.
        later = ours.paths["deaths"][1::2, 18:] - base[1::2, None]
        better = (later.sum(axis=1) < 0).mean()
        assert (row["month"], row["p_better"]) == (18, pytest.approx(better)), seed


def test_a_rival_that_is_better_on_both_sides_is_no_switch(chance: np.random.Generator) -> None:
    grievance = chance.uniform(0, 1, FUTURES)
    share = np.where(grievance > 0.7, 0.05, 0.3)
    change = np.where(chance.random(FUTURES) < share, -5.0, 5.0)
    base = np.full(FUTURES, 80.0)
    runs = {STATUS_QUO: paths(base), "ours": paths(base + change, grievance=grievance)}
    row = on_deaths(runs)
    assert row["signal"] is not None
    assert row["p_better_within"] < 0.5
    assert not row["turns"]


def test_every_pair_but_the_status_quos_has_a_row_and_few_futures_none() -> None:
    base = np.full(FEWEST, 10.0)
    runs = {name: paths(base) for name in (STATUS_QUO, "a", "b")}
    pairs = {(row["portfolio"], row["against"]) for row in signposts(runs).to_dicts()}
    assert pairs == {("a", STATUS_QUO), ("a", "b"), ("b", STATUS_QUO), ("b", "a")}
    few = {name: paths(base[:-1]) for name in (STATUS_QUO, "a")}
    assert signposts(few).is_empty()
