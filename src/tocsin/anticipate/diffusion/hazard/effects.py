"""Effects of covariates by the fast fit: for what is fitted again and again, as a record is.

What is told of organisations may explain what ties seem to foresee, if those who are large have
most ties. A record in which neither the network nor what it is compared with knows of it is too
easy to beat.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tocsin.anticipate.diffusion.hazard.density import COVARIATE
from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.em import Fit, fit_em
from tocsin.anticipate.diffusion.tables.times import Floats

TURNS, ROUGHLY = 3, 16
"""Rates and effects are fitted by turns, so many times; until the last, rates in so few rounds."""
STEPS = 4
"""Steps of Newton within a turn."""
FARTHEST = 1.0
"""A step of Newton changes an effect by no more."""


class Lifted(NamedTuple):
    """This is a fit with the effects of covariates."""

    fit: Fit
    lift: Floats
    """The factor on each case's rate outside the network, shape (n,)."""
    effect: Floats
    """What one standard deviation of each covariate adds to the log of the rate, shape (P,)."""


def fit_lifted(design: Design, *, used: tuple[int, ...] | None = None) -> Lifted:
    """Fit rates, and the effects of covariates on the rate outside the network.

    Args:
        design: the cases with their first uses fixed, and P covariates.
        used: as `em.fit_em` takes it.

    Returns:
        The rates and effects, each at its posterior mode given the other, with the prior of effects
        that the full model has. Without covariates it is the fit of `em.fit_em`.
    """
    x = design.covariates
    effect, lift = np.zeros(x.shape[1]), np.ones(len(x))
    for _ in range(TURNS if x.shape[1] else 0):
        rough = fit_em(design, used=used, lift=lift, rounds=ROUGHLY)
        effect = _find_effect(design, rough, effect, lift)
        lift = np.exp(x @ effect)
    return Lifted(fit_em(design, used=used, lift=lift), lift, effect)


def _find_effect(design: Design, fit: Fit, effect: Floats, lift: Floats) -> Floats:
    """The effects that the first uses outside the network speak for, by Newton's method."""
    x, event = design.covariates, design.case
    outside = fit.cell[design.cell] * fit.walk[design.technology, design.bin] * lift[event]
    part = outside / (outside + design.exposure @ fit.strength)
    of_class = design.cell_technology[design.case_cell]
    expected = fit.cell[design.case_cell] * (design.at_risk * fit.walk[of_class]).sum(1)
    met, held = x[event].T @ part, np.eye(x.shape[1]) / COVARIATE**2
    for _ in range(STEPS):
        rate = expected * np.exp(x @ effect)
        slope = met - x.T @ rate - held @ effect
        step = np.linalg.solve((x * rate[:, None]).T @ x + held, slope)
        effect = effect + np.clip(step, -FARTHEST, FARTHEST)
    return np.asarray(effect)
