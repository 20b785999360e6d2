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
    Drawn,
    PortfolioRun,
    comparisons,
    flip_ratio,
    future_paths,
    judgement_share,
    least_favourable,
    lower_bound,
    outcome_paths,
    outcomes,
    portfolio_levers,
    runs_by_name,
)
from tocsin.plan.portfolios import STATUS_QUO
from tocsin.plan.region.outcomes import OUTCOMES
from tocsin.plan.region.runs import Played
from tocsin.plan.region.start import Start
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.geography.territory import by_gwno

GWNOS = [652, 645]


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    """A year's forecasts of two territories, as `anticipate` would leave them.

    So many as `test_init` has: one compiled program serves both.
    """
    rows = [
        {"territory": by_gwno(gwno).name, "gwno": gwno, "target": "ged_sb", "model": "pool",
         "origin": date(2020, 10, 1), "month": date(2020 + (9 + h) // 12, (9 + h) % 12 + 1, 1),
         "horizon": h, "mean": mean + h, "p05": 0.0, "p25": mean / 2, "p50": mean, "p75": mean,
         "p95": 2 * mean, "p_any": 0.9, "p_25": 0.5, "source": "test"}
        for gwno, mean in zip(GWNOS, (300.0, 60.0), strict=True)
        for h in range(1, 13)
    ]  # fmt: skip
    forecasts = conform(TABLES["forecasts"], pl.DataFrame(rows))
    return {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}


NOTHING = Drawn(np.zeros((1, 2), np.float32), ("judgement",))


def runs(**values: object) -> dict[str, np.ndarray]:
    """Outcomes of one portfolio: two futures and two territories, or two futures of the region."""
    one = {name: np.zeros((2, 2)) for name in OUTCOMES}
    one["trade_lost"] = np.zeros(2)
    return one | {name: np.array(value, float) for name, value in values.items()}


def made(**values: object) -> PortfolioRun:
    return PortfolioRun(runs(**values), {})


START = Start((652, 645), ("Syria", "Iraq"), *(np.zeros(2, np.float32),) * 3)
COUNTS = [[4, 6], [12, 14]]
"""Two futures of 10 and of 26 deaths in all."""


def row(frame: pl.DataFrame, **where: str) -> dict[str, object]:
    return frame.row(by_predicate=pl.all_horizontal(pl.col(k) == v for k, v in where.items()),
                     named=True)  # fmt: skip


def test_deaths_are_summed_and_services_averaged() -> None:
    found = outcomes({STATUS_QUO: made(deaths=COUNTS, service_lost=COUNTS)}, START, NOTHING)
    region = row(found, outcome="deaths", territory="region")
    # Of the two futures one has 10 deaths and the other 26.
    assert (region["mean"], region["median"], region["n_futures"]) == (18.0, 18.0, 2)
    assert (region["low"], region["high"]) == (pytest.approx(10.8), pytest.approx(25.2))
    assert region["unit"] == "deaths in 10 years"
    assert row(found, outcome="deaths", territory="Syria")["mean"] == 8.0
    assert row(found, outcome="deaths", territory="Iraq")["mean"] == 10.0
    # Averages over territories: 5 and 13.
    assert row(found, outcome="service_lost", territory="region")["mean"] == 9.0
    assert row(found, outcome="service_lost", territory="Syria")["mean"] == 8.0


def test_what_only_the_region_has_is_told_once() -> None:
    found = outcomes({STATUS_QUO: made(trade_lost=[1, 3])}, START, NOTHING)
    trade = found.filter(pl.col("outcome") == "trade_lost")
    assert trade["territory"].to_list() == ["region"]
    assert trade["mean"][0] == 2.0
    assert found.height == 7 * 3 + 1


def test_paths_are_the_region_month_by_month() -> None:
    paths = dict.fromkeys(OUTCOMES, np.ones((2, 2)))
    paths["deaths"] = np.array([[3.0, 7.0], [11.0, 15.0]])
    found = outcome_paths({STATUS_QUO: PortfolioRun({}, paths)})
    deaths = found.filter(pl.col("outcome") == "deaths")
    assert deaths["step"].to_list() == [0, 1]
    assert deaths["mean"].to_list() == [(3 + 11) / 2, (7 + 15) / 2]
    assert deaths["low"].to_list() == pytest.approx([3.4, 7.4])
    assert deaths["high"].to_list() == pytest.approx([10.6, 14.6])
    assert deaths["unit"][0] == "deaths a month"


def test_portfolios_are_compared_future_by_future() -> None:
    less = [[3, 6], [12, 17]]
    same = {STATUS_QUO: made(deaths=COUNTS), "a": made(deaths=less), "b": made(deaths=COUNTS)}
    found = comparisons(same, NOTHING).filter(pl.col("outcome") == "deaths")
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


def test_the_better_portfolio_is_better_in_every_future_and_so_few_say_little() -> None:
    fewer = np.array(COUNTS) - 1
    found = comparisons({STATUS_QUO: made(deaths=COUNTS), "a": made(deaths=fewer)}, NOTHING)
    deaths = row(found, outcome="deaths")
    assert (deaths["p_better"], deaths["mean"]) == (1.0, -2.0)
    # Two futures that agree exclude next to nothing.
    assert deaths["p_better_low"] == pytest.approx(0.05**0.5)
    assert deaths["p_better_4"] < 0.1
    assert deaths["flips_at"] == 1.0


def test_what_was_played_gets_the_names_of_portfolios_and_outcomes() -> None:
    totals = np.arange(9 * 2 * 3 * 4).reshape(9, 2, 3, 4).astype(np.float32)
    paths = np.arange(5 * 9 * 3 * 4).reshape(5, 9, 3, 4).astype(np.float32)
    found = runs_by_name(Played(totals, paths), ("a", "b", "c"))
    assert list(found) == ["a", "b", "c"]
    assert found["b"].totals["deaths"].tolist() == totals[0, :, 1].T.tolist()
    assert found["b"].totals["trade_lost"].tolist() == totals[7, 0, 1].tolist()
    assert found["c"].paths["displaced"].tolist() == paths[:, 1, 2].T.tolist()
    assert "attribution_confidence" in found["c"].paths
    assert list(found["c"].totals) == list(OUTCOMES)
    assert runs_by_name(Played(totals, None), ("a",))["a"].paths == {}


def test_few_futures_are_followed_through_quarters_and_territories() -> None:
    start = Start((652, 645), ("Syria", "Iraq"), *[np.zeros(2, np.float32)] * 2, np.eye(2))
    totals = np.zeros((9, 2, 2, 10), np.float32)
    totals[0, 0] = np.arange(10)[None] * 10
    # Quarters are kept of the first eight futures only: deaths are ten times the future's number.
    quarters = np.arange(3 * 2 * 2 * 2 * 8).reshape(3, 2, 2, 2, 8).astype(np.float32)
    runs = runs_by_name(Played(totals, None, quarters), (STATUS_QUO, "a"))
    found = future_paths(runs, start)
    assert found.height == 3 * 2 * 2 * 3
    assert found["future"].unique(maintain_order=True).to_list() == [1, 4, 7]
    assert found["fewer"].unique(maintain_order=True).to_list() == [0.1, 0.4, 0.7]
    last = found.filter(
        pl.col("portfolio") == "a", pl.col("future") == 7, pl.col("territory") == "Iraq"
    )
    assert last["gwno"].unique().to_list() == [645]
    assert last["deaths"].to_list() == quarters[:, 0, 1, 1, 7].tolist()
    assert last["displaced"].to_list() == quarters[:, 1, 1, 1, 7].tolist()
    assert future_paths({STATUS_QUO: runs[STATUS_QUO]._replace(quarters=None)}, start).is_empty()


def test_each_lever_is_told_with_its_effort_and_cost() -> None:
    found = portfolio_levers({"one": {"dialogue": 0.4, "health": 1.0}})
    assert found.select("portfolio", "lever", "effort", "cost").rows() == [
        ("one", "dialogue", 0.4, 0.4), ("one", "health", 1.0, 1.0),
    ]  # fmt: skip


def test_the_same_portfolio_differs_by_nothing() -> None:
    values = np.random.default_rng(0).gamma(2, 50, (20, 2))
    one = PortfolioRun(dict.fromkeys(OUTCOMES, values), {})
    found = comparisons({"status quo": one, "other": one}, NOTHING)
    assert found["mean"].to_list() == [0.0] * 8
    assert found["p_better"].to_list() == [0.5] * 8
    assert found["judgement"].null_count() == 8


@pytest.mark.slow
def test_the_stage_is_reproducible_adds_up_and_starts_at_the_forecast(
    tables: dict[str, pl.DataFrame],
) -> None:
    one, two, other = (plan(tables, gwnos=GWNOS, futures=200, seed=seed) for seed in (3, 3, 4))
    assert all(one[name].equals(two[name]) for name in one)
    assert set(one["outcomes"]["portfolio"]) == {"status quo", "enforcement-heavy", "layered"}
    assert (one["outcomes"]["low"] <= one["outcomes"]["high"]).all()
    assert (one["outcomes"]["mean"] != other["outcomes"]["mean"]).any()
    deaths = one["outcomes"].filter(pl.col("outcome") == "deaths", pl.col("portfolio") == "layered")
    region = deaths.filter(pl.col("territory") == "region")["mean"][0]
    assert deaths.filter(pl.col("territory") != "region")["mean"].sum() == pytest.approx(region)
    path = one["outcome_paths"].filter(
        pl.col("outcome") == "deaths", pl.col("portfolio") == STATUS_QUO
    )
    year = path.filter(pl.col("step") < 12)["mean"].mean()
    assert year == pytest.approx(360 + 2 * 6.5, rel=0.2)
    assert path.height == 120
    whole = one["outcomes"].filter(
        pl.col("outcome") == "deaths", pl.col("portfolio") == STATUS_QUO,
        pl.col("territory") == "region",
    )["mean"][0]  # fmt: skip
    assert path["mean"].sum() == pytest.approx(whole, rel=1e-4)


@given(st.integers(0, 12), st.integers(1, 12), st.floats(1, 9))
def test_no_weights_within_the_ratio_give_less(better: int, worse: int, ratio: float) -> None:
    from scipy.optimize import linprog

    n = better + worse
    goal = np.append(np.ones(better), np.zeros(worse)) / n
    found = linprog(goal, A_eq=np.ones((1, n)) / n, b_eq=[1.0], bounds=(1 / ratio, ratio))
    assert least_favourable(better / n, ratio) == pytest.approx(found.fun, abs=1e-7)


@given(st.floats(0.6, 1.0), st.integers(50, 100_000))
def test_at_the_flip_it_is_a_coin(share: float, futures: int) -> None:
    ratio = flip_ratio(share, futures)
    bound = lower_bound(share, futures)
    if bound > 0.5:
        assert least_favourable(bound, ratio) == pytest.approx(0.5, abs=1e-4)
    else:
        assert ratio == 1.0
    assert flip_ratio(1 - share, futures) == pytest.approx(ratio, rel=1e-4)


@given(st.integers(1, 5000))
def test_when_all_agree_the_bound_is_the_rule_of_three(futures: int) -> None:
    assert lower_bound(1.0, futures) == pytest.approx(0.05 ** (1 / futures), rel=1e-6)
    if futures > 100:
        assert 1 - lower_bound(1.0, futures) == pytest.approx(3 / futures, rel=0.02)


@given(st.integers(0, 40), st.integers(1, 40))
def test_the_bound_is_that_of_clopper_and_pearson(seen: int, more: int) -> None:
    from scipy.stats import binomtest

    found = binomtest(seen, seen + more, alternative="greater").proportion_ci(0.95, "exact")
    assert lower_bound(seen / (seen + more), seen + more) == pytest.approx(found.low, abs=1e-9)


def test_the_share_that_rests_on_judgement_is_found() -> None:
    rng = np.random.default_rng(3)
    values = rng.random((4, 2000)).astype(np.float32)
    drawn = Drawn(values, ("judgement", "literature", "judgement", "calibrated"))
    # Variances of 4, 1, 4 and 1 shares, and as much of chance as of one.
    said = 2 * values[0] + values[1] - 2 * values[2] + values[3]
    said = said + rng.normal(0, (1 / 12) ** 0.5, 2000)
    assert judgement_share(said.astype(float), drawn) == pytest.approx(8 / 11, abs=0.03)
    assert judgement_share(rng.normal(size=2000), drawn) == pytest.approx(0, abs=0.01)
    assert judgement_share(np.ones(2000), drawn) is None


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_share_is_that_of_a_fit_by_least_squares(seed: int, twice: bool) -> None:
    """Also where two parameters say the same, so that there are more of them than axes."""
    rng = np.random.default_rng(seed)
    values = rng.random((5, 60)).astype(np.float32)
    values[3] = values[0] if twice else values[3]
    drawn = Drawn(values, ("judgement", "literature", "judgement", "judgement", "judgement"))
    said = values.T @ rng.normal(size=5) + rng.normal(size=60)
    centred = np.delete(values, 1, axis=0).T.astype(float)
    centred -= centred.mean(0)
    left = said - said.mean()
    left = left - centred @ np.linalg.lstsq(centred, left, rcond=None)[0]
    wanted = np.clip(1 - left.var() / said.var() * 59 / 55, 0, 1)
    assert judgement_share(said, drawn) == pytest.approx(wanted, abs=1e-9)


def test_what_is_fitted_to_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Drawn(np.random.default_rng(1).random((2, 50)).astype(np.float32), ("judgement",) * 2)
    first = judgement_share(np.arange(50.0), drawn)
    monkeypatch.delattr(np.linalg, "svd")
    monkeypatch.delattr(np.linalg, "lstsq")
    assert judgement_share(np.arange(50.0), drawn) == first


@given(st.floats(0, 1), st.floats(1, 10), st.floats(1, 10))
def test_wider_priors_never_make_more_of_it(share: float, one: float, two: float) -> None:
    few, many = sorted((one, two))
    assert least_favourable(share, many) <= least_favourable(share, few) <= share + 1e-12
