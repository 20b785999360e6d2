"""Draws by NUTS: reproducible, converged, and near the truth of a planted world."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tocsin.anticipate.diffusion.answer.shares import event_shares
from tocsin.anticipate.diffusion.hazard.density import MEAN_REACH
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.posterior import (
    _coefficients,
    _draw_cells,
    _posterior,
    note_of_chains,
    sample,
)
from tocsin.bench.diffusion.plants import plant_one_network


@pytest.mark.slow
def test_draws_converge_repeat_and_cover_the_truth() -> None:
    plants = [plant_one_network(seed) for seed in range(6)]
    designs = [
        make_design(one.cases, link_cases(one.cases, one.read), one.onset, channels=1)
        for one in plants
    ]
    found = [sample([design], seed=1, draws=300, warmup=300)[0] for design in designs]
    again = sample([designs[0]], seed=1, draws=300, warmup=300)[0]
    assert (again.strength == found[0].strength).all()
    assert max(one.r_hat for one in found) < 1.02
    assert sum(one.divergences for one in found) <= 2
    shares = [event_shares(d, p).mean((0, 1))[0] for d, p in zip(designs, found, strict=True)]
    assert abs(np.mean(shares) - np.mean([one.share[0] for one in plants])) < 0.06
    # A second imputation of the same data goes on from the first one's adaptation.
    both = sample([designs[0], designs[0]], seed=2, draws=300, warmup=300)
    pair = [event_shares(designs[0], one).mean() for one in both]
    assert pair[0] == pytest.approx(pair[1], abs=0.02)


def test_chains_that_do_not_agree_are_told() -> None:
    alike, apart = SimpleNamespace(r_hat=1.004), SimpleNamespace(r_hat=1.3)
    assert note_of_chains([alike, alike]) == []  # type: ignore[list-item]
    [said] = note_of_chains([alike, apart, alike])  # type: ignore[list-item]
    assert "1 of 3 fits (R-hat up to 1.300" in said


def test_one_class_has_the_strength_that_all_classes_share() -> None:
    design: Any = SimpleNamespace(
        total=np.ones((2, 1)), degree=np.array([1.0, 4.0]), cell_technology=np.zeros(1)
    )
    flat = {
        "log_base": np.log([[0.5], [2.0]]), "walk_scale": np.zeros(2),
        "walk_step": np.ones((2, 1, 2)), "root": np.array([[1.0, 2.0], [0.0, 1.0]]),
    }  # fmt: skip
    found = _posterior(design, flat, 1.0, 0, np.random.default_rng(1))
    assert found.base == pytest.approx(np.array([[0.5], [2.0]]))
    assert found.s == pytest.approx(np.array([[1.0, 1.0], [0.0, 0.25]]) * MEAN_REACH)
    assert (found.strength[:, :, 0] == found.s).all()
    assert (found.cell == 1).all()
    assert found.walk == pytest.approx(np.ones((2, 1, 3)))


def test_coefficients_are_the_chances_of_how_many_came_from_outside() -> None:
    p, q = np.array([[1.0, 2.0, 0.5]]), np.array([[3.0, 2.0, 1.5]])
    part, exact = (p / (p + q))[0], np.zeros(4)
    for came in product((False, True), repeat=3):
        exact[sum(came)] += np.where(came, part, 1 - part).prod()
    np.testing.assert_allclose(_coefficients(p, q), exact[None])


def test_rates_of_cells_are_drawn_from_their_gammas() -> None:
    """Of two cells, one has two first uses that came by no tie, the other one that surely did."""
    design: Any = SimpleNamespace(
        exposure=np.array([[0.0], [0.0], [1.0]]), technology=np.zeros(3, dtype=int),
        cell=np.array([0, 0, 1]), cell_technology=np.zeros(3, dtype=int),
    )  # fmt: skip
    many, shape, risk = 20_000, 4.0, np.array([1.0, 2.0, 0.5])
    outside = np.tile([1.0, 1.0, 1e-12], (many, 1)), np.tile(risk, (many, 1))
    drawn = _draw_cells(
        design, outside, np.full((many, 1, 1), 50.0), np.full(many, shape**-0.5),
        np.random.default_rng(1),
    )  # fmt: skip
    count = shape + np.array([2.0, 0.0, 0.0])
    assert drawn.mean(0) == pytest.approx(count / (shape + risk), rel=0.03)
    assert drawn.var(0) == pytest.approx(count / (shape + risk) ** 2, rel=0.08)
