"""The hazard by expectation-maximisation: fast enough to be fitted to hundreds of made data.

Each first use is shared out among what may have caused it, in proportion to the rates, and each
rate becomes what was shared out to it over the time at risk. Rates of cells are drawn towards their
class's and the steps in time towards 1, as gamma priors do. The course in time is freer here than
in the full model, so that a common push is not taken for the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.tables.times import Floats

ROUNDS = 80
CELL_SHAPE = 1.0
"""Shape of the gamma that draws a cell's rate towards its class's."""
STEP_SHAPE = 20.0
"""Shape of the gamma that draws a step in time towards 1."""


@dataclass(frozen=True)
class Fit:
    """This holds the rates that were fitted, per window.

    Args:
        cell: rate outside the network of each cell, shape (G,).
        walk: the course of that rate in time, a factor, shape (C, B).
        strength: rate for one unit of weight by channel, the same for all classes, shape (K,).
        share: mean over events of each channel's part of the hazard, from 0 to 1, shape (K,).
        gain: log-likelihood of the events with the priors, in nats.
    """

    cell: Floats
    walk: Floats
    strength: Floats
    share: Floats
    gain: float


def fit_em(
    design: Design, *, used: tuple[int, ...] | None = None, lift: Floats | None = None
) -> Fit:
    """Fit the rates to one design by expectation-maximisation (EM).

    Args:
        design: the cases with their first uses fixed.
        used: numbers of the channels that may carry anything; None: all of them.
        lift: the factor on each case's rate outside the network, shape (n,); None stands for 1.

    Returns:
        The rates per window at which the algorithm ended.

    Source: Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM
    algorithm, JRSS B 39.
    """
    channels, classes, bins = design.exposed.shape
    chosen = np.zeros(channels, dtype=bool)
    chosen[list(range(channels) if used is None else used)] = True
    lift = np.ones(len(design.case_cell)) if lift is None else lift
    cells, case = len(design.cell_technology), design.case
    risk = np.zeros((cells, bins))
    np.add.at(risk, design.case_cell, design.at_risk * lift[:, None])
    of_cell, of_event = design.cell_technology, design.technology
    events = np.bincount(of_event, minlength=classes)
    whole = np.bincount(of_cell, risk.sum(1), classes)
    # Half outside, half over the channels, as a start.
    base = 0.5 * (events + 0.5) / np.maximum(whole, 1e-9)
    cell, walk = base[of_cell].copy(), np.ones((classes, bins))
    total = design.total.sum(1)
    live = chosen & (total > 0)
    strength = np.where(live, 0.5 * len(case) / np.maximum(total, 1e-9) / max(live.sum(), 1), 0.0)
    shape = CELL_SHAPE if cells > classes else np.inf
    for _ in range(ROUNDS):
        outside = cell[design.cell] * walk[of_event, design.bin] * lift[case]
        carried = design.exposure * strength
        hazard = outside + carried.sum(1)
        part = outside / hazard
        strength = np.where(live, (carried / hazard[:, None]).sum(0) / np.maximum(total, 1e-9), 0.0)
        lasting = (risk * walk[of_cell]).sum(1)
        base = _ratio(np.bincount(of_event, part, classes), np.bincount(of_cell, lasting, classes))
        if np.isfinite(shape):
            own = np.bincount(design.cell, part, cells)
            cell = (shape + own) / (shape / np.maximum(base[of_cell], 1e-12) + lasting)
        else:
            cell = base[of_cell]
        seen = np.zeros((classes, bins))
        np.add.at(seen, (of_event, design.bin), part)
        meant = np.zeros((classes, bins))
        np.add.at(meant, of_cell, risk * cell[:, None])
        walk = (STEP_SHAPE + seen) / (STEP_SHAPE + meant)
    outside = cell[design.cell] * walk[of_event, design.bin] * lift[case]
    carried = design.exposure * strength
    hazard = outside + carried.sum(1)
    share = (carried / hazard[:, None]).mean(0)
    spent = (risk * walk[of_cell] * cell[:, None]).sum() + strength @ total
    gain = np.log(np.maximum(hazard, 1e-300)).sum() - spent
    gain += STEP_SHAPE * (np.log(walk) - walk).sum()
    if np.isfinite(shape):
        relative = cell / np.maximum(base[of_cell], 1e-12)
        gain += shape * (np.log(relative) - relative).sum()
    return Fit(cell, walk, strength, share, float(gain))


def _ratio(count: Any, time: Any) -> Floats:
    return np.asarray((count + 1e-6) / np.maximum(time, 1e-9), dtype=np.float64)
