"""Worlds run on, against what is known in closed form."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.hazard.design import link_cases
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, chance_of_use, draw_first_uses
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties

TABLE = pl.DataFrame({"actor": ["a", "b", "c"], "technology": ["x"] * 3, "time": [0.0, None, 10.0]})


def test_a_constant_rate_gives_an_exponential() -> None:
    cases = read_cases(TABLE)
    ties = read_ties(pl.DataFrame({"source": ["a"], "target": ["b"], "channel": ["t"]}), cases)
    links = link_cases(cases, ties)
    hazard = Hazard(np.full((1, 3, 2), 0.1), np.full((1, 1, 1), 0.3))
    onset = np.array([0.0, np.inf, np.inf])
    random = np.random.default_rng(1)
    drawn = draw_first_uses(cases, links, hazard, onset, random, worlds=4000)
    assert (drawn[:, 0] == 0).all()
    exposed, alone = (drawn[:, 1] <= 5).mean(), (drawn[:, 2] <= 5).mean()
    assert exposed == pytest.approx(1 - np.exp(-0.4 * 5), abs=0.03)
    assert alone == pytest.approx(1 - np.exp(-0.1 * 5), abs=0.03)
    later = chance_of_use(
        cases, links, hazard, np.array([0.0, np.inf, 10.0]), np.array([12.0, 15.0])
    )
    assert later[0, :, 1] == pytest.approx(1 - np.exp(-0.4 * np.array([2.0, 5.0])), abs=1e-6)
    assert (later[:, :, 2] == 1).all()


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_a_chance_without_a_part_of_the_ties_is_never_greater(seed: int, factor: float) -> None:
    """What is told as what ties add is then a difference of at least nothing."""
    random = np.random.default_rng(seed)
    names = [f"n{i}" for i in range(6)]
    cases = read_cases(
        pl.DataFrame({"actor": names, "technology": ["x"] * 6, "time": [0.0, 3.0] + [None] * 4})
    )
    pairs = random.integers(0, 6, (8, 2))
    table = pl.DataFrame(
        {
            "source": [names[i] for i in pairs[:, 0]],
            "target": [names[i] for i in pairs[:, 1]],
            "channel": random.choice(["s", "t"], 8).tolist(),
            "weight": random.random(8),
        }
    ).filter(pl.col("source") != pl.col("target"))
    ties = read_ties(table, cases)
    links = link_cases(cases, ties)
    onset = np.where(np.arange(6) < 2, [0.0, 3.0, *[np.inf] * 4], np.inf)
    outside, strength = random.exponential(0.05, (2, 6, 1)), random.exponential(0.3, (2, 2, 1))
    times = cases.end + np.array([1.0, 4.0])
    strength = strength[:, : len(ties.channels)]
    whole = chance_of_use(cases, links, Hazard(outside, strength), onset, times, steps=8)
    less = chance_of_use(cases, links, Hazard(outside, factor * strength), onset, times, steps=8)
    assert (less <= whole).all()
    assert (np.diff(whole, axis=1) >= 0).all()
