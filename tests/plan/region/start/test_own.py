"""Each future begins at its own level, in any company, and all together as the forecast says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.plan.compare import region_total
from tocsin.plan.exploration import contest, weaknesses
from tocsin.plan.exploration.futures import inputs, scale_parameters
from tocsin.plan.play import play_portfolios
from tocsin.plan.portfolios import SHIPPED, STATUS_QUO
from tocsin.plan.portfolios.rules import parse_rule
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region import calibrate
from tocsin.plan.region.calibrate import Level, begin_common
from tocsin.plan.region.levels import weekly_levels
from tocsin.plan.region.model import Model
from tocsin.plan.region.outcomes import OUTCOMES, YEAR
from tocsin.plan.region.parameters import draw
from tocsin.plan.region.runs import play_futures
from tocsin.plan.region.start import own
from tocsin.plan.region.start.own import OwnStart, read_own_start, shares_among
from tocsin.schema.vocabulary.lever import LEVERS

MALI, NIGER = 432, 436
SPREADS = {MALI: 1.2, NIGER: 0.4}
"""How far the forecast's draws of a territory lie apart, in logarithms."""


def tables() -> dict[str, pl.DataFrame]:
    """A forecast of which one territory is much less sure than the other."""
    rows, draws = [], []
    for gwno, spread in SPREADS.items():
        years = np.random.default_rng(gwno).lognormal(np.log(40.0), spread, 400)
        for ahead in range(1, 13):
            month = date(2023, ahead, 1)
            rows.append(
                {"gwno": gwno, "horizon": ahead, "month": month, "mean": float(years.mean())}
            )
            draws.append({"gwno": gwno, "month": month, "draws": years.tolist()})
    adoption = pl.DataFrame(
        schema={"gwno": pl.Int64, "technology": pl.String, "expected": pl.Float64,
                "first_seen": pl.Date, "last_seen": pl.Date}
    )  # fmt: skip
    return {
        "forecasts": pl.DataFrame(rows),
        "forecast_draws": pl.DataFrame(draws),
        "adoption": adoption,
    }


@given(
    arrays(np.float32, (9, 2), elements=st.integers(0, 4).map(float)),
    arrays(np.float32, (5, 2), elements=st.integers(0, 5).map(float)),
    arrays(np.float64, (5, 2), elements=st.floats(0, 1)),
)
def test_more_deaths_are_never_a_lower_share(
    reference: np.ndarray, seen: np.ndarray, ties: np.ndarray
) -> None:
    found = shares_among(np.sort(reference, axis=0), seen, ties)
    assert ((found >= 0) & (found <= 1)).all()
    for place in range(2):
        above = seen[:, None, place] > seen[None, :, place]
        assert (found[:, None, place] >= found[None, :, place])[above].all()


def test_ranks_are_spread_evenly_where_most_futures_have_no_deaths() -> None:
    random = np.random.default_rng(2)
    reference, seen = (np.float32(random.poisson(0.2, (size, 1))) for size in (4000, 20_000))
    found = shares_among(np.sort(reference, axis=0), seen, random.random(seen.shape))
    even = (np.arange(20_000) + 0.5) / 20_000
    assert np.abs(np.sort(found[:, 0]) - even).max() < 0.03
    # Those with a death stand above all without.
    assert found[seen > 0].min() >= found[seen == 0].max()


@pytest.mark.slow
def test_without_draws_of_a_forecast_all_begin_at_its_mean() -> None:
    known = {name: one for name, one in tables().items() if name != "forecast_draws"}
    start = read_own_start(known, [MALI, NIGER], SHIPPED, years=3)
    values = np.asarray(draw(0, np.arange(3), posterior=shipped_posterior()))
    begun = start.begin(np.arange(3), values, seed=0)
    assert begun.level.shape == (2, 1)
    assert begun.course.shape[0] == 0


@pytest.mark.slow
def test_a_future_begins_at_the_same_level_in_any_company_and_all_as_the_forecast_says() -> None:
    known = tables()
    start = read_own_start(known, [MALI, NIGER], SHIPPED, years=3)
    numbers = np.arange(4000) + 50
    values = np.asarray(draw(0, numbers, posterior=shipped_posterior()))
    whole = start.begin(numbers, values, seed=0)
    few = np.array([400, 3, 77])
    alone = start.begin(numbers[few], values[:, few], seed=0)
    for name in ("level", "sizes", "course", "swell"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(whole, name)[..., few])
    # Another chance of later years leaves the first as it is.
    other = start.begin(numbers[few], values[:, few], seed=0, later=numbers[few] + 10_000)
    np.testing.assert_array_equal(other.level, alone.level)
    np.testing.assert_array_equal(other.sizes, alone.sizes)
    assert (np.abs(other.course - alone.course)[1:3] > 0.01).any(axis=(1, 2)).all()
    quo = weekly_levels(SHIPPED, [SHIPPED.portfolios[STATUS_QUO]])
    first = play_futures(numbers, quo, whole, seed=0, values=values, weeks=YEAR,
                         model=Model(paths="region"))  # fmt: skip
    deaths = first.totals[list(OUTCOMES).index("deaths"), :, 0]
    for place, (gwno, spread) in enumerate(SPREADS.items()):
        forecast = known["forecast_draws"].filter(pl.col("gwno") == gwno)["draws"].to_list()
        for share in (0.1, 0.5, 0.9):
            wanted = np.quantile(np.sum(forecast, axis=0), share)
            # Four thousand futures find the quantile of a wide forecast less exactly.
            assert np.quantile(deaths[place], share) == pytest.approx(wanted, rel=0.05 + spread / 6)


def test_levels_that_would_fill_the_cache_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    start = read_own_start(tables(), [MALI, NIGER], SHIPPED, years=3)
    kept: list[int] = []

    def find(_: Any, chance: Any, *_more: Any) -> Level:
        return begin_common(start.region.level, len(chance[0]))

    def remember(decides: Any, compute: Any) -> Level:
        kept.append(1)
        return compute()

    monkeypatch.setattr(OwnStart, "_find", find)
    monkeypatch.setattr(calibrate, "remember_level", remember)
    monkeypatch.setattr(own, "MOST_KEPT", 40)
    values = np.asarray(draw(0, np.arange(6), posterior=shipped_posterior()))
    start.begin(np.arange(5), values[:, :5], seed=0)
    assert len(kept) == 1
    assert start.begin(np.arange(6), values, seed=0).level.shape == (2, 6)
    assert len(kept) == 1


def chance_of(drawn: np.ndarray, share: float) -> float:
    """The standard error of a quantile, by drawing the futures again."""
    again = np.random.default_rng(0).choice(drawn, (200, len(drawn)))
    return float(np.quantile(again, share, axis=1).std())


@pytest.mark.release
def test_two_portfolios_differ_as_in_a_comparison() -> None:
    """`plan` finds the levels of all its futures together; both come to the same."""
    known = tables()
    played = play_portfolios(known, gwnos=[MALI, NIGER], futures=2048, seed=3)
    deaths = {
        name: region_total("deaths", played.runs[name].totals["deaths"])
        for name in ("layered", STATUS_QUO)
    }
    plan = deaths["layered"] - deaths[STATUS_QUO]
    asked = contest(known, [MALI, NIGER], "layered")
    uniform = np.random.default_rng(1).random((2048, len(inputs(asked.posterior))))
    values = scale_parameters(uniform, asked.posterior)
    alone = asked.difference(values, np.arange(2048), "deaths")
    error = np.hypot(plan.std(), alone.std()) / np.sqrt(2048)
    assert abs(plan.mean() - alone.mean()) < 4 * error
    for share in (0.25, 0.5, 0.75):
        apart = np.quantile(alone, share) - np.quantile(plan, share)
        assert abs(apart) < 4 * np.hypot(chance_of(plan, share), chance_of(alone, share))
    # One that fails in a good part of the futures does so in as many of both.
    worse = region_total("deaths", played.runs["enforcement-heavy"].totals["deaths"])
    failed = (worse > deaths[STATUS_QUO]).mean()
    found = weaknesses(contest(known, [MALI, NIGER], "enforcement-heavy"), futures=2048)
    assert 0.05 < failed < 0.95
    assert abs(found.share - failed) < 4 * np.sqrt(2 * failed * (1 - failed) / 2048)
    # Rules fire in both, and move the share of futures in which it fails.
    rule = parse_rule("if grievance over 50.5 % then targeted-enforcement to 0", LEVERS)
    eased = replace(SHIPPED.portfolios["enforcement-heavy"], rules=(rule,))
    file = replace(SHIPPED, portfolios=dict(SHIPPED.portfolios) | {"enforcement-heavy": eased})
    ruled = play_portfolios(known, gwnos=[MALI, NIGER], futures=2048, seed=3, portfolios=file)
    worse = region_total("deaths", ruled.runs["enforcement-heavy"].totals["deaths"])
    less = (worse > deaths[STATUS_QUO]).mean()
    found = weaknesses(contest(known, [MALI, NIGER], "enforcement-heavy", file=file), futures=2048)
    assert abs(less - failed) > 8 * np.sqrt(2 * failed * (1 - failed) / 2048)
    assert abs(found.share - less) < 4 * np.sqrt(2 * less * (1 - less) / 2048)
    # From the mean of the forecast alone it is another answer.
    mean = contest({n: one for n, one in known.items() if n != "forecast_draws"},
                   [MALI, NIGER], "layered")  # fmt: skip
    there = mean.difference(values, np.arange(2048), "deaths")
    assert abs(np.quantile(there, 0.25) / np.quantile(plan, 0.25) - 1) > 0.15
