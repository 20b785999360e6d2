"""Draws by NUTS: reproducible, converged, and near the truth of a planted world."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.stats import gamma

from tocsin.anticipate.diffusion.answer.shares import event_shares
from tocsin.anticipate.diffusion.hazard import posterior
from tocsin.anticipate.diffusion.hazard.density import MEAN_REACH
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import fit_em
from tocsin.anticipate.diffusion.hazard.padding import find_room
from tocsin.anticipate.diffusion.hazard.posterior import (
    Posterior,
    _coefficients,
    _draw_cells,
    _largest_r_hat,
    _log_moment,
    _posterior,
    _start,
    keep_draws,
    note_of_chains,
    outside_parts,
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


def test_chains_are_held_to_what_moves() -> None:
    random = np.random.default_rng(1)
    still, moving = np.ones((2, 40)), random.normal(size=(2, 40))
    apart = moving + np.array([[0.0], [9.0]])
    assert _largest_r_hat({"a": still, "b": moving, "c": np.zeros((2, 0))}) < 1.2
    assert _largest_r_hat({"a": still, "b": moving, "c": apart}) > 2


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


def test_draws_are_kept_at_even_distances_and_together() -> None:
    ten = np.arange(10.0)
    whole = Posterior(
        ten[:, None], ten[:, None], ten[:, None, None], ten[:, None], ten[:, None, None], ten,
        ten[:, None], 1.5, 3,
    )  # fmt: skip
    for count, kept in ((3, [0, 4, 9]), (1, [0]), (99, list(range(10)))):
        some = keep_draws(whole, count)
        for name in ("base", "cell", "walk", "beta", "strength", "spread", "s"):
            assert getattr(some, name).ravel().tolist() == kept
        assert (some.r_hat, some.divergences) == (1.5, 3)


def test_the_rate_outside_is_of_classes_steps_and_covariates() -> None:
    """Two cells of the first class and one of the second; the second case has a covariate of 1."""
    design: Any = SimpleNamespace(
        case=np.array([0, 3]), technology=np.array([0, 1]), bin=np.array([1, 0]),
        cell_technology=np.array([0, 0, 1]), case_cell=np.array([0, 0, 1, 2]),
        at_risk=np.array([[0.5, 0.25], [0.5, 0.5], [0.5, 0.0], [0.25, 0.0]]),
        covariates=np.zeros((4, 0)),
    )  # fmt: skip
    base = np.array([[2.0, 3.0]])
    walk = np.array([[[0.5, 2.0], [4.0, 1.0]]])
    event, risk = outside_parts(design, base, walk, np.zeros((1, 0)))
    assert event.tolist() == [[4.0, 12.0]]
    cells = [2 * (0.5 * 1.0 + 2.0 * 0.75), 2 * 0.5 * 0.5, 3 * 4.0 * 0.25]
    assert risk.tolist() == [cells]
    design.covariates = np.array([[0.0], [1.0], [0.0], [2.0]])
    same = outside_parts(design, base, walk, np.zeros((1, 1)))
    np.testing.assert_allclose(np.concatenate(same, axis=1), np.concatenate([event, risk], axis=1))
    event, risk = outside_parts(design, base, walk, np.array([[np.log(3.0)]]))
    np.testing.assert_allclose(event, [[4.0, 12.0 * 9]])
    first = 2 * (0.5 * 0.5 + 2.0 * 0.25) + 2 * 3 * (0.5 * 0.5 + 2.0 * 0.5)
    np.testing.assert_allclose(risk, [[first, cells[1], cells[2] * 9]])


def test_classes_differ_by_their_ratio_and_cells_are_drawn_where_there_are_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    design: Any = SimpleNamespace(
        total=np.ones((1, 2)), degree=np.array([2.0]), cell_technology=np.array([0, 1, 1])
    )
    flat = {
        "log_base": np.log([[0.5, 2.0]]), "walk_scale": np.ones(1), "spread": np.array([0.7]),
        "walk_step": np.zeros((1, 2, 1)), "root": np.array([[3.0]]),
        "ratio_scale": np.log([2.0]), "ratio": np.array([[[0.0, 2.0]]]), "beta": np.ones((1, 1)),
    }  # fmt: skip

    def draw(of: Any, outside: Any, strength: np.ndarray, spread: np.ndarray, _: Any) -> np.ndarray:
        assert (outside, spread.tolist()) == ("outside", [0.7])
        return np.array([[1.0, 2.0, 3.0]])

    monkeypatch.setattr(posterior, "outside_parts", lambda *_: "outside")
    monkeypatch.setattr(posterior, "_draw_cells", draw)
    found = _posterior(design, flat, 1.0, 0, np.random.default_rng(1))
    s = 9.0 * MEAN_REACH / 2.0
    np.testing.assert_allclose(found.strength, [[[s, s * 4.0]]])
    assert found.cell.tolist() == [[1.0, 2.0, 3.0]]
    assert (found.beta.tolist(), found.s.tolist()) == ([[1.0]], [[s]])


def test_the_sampler_starts_about_the_fast_fit() -> None:
    plant = plant_one_network(5)
    design = make_design(plant.cases, link_cases(plant.cases, plant.read), plant.onset, channels=1)
    start = _start(design, find_room([design]), 4000, np.random.default_rng(1))
    fit = fit_em(design)
    count = np.bincount(design.cell_technology)
    base = np.log(np.bincount(design.cell_technology, fit.cell) / count)
    np.testing.assert_allclose(start["log_base"].mean(0), base, atol=0.02)
    carried = np.exp(start["root"].mean(0)) ** 2 * MEAN_REACH / design.degree
    np.testing.assert_allclose(carried, fit.strength, rtol=0.05)
    assert start["walk_step"].shape == (4000, len(count), design.at_risk.shape[1] - 1)
    assert set(start) == {"log_base", "walk_scale", "walk_step", "root"}
    for name, value in start.items():
        assert value.std(0) == pytest.approx(np.full(value.shape[1:], 0.2), rel=0.1), name


def test_a_cell_whose_first_uses_may_have_come_over_ties_has_its_exact_rate() -> None:
    """Two first uses of which each came over a tie or not: the rate's density is that of a gamma
    times (g + 1) (2 g + 1) exp(-risk g).
    """
    design: Any = SimpleNamespace(
        exposure=np.array([[1.0], [1.0]]), technology=np.zeros(2, dtype=int),
        cell=np.array([0, 0]), cell_technology=np.zeros(1, dtype=int),
    )  # fmt: skip
    many, shape, risk = 40_000, 1.5, 0.8
    outside = np.tile([1.0, 2.0], (many, 1)), np.full((many, 1), risk)
    drawn = _draw_cells(
        design, outside, np.ones((many, 1, 1)), np.full(many, shape**-0.5),
        np.random.default_rng(1),
    )[:, 0]  # fmt: skip
    g = np.linspace(0.0, 20.0, 40_001)[1:]
    density = g ** (shape - 1) * np.exp(-(shape + risk) * g) * (g + 1) * (2 * g + 1)
    density /= density.sum()
    for power in (1, 2):
        assert (drawn**power).mean() == pytest.approx((density * g**power).sum(), rel=0.03)


def test_moments_of_a_gamma_that_waits_are_those_of_its_integral() -> None:
    """E[g^m exp(-g risk)] for a gamma of mean 1, beside that of no event."""
    g = np.linspace(1e-6, 40.0, 400_001)
    for shape, risk in ((2.5, 1.3), (0.8, 0.2)):
        weight = gamma.pdf(g, shape, scale=1 / shape) * np.exp(-g * risk)
        exact = [np.log((weight * g**m).sum() / weight.sum()) for m in range(1, 4)]
        found = _log_moment(np.arange(4), np.array([[shape]]), np.array([[risk]]))[0]
        assert found[0] == 0.0
        assert found[1:] == pytest.approx(exact, abs=2e-3)
