"""Worlds run on: first uses drawn from the hazard, and their chances worked out.

Time goes in steps; within a step the hazard stays as it was at its start. With a hundred steps or
more a window the error is far below the scatter between draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tocsin.anticipate.diffusion.hazard.design import Links
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.errors import require

STEPS = 120


@dataclass(frozen=True)
class Hazard:
    """This holds rates per unit of time for R worlds; a first axis of 1 serves all worlds.

    Args:
        outside: rate outside the network of each case and bin, shape (R, n, B).
        strength: rate for one unit of weight, by channel and class, shape (R, K, C).
    """

    outside: Floats
    strength: Floats


def draw_first_uses(
    cases: Cases,
    links: Links,
    hazard: Hazard,
    onset: Floats,
    random: np.random.Generator,
    *,
    worlds: int,
    span: tuple[float, float] | None = None,
    steps: int = STEPS,
) -> Floats:
    """Simulate worlds: in each, draw the first uses of those that are at risk.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        hazard: the rates per unit of the clock.
        onset: first uses that are given, infinite where one may be drawn, shape (n,).
        random: source of random numbers; it is moved on.
        worlds: how many worlds are simulated.
        span: the first and the last time of the simulation; None: the window.
        steps: into how many steps this time is divided.

    Returns:
        First uses in units of the clock, infinite where there is none, shape (worlds, n).
    """
    begin, finish = span or (cases.start, cases.end)
    found = np.repeat(onset[None], worlds, axis=0)
    for now, then, network, outside in _steps(cases, links, hazard, (begin, finish), steps):
        user = (found <= now) & (cases.stays >= now)
        rate = outside + network(user.astype(np.float64))
        from_here = np.maximum(cases.entry, now)
        there = np.maximum(np.minimum(cases.exit, then) - from_here, 0.0)
        new = (random.random(found.shape) < -np.expm1(-rate * there)) & (found == np.inf)
        at = from_here + random.random(found.shape) * there
        found = np.where(new, at, found)
    return found


def chance_of_use(
    cases: Cases,
    links: Links,
    hazard: Hazard,
    onset: Floats,
    times: Floats,
    *,
    steps: int = STEPS,
) -> Floats:
    """Compute the chance of a first use by each of several times after the window.

    The hazard's draws are worlds. Other organisations' first uses enter as their chances (a
    mean-field approximation), so that the chance in one world has no random scatter of its own.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        hazard: the rates per unit of the clock, R worlds.
        onset: first uses until the window's end, infinite where there is none, shape (n,).
        times: times after the window's end, ascending, in units of the clock, shape (T,).
        steps: into how many steps the time after the window is divided.

    Returns:
        Chances of shape (R, T, n); 1 for those that use it already.
    """
    worlds = max(len(hazard.outside), len(hazard.strength))
    chance = np.repeat((onset <= cases.end).astype(np.float64)[None], worlds, axis=0)
    out, begin = [], cases.end
    lasting = np.where(cases.stays >= cases.end, np.inf, cases.stays)
    for until in times:
        share = max(2, int(np.ceil(steps * (until - begin) / (times[-1] - cases.end))))
        for now, then, network, outside in _steps(cases, links, hazard, (begin, until), share):
            rate = outside + network(chance * (lasting >= now))
            open_ = cases.exit >= cases.end
            chance = chance + (1.0 - chance) * -np.expm1(-rate * (then - now) * open_)
        out.append(chance)
        begin = float(until)
    return np.stack(out, axis=1)


def _steps(
    cases: Cases, links: Links, hazard: Hazard, span: tuple[float, float], steps: int
) -> Iterator[tuple[float, float, Any, Floats]]:
    """Each step's start and end, the network's rate given who uses it, and the rate outside."""
    sparse = require("scipy.sparse", extra="anticipate")
    n, bins = len(cases.actor), hazard.outside.shape[2]
    strength = hazard.strength[:, :, cases.technology]
    edges = np.linspace(*span, steps + 1)
    width = (cases.end - cases.start) / bins
    carries = [bool(hazard.strength[:, k].any()) for k in range(hazard.strength.shape[1])]
    before: Any = None
    matrices: list[Any] = []
    for now, then in pairwise(edges.tolist()):
        middle = (now + then) / 2
        # A tie that held at the window's end is taken to go on after it.
        moment = min(middle, cases.end)
        live = (links.start <= moment) & (moment <= links.end)
        if before is None or not np.array_equal(live, before):
            before, matrices = live, []
            for k in range(hazard.strength.shape[1]):
                mine = live & (links.channel == k)
                places = (links.source[mine], links.target[mine])
                matrices.append(sparse.csr_matrix((links.weight[mine], places), shape=(n, n)))
        held = matrices

        def network(user: Floats, held: list[Any] = held) -> Floats:
            rate = np.zeros(user.shape)
            for k, matrix in enumerate(held):
                if carries[k]:
                    rate += strength[:, k] * (user @ matrix)
            return rate

        b = int(np.clip((middle - cases.start) / width, 0, bins - 1))
        yield float(now), float(then), network, hazard.outside[:, :, b]
