"""Worlds from the prior are simulated exactly, and every quantity of one has a rank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.hazards import integrate_hazard
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.bench.diffusion.calibration import draw_exactly, draw_prior, ranks
from tocsin.bench.diffusion.plants import empty_world


@pytest.mark.slow
def test_first_uses_come_as_often_as_the_hazard_lets_expect(network: pl.DataFrame) -> None:
    """First uses less the integral of the hazard up to them are a martingale: 0 in the mean."""
    random = np.random.default_rng(1)
    cases, ties = empty_world(network, random, classes=2)
    links = link_cases(cases, ties)
    channels = len(ties.channels)
    design = make_design(cases, links, np.full(len(cases.actor), np.inf), channels=channels)
    truth = replace(draw_prior(design, random), base=np.array([[0.5, 2.0]]))
    strength = np.full((1, channels, 2), 3.0)
    truth = replace(truth, strength=strength, s=strength[:, :, 0])
    came, expected = 0.0, 0.0
    for _ in range(60):
        onset = draw_exactly(cases, links, design, truth, random)
        made = make_design(cases, links, onset, channels=channels)
        outside, network_part, _ = integrate_hazard(made, truth)
        came += len(made.case)
        expected += float(outside.sum() + network_part.sum())
    assert came == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert came > 500


@pytest.mark.slow
def test_a_world_has_a_rank_for_every_quantity(network: pl.DataFrame) -> None:
    row = ranks(network, 1)
    found = {name: value for name, value in row.items() if name.startswith("rank_")}
    assert {"rank_share_0", "rank_s_1", "rank_beta", "rank_spread", "rank_b_rise"} <= set(found)
    assert all(0.0 <= value <= 1.0 for value in found.values())
    assert row == ranks(network, 1)
