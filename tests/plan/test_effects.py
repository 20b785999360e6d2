"""What a portfolio changes by the end of each year, and in each territory."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.plan.compare import PortfolioRun
from tocsin.plan.effects import comparison_territories, comparison_years
from tocsin.plan.portfolios import STATUS_QUO
from tocsin.plan.region.outcomes import OUTCOMES, REGIONAL

PLACES = ("North", "South")


def run(deaths: float, level: float) -> PortfolioRun:
    """Two futures of two years and two territories; the second future has twice as many deaths."""
    factor = np.array([[1.0], [2.0]])
    paths = {
        name: factor * np.full((2, 24), deaths if how.how == "sum" else level)
        for name, how in OUTCOMES.items()
    }
    # A level rises in the second year, and once more in the last month.
    paths["grievance"] = paths["grievance"] + np.repeat([0.0, 0.1], 12)
    paths["capability"] = np.concatenate([np.zeros((2, 23)), np.full((2, 1), level)], axis=1)
    totals = {
        name: factor[:, 0] * level if name in REGIONAL else factor * np.array([[deaths, -deaths]])
        for name in OUTCOMES
    }
    return PortfolioRun(totals, paths)


RUNS = {STATUS_QUO: run(10.0, 0.2), "ours": run(7.0, 0.3)}


def test_counts_are_added_up_and_levels_are_of_their_year() -> None:
    rows = {
        (row["outcome"], row["year"]): row for row in comparison_years(RUNS).iter_rows(named=True)
    }
    assert {row["portfolio"] for row in rows.values()} == {"ours"}
    # 3 fewer a month in one future and 6 in the other: 36 and 72 in a year, 72 and 144 in two.
    assert rows["deaths", 1]["mean"] == pytest.approx(-54.0)
    assert rows["deaths", 2]["mean"] == pytest.approx(-108.0)
    assert rows["deaths", 2]["unit"] == "deaths"
    assert (rows["deaths", 2]["p_better"], rows["trade_lost", 1]["p_better"]) == (1.0, 0.0)
    assert rows["grievance", 1]["mean"] == pytest.approx(0.15)
    assert rows["grievance", 2]["mean"] == pytest.approx(0.15)
    # Of capability the last month of a year counts, and nothing had come by the end of the first.
    assert rows["capability", 1]["mean"] == 0.0
    assert rows["capability", 1]["p_better"] == 0.5
    assert rows["capability", 2]["mean"] == pytest.approx(0.1)


def test_equal_counts_are_a_tie_whatever_their_months_were_rounded_to() -> None:
    ours = run(10.0, 0.2)
    ours.paths["deaths"][0, 3] += 1e-6
    ours.paths["deaths"][1, 3] += 1.0
    rows = comparison_years({STATUS_QUO: RUNS[STATUS_QUO], "ours": ours})
    assert rows.filter(pl.col("outcome") == "deaths")["p_better"].to_list() == [0.25, 0.25]


def test_a_territory_that_bears_it_has_its_own_sign() -> None:
    found = comparison_territories(RUNS, PLACES)
    assert set(found["outcome"]) == set(OUTCOMES) - set(REGIONAL)
    deaths = found.filter(pl.col("outcome") == "deaths")
    assert deaths["territory"].to_list() == list(PLACES)
    assert deaths["mean"].to_list() == pytest.approx([-4.5, 4.5])
    assert deaths["p_better"].to_list() == [1.0, 0.0]
    assert deaths["p_better_low"][0] < 1.0
