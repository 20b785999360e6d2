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


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_planted_value_is_found_with_its_side(chance: np.random.Generator) -> None:
    grievance = chance.uniform(0, 1, FUTURES)
    # Ours has 10 fewer deaths where grievance is below 0.8, and 10 more above it.
    change = np.where(grievance > 0.8, 10.0, -10.0) + chance.normal(0, 2, FUTURES)
    base = chance.uniform(50, 100, FUTURES)
    runs = {STATUS_QUO: paths(base), "ours": paths(base + change, grievance=grievance)}
    [row] = signposts(runs).to_dicts()
    assert (row["signal"], row["above"], row["turns"]) == ("grievance", True, True)
    assert row["value"] == pytest.approx(0.8, abs=0.04)
    assert row["share"] == pytest.approx(0.2, abs=0.05)
    assert row["p_better_beyond"] < 0.1
    assert row["p_better_within"] > 0.9
    assert row["mean_beyond"] > 0 > row["mean_within"]
    assert (row["month"], row["n_futures"], row["unit"][:5]) == (24, FUTURES // 2, "index")
    # Turned around, low values tell; a reader is told which side.
    turned = {**runs, "ours": paths(base + change, grievance=1 - grievance)}
    [row] = signposts(turned).to_dicts()
    assert (row["above"], row["value"]) == (False, pytest.approx(0.2, abs=0.04))


def test_chance_alone_tells_nothing() -> None:
    for seed in range(8):
        chance = np.random.default_rng(seed)
        base = chance.uniform(50, 100, FUTURES)
        ours = paths(base, grievance=chance.random(FUTURES))
        # What the years after bring is not seen in the second.
        ours.paths["deaths"][:, 24:] += chance.normal(-1, 5, (FUTURES, 1))
        [row] = signposts({STATUS_QUO: paths(base), "ours": ours}).to_dicts()
        assert (row["signal"], row["turns"]) == (None, False), seed


def test_a_rival_that_is_better_on_both_sides_is_no_switch(chance: np.random.Generator) -> None:
    grievance = chance.uniform(0, 1, FUTURES)
    share = np.where(grievance > 0.7, 0.05, 0.3)
    change = np.where(chance.random(FUTURES) < share, -5.0, 5.0)
    base = np.full(FUTURES, 80.0)
    runs = {STATUS_QUO: paths(base), "ours": paths(base + change, grievance=grievance)}
    [row] = signposts(runs).to_dicts()
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
