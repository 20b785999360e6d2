"""Levels last, fade, end and begin as the chain says, and nothing else notices."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.threat.persistence import (
    ENDS_BY_DEATHS,
    ENDS_BY_RECORD,
    FIRST_SIZE,
    HALF,
    LEAST,
    MOST,
    OUTBREAK_BY_RECORD,
    PARAMETERS,
    WAR,
    move,
    quarterly,
    yearly,
)
from tocsin.plan.region.state import LETHAL, State, World, pressure

YEARS, FUTURES = 9, 2000
P = {item.name: np.float32((item.low + item.high) / 2) for item in PARAMETERS}
FIRST = np.array([60_000.0, 400.0, 0.1, 0.1])
"""Deaths of the first year: a great war, a usual one, and two quiet territories."""
RECORD = np.array([4.0, 4.0, 0.0, 4.0], np.float32)
_yearly = jax.jit(yearly)


def draw(record: Any = RECORD, **p: float) -> np.ndarray:
    """Deaths a year, by year, territory and future."""
    uniform = np.random.default_rng(3).uniform(1e-6, 1 - 1e-6, (YEARS, 4, 2, 1, FUTURES))
    noise = Noise(uniform.astype(np.float32), norm.ppf(uniform).astype(np.float32))
    level = np.repeat(FIRST[:, None, None] / 52, FUTURES, axis=2).astype(np.float32)
    given = P | {name: np.float32(value) for name, value in p.items()}
    logs = np.asarray(_yearly(given, level, record[:, None, None], noise))[:, :, 0]
    return np.asarray(np.exp(logs) * FIRST[None, :, None])


@cache
def drawn() -> np.ndarray:
    return draw()


@pytest.mark.slow
def test_the_first_year_is_as_it_was_forecast() -> None:
    assert (drawn()[0] == FIRST[:, None]).all()
    logs = np.log(drawn() / FIRST[:, None])
    held = np.asarray(quarterly(jax.numpy.asarray(logs, np.float32), 40))[:4]
    assert (held == 0).all()


@pytest.mark.slow
def test_without_scatter_and_ends_a_war_moves_part_of_the_way_each_year() -> None:
    deaths = draw(war_ends=1e-9, war_scatter=0.0, war_reversion=0.25, war_level=6.0)
    # A level lies above the mean log of its deaths, of which the chain tells.
    x = np.log1p(deaths[:, 0, 0]) - HALF * (np.arange(YEARS + 1) > 0)
    np.testing.assert_allclose(x[1:] - 6.0, 0.75 * (x[:-1] - 6.0), rtol=1e-3, atol=1e-3)


@pytest.mark.slow
def test_wars_end_and_break_out_as_often_as_the_figures_say() -> None:
    war = np.log1p(drawn()[1]) >= WAR - 1e-4
    odds = P["war_ends"] / (1 - P["war_ends"])
    # A war of 400 deaths a year lies at the deaths and the record that the figure is told for.
    usual = odds * np.exp(ENDS_BY_DEATHS * (np.log1p(400.0) - 6.0))
    great = odds * np.exp(ENDS_BY_DEATHS * (np.log1p(60_000.0) - 6.0))
    quiet = P["outbreak"] / (1 - P["outbreak"])
    troubled = quiet * np.exp(OUTBREAK_BY_RECORD * 4.0)
    for place, chance in ((1, 1 - usual / (1 + usual)), (0, 1 - great / (1 + great)),
                          (2, quiet), (3, troubled / (1 + troubled))):  # fmt: skip
        error = (chance * (1 - chance) / FUTURES) ** 0.5
        assert war[place].mean() == pytest.approx(chance, abs=float(4 * error + 0.003)), place
    peaceful = draw(RECORD - 4.0)[1, 1]
    assert (peaceful < 25).mean() > (drawn()[1, 1] < 25).mean() * np.exp(2 * ENDS_BY_RECORD)
    assert (peaceful < 25).mean() > 1.5 * (drawn()[1, 1] < 25).mean()


@pytest.mark.slow
def test_a_first_year_of_war_is_as_deadly_as_the_record_says() -> None:
    begun = np.log1p(drawn()[1, 3])
    begun = begun[begun >= WAR]
    assert begun.mean() - WAR == pytest.approx(FIRST_SIZE, rel=0.25)
    assert begun.min() == pytest.approx(WAR + HALF, abs=0.01)


@pytest.mark.slow
def test_a_great_war_does_not_rage_for_ten_years() -> None:
    median = np.median(drawn()[:, 0], axis=1)
    assert (np.diff(median) < 0).all()
    assert median[4] < 0.2 * median[0]
    assert drawn()[-1, 0].mean() < 0.1 * FIRST[0]
    assert (np.log1p(drawn()[1:]) <= MOST + HALF + 1e-3).all()
    assert (drawn() >= LEAST * 0.999).all()


@given(st.lists(st.floats(-5, 5), min_size=10, max_size=10))
def test_quarters_run_straight_between_the_middles_of_years(values: list[float]) -> None:
    logs = np.array([0.0, *values[1:]], np.float32)[:, None]
    found = np.asarray(quarterly(jax.numpy.asarray(logs), 40))[:, 0]
    assert (found[:4] == 0).all()
    for year in range(1, 9):
        # The two quarters about a year's middle, an eighth of a year away from it.
        around = found[4 * year + 1 : 4 * year + 3].sum()
        before, here, after = logs[year - 1 : year + 2, 0]
        assert around == pytest.approx(
            (0.875 * here + 0.125 * before) + (0.875 * here + 0.125 * after), abs=1e-3
        )
    assert found[-1] == pytest.approx(logs[-1, 0], abs=1e-4)


@pytest.mark.slow
def test_what_is_of_late_moves_with_what_is_usual() -> None:
    none = dict.fromkeys(State._fields, np.zeros((1, 1), np.float32))
    five = np.array([[1.0, 2, 3, 4, 5]], np.float32)
    state = State(**none | {"excited": 2 * five, "rate": five, "toll": np.full((1, 1), 30.0)})
    world = World(*[np.full((1, 1), 10.0, np.float32)] * len(World._fields))._replace(usual=five)
    now, moved = move(world, state, np.float32(0.01), np.float32(0.1))
    np.testing.assert_allclose(now.usual[0], [0.01, 0.02, 0.03, 4, 5], rtol=1e-5)
    np.testing.assert_allclose(moved.excited[0, :LETHAL], [0.2, 0.4, 0.6], rtol=1e-5)
    assert moved.excited[0, LETHAL:].tolist() == [8.0, 10.0]
    # Where level and toll fall alike, people feel no more pressure than before.
    _, same = move(world, state, np.float32(0.1), np.float32(0.1))
    wide = world._replace(level=np.full((1, 1), 1e4)), state._replace(toll=np.full((1, 1), 3e4))
    after = move(*wide, np.float32(0.1), np.float32(0.1))
    assert float(pressure(after[1], after[0])[0, 0]) == pytest.approx(
        float(pressure(wide[1], wide[0])[0, 0]), abs=1e-3
    )
    assert same.toll.item() == pytest.approx(3.0)
