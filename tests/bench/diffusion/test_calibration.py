"""Worlds from the prior are simulated exactly, and ranks are judged by bands that hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.hazards import integrate_hazard
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.bench.diffusion.calibration import band, draw_exactly, draw_prior, judge_ranks, ranks
from tocsin.bench.diffusion.plants import empty_world


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


def test_even_ranks_leave_the_band_as_often_as_is_said_and_others_nearly_always() -> None:
    random = np.random.default_rng(2)
    low, high = band(60, 0.1)
    grid = np.arange(1, len(low) + 1) / len(low)

    def leaves(values: np.ndarray) -> bool:
        curve = np.searchsorted(np.sort(values), grid, side="right") / 60
        return bool(((curve < low - 1e-9) | (curve > high + 1e-9)).any())

    even = np.mean([leaves(random.random(60)) for _ in range(800)])
    assert 0.03 <= even <= 0.13
    assert np.mean([leaves(random.beta(4, 4, 60)) for _ in range(50)]) > 0.9


def test_a_quantity_whose_ranks_pile_up_is_told() -> None:
    random = np.random.default_rng(3)
    rows = pl.DataFrame(
        {
            "events": np.full(80, 50.0),
            "r_hat": np.full(80, 1.01),
            "rank_even": random.random(80),
            "rank_high": random.random(80) ** 0.3,
        }
    )
    found = judge_ranks(rows)
    assert found["outside"] == 1.0
    assert found["off_high"] > found["band"] > found["off_even"]


@pytest.mark.slow
def test_a_world_has_a_rank_for_every_quantity(network: pl.DataFrame) -> None:
    row = ranks(network, 1)
    found = {name: value for name, value in row.items() if name.startswith("rank_")}
    assert {"rank_share_0", "rank_s_1", "rank_beta", "rank_spread", "rank_b_rise"} <= set(found)
    assert all(0.0 <= value <= 1.0 for value in found.values())
    assert row == ranks(network, 1)
