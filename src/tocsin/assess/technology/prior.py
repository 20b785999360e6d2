"""The prior of possession: how many organisations have a class, and how often they use it.

Log odds that rise with how much an organisation fights and differ by region, and a distribution of
the share of its incidents in which words tell of its own use.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RATES = np.array([0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.7])
"""Values of the share of an organisation's incidents in which words tell of its own use."""
HAVE = (-1.5, 1.0)
"""Normal prior of the log odds that an organisation of ten incidents has a class: about a fifth."""
SIZE = (1.0, 0.5)
"""Normal prior of by how much these log odds rise with ten times the incidents."""
REGION = 0.7
"""Standard deviation of the regions' differences. **These are assumptions.**"""
RATE_COUNT, RATE_SPREAD = 9.0, 1.5
"""Dirichlet prior of the rates: worth so many organisations, normal in the log about the share of
all incidents in which words tell of the class, with this standard deviation (a factor of 4.5)."""


@dataclass(frozen=True)
class Prior:
    """The belief about a class before an organisation's own mentions are seen.

    Attributes:
        have: log odds that an organisation of ten incidents has the class.
        size: by how much the log odds rise with ten times the incidents.
        region: by how much the log odds differ in each region.
        rates: probability of each of `RATES`, given possession.
        spread: covariance of `have`, `size` and the regions in their order; None: not known.
    """

    have: float
    size: float
    rates: Floats
    region: Mapping[Hashable, float] = field(default_factory=dict)
    spread: Floats | None = None

    def share(self, incidents: int, region: Hashable = None) -> float:
        """Compute the share of organisations with so many incidents, and in that region, that
        have the class.
        """
        log = self.have + self.size * float(size_of(incidents)) + self.region.get(region, 0.0)
        return float(1 / (1 + np.exp(-log)))

    def shifts(
        self, rng: np.random.Generator, n: int, incidents: int, region: Hashable = None
    ) -> Floats:
        """Draw how far the prior log odds of an organisation may be from what they are held to be.

        The same random numbers give the same prior, so that the draws of all organisations are
        wrong together.

        Args:
            rng: source of randomness, anew for each organisation with the same seed.
            n: number of draws.
            incidents: of the organisation.
            region: of the organisation.

        Returns:
            Shape (n,), with mean 0; 0 where the spread is not known.
        """
        if self.spread is None:
            return np.zeros(n)
        drawn = rng.multivariate_normal(np.zeros(len(self.spread)), self.spread, n, method="eigh")
        row = np.array([1.0, float(size_of(incidents)), *(one == region for one in self.region)])
        return np.asarray(drawn @ row)


def rate_weights(told: float | None) -> Floats:
    """Give the weights of the Dirichlet prior of the rates.

    Args:
        told: the share of all incidents in which words tell of the class, about which the prior is
            normal in the log; None: all rates are as probable.

    Returns:
        Shape (RATES,), with the sum `RATE_COUNT`.
    """
    if told is None:
        return np.full(RATES.size, RATE_COUNT / RATES.size)
    far = (np.log(RATES) - np.log(np.clip(told, RATES[0], RATES[-1]))) / RATE_SPREAD
    weight = np.exp(-(far**2) / 2)
    return np.asarray(RATE_COUNT * weight / weight.sum())


def size_of(incidents: Integers | int) -> Floats:
    """Compute how much an organisation fought: 0 at ten incidents, 1 at a hundred.

    Args:
        incidents: number of its incidents; less than one counts as one.

    Returns:
        The logarithm to the base of ten, less one.
    """
    return np.asarray(np.log10(np.maximum(incidents, 1)) - 1)


def share_of(log: Floats) -> Floats:
    """Compute the probability of log odds.

    Args:
        log: log odds, of any shape.

    Returns:
        Probabilities of the same shape.
    """
    return np.asarray(1 / (1 + np.exp(np.clip(-log, -700, 700))))
