"""Courses last, fade, end and begin as on record, and stay with the forecast for a while."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import jax
import numpy as np
import pytest
from scipy.stats import norm

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.threat.persistence import PARAMETERS, chain
from tocsin.plan.region.mechanisms.threat.persistence.chain import (
    KEPT,
    NEAREST,
    YEARLY,
    _rank,
    courses,
)
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT, WAR, Learnt

YEARS, FUTURES = 10, 2000
P = {item.name: np.float32((item.low + item.high) / 2) for item in PARAMETERS}
FIRST = np.log1p([60_000.0, 400.0, 0.0, 0.0])
"""A great war, a usual one, and two quiet territories."""
RECORD = np.array([[4.0] * 2, [4.0] * 2, [0.0] * 2, [4.0] * 2], np.float32)
FORECAST = np.sort(np.random.default_rng(2).normal([[9.0], [5.0], [0.0], [1.0]], 1.0, (4, 201)))
BEYOND = np.sort(np.random.default_rng(4).normal([[11.0], [11.0], [1.0], [1.0]], 2.0, (4, 201)))
BEYOND = np.maximum(BEYOND, 0.0).astype(np.float32)
_courses = jax.jit(courses)
_beyond = jax.jit(partial(courses, forecast=BEYOND))
_staying = jax.jit(partial(courses, forecast=np.maximum(FORECAST, 0.0).astype(np.float32)))


@cache
def noise() -> Noise:
    uniform = np.random.default_rng(3).uniform(1e-6, 1 - 1e-6, (YEARS, 4, YEARLY, 1, FUTURES))
    return Noise(uniform.astype(np.float32), norm.ppf(uniform).astype(np.float32))


def draw(record: Any = RECORD, first: Any = FIRST, play: Any = _courses, **p: float) -> np.ndarray:
    """Log deaths a year, by year, territory and future."""
    given = P | {name: np.float32(value) for name, value in p.items()}
    x = np.broadcast_to(np.asarray(first, np.float32).reshape(4, 1, -1), (4, 1, FUTURES))
    return np.asarray(play(given, x, record[..., None, None], noise()))[:, :, 0]


@cache
def drawn() -> np.ndarray:
    return draw()


@pytest.mark.slow
def test_the_first_year_is_as_given_and_later_ones_lie_where_years_lay() -> None:
    assert (drawn()[0] == FIRST.astype(np.float32)[:, None]).all()
    assert drawn()[1:].min() >= 0.0
    assert drawn()[1:].max() <= float(LEARNT.greatest[0]) + 1e-4
    # A quiet year has the deaths of some quiet year on record, or none.
    quiet = drawn()[1, 2][drawn()[1, 2] < WAR]
    assert set(quiet.tolist()) <= {0.0, *LEARNT.quiet.astype(np.float32).tolist()}


@pytest.mark.slow
def test_a_war_moves_as_one_of_the_nearest_wars_did() -> None:
    moved = draw(war_ends=1e-9, war_drift=0.0)[1, 1] - FIRST[1]
    at = np.abs(LEARNT.deaths - FIRST[1]).argsort(kind="stable")[: 2 * NEAREST]
    near = np.sort(LEARNT.moves[at])
    distance = np.abs(np.maximum(moved, WAR - FIRST[1])[:, None] - near).min(axis=1)
    assert np.quantile(distance, 0.95) < 1e-3
    # Most changes are small and a few are great: half of them lie nearer than those of a normal
    # law with their spread would.
    low, high = np.quantile(moved, [0.25, 0.75])
    assert high - low < 1.2 * moved.std()


@pytest.mark.slow
def test_wars_end_and_break_out_as_often_as_the_figures_say() -> None:
    war = drawn()[1] >= WAR - 1e-4
    odds = P["war_ends"] / (1 - P["war_ends"])
    # A war of 400 deaths a year lies about at the deaths and the record that the figure is told of.
    usual = odds * np.exp(LEARNT.ends[1] * (np.log1p(400.0) - 6.0))
    great = odds * np.exp(LEARNT.ends[1] * (np.log1p(60_000.0) - 6.0))
    quiet = P["outbreak"] / (1 - P["outbreak"])
    troubled = quiet * np.exp(4.0 * LEARNT.begins[2:].sum())
    for place, chance in ((1, 1 - usual / (1 + usual)), (0, 1 - great / (1 + great)),
                          (2, quiet), (3, troubled / (1 + troubled))):  # fmt: skip
        error = (chance * (1 - chance) / FUTURES) ** 0.5
        assert war[place].mean() == pytest.approx(chance, abs=float(4 * error + 0.003)), place
    peaceful = draw(RECORD - 4.0)[1, 1]
    assert (peaceful < WAR).mean() > 1.5 * (drawn()[1, 1] < WAR).mean()


@pytest.mark.slow
def test_a_great_war_does_not_rage_for_ten_years() -> None:
    deaths = np.expm1(drawn()[:, 0])
    assert np.median(deaths[-1]) < 0.2 * np.median(deaths[0])
    assert deaths[-1].mean() < 0.3 * deaths[0].mean()


@pytest.mark.slow
def test_who_stays_has_the_forecast_again_with_a_rank_that_moves_slowly() -> None:
    shares = (np.random.default_rng(5).permutation(FUTURES) + 0.5) / FUTURES
    first = np.stack([np.quantile(np.maximum(one, 0), shares) for one in FORECAST])
    stayed = draw(first=first, play=_staying, forecast_holds=1.0)
    for year in (1, 4):
        np.testing.assert_allclose(
            np.quantile(stayed[year], [0.1, 0.5, 0.9], axis=1),
            np.quantile(first, [0.1, 0.5, 0.9], axis=1), atol=0.15,
        )  # fmt: skip
    assert np.corrcoef(stayed[0, 0], stayed[1, 0])[0, 1] == pytest.approx(KEPT, abs=0.05)
    # Who leaves at once goes where the chain goes, by the same chance.
    left = draw(first=first, play=_staying, forecast_holds=0.0)
    np.testing.assert_allclose(left, draw(first=first), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("stays", [0.0, 1.0])
def test_a_year_that_no_country_had_does_not_come_again(stays: float) -> None:
    # The first year is what the forecast says, and may be beyond all that is on record.
    shares = (np.random.default_rng(5).permutation(FUTURES) + 0.5) / FUTURES
    first = np.stack([np.quantile(one, shares) for one in BEYOND])
    later = draw(first=first, play=_beyond, forecast_holds=stays)[1:]
    assert later.max() <= float(LEARNT.greatest[0]) + 1e-4
    assert np.quantile(later[0, 0], 0.9) == pytest.approx(float(LEARNT.greatest[0]), abs=1e-4)


def test_a_year_takes_four_random_numbers() -> None:
    assert noise().uniform.shape[2] == YEARLY == 4


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code on plain arrays, so that nothing is compiled."""
    monkeypatch.setattr(chain, "jnp", np)


MADE = Learnt(
    ends=np.array([99.0, -0.5, 0.25, -0.75]), begins=np.array([99.0, 0.5, 0.3, 0.2]),
    empty=np.array([0.2, -0.4, 0.1, -0.3]), deaths=np.array([4.0, 6.0, 8.0]),
    moves=np.array([0.5, -0.25, 9.0]), first=np.array([3.5, 5.0]), after=np.array([0.0, 1.0]),
    quiet=np.array([1.5, 2.5]), greatest=np.array([9.0]),
)  # fmt: skip
"""A record of a few years. Constants of the log odds of a change are not those that count."""
CHANCES = {"war_ends": 0.2, "outbreak": 0.05, "war_drift": 0.125}


def year_after(x: float, change: float, to: float, record: float = 4.0) -> float:
    told = tuple(np.full(1, one) for one in (x, record, record))
    change_, to_ = np.full(1, change), np.full(1, to)
    return float(chain._follow(CHANCES, told, change_, to_, MADE).item())


def changed(odds: float) -> tuple[float, float]:
    """A number just below and one just above a chance of these odds."""
    return (1 - 1e-6) * odds / (1 + odds), (1 + 1e-6) * odds / (1 + odds)


@pytest.mark.usefixtures("plain")
def test_a_usual_war_ends_with_the_chance_that_is_told_and_others_by_what_was_learnt() -> None:
    # Six in the logs of its deaths and four of its record make a war a usual one.
    for x, record, odds in (
        (6.0, 4.0, 0.25), (7.0, 4.0, 0.25 * np.exp(-0.5)), (6.0, 6.0, 0.25 * np.exp(-1.0)),
    ):  # fmt: skip
        ends, lasts = changed(odds)
        assert [year_after(x, ends, to, record) for to in (0.49, 0.51)] == [0.0, 1.0]
        assert year_after(x, lasts, 0.4, record) == x + 0.125 - 0.25
    # What goes on stays a war, and no greater one than any was.
    assert year_after(WAR, 0.9, 0.4) == WAR
    assert year_after(8.0, 0.9, 0.9) == 9.0
    # One beyond all on record goes on from the greatest.
    assert year_after(12.0, 0.9, 0.4) == year_after(9.0, 0.9, 0.4) == 9.0 + 0.125 - 0.25


@pytest.mark.usefixtures("plain")
def test_a_quiet_year_breaks_out_or_has_deaths_by_what_is_left_of_its_chance() -> None:
    for x, record, odds in (
        (0.0, 0.0, 0.05 / 0.95), (2.0, 0.0, 0.05 / 0.95 * np.e), (0.0, 4.0, 0.05 / 0.95 * np.e**2),
    ):  # fmt: skip
        breaks, holds = changed(odds)
        assert [year_after(x, breaks, to, record) for to in (0.49, 0.51)] == [3.5, 5.0]
        # Of the chance that is left so much is of a year without deaths.
        assert year_after(x, holds, 0.1, record) == 0.0
        empty = np.exp(0.2 - 0.4 * x + (0.1 - 0.3) * record)
        none, some = changed(empty)
        left = [breaks + (1 - breaks) * one for one in (none * (1 - 1e-5), some * (1 + 1e-5))]
        assert year_after(x, left[0], 0.1, record) == 0.0
        assert [year_after(x, left[1], to, record) for to in (0.49, 0.51)] == [1.5, 2.5]


@pytest.mark.usefixtures("plain")
def test_the_nearest_forty_moves_are_those_of_the_wars_around_it() -> None:
    many = MADE._replace(deaths=np.arange(100.0), moves=np.arange(100.0))
    to = np.linspace(0.0, 1.0, 4_000, endpoint=False)
    for x, first in ((50.0, 30), (50.5, 31), (0.0, 0), (19.0, 0), (99.0, 60), (500.0, 60)):
        found = chain._move(np.full(to.shape, x), to, many)
        values, counts = np.unique(found, return_counts=True)
        assert values.tolist() == list(range(first, first + 40))
        assert set(counts) == {100}
    # Of fewer than forty all are near.
    assert np.unique(chain._move(np.full(to.shape, 6.0), to, MADE)).size == 3
    assert chain._chance(chain._odds(0.3)) == pytest.approx(0.3)
    assert chain._odds(0.2) == pytest.approx(0.25)


@pytest.mark.slow
def test_a_first_year_is_ranked_among_the_forecasts_and_chance_parts_the_same_deaths() -> None:
    """Of 101 quantiles 100 steps; between two of them, on one, below all and above all."""
    forecast = np.arange(101.0, dtype=np.float32)[None]
    first = np.array([[[25.5, 30.0, 30.0, -5.0, 200.0]]], np.float32)
    between = np.array([[[0.3, 0.25, 1.0, 0.5, 0.5]]], np.float32)
    shares = [0.255, 0.2975, 0.305, 0.005, 0.995]
    found = np.asarray(jax.jit(_rank)(forecast, first, between))
    assert found[0, 0] == pytest.approx(norm.ppf(shares), abs=1e-5)
