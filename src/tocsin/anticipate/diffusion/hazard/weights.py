"""Shares if the weights of ties are doubtful: each tie carries more or less than is stated.

That a splinter passes on as much as an alliance, and that all of a sponsor's groups are alike, is
an assumption. Here each tie has a factor on its stated weight, which is gamma around 1. Given which
tie caused each first use a factor is gamma again, so the sampler (`gibbs`) gets one move more:
data alone say which ties carried more. Nothing is told of a single tie; the factors are summed out.
"""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.diffusion.hazard.design import Carriers, Design
from tocsin.anticipate.diffusion.hazard.gibbs import CHAINS, EVERY, LEAST, State, Sweeps
from tocsin.anticipate.diffusion.tables.times import Floats

SHAPE = 2.0
"""Shape of the gamma prior of a tie's factor: 0.18 to 2.4 in 90 %. It is an assumption."""

DRAWS = 100
"""Draws of each chain that are kept, and sweeps that come before them."""


class WeightSweeps(Sweeps):
    """The moves of `Sweeps`, and one of the ties' factors.

    Args:
        design: what the hazard is fitted to.
        carriers: its exposures, tie by tie.
        random: source of random numbers; it is moved on.
        chains: how many chains run side by side, R.
        shape: of the gamma prior of a factor, whose mean is 1.
    """

    def __init__(
        self,
        design: Design,
        carriers: Carriers,
        random: np.random.Generator,
        *,
        chains: int,
        shape: float = SHAPE,
    ) -> None:
        super().__init__(design, random)
        self.carriers, self.shape = carriers, shape
        self.factor = np.ones((chains, len(carriers.of)))
        self.exposure = np.repeat(self.exposure, chains, axis=0)
        self.is_channel = np.eye(self.channels)[carriers.of]
        sums = carriers.event * self.channels + carriers.channel
        self.sums, self.sum_begins = np.unique(sums, return_index=True)
        self.exposed_events, self.event_begins = np.unique(carriers.event, return_index=True)
        self.group = np.searchsorted(self.exposed_events, carriers.event)

    def move(self, state: State, *, covariates: bool) -> None:
        """Move all parameters once, and then the ties' factors.

        Args:
            state: the parameters, which are changed.
            covariates: whether their effects move, too.
        """
        super().move(state, covariates=covariates)
        if len(self.carriers.tie):
            self._factors(state)

    def shares(self, state: State) -> Floats:
        """Compute each channel's part of the hazard, mean over events, shape (R, K).

        Args:
            state: the parameters.
        """
        carried = self.exposure * state.strength[:, None, :]
        hazard = self.outside(state) + carried.sum(2)
        return np.asarray((carried / hazard[:, :, None]).mean(1))

    def _factors(self, state: State) -> None:
        """The cause of each first use is drawn tie by tie; given these, factors are gamma."""
        own, random = self.carriers, self.random
        rate = state.strength[:, own.channel] * self.factor[:, own.tie] * own.weight
        with np.errstate(divide="ignore"):
            # Of independent exponential times the first is a cause in proportion to its rate.
            waits = random.standard_exponential(rate.shape) / rate
        soonest = np.minimum.reduceat(waits, self.event_begins, axis=1)
        level = self.outside(state)[:, self.exposed_events]
        by_network = soonest < random.standard_exponential(level.shape) / level
        caused = (waits == soonest[:, self.group]) & by_network[:, self.group]
        chain = np.arange(len(rate))[:, None] * len(own.of)
        count = np.bincount((chain + own.tie)[caused], minlength=self.factor.size)
        count = count.reshape(self.factor.shape)
        spent = state.strength[:, own.of] * own.exposed
        drawn = random.standard_gamma(self.shape + count) / (self.shape + spent)
        self.factor = np.maximum(drawn, LEAST)
        flat = self.exposure.reshape(len(rate), self.exposure[0].size)
        weighed = self.factor[:, own.tie] * own.weight
        flat[:, self.sums] = np.add.reduceat(weighed, self.sum_begins, axis=1)
        self.total = (self.factor * own.exposed) @ self.is_channel
        self.decay = 1.0 / self.mean_strength + self.total


def sample_shares(
    design: Design,
    carriers: Carriers,
    *,
    seed: int,
    draws: int = DRAWS,
    warmup: int = DRAWS,
    chains: int = CHAINS,
    shape: float = SHAPE,
) -> Floats:
    """Draw each channel's share of the first uses if the weights of ties are doubtful.

    Args:
        design: what the hazard is fitted to.
        carriers: of the same cases, ties and first uses (`design.find_carriers`).
        seed: start of all random numbers; the same seed gives the same bits.
        draws: how many draws of each chain are kept, of twice as many sweeps.
        warmup: how many sweeps of each chain are thrown away first.
        chains: how many chains run side by side.
        shape: of the gamma prior of a tie's factor, whose mean is 1.

    Returns:
        Shares of shape (S, K) with S = draws × chains, chain by chain.

    Source: Tanner and Wong (1987), The calculation of posterior distributions by data
    augmentation, JASA 82.
    """
    random = np.random.default_rng(seed)
    sweeps = WeightSweeps(design, carriers, random, chains=chains, shape=shape)
    state, kept = sweeps.start(chains), []
    for sweep in range(warmup + 2 * draws):
        sweeps.move(state, covariates=sweep % EVERY == 0)
        if sweep >= warmup and (sweep - warmup) % 2:
            kept.append(sweeps.shares(state))
    return np.stack(kept, axis=1).reshape(chains * draws, sweeps.channels)
