"""First uses that are only known to lie between two times, drawn as the rates make them likely.

Even draws do not know that a first use is likelier while a user is tied, so they lower the
network's share. Here rates and times are drawn in turn (data augmentation: Tanner and Wong 1987):
rates given the times by Gibbs sampling, then times given the rates by Metropolis moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.diffusion.hazard.design import Links, make_design, only_links
from tocsin.anticipate.diffusion.hazard.gibbs import EVERY, State, Sweeps
from tocsin.anticipate.diffusion.tables.cases import Cases, Places
from tocsin.anticipate.diffusion.tables.times import Floats

TURNS = 12
"""How often rates and times are drawn in turn."""
FIRST_SWEEPS, SWEEPS = 40, 10
"""Sweeps of Gibbs sampling before the first turn, and in each, before its rates are taken."""
MOVES, MOST = 4, 400
"""How often in the mean each time is proposed anew in a turn, and after how many moves of some of
them a turn ends in any case."""
LEAST = 1e-12
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rates:
    """These are rates per unit of the clock, for each of n cases or p links.

    Args:
        level: the rate outside the network in each step of the window, shape (n, B).
        edges: the ends of these steps, shape (B + 1,).
        tie: the rate over each link while it holds, shape (p,).
    """

    level: Floats
    edges: Floats
    tie: Floats

    def outside(self, time: Floats) -> Floats:
        """The rate outside the network of each case at a time of its own, shape (n,)."""
        inner = np.clip(np.where(np.isfinite(time), time, self.edges[-1]), None, self.edges[-1])
        at = np.clip(np.searchsorted(self.edges, inner) - 1, 0, self.level.shape[1] - 1)
        return np.asarray(self.level[np.arange(len(time)), at])

    def spent(self, time: Floats) -> Floats:
        """The same rate summed up from the window's beginning to that time, shape (n,)."""
        inside = np.clip(time[:, None], self.edges[:-1], self.edges[1:]) - self.edges[:-1]
        return np.asarray((inside * self.level).sum(1))


def settle_onsets(
    cases: Cases,
    links: Links,
    onsets: Sequence[Floats],
    *,
    channels: int,
    random: np.random.Generator,
) -> list[Floats]:
    """Draw first uses between their bounds by the rates, from draws that are even.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        onsets: first uses from `draw_onsets`, each of shape (n,).
        channels: how many channels there are.
        random: source of random numbers; it is moved on.

    Returns:
        As many draws of the first uses, infinite where there is none. Those that are known, and
        those that may lie before their organisation's entry, stay where they are.
    """
    return [_settle(cases, links, one, channels, random) for one in onsets]


def _settle(
    cases: Cases, links: Links, onset: Floats, channels: int, random: np.random.Generator
) -> Floats:
    """Rates and times in turn, from one even draw."""
    sweeps = Sweeps(make_design(cases, links, onset, channels=channels), random)
    if not len(sweeps.design.case):
        return onset
    state, guess = sweeps.start(1), sweeps.guess
    _sweep(sweeps, state, FIRST_SWEEPS)
    for _ in range(TURNS):
        _sweep(sweeps, state, SWEEPS)
        onset = move_onsets(cases, links, onset, rates_of(cases, links, state), random)
        sweeps = Sweeps(make_design(cases, links, onset, channels=channels), random)
        sweeps.guess = guess
    return onset


def _sweep(sweeps: Sweeps, state: State, count: int) -> None:
    for sweep in range(count):
        sweeps.move(state, covariates=sweep % EVERY == 0)


def rates_of(cases: Cases, links: Links, state: State) -> Rates:
    """Write the parameters of one chain as rates of cases and links.

    Args:
        cases: n cases.
        links: p links.
        state: where the chain is; its rates are per window.
    """
    width = cases.end - cases.start
    number = cases.territory * len(cases.technologies) + cases.technology
    _, cell = np.unique(number, return_inverse=True)
    lift = np.exp(cases.covariates @ state.beta[0])
    level = state.base[0][cases.technology] * state.cell[0][cell.ravel()] * lift
    walk = state.walk[0][cases.technology]
    edges = np.linspace(cases.start, cases.end, walk.shape[1] + 1)
    strength = state.strength[0][links.channel]
    return Rates(level[:, None] * walk / width, edges, links.weight * strength / width)


def move_onsets(
    cases: Cases, links: Links, onset: Floats, rates: Rates, random: np.random.Generator
) -> Floats:
    """Move first uses between their bounds, so that they come to be drawn by given rates.

    In each move some are proposed anew at once, none of which is tied to another or to whom
    another is tied, so that each is taken or not by a ratio of its own.

    Args:
        cases: n cases.
        links: p links.
        onset: first uses, infinite where there is none, shape (n,).
        rates: the rates.
        random: source of random numbers; it is moved on.

    Returns:
        First uses, shape (n,).
    """
    wide = cases.adopts & (cases.high > cases.low) & (cases.low >= cases.entry)
    wide &= cases.high <= np.minimum(cases.exit, cases.end)
    if not wide.any():
        return onset
    uses = np.isfinite(onset[links.source])
    links, rates = only_links(links, uses), replace(rates, tie=rates.tie[uses])
    asked, wanted = 0, MOVES * int(wide.sum())
    for _ in range(MOST):
        chosen, by = _apart(links, wide, random)
        proposed = np.where(
            chosen, cases.low + random.random(len(onset)) * (cases.high - cases.low), onset
        )
        gain = _gain(cases, links, rates, (onset, proposed), by)
        taken = chosen & (np.log(random.random(len(onset))) < gain)
        onset = np.where(taken, proposed, onset)
        asked += int(chosen.sum())
        if asked >= wanted:
            break
    return onset


def _apart(links: Links, wide: Bools, random: np.random.Generator) -> tuple[Bools, Places]:
    """Some cases, at random, of which no two meet in a link or in its end.

    Returns which they are, and to which of them each case's rate belongs: itself or the one that
    it is exposed to; −1 for none.
    """
    rank = np.where(wide, random.random(len(wide)), 0.0)
    most = rank.copy()
    np.maximum.at(most, links.target, rank[links.source])
    chosen = wide & (rank >= most)
    beaten = np.zeros(len(wide), dtype=bool)
    beaten[links.source[rank[links.source] < most[links.target]]] = True
    chosen &= ~beaten
    by = np.where(chosen, np.arange(len(wide)), -1)
    of = chosen[links.source]
    by[links.target[of]] = links.source[of]
    return chosen, by


def _gain(
    cases: Cases, links: Links, rates: Rates, times: tuple[Floats, Floats], by: Places
) -> Floats:
    """What moving some first uses adds to the log-likelihood, for each case that is moved."""
    touched = by >= 0
    some = touched[links.target]
    links, rates = only_links(links, some), replace(rates, tie=rates.tie[some])
    here, there = (_log_likelihood(cases, links, rates, one) for one in times)
    gain = np.where(touched, there - here, 0.0)
    return np.asarray(np.bincount(by[touched], gain[touched], len(by)))


def _log_likelihood(cases: Cases, links: Links, rates: Rates, onset: Floats) -> Floats:
    """The log-likelihood of each case's own first use, or of none, shape (n,)."""
    stop = np.maximum(np.minimum(np.minimum(onset, cases.exit), cases.end), cases.entry)
    begin = np.maximum(onset[links.source], links.start)
    finish = np.minimum(cases.stays[links.source], links.end)
    until = np.minimum(stop[links.target], finish)
    lasting = np.maximum(until - np.maximum(begin, cases.entry[links.target]), 0.0)
    then = onset[links.target]
    live = (begin < then) & (then <= finish)
    size = len(onset)
    spent = rates.spent(stop) - rates.spent(cases.entry)
    spent = spent + np.bincount(links.target, rates.tie * lasting, size)
    hazard = rates.outside(onset) + np.bincount(links.target, rates.tie * live, size)
    event = (onset > cases.entry) & (onset <= cases.end)
    return np.asarray(np.where(event, np.log(np.maximum(hazard, LEAST)), 0.0) - spent)
