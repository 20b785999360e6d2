"""Worlds run on, against what is known in closed form."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

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
