"""Courses last, fade, end and begin as on record, and stay with the forecast for a while."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import jax
import numpy as np
import pytest
from scipy.stats import norm

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.threat.persistence import PARAMETERS
from tocsin.plan.region.mechanisms.threat.persistence.chain import (
    KEPT,
    NEAREST,
    YEARLY,
    courses,
)
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT, WAR

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
