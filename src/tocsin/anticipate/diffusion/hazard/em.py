"""The hazard by expectation-maximisation: fast enough to be fitted to hundreds of made data.

Each first use is shared out among what may have caused it, in proportion to the rates, and each
rate becomes what was shared out to it over the time at risk. Rates of classes are drawn towards
what is held beforehand, rates of cells towards their class's and the steps in time towards 1, as
gamma priors do. Without the first, a class that nobody has used yet would never be used. The course
in time is freer here than in the full model, so that a common push is not taken for the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.tables.times import Floats

ROUNDS = 80
TOGETHER, ROOM = 100, 3_000_000
"""Designs that are fitted side by side, and cases and first uses of all of them together, so that
memory stays small."""
BASE_SHAPE, BASE_RATE = 0.6, 1.0
"""Gamma prior of μ, first uses per window outside the network: its mean is that of NUTS' prior."""
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
    design: Design,
    *,
    used: tuple[int, ...] | None = None,
    lift: Floats | None = None,
    rounds: int = ROUNDS,
) -> Fit:
    """Fit the rates to one design by expectation-maximisation (EM).

    Args:
        design: the cases with their first uses fixed.
        used: numbers of the channels that may carry anything; None: all of them.
        lift: the factor on each case's rate outside the network, shape (n,); None stands for 1.
        rounds: how often the first uses are shared out.

    Returns:
        The rates per window at which the algorithm ended.

    Source: Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM
    algorithm, JRSS B 39.
    """
    return _fit([design], used, lift, rounds)[0]


def fit_both_ways(
    designs: Iterable[Design], used: tuple[int, ...], lift: Floats | None
) -> list[tuple[Fit, Fit]]:
    """Fit the rates to each design with all channels, and with some of them only.

    Args:
        designs: designs of the same cases, which are made and let go as they are fitted.
        used, lift: as `fit_em` takes them.

    Returns:
        Both fits of each design, in their order.
    """
    found: list[tuple[Fit, Fit]] = []
    together: list[Design] = []

    def fit() -> None:
        whole = _fit(together, None, lift, ROUNDS)
        found.extend(zip(whole, _fit(together, used, lift, ROUNDS), strict=True))
        together.clear()

    for design in designs:
        together.append(design)
        if len(together) >= min(TOGETHER, ROOM // (len(design.case_cell) + len(design.case))):
            fit()
    if together:
        fit()
    return found


def _fit(
    designs: Sequence[Design], used: tuple[int, ...] | None, lift: Floats | None, rounds: int
) -> list[Fit]:
    data = _Stack(designs, lift)
    chosen = np.zeros(data.channels, dtype=bool)
    chosen[list(range(data.channels) if used is None else used)] = True
    # Half outside, half over the channels, as a start.
    whole = data.risk.sum(2) @ data.of_cell
    base = 0.5 * (data.count(data.technology, data.real, data.classes) + 0.5)
    base = base / np.maximum(whole, 1e-9)
    cell = base[:, data.cell_technology]
    walk = np.ones((data.worlds, data.classes, data.bins))
    live = chosen & (data.total > 0)
    events = data.real.sum(1)[:, None]
    strength = 0.5 * events / np.maximum(data.total, 1e-9)
    strength = np.where(live, strength / np.maximum(live.sum(1), 1)[:, None], 0.0)
    shape = CELL_SHAPE if data.cells > data.classes else np.inf
    for _ in range(rounds):
        outside, carried, hazard = data.hazard(cell, walk, strength)
        part = data.real * outside / hazard
        shared = (carried * (data.real / hazard)[:, :, None]).sum(1)
        strength = np.where(live, shared / np.maximum(data.total, 1e-9), 0.0)
        lasting = (data.risk * walk[:, data.cell_technology]).sum(2)
        base = BASE_SHAPE + data.count(data.technology, part, data.classes)
        base = base / (BASE_RATE + lasting @ data.of_cell)
        of_cell = base[:, data.cell_technology]
        if np.isfinite(shape):
            own = data.count(data.cell, part, data.cells)
            cell = (shape + own) / (shape / np.maximum(of_cell, 1e-12) + lasting)
        else:
            cell = of_cell
        seen = data.count(data.step, part, data.classes * data.bins).reshape(walk.shape)
        meant = np.matmul(data.of_cell.T, data.risk * cell[:, :, None])
        walk = (STEP_SHAPE + seen) / (STEP_SHAPE + meant)
    _, carried, hazard = data.hazard(cell, walk, strength)
    share = (carried * (data.real / hazard)[:, :, None]).sum(1) / np.maximum(events, 1.0)
    spent = (data.risk * walk[:, data.cell_technology] * cell[:, :, None]).sum((1, 2))
    gain = (data.real * np.log(np.maximum(hazard, 1e-300))).sum(1)
    gain -= spent + (strength * data.total).sum(1)
    gain += STEP_SHAPE * (np.log(walk) - walk).sum((1, 2))
    gain += (BASE_SHAPE * np.log(base) - BASE_RATE * base).sum(1)
    if np.isfinite(shape):
        relative = cell / np.maximum(base[:, data.cell_technology], 1e-12)
        gain += shape * (np.log(relative) - relative).sum(1)
    return [
        Fit(cell[w], walk[w], strength[w], share[w], float(gain[w])) for w in range(data.worlds)
    ]


class _Stack:
    """Several designs of the same cases with their events padded to one number."""

    def __init__(self, designs: Sequence[Design], lift: Floats | None) -> None:
        first = designs[0]
        self.worlds = len(designs)
        self.channels, self.classes, self.bins = first.exposed.shape
        self.cell_technology = first.cell_technology
        self.cells = len(first.cell_technology)
        self.of_cell = np.eye(self.classes)[first.cell_technology]
        self.total = np.stack([one.total.sum(1) for one in designs])
        lift = np.ones(len(first.case_cell)) if lift is None else lift
        order = np.argsort(first.case_cell, kind="stable")
        begins = np.searchsorted(first.case_cell[order], np.arange(self.cells))
        self.risk = np.stack(
            [
                np.add.reduceat((one.at_risk * lift[:, None])[order], begins, axis=0)
                for one in designs
            ]
        )
        most = max(len(one.case) for one in designs)
        shape = (self.worlds, most)
        self.real, self.lift = np.zeros(shape), np.ones(shape)
        self.cell, self.technology, self.bin = (np.zeros(shape, dtype=np.int64) for _ in range(3))
        self.exposure = np.zeros((*shape, self.channels))
        for w, one in enumerate(designs):
            count = len(one.case)
            self.real[w, :count] = 1.0
            self.lift[w, :count] = lift[one.case]
            self.exposure[w, :count] = one.exposure
            for name in ("cell", "technology", "bin"):
                getattr(self, name)[w, :count] = getattr(one, name)
        self.step = self.technology * self.bins + self.bin
        self.world = np.arange(self.worlds)[:, None]

    def hazard(self, cell: Floats, walk: Floats, strength: Floats) -> tuple[Floats, Floats, Floats]:
        """At each event: the rate outside, those over the channels, and their sum."""
        outside = cell[self.world, self.cell] * self.lift
        outside = outside * walk[self.world, self.technology, self.bin]
        carried = self.exposure * strength[:, None, :]
        return outside, carried, outside + carried.sum(2)

    def count(self, place: Any, weight: Floats, size: int) -> Floats:
        """Sums of weights by place, in each world, shape (worlds, size)."""
        flat = (self.world * size + place).ravel()
        sums = np.bincount(flat, weight.ravel(), self.worlds * size)
        return np.asarray(sums.reshape(self.worlds, size))
