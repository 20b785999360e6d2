"""The status quo's first year has the forecast's quantiles, territory by territory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tocsin.plan.portfolios import PORTFOLIOS, STATUS_QUO
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region.calibrate import (
    BY_NUMBER,
    BY_SIZE,
    TOGETHER,
    Level,
    by_year,
    calibrate_level,
    draw_later,
    remember_level,
)
from tocsin.plan.region.chance import draw_ties
from tocsin.plan.region.levels import make_levels
from tocsin.plan.region.model import Model
from tocsin.plan.region.outcomes import YEAR
from tocsin.plan.region.parameters import draw
from tocsin.plan.region.runs import play_futures
from tocsin.plan.region.start import Start, first_year

BASE = PORTFOLIOS[STATUS_QUO]
BORDER = np.array([[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]], np.float32)
CAPABILITY = np.full((3, 5), 0.2, np.float32)
FUTURES, YEARS = 512, 4


def test_a_level_is_found_once_for_all_that_decides_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path))
    found: list[Level] = []

    def find() -> Level:
        one = np.full((2, 3), len(found) + 0.1, np.float32)
        found.append(Level(one, one + 1, None, one[None] + 2))
        return found[-1]

    region = Start((1,), ("A",), np.ones(1, np.float32), CAPABILITY[:1], np.zeros((1, 1)))
    first = remember_level((region, 5), find)
    again = remember_level((replace(region, level=region.level.copy()), 5), find)
    assert len(found) == 1
    assert again.course is None
    for name in ("deaths", "sizes", "swell"):
        kept = getattr(again, name)
        assert kept.dtype == np.float32
        assert (kept == getattr(first, name)).all()
    remember_level((region, 6), find)
    remember_level((replace(region, level=region.level + 1), 5), find)
    assert len(found) == 3


@pytest.mark.slow
def test_the_first_year_has_the_quantiles_of_the_forecast() -> None:
    random = np.random.default_rng(7)
    centre, width = np.array([[2400.0], [240.0], [30.0]]), np.array([[0.3], [0.9], [0.6]])
    totals = np.round(centre * np.exp(width * random.standard_normal((3, 1000))))
    mean = (totals.mean(axis=1) / 12).astype(np.float32)
    start = Start((1, 2, 3), ("a", "b", "c"), mean, CAPABILITY, BORDER)
    plans, held = make_levels([BASE], BASE, weeks=YEARS * YEAR)

    values = np.asarray(draw(3, np.arange(FUTURES), posterior=shipped_posterior()))
    later_years: list[np.ndarray] = []

    # As the stage does it: a run without a course would be compiled by itself.
    still = np.zeros((YEARS, FUTURES, 3), np.float32)

    def deaths(level: Level, years: int) -> np.ndarray:
        course = still if level.course is None else level.course[:YEARS]
        swell = None if level.swell is None else level.swell[:YEARS]
        begun = start.begin(held, level._replace(course=course, swell=swell))
        played = play_futures(
            np.arange(FUTURES), plans, begun, seed=3, weeks=min(years, YEARS) * YEAR,
            model=Model(paths="region"), shown=FUTURES, values=values,
        )  # fmt: skip
        assert played.quarters is not None
        return by_year(played.quarters, 0)[:years]

    def later(first: np.ndarray) -> np.ndarray:
        later_years.append(draw_later(start.record, (totals, 12), values, Model(), seed=3)(first))
        return later_years[0]

    level = calibrate_level(deaths, mean, totals, FUTURES, later)
    found, *years = deaths(level, YEARS)
    # Later years have the deaths of their course, which the chance of weeks does not widen, but
    # where some dozens die in a year: they come in lumps there. A quantile of 512 futures that lies
    # where few futures do moves by up to a tenth.
    assert len(years) == YEARS - 1
    for year, course in zip(years, later_years[0], strict=False):
        np.testing.assert_allclose(
            np.quantile(year, [0.25, 0.5, 0.75, 0.9], axis=0)[:, :2],
            np.quantile(course, [0.25, 0.5, 0.75, 0.9], axis=0)[:, :2], rtol=0.1, atol=10.0,
        )  # fmt: skip
        np.testing.assert_allclose(
            np.quantile(year, [0.25, 0.5, 0.75], axis=0)[:, 2],
            np.quantile(course, [0.25, 0.5, 0.75], axis=0)[:, 2], rtol=0.2, atol=10.0,
        )  # fmt: skip
        np.testing.assert_allclose(year.mean(0)[:2], course.mean(0)[:2], rtol=0.05)
    shares = [0.1, 0.5, 0.9, 0.99]
    wanted, got = np.quantile(totals, shares, axis=1), np.quantile(found, shares, axis=0)
    np.testing.assert_allclose(got[:3], wanted[:3], rtol=0.1, atol=3.0)
    # The 99 % quantile of 512 futures has a Monte Carlo error of a tenth by itself.
    np.testing.assert_allclose(got[3], wanted[3], rtol=0.2)
    # The mean hangs on the largest events; in the quietest place some three a year make it.
    np.testing.assert_allclose(found.mean(axis=0), totals.mean(axis=1), rtol=0.1)


def test_sums_are_of_the_first_year_and_of_every_territory() -> None:
    start = Start((2, 1), ("b", "a"), np.zeros(2, np.float32), CAPABILITY[:2], BORDER[:2, :2])
    months = [date(2023 + at // 12, at % 12 + 1, 1) for at in range(14)]
    rows = [(g, month, [float(g), 2.0 * g]) for g in (1, 2) for month in months]
    draws = pl.DataFrame(rows, schema=["gwno", "month", "draws"], orient="row")
    totals, counted = first_year({"forecast_draws": draws}, start) or (None, 0)
    assert counted == 12
    assert totals is not None
    assert totals.tolist() == [[24.0, 48.0], [12.0, 24.0]]
    short = draws.filter(pl.col("month") < date(2023, 9, 1))
    assert (first_year({"forecast_draws": short}, start) or (None, 0))[1] == 6
    assert first_year({}, start) is None
    assert first_year({"forecast_draws": draws.filter(pl.col("gwno") == 1)}, start) is None


def test_each_future_keeps_its_rank_and_is_scaled_by_number_then_by_size() -> None:
    random = np.random.default_rng(4)
    luck = random.uniform(0.2, 3, (5, 2))
    totals = np.array([[90.0, 10, 40, 60, 20, 500], [0.0, 0, 0, 0, 1, 3]])
    asked: list[Level] = []

    def deaths(level: Level, years: int) -> np.ndarray:
        asked.append(level)
        # Incidents come whole; each has the deaths of its size.
        first = np.round(np.round(level.deaths / level.sizes * luck) * level.sizes)
        if level.course is None:
            return first[None]
        assert (level.course[0] == 0).all()
        yearly = 12 * level.deaths * np.exp(level.course) * luck
        return np.concatenate([first[None], yearly[1:years]])

    later = np.stack([np.full((5, 2), 70.0 * year) for year in range(1, 5)])
    found = calibrate_level(
        deaths, np.array([10.0, 0.5], np.float32), totals, 5, lambda _wanted: later
    )
    assert len(asked) == BY_NUMBER + BY_SIZE + len(TOGETHER)
    assert all((level.sizes == 1).all() for level in asked[: BY_NUMBER + 1])
    incidents = [level.deaths / level.sizes for level in (*asked[BY_NUMBER:], found)]
    assert all(np.allclose(one, incidents[0]) for one in incidents)
    wanted = np.quantile(totals, [0.1, 0.3, 0.5, 0.7, 0.9], axis=1)
    rank = deaths(asked[0], 1)[0].argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    np.testing.assert_allclose(
        deaths(found, 1)[0][:, 0],
        np.take_along_axis(wanted, rank, axis=0)[:, 0],
        rtol=0.05,
        atol=1.0,
    )
    # At first they have more or fewer incidents, each as large as in the first year.
    second = asked[BY_NUMBER + BY_SIZE + 1]
    assert second.swell is not None
    np.testing.assert_allclose(second.sizes * np.exp(second.swell[1:]), 1.0, rtol=1e-5)
    # Later years have the deaths that are wanted, by the size of incidents in the last step.
    assert found.course is not None
    assert found.swell is not None
    levels = 12 * found.deaths * np.exp(found.course)
    np.testing.assert_allclose(levels[1:] * luck, later, rtol=0.02)
    sizes = found.sizes * np.exp(found.swell)
    np.testing.assert_allclose(sizes[3:], 1 / luck[None].repeat(2, 0), rtol=0.02)
    assert (np.abs(np.log(sizes[1:3])) < np.abs(np.log(luck)) + 1e-3).all()


@pytest.mark.slow
def test_futures_with_as_many_deaths_are_placed_by_their_own_chance() -> None:
    """In quiet territories nearly all are alike: their order decided, the same in all of these."""
    futures, totals = 400, np.random.default_rng(7).lognormal(3.0, 1.0, (3, 500))
    common = np.full(3, 2.0, np.float32)

    def place(ties: np.ndarray | None) -> np.ndarray:
        """The logs of the levels where all have as many deaths at first."""

        def deaths(level: Level, _years: int) -> np.ndarray:
            return 12 * level.deaths[None]

        return np.log(calibrate_level(deaths, common, totals, futures, ties=ties).deaths)

    logs, by_order = place(draw_ties(np.arange(futures), 3, seed=2)), place(None)
    assert np.abs(logs[:100].mean(axis=0) - logs[-100:].mean(axis=0)).max() < 0.5
    assert np.abs(np.corrcoef(logs.T) - np.eye(3)).max() < 0.2
    assert (by_order[-100:].mean(axis=0) - by_order[:100].mean(axis=0)).min() > 1
    # The distribution over all futures is the same.
    np.testing.assert_allclose(np.sort(logs, axis=0), np.sort(by_order, axis=0), rtol=1e-5)


def test_a_year_that_wants_no_deaths_gets_fewer_incidents_and_not_smaller_ones() -> None:
    def deaths(level: Level, years: int) -> np.ndarray:
        asked = np.zeros((5, 4, 1)) if level.course is None else np.exp(level.course)
        return np.concatenate([level.deaths[None], 12 * level.deaths * asked[1:years]])

    totals = np.full((1, 9), 20.0)
    later = np.stack([np.array([[0.0], [0.0], [40.0], [40.0]])] * 4)
    found = calibrate_level(deaths, np.array([20.0], np.float32), totals, 4, lambda _wanted: later)
    assert found.swell is not None
    np.testing.assert_allclose(found.sizes[:2] * np.exp(found.swell[1:, :2]), 1.0, rtol=1e-5)


@pytest.mark.parametrize(("quarters", "months"), [(8, 12), (11, 12), (8, 6), (8, 7), (4, 3)])
def test_quarters_of_deaths_add_up_to_whole_years_of_which_the_first_may_be_short(
    quarters: int, months: int
) -> None:
    each = np.random.default_rng(1).random((quarters, 2, 3, 2, 5))
    found = by_year(each, 1, months)
    assert found.shape == (quarters // 4, 5, 3)
    for year in range(quarters // 4):
        last = 4 * year + (4 if year else months // 3)
        expected = sum(each[quarter, 0, :, 1] for quarter in range(4 * year, last))
        np.testing.assert_allclose(found[year], np.transpose(expected))
