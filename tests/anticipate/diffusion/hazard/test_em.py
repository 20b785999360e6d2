"""The fast fit: its equations, and worlds that are known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import BASE_RATE, BASE_SHAPE, fit_em
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties
from tocsin.bench.diffusion.plants import plant_one_network


@pytest.mark.slow
def test_it_finds_planted_shares_on_average() -> None:
    off = []
    for seed in range(20):
        plant = plant_one_network(seed)
        links = link_cases(plant.cases, plant.read)
        design = make_design(plant.cases, links, plant.onset, channels=1)
        fit = fit_em(design)
        off.append(fit.share[0] - plant.share[0])
        assert 0 <= fit.share[0] <= 1
        # What was shared out over the network is what the rate expects over the whole exposure.
        assert fit.share[0] * len(design.case) == pytest.approx(
            fit.strength[0] * design.total.sum(), rel=0.02
        )
        assert fit.gain >= fit_em(design, used=()).gain - 1e-6
    assert abs(np.mean(off)) < 0.05


def test_a_class_that_nobody_used_keeps_the_rate_that_is_held_beforehand() -> None:
    """Two organisations were at risk of 'new' for the whole window, so for two windows in all."""
    table = pl.DataFrame(
        {"actor": ["a", "b"] * 2, "technology": ["new", "new", "old", "old"],
         "time": [None, None, 4.0, 10.0]}
    )  # fmt: skip
    cases = read_cases(table)
    ties = read_ties(pl.DataFrame({"source": "a", "target": "b", "channel": "t"}), cases)
    onset = np.where(cases.adopts, cases.high, np.inf)
    fit = fit_em(make_design(cases, link_cases(cases, ties), onset, channels=1))
    # The course in time sinks a little, too, where nothing came.
    assert fit.cell[0] * fit.walk[0].mean() == pytest.approx(BASE_SHAPE / (BASE_RATE + 2), rel=0.05)
    assert fit.cell[1] > fit.cell[0]


def test_without_the_network_nothing_is_carried() -> None:
    plant = plant_one_network(1)
    design = make_design(plant.cases, link_cases(plant.cases, plant.read), plant.onset, channels=1)
    assert fit_em(design, used=()).share.tolist() == [0.0]
