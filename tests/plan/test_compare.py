"""The stage: paired differences in common futures."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan import plan
from tocsin.plan.compare import (
    OUTCOMES,
    comparisons,
    flip_ratio,
    least_favourable,
    outcome_paths,
    outcomes,
    portfolio_levers,
)
from tocsin.plan.portfolios import STATUS_QUO
from tocsin.plan.start import Start
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.geography.territory import by_gwno

GWNOS = [652, 645, 482, 483]


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    """A year's forecasts of four territories, as `anticipate` would leave them."""
    rows = [
        {"territory": by_gwno(gwno).name, "gwno": gwno, "target": "ged_sb", "model": "pool",
         "origin": date(2020, 10, 1), "month": date(2020 + (9 + h) // 12, (9 + h) % 12 + 1, 1),
         "horizon": h, "mean": mean + h, "p05": 0.0, "p25": mean / 2, "p50": mean, "p75": mean,
         "p95": 2 * mean, "p_any": 0.9, "p_25": 0.5, "source": "test"}
        for gwno, mean in zip(GWNOS, (300.0, 60.0, 20.0, 1.0), strict=True)
        for h in range(1, 13)
    ]  # fmt: skip
    forecasts = conform(TABLES["forecasts"], pl.DataFrame(rows))
    return {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}


def runs(**values: object) -> dict[str, np.ndarray]:
    """Outcomes of one portfolio: two futures, two months and two territories, or the region."""
    one = {name: np.zeros((2, 2, 2), np.float32) for name in OUTCOMES}
    one["trade_lost"] = np.zeros((2, 2), np.float32)
    return one | {name: np.array(value, np.float32) for name, value in values.items()}


START = Start((652, 645), ("Syria", "Iraq"), *(np.zeros(2, np.float32),) * 3)
COUNTS = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]


def row(frame: pl.DataFrame, **where: str) -> dict[str, object]:
    return frame.row(by_predicate=pl.all_horizontal(pl.col(k) == v for k, v in where.items()),
                     named=True)  # fmt: skip


def test_deaths_are_summed_and_services_averaged() -> None:
    found = outcomes({STATUS_QUO: runs(deaths=COUNTS, service_lost=COUNTS)}, START)
    region = row(found, outcome="deaths", territory="region")
    # Of the two futures one has 10 deaths and the other 26.
    assert (region["mean"], region["median"], region["n_futures"]) == (18.0, 18.0, 2)
    assert (region["low"], region["high"]) == (pytest.approx(10.8), pytest.approx(25.2))
    assert region["unit"] == "deaths in 3 years"
    # Territories: futures of 1 + 3 and 5 + 7 deaths here, 2 + 4 and 6 + 8 there.
    assert row(found, outcome="deaths", territory="Syria")["mean"] == 8.0
    assert row(found, outcome="deaths", territory="Iraq")["mean"] == 10.0
    # Averages over months and territories: 2.5 and 6.5, and for one territory 2 and 6.
    assert row(found, outcome="service_lost", territory="region")["mean"] == 4.5
    assert row(found, outcome="service_lost", territory="Syria")["mean"] == 4.0


def test_capability_is_that_of_the_last_month() -> None:
    found = outcomes({STATUS_QUO: runs(capability=COUNTS)}, START)
    # The last month's levels are 3 and 4 in one future, 7 and 8 in the other.
    assert row(found, outcome="capability", territory="Syria")["mean"] == 5.0
    assert row(found, outcome="capability", territory="region")["mean"] == 5.5


def test_what_only_the_region_has_is_told_once() -> None:
    found = outcomes({STATUS_QUO: runs(trade_lost=[[1, 3], [2, 2]])}, START)
    trade = found.filter(pl.col("outcome") == "trade_lost")
    assert trade["territory"].to_list() == ["region"]
    assert trade["mean"][0] == 2.0
    assert found.height == 5 * 3 + 1


def test_paths_are_the_region_month_by_month() -> None:
    found = outcome_paths(
        {STATUS_QUO: runs(deaths=COUNTS, grievance=COUNTS, trade_lost=[[1, 3], [2, 2]])}
    )
    deaths = found.filter(pl.col("outcome") == "deaths")
    assert deaths["step"].to_list() == [0, 1]
    assert deaths["mean"].to_list() == [(3 + 11) / 2, (7 + 15) / 2]
    assert deaths["low"].to_list() == pytest.approx([3.4, 7.4])
    assert deaths["high"].to_list() == pytest.approx([10.6, 14.6])
    assert deaths["unit"][0] == "deaths a month"
    # The mean over territories of grievance, and trade as it is.
    means = found.filter(pl.col("outcome") == "grievance")["mean"].to_list()
    assert means == [(1.5 + 5.5) / 2, (3.5 + 7.5) / 2]
    assert found.filter(pl.col("outcome") == "trade_lost")["mean"].to_list() == [1.5, 2.5]


def test_portfolios_are_compared_future_by_future() -> None:
    less = [[[0, 2], [3, 4]], [[5, 9], [7, 8]]]
    same = {STATUS_QUO: runs(deaths=COUNTS), "a": runs(deaths=less), "b": runs(deaths=COUNTS)}
    found = comparisons(same).filter(pl.col("outcome") == "deaths")
    assert found.select("portfolio", "against").rows() == [
        ("a", STATUS_QUO), ("b", STATUS_QUO), ("b", "a"),
    ]  # fmt: skip
    a = row(found, portfolio="a", against=STATUS_QUO)
    # One death fewer in one future and three more in the other.
    assert (a["mean"], a["p_better"], a["n_futures"]) == (1.0, 0.5, 2)
    assert (a["low"], a["high"]) == (pytest.approx(-0.8), pytest.approx(2.8))
    # A tie counts half for either.
    assert row(found, portfolio="b", against=STATUS_QUO)["p_better"] == 0.5
    assert row(found, portfolio="b", against="a")["mean"] == -1.0


def test_the_better_portfolio_is_better_in_every_future() -> None:
    fewer = np.array(COUNTS, np.float32) - 1
    found = comparisons({STATUS_QUO: runs(deaths=COUNTS), "a": runs(deaths=fewer)})
    assert row(found, outcome="deaths")["p_better"] == 1.0
    assert row(found, outcome="deaths")["mean"] == -4.0


def test_each_lever_is_told_with_its_effort_and_cost() -> None:
    found = portfolio_levers({"one": {"dialogue": 0.4, "health": 1.0}})
    assert found.select("portfolio", "lever", "effort", "cost").rows() == [
        ("one", "dialogue", 0.4, 0.4), ("one", "health", 1.0, 1.0),
    ]  # fmt: skip


def test_the_same_portfolio_differs_by_nothing() -> None:
    values = np.random.default_rng(0).gamma(2, 50, (20, 36, 2)).astype(np.float32)
    names = ("deaths", "displaced", "service_lost", "capability", "grievance", "trade_lost")
    one = dict.fromkeys(names, values)
    found = comparisons({"status quo": one, "other": one})
    assert found["mean"].to_list() == [0.0] * 6
    assert found["p_better"].to_list() == [0.5] * 6


@pytest.mark.slow
def test_the_stage_is_reproducible(tables: dict[str, pl.DataFrame]) -> None:
    one = plan(tables, gwnos=GWNOS, futures=40, seed=3)
    two = plan(tables, gwnos=GWNOS, futures=40, seed=3)
    assert all(one[name].equals(two[name]) for name in one)
    assert set(one["outcomes"]["portfolio"]) == {"status quo", "enforcement-heavy", "layered"}
    assert (one["outcomes"]["low"] <= one["outcomes"]["high"]).all()


@pytest.mark.slow
def test_territories_add_up_to_the_region(tables: dict[str, pl.DataFrame]) -> None:
    found = plan(tables, gwnos=GWNOS, futures=40, seed=3)["outcomes"]
    deaths = found.filter(pl.col("outcome") == "deaths", pl.col("portfolio") == "layered")
    region = deaths.filter(pl.col("territory") == "region")["mean"][0]
    rest = deaths.filter(pl.col("territory") != "region")["mean"].sum()
    assert rest == pytest.approx(region)


@pytest.mark.slow
def test_another_seed_is_another_chance(tables: dict[str, pl.DataFrame]) -> None:
    one, two = (plan(tables, gwnos=GWNOS, futures=40, seed=seed)["outcomes"] for seed in (3, 4))
    assert one.height == two.height
    assert (one["mean"] != two["mean"]).any()


@pytest.mark.slow
def test_the_status_quo_of_the_stage_starts_at_the_forecast(
    tables: dict[str, pl.DataFrame],
) -> None:
    paths_ = plan(tables, gwnos=GWNOS, futures=400, seed=3)["outcome_paths"]
    deaths = paths_.filter(pl.col("outcome") == "deaths", pl.col("portfolio") == STATUS_QUO)
    assert deaths.filter(pl.col("step") < 12)["mean"].mean() == pytest.approx(
        381 + 4 * 6.5, rel=0.2
    )
    assert deaths.height == 36


@given(st.integers(0, 12), st.integers(1, 12), st.floats(1, 9))
def test_no_weights_within_the_ratio_give_less(better: int, worse: int, ratio: float) -> None:
    from scipy.optimize import linprog

    n = better + worse
    goal = np.append(np.ones(better), np.zeros(worse)) / n
    found = linprog(goal, A_eq=np.ones((1, n)) / n, b_eq=[1.0], bounds=(1 / ratio, ratio))
    assert least_favourable(better / n, ratio) == pytest.approx(found.fun, abs=1e-7)


@given(st.floats(0.5, 0.999))
def test_at_the_flip_it_is_a_coin(share: float) -> None:
    ratio = flip_ratio(share)
    assert ratio is not None
    assert least_favourable(share, ratio) == pytest.approx(0.5, abs=1e-4)
    assert flip_ratio(1 - share) == pytest.approx(ratio, rel=1e-4)


@given(st.floats(0, 1), st.floats(1, 10), st.floats(1, 10))
def test_wider_priors_never_make_more_of_it(share: float, one: float, two: float) -> None:
    few, many = sorted((one, two))
    assert least_favourable(share, many) <= least_favourable(share, few) <= share + 1e-12
