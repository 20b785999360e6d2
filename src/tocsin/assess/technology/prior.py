"""The prior of possession: how many organisations have a class, and how often they use it.

Log odds that rise with how much an organisation fights and differ by region, and a distribution of
the share of its incidents in which words tell of its own use. All are learned over the
organisations of a class. What they leave open is drawn, so that it counts in what is said of each.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
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
ROUNDS = 50
"""Of EM."""
TRIED, PRIORS = 4000, 1000
"""Draws of what the prior may be: so many are tried, and so many kept."""
WIDER = 1.2
"""They are tried so much further about the most probable one than its curvature says."""
LEAST_RATE = 1e-12
RATE_COUNT, RATE_SPREAD = 9.0, 1.5
"""Dirichlet prior of the rates: worth so many organisations, normal in the log about the share of
all incidents in which words tell of the class, with this standard deviation (a factor of 4.5)."""


@dataclass(frozen=True)
class Drawn:
    """Draws of what the prior may be, by what is held beforehand and all organisations' words.

    Attributes:
        weights: of `have`, `size` and the regions in their order, shape (draws, 2 + regions).
        rates: probabilities of `RATES`, shape (draws, RATES).
    """

    weights: Floats
    rates: Floats


@dataclass(frozen=True)
class Evidence:
    """What the words say of the possession of n organisations.

    Attributes:
        words: log evidence of the words for possession at each rate, shape (n, RATES).
        mentions: the same of the number of mentions alone, shape (n, RATES).
        size: of `size_of`, shape (n,).
    """

    words: Floats
    mentions: Floats
    size: Floats


@dataclass(frozen=True)
class Prior:
    """The belief about a class before an organisation's own mentions are seen.

    Attributes:
        have: log odds that an organisation of ten incidents has the class, where most probable.
        size: by how much the log odds rise with ten times the incidents, likewise.
        region: by how much the log odds differ in each region, likewise.
        rates: probability of each of `RATES`, given possession, likewise.
        drawn: draws of all of these; None: they are taken as known.
    """

    have: float
    size: float
    rates: Floats
    region: Mapping[Hashable, float] = field(default_factory=dict)
    drawn: Drawn | None = None

    @property
    def each_rates(self) -> Floats:
        """Return the rates in each draw, shape (draws, RATES)."""
        return self.rates[None] if self.drawn is None else self.drawn.rates

    def log_odds(self, incidents: int, region: Hashable = None) -> Floats:
        """Compute the log odds that an organisation has the class, in each draw.

        Args:
            incidents: of the organisation.
            region: of the organisation; one that is not known is like the mean of all.

        Returns:
            Shape (draws,).
        """
        row = np.array([1.0, float(size_of(incidents)), *(one == region for one in self.region)])
        if self.drawn is None:
            return np.array([row @ [self.have, self.size, *self.region.values()]])
        return np.asarray((self.drawn.weights * row).sum(axis=1))

    def share(self, incidents: int, region: Hashable = None) -> float:
        """Compute the share of organisations with so many incidents, and in that region, that
        have the class; the mean over the draws.
        """
        return float(share_of(self.log_odds(incidents, region)).mean())


def learn(
    evidence: Evidence | None,
    regions: Sequence[Hashable],
    told: float | None,
    seed: Sequence[int] = (0,),
) -> Prior:
    """Learn the prior of a class over its organisations.

    How many incidents mention the class is taken as given, so that what counts is the probability
    of the words in them. The most probable prior is found by EM (Dempster, Laird and Rubin 1977).
    Draws about it are weighed by how probable they are, and as many are drawn from them again
    (sampling importance resampling: Rubin 1988).

    Args:
        evidence: of n organisations; None: there are none.
        regions: the region of each, of length n.
        told: as in `rate_weights`.
        seed: of the draws.

    Returns:
        The prior with its draws; without organisations what is held beforehand, without draws.
    """
    each = rate_weights(told)
    rates = each / each.sum()
    if evidence is None:
        return Prior(HAVE[0], SIZE[0], rates)
    names = list(dict.fromkeys(regions))
    design = np.zeros((len(regions), 2 + len(names)))
    design[:, 0] = 1
    design[:, 1] = evidence.size
    design[np.arange(len(regions)), [2 + names.index(one) for one in regions]] = 1
    centre = np.array([HAVE[0], SIZE[0], *np.zeros(len(names))])
    spread = np.array([HAVE[1], SIZE[1], *np.full(len(names), REGION)])
    weight = centre.copy()
    for _ in range(ROUNDS):
        log = design @ weight
        after, before = (
            _shares(log, np.log(rates) + one) for one in (evidence.words, evidence.mentions)
        )
        weight = _regress(design, (after.sum(axis=1), before.sum(axis=1)), weight, (centre, spread))
        rates = (each + after.sum(axis=0)) / (each.sum() + (before / rates).sum(axis=0))
        rates = rates / rates.sum()
    covariance = _covariance(design, (after.sum(axis=1), before.sum(axis=1)), spread)
    about = Drawn(weight, rates), WIDER**2 * covariance, each.sum() + after.sum() / 2
    drawn = _draw(np.random.default_rng([*seed]), about, evidence, design, (centre, spread, each))
    region = dict(zip(names, weight[2:].tolist(), strict=True))
    return Prior(float(weight[0]), float(weight[1]), rates, region, drawn)


def _draw(
    rng: np.random.Generator,
    about: tuple[Drawn, Floats, float],
    evidence: Evidence,
    design: Floats,
    held: tuple[Floats, Floats, Floats],
) -> Drawn:
    """Draw priors about the most probable one, and keep each as often as it is more probable.

    `about` are the most probable prior, the covariance of its weights and the number of
    organisations that its rates are worth, `held` the normal prior of the weights (centre and
    standard deviation) and the weights of the Dirichlet prior of the rates.
    """
    mode, covariance, count = about
    centre, spread, each = held
    weights = rng.multivariate_normal(mode.weights, covariance, TRIED, method="cholesky")
    rates = np.maximum(rng.dirichlet(mode.rates * count, TRIED), LEAST_RATE)
    log = weights @ design.T
    likely = np.zeros(TRIED)
    for one, sign in ((evidence.words, 1), (evidence.mentions, -1)):
        likely += sign * np.logaddexp(0, log + log_mean(rates, one)).sum(axis=1)
    likely -= ((weights - centre) ** 2 / spread**2).sum(axis=1) / 2
    likely += np.log(rates) @ (each - mode.rates * count)
    off = weights - mode.weights
    likely += (off * np.linalg.solve(covariance, off.T).T).sum(axis=1) / 2
    share = np.exp(likely - likely.max())
    # A draw that is far more probable than all others would stand for all (Ionides 2008).
    share = np.minimum(share, share.mean() * np.sqrt(TRIED))
    at = (np.arange(PRIORS) + rng.random()) / PRIORS
    kept = np.searchsorted(np.cumsum(share) / share.sum(), at)
    kept = rng.permutation(np.minimum(kept, TRIED - 1))
    return Drawn(weights[kept], rates[kept])


def _shares(log: Floats, joint: Floats) -> Floats:
    """The probability of possession with each rate; shape (organisations, RATES)."""
    best = joint.max(axis=1, keepdims=True)
    ratio = np.log(np.exp(joint - best).sum(axis=1)) + best[:, 0]
    return np.asarray(np.exp(joint - ratio[:, None]) * share_of(log + ratio)[:, None])


def _regress(
    design: Floats, shares: tuple[Floats, Floats], weight: Floats, prior: tuple[Floats, Floats]
) -> Floats:
    """A step of Newton's towards the mode of a logistic regression with normal priors.

    `shares` are the probabilities of possession after the words were read, and before.
    """
    after, before = shares
    centre, spread = prior
    slope = design.T @ (after - before) - (weight - centre) / spread**2
    bend = (design * (before * (1 - before))[:, None]).T @ design + np.diag(1 / spread**2)
    step = np.linalg.solve(bend, slope)
    return np.asarray(weight + np.clip(step, -1, 1))


def _covariance(design: Floats, shares: tuple[Floats, Floats], spread: Floats) -> Floats:
    """The covariance of the weights by the curvature at the mode (Laplace's approximation).

    What the words leave open of each organisation is taken from what they could tell (Louis 1982).
    """
    after, before = shares
    told = before * (1 - before) - after * (1 - after)
    bend = (design * told[:, None]).T @ design + np.diag(1 / spread**2)
    values, vectors = np.linalg.eigh(bend)
    least = float((1 / spread**2).min()) / 2
    return np.asarray((vectors / np.maximum(values, least)) @ vectors.T)


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


def log_mean(rates: Floats, log: Floats) -> Floats:
    """Compute the log evidence when the rates are not known, but how probable each is.

    Args:
        rates: their probabilities in each draw, shape (draws, RATES).
        log: log evidence at each rate, shape (RATES,), or (n, RATES) of n organisations.

    Returns:
        Shape (draws,), or (draws, n).
    """
    best = log.max(axis=-1)
    return np.asarray(np.log(rates @ np.exp(log - best[..., None]).T) + best)


def logit(share: float) -> float:
    """Compute the log odds of a probability.

    >>> logit(0.5)
    0.0
    """
    return float(np.log(share / (1 - share)))
