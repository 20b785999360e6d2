"""Draws of the hazard's parameters by Gibbs sampling: the fast answer of the road.

At each first use one of the rates that add up to the hazard was its cause. Given the causes all
rates are gamma, and given the rates the causes are drawn from them in proportion; so the sampler
goes to and fro (data augmentation, Tanner and Wong 1987, JASA 82; for additive rates Linderman and
Adams 2014, ICML 31). Nothing is compiled, and a hundred first uses take a second.

Strength and causes hold each other fast: a channel that carries little is the cause of little, and
so is taken to carry little. Therefore the strengths also move with the causes summed out, and the
spread between cells with the cells' rates summed out.

Two priors differ from those of NUTS (`density`). A channel carries nothing with a chance of one
half, else its strength is exponential (a spike and a slab, Mitchell and Beauchamp 1988, JASA 83):
NUTS, which needs a slope, has a peak at 0 in place of the spike. The steps of the course in time
are gamma around 1, which is conjugate, and not a walk. A channel has one strength for all classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma

import numpy as np

from tocsin.anticipate.diffusion.hazard.density import (
    CELLS_SPREAD,
    COVARIATE,
    MEAN_REACH,
)
from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.em import BASE_RATE, BASE_SHAPE, STEP_SHAPE, fit_em
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.tables.cases import Places
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.schema.tables.anticipated.diffusion import CONVERGED

SPREADS = np.linspace(0.1, 2.5, 25)
"""Standard deviations of g between which the sampler chooses."""
LEAST = 1e-12
EVERY = 2
"""Sweeps between two moves of the covariates' effects."""
WIDTHS = (0.8, 0.3, 0.1, 0.8, 0.3)
"""Standard deviations of the moves of a covariate's effect that follow each other."""
STRIDE = 0.4
"""Standard deviation of a move of a log strength."""
LONGEST = 3
"""How many times chains go on for as many sweeps again: eight times the sweeps at most."""
SCATTER = 3.0
"""R-hat of so few draws is above `CONVERGED` even where they are independent: over a dozen
parameters by up to this divided by the draws of a chain."""
DRAWS, WARMUP, CHAINS = 150, 150, 4
"""How many draws of each chain are kept, how many sweeps come before, and how many chains run."""
BESIDE = {"draws": 25, "warmup": 50}
"""As many are enough for an answer that only stands beside another one."""
CARRIES = 0.5
"""Prior chance that a channel carries anything at all."""


@dataclass
class State:
    """These are the parameters of R chains at one sweep."""

    base: Floats
    cell: Floats
    walk: Floats
    strength: Floats
    beta: Floats
    spread: Floats

    def copy(self) -> State:
        """Copy all arrays."""
        return State(*(np.copy(getattr(self, name)) for name in self.__annotations__))


def sample_gibbs(
    designs: Sequence[Design],
    *,
    seed: int,
    draws: int = DRAWS,
    warmup: int = WARMUP,
    chains: int = CHAINS,
) -> list[Posterior]:
    """Draw from the posterior by Gibbs sampling, for each of several imputations.

    Args:
        designs: one design for each imputation, from `make_design`.
        seed: start of all random numbers; the same seed gives the same bits.
        draws: how many draws of each chain and imputation are kept, of twice as many sweeps or
            more.
        warmup: how many sweeps of each chain are thrown away first.
        chains: how many chains run side by side.

    Returns:
        A posterior for each design, in their order, with S = draws × chains. Where R-hat is above
        `CONVERGED`, chains go on and draws lie further apart, up to eight times as far; what R-hat
        is then stands in the posterior.

    Source: Tanner and Wong (1987), The calculation of posterior distributions by data
    augmentation, JASA 82.
    """
    return [
        _sample(design, np.random.default_rng([seed, number]), draws, warmup, chains)
        for number, design in enumerate(designs)
    ]


def _sample(
    design: Design, random: np.random.Generator, draws: int, warmup: int, chains: int
) -> Posterior:
    sweeps = Sweeps(design, random)
    state = sweeps.start(chains)
    kept: list[State] = []
    for sweep in range(warmup):
        sweeps.move(state, covariates=sweep % EVERY == 0)
    for longer in range(LONGEST + 1):
        # Of a chain that goes on every second draw is left out, so that their number stays.
        apart = 2 * 2**longer
        for sweep in range(apart * (draws - len(kept))):
            sweeps.move(state, covariates=sweep % EVERY == 0)
            if sweep % apart == apart - 1:
                kept.append(state.copy())
        r_hat = split_r_hat(_convergence_draws(kept, design))
        if r_hat <= max(CONVERGED, 1.0 + SCATTER / draws) or longer == LONGEST:
            break
        kept = kept[1::2]

    def join_chains(name: str) -> Floats:
        # Chain by chain, as NUTS gives them.
        stacked = np.stack([getattr(one, name) for one in kept], axis=1)
        return np.asarray(stacked.reshape(chains * draws, *stacked.shape[2:]))

    strength = join_chains("strength")
    classes = design.total.shape[1]
    return Posterior(
        join_chains("base"),
        join_chains("cell"),
        join_chains("walk"),
        join_chains("beta"),
        np.repeat(strength[:, :, None], classes, axis=2),
        join_chains("spread"),
        strength,
        r_hat,
        0,
    )


def _convergence_draws(kept: Sequence[State], design: Design) -> Floats:
    """What has to converge, shape (chains, draws, parameters).

    A channel that nobody is exposed over has its prior, from which its draws come.
    """
    live = design.total.sum(1) > 0
    return np.stack(
        [
            np.column_stack(
                [np.sqrt(one.strength[:, live]), np.log(one.base), one.beta, one.spread]
            )
            for one in kept
        ],
        axis=1,
    )


def split_r_hat(values: Floats) -> float:
    """Compute the largest split R-hat, which is near 1 where the halves of all chains agree.

    Args:
        values: shape (chains, draws, parameters).

    Returns:
        The largest over parameters; 1 for parameters that do not vary.

    Source: Gelman and others (2013), Bayesian Data Analysis, third edition, section 11.4.
    """
    half = values.shape[1] // 2
    parts = np.concatenate([values[:, :half], values[:, half : 2 * half]])
    within = parts.var(1, ddof=1).mean(0)
    between = parts.mean(1).var(0, ddof=1)
    fixed = within <= 0
    ratio = (half - 1) / half + between / np.where(fixed, 1.0, within)
    return float(np.sqrt(np.where(fixed, 1.0, ratio)).max(initial=1.0))


class Sweeps:
    """The sampler's moves on one design; each draws from an exact conditional but for β.

    Args:
        design: what the hazard is fitted to.
        random: source of random numbers; it is moved on.
    """

    def __init__(self, design: Design, random: np.random.Generator) -> None:
        self.design, self.random = design, random
        self.channels, self.classes, self.bins = design.exposed.shape
        self.cells = len(design.cell_technology)
        # A first axis of 1 serves all chains; where weights of ties are doubtful, each has its own.
        self.exposure, self.total = design.exposure[None], design.total.sum(1)[None]
        self.of_cell = np.eye(self.classes)[design.cell_technology]
        self.step = design.technology * self.bins + design.bin
        self.order = np.argsort(design.case_cell, kind="stable")
        self.begins = np.searchsorted(design.case_cell[self.order], np.arange(self.cells))
        # Time at risk by cell and step of the window, and the factor on each case's rate.
        self.risk = self._by_cell(design.at_risk[None])
        self.lift = np.ones((1, len(design.case_cell)))
        self.shrinks = self.cells > self.classes
        self.guess = np.zeros(self.channels)
        self.mean_strength = MEAN_REACH / np.maximum(design.degree, LEAST)
        self.is_class = self.of_cell[design.case_cell]
        self.decay = 1.0 / self.mean_strength + self.total

    def start(self, chains: int) -> State:
        """Start all chains at the EM fit, scattered."""
        fit = fit_em(self.design)
        self.guess = fit.share * len(self.design.case)
        count = np.maximum(self.of_cell.sum(0), 1.0)
        base = np.maximum((fit.cell @ self.of_cell) / count, 1e-3)
        scatter = np.exp(0.3 * self.random.standard_normal((chains, self.classes)))
        strength = np.maximum(fit.strength, 0.02 * self.mean_strength)
        again = np.exp(0.5 * self.random.standard_normal((chains, self.channels)))
        covariates = self.design.covariates.shape[1]
        return State(
            base * scatter,
            np.ones((chains, self.cells)),
            np.ones((chains, self.classes, self.bins)),
            strength * again,
            np.zeros((chains, covariates)),
            np.full(chains, CELLS_SPREAD if self.shrinks else 0.0),
        )

    def move(self, state: State, *, covariates: bool) -> None:
        """Move all parameters once, and the effects of covariates where it is asked for."""
        design, random = self.design, self.random
        self._strengths(state)
        network, outside = self._causes(state)
        drawn = np.maximum(random.standard_gamma(1.0 + network) / self.decay, LEAST)
        state.strength = np.where(state.strength > 0, drawn, 0.0)
        if covariates and state.beta.shape[1]:
            self._covariates(state, outside)
        risk = self.risk
        walk = state.walk[:, design.cell_technology]
        lasting = (risk * walk).sum(2)
        by_cell = self._count(outside, design.cell, self.cells)
        if self.shrinks:
            expected = lasting * state.base[:, design.cell_technology]
            state.spread = self._spread(by_cell, expected)
            shape = 1.0 / state.spread[:, None] ** 2
            state.cell = np.maximum(
                random.standard_gamma(shape + by_cell) / (shape + expected), LEAST
            )
        by_class = (lasting * state.cell) @ self.of_cell
        state.base = random.standard_gamma(BASE_SHAPE + by_cell @ self.of_cell) / (
            BASE_RATE + by_class
        )
        level = (state.cell * state.base[:, design.cell_technology])[:, :, None]
        meant = np.einsum("rgb,gc->rcb", risk * level, self.of_cell)
        seen = self._count(outside, self.step, self.classes * self.bins).reshape(meant.shape)
        state.walk = random.standard_gamma(STEP_SHAPE + seen) / (STEP_SHAPE + meant)

    def _strengths(self, state: State) -> None:
        """Strengths by Metropolis moves with the causes summed out: to and from 0, and nearby."""
        exposure, outside = self.exposure, self.outside(state)
        hazard = outside + (exposure @ state.strength[:, :, None])[:, :, 0]
        log_hazard = np.log(hazard).sum(1)
        chance = np.log(self.random.random((self.channels, 2, len(hazard))))
        for k in range(self.channels):
            for move, propose in enumerate((self._jump, self._step)):
                old = state.strength[:, k]
                new, gain = propose(old, k)
                moved = hazard + (new - old)[:, None] * exposure[:, :, k]
                # A sum of rates may lose its last digits, but is never below what comes outside.
                moved = np.maximum(moved, outside)
                log_moved = np.log(moved).sum(1)
                gain = gain + log_moved - log_hazard - self.decay[:, k] * (new - old)
                taken = chance[k, move] < gain
                state.strength[:, k] = np.where(taken, new, old)
                hazard = np.where(taken[:, None], moved, hazard)
                log_hazard = np.where(taken, log_moved, log_hazard)

    def _jump(self, old: Floats, k: int) -> tuple[Floats, Floats]:
        """From 0 to a strength, or from a strength to 0; and the log ratio of prior to proposal."""
        random, rate, guess = self.random, self.decay[:, k], self.guess[k]
        # Half of the time nothing is proposed, or a channel that nobody sees would swing to and
        # fro, and every second sweep would be the same.
        waits, near = random.random((2, len(old))) < 0.5
        born = np.where(
            near,
            random.standard_gamma(1.0, len(old)),
            random.standard_gamma(1.0 + guess, len(old)),
        )
        born = np.maximum(born / rate, LEAST)
        carries = old > 0
        at = np.where(carries, old, born)
        # Of the two gammas that propose; the prior's exponential part is in the caller's ratio.
        first = np.log(rate) - rate * at
        other = first + guess * np.log(rate * at) - lgamma(1.0 + guess)
        ratio = np.log(2.0 * CARRIES / (1.0 - CARRIES) / self.mean_strength[k])
        ratio = ratio - np.logaddexp(first, other)
        new = np.where(waits, old, np.where(carries, 0.0, born))
        return new, np.where(waits, 0.0, np.where(carries, -ratio, ratio))

    def _step(self, old: Floats, _k: int) -> tuple[Floats, Floats]:
        """A strength nearby, on the scale of logs; 0 stays where it is."""
        step = STRIDE * self.random.standard_normal(len(old))
        new = np.where(old > 0, np.maximum(old * np.exp(step), LEAST), 0.0)
        return new, np.log(np.maximum(new, LEAST) / np.maximum(old, LEAST))

    def outside(self, state: State) -> Floats:
        """The rate outside the network at each event, shape (R, N)."""
        design = self.design
        level = state.base[:, design.technology] * state.cell[:, design.cell]
        walk = state.walk[:, design.technology, design.bin]
        return np.asarray(level * walk * self.lift[:, design.case])

    def _by_cell(self, values: Floats) -> Floats:
        """Sums over the cases of each cell; every cell has a case."""
        return np.asarray(np.add.reduceat(values[:, self.order], self.begins, axis=1))

    @staticmethod
    def _count(outside: Floats, place: Places, size: int) -> Floats:
        """How many first uses came outside the network at each place, shape (R, size)."""
        chain = np.arange(len(outside))[:, None] * size
        count = np.bincount((chain + place).ravel(), outside.ravel(), len(outside) * size)
        return np.asarray(count.reshape(len(outside), size))

    def _causes(self, state: State) -> tuple[Floats, Floats]:
        """First uses by channel, shape (R, K), and which came outside the network, shape (R, N)."""
        level = self.outside(state)
        carried = self.exposure * state.strength[:, None, :]
        rates = np.cumsum(np.concatenate([level[:, :, None], carried], axis=2), axis=2)
        drawn = self.random.random(level.shape) * rates[:, :, -1]
        cause = (drawn[:, :, None] >= rates).sum(2)
        counts = [(cause == k + 1).sum(1) for k in range(self.channels)]
        return np.stack(counts, axis=1).astype(np.float64), (cause == 0).astype(np.float64)

    def _spread(self, count: Floats, expected: Floats) -> Floats:
        """The standard deviation of g from a grid, by its exact chance with all g summed out.

        Given the g of hundreds of cells it could hardly move, whatever the data say.
        """
        shape = 1.0 / SPREADS**2
        # A cell's count is then negative binomial: the sum of log(shape + j) over its events j.
        most = int(count.max())
        terms = np.log(shape + np.arange(most)[:, None])
        reached = np.stack([(count > j).sum(1) for j in range(most)], axis=1) if most else 0.0
        whole = count.sum(1)[:, None]
        log = reached @ terms if most else np.zeros((len(count), len(shape)))
        log = log - whole * np.log(shape) - 0.5 * (SPREADS / CELLS_SPREAD) ** 2
        more = np.log1p(expected[:, :, None] / shape)
        log = log - shape * more.sum(1) - np.einsum("rg,rgj->rj", count, more)
        chance = np.exp(log - log.max(1, keepdims=True))
        ends = np.cumsum(chance, axis=1)
        drawn = self.random.random((len(count), 1)) * ends[:, -1:]
        return np.asarray(SPREADS[(drawn >= ends).sum(1)])

    def _covariates(self, state: State, outside: Floats) -> None:
        """β by random walks (Metropolis) with the classes' levels summed out; then the levels.

        Given its level, a class would hold the effects of covariates fast.
        """
        design, random = self.design, self.random
        steps = state.cell[:, :, None] * state.walk[:, design.cell_technology]
        spent = np.einsum("nb,rnb->rn", design.at_risk, steps[:, design.case_cell])
        x, x_event = design.covariates.T, design.covariates[design.case].T
        shape = BASE_SHAPE + self._count(outside, design.cell, self.cells) @ self.of_cell

        def weigh(beta: Floats) -> tuple[Floats, Floats]:
            rate = BASE_RATE + (spent * np.exp(beta @ x)) @ self.is_class
            log = (outside * (beta @ x_event)).sum(1) - (shape * np.log(rate)).sum(1)
            return log - 0.5 * ((beta / COVARIATE) ** 2).sum(1), rate

        log, rate = weigh(state.beta)
        for width in WIDTHS:
            for p in range(state.beta.shape[1]):
                proposed = state.beta.copy()
                proposed[:, p] += width * random.standard_normal(len(proposed))
                new, its_rate = weigh(proposed)
                taken = np.log(random.random(len(new))) < new - log
                state.beta = np.where(taken[:, None], proposed, state.beta)
                log = np.where(taken, new, log)
                rate = np.where(taken[:, None], its_rate, rate)
        state.base = random.standard_gamma(shape) / rate
        self.lift = np.exp(state.beta @ x)
        self.risk = self._by_cell(self.lift[:, :, None] * design.at_risk)
