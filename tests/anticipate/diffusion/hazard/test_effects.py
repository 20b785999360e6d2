"""Effects of covariates by the fast fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import root

from tocsin.anticipate.diffusion.hazard.density import COVARIATE
from tocsin.anticipate.diffusion.hazard.design import Design, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.effects import _find_effect, fit_lifted
from tocsin.anticipate.diffusion.hazard.em import Fit, fit_em
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def planted(effect: float, seed: int, count: int = 300) -> tuple[Design, Any]:
    """First uses without contagion, at rates that a covariate raises; ties of those alike in it."""
    random = np.random.default_rng(seed)
    size = random.standard_normal(count)
    time = random.exponential(1.0, count) / (0.02 * np.exp(effect * size))
    table = pl.DataFrame(
        {"actor": [f"a{n}" for n in range(count)], "technology": "x", "size": size,
         "time": [float(one) if one < 20 else None for one in time]}
    )  # fmt: skip
    cases = read_cases(table, covariates=["size"], start=0, end=20)
    order = [f"a{n}" for n in np.argsort(size)]
    ties = read_ties(
        pl.DataFrame({"source": order[:-1], "target": order[1:], "channel": "t"}), cases
    )
    onset = np.where(cases.adopts, cases.high, np.inf)
    return make_design(cases, link_cases(cases, ties), onset, channels=1), cases


@pytest.mark.slow
def test_a_planted_effect_is_found_and_none_is_not() -> None:
    for effect in (0.8, 0.0, -0.5):
        found = [fit_lifted(planted(effect, seed)[0], used=()).effect[0] for seed in range(6)]
        assert np.mean(found) == pytest.approx(effect, abs=0.08)


def test_the_end_is_where_what_came_is_what_was_expected() -> None:
    """At the mode the slope is 0: what came outside the network less what was to be expected."""
    design, _ = planted(0.8, 1)
    for used in (None, ()):
        fit, lift, effect = fit_lifted(design, used=used)
        outside = fit.cell[design.cell] * fit.walk[design.technology, design.bin]
        outside = outside * lift[design.case]
        part = outside / (outside + design.exposure @ fit.strength)
        meant = lift * fit.cell[design.case_cell] * (design.at_risk * fit.walk[0]).sum(1)
        x = design.covariates
        slope = x[design.case].T @ part - x.T @ meant - effect / COVARIATE**2
        assert abs(slope[0]) < 0.02 * len(design.case)
        assert lift == pytest.approx(np.exp(x @ effect))


@pytest.mark.slow
def test_a_network_of_those_alike_explains_less_where_the_covariate_is_known() -> None:
    shares = []
    for seed in range(6):
        design, _ = planted(1.0, seed)
        shares.append((fit_em(design).share[0], fit_lifted(design).fit.share[0]))
    without, known = np.mean(shares, axis=0)
    assert known < without - 0.02


def test_without_a_covariate_it_is_the_fit_without() -> None:
    design, _ = planted(0.8, 2, 60)
    design = replace(design, covariates=np.zeros((len(design.case_cell), 0)))
    fit, lift, effect = fit_lifted(design)
    plain = fit_em(design)
    assert (fit.cell == plain.cell).all()
    assert (fit.strength == plain.strength).all()
    assert (lift == 1).all()
    assert effect.shape == (0,)


def test_an_effect_is_where_what_came_from_outside_meets_what_was_expected() -> None:
    """Two covariates, a step of the window each for early and late; some of it came over ties."""
    random = np.random.default_rng(5)
    x = random.standard_normal((40, 2))
    case, zero = np.arange(0, 40, 4), np.zeros(10, dtype=np.int64)
    design = Design(
        case, zero, zero, (case > 20).astype(np.int64), random.uniform(0, 2, (10, 1)),
        np.ones((1, 1, 2)), random.uniform(0.1, 0.5, (40, 2)), np.zeros(40, dtype=np.int64),
        zero[:1], x, np.ones(1),
    )  # fmt: skip
    fit = Fit(np.array([0.4]), np.array([[0.5, 2.0]]), np.array([0.3]), np.zeros(1), 0.0)
    lift = random.uniform(0.5, 2.0, 40)
    outside = 0.4 * fit.walk[0, design.bin] * lift[case]
    part = outside / (outside + 0.3 * design.exposure[:, 0])

    def slope(effect: np.ndarray) -> np.ndarray:
        expected = 0.4 * (design.at_risk @ fit.walk[0]) * np.exp(x @ effect)
        return np.asarray(part @ x[case] - expected @ x - effect / COVARIATE**2)

    best = root(slope, np.zeros(2)).x
    assert abs(best).max() < 1.0
    np.testing.assert_allclose(_find_effect(design, fit, np.zeros(2), lift), best, atol=1e-6)
