"""The model: a conditional logit over candidates, with someone new as one of them.

P(c) = softmax(w · f(c)) over the organisations seen in the territory and 'someone new'
(McFadden 1974, Conditional logit analysis of qualitative choice behavior). A ridge draws w to
a plain rule, the share of kernel-weighted incidents within 50 km and 90 days, so that little
history gives that rule and no wild guess. A temperature set on later cases than the fit keeps
the probabilities honest (Guo et al. 2017, On calibration of modern neural networks, ICML).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.assess.attribution.choices import FEATURES, NEAR, SUMS, ChoiceSet
from tocsin.assess.attribution.ground import NOBODY, Floats, Ints
from tocsin.errors import require

RIDGE = 1.0
"""Strength of the pull to the plain rule, in cases."""
AT_MOST = 8000
"""Most recent cases that a fit uses: enough for 34 weights, and seconds."""
LATER = 0.2
"""Share of the cases, the latest, on which the temperature is set."""
ENOUGH = 200
"""Under so many cases the temperature stays 1."""
TEMPERATURES = np.round(np.arange(0.8, 2.01, 0.05), 2)


def plain_rule() -> Floats:
    """Return the weights of the rule to which the ridge pulls, shape (len(FEATURES),)."""
    weights = np.zeros(len(FEATURES))
    weights[NEAR] = 1.0
    weights[FEATURES.index("someone new")] = -3.0
    assert len(SUMS) > NEAR
    return weights


@dataclass(frozen=True)
class Model:
    """A fitted conditional logit: its weights, its temperature, and on how many cases they rest."""

    weights: Floats
    temperature: float
    cases: int

    def probabilities(self, case: ChoiceSet) -> Floats:
        """Compute the probability of each candidate.

        Args:
            case: one incident with k candidates.

        Returns:
            Shape (k + 1,), someone new last; the probabilities sum to 1.
        """
        return _softmax(case.features @ self.weights / self.temperature)


def fit(cases: Sequence[ChoiceSet], start: Floats | None = None) -> Model:
    """Fit the conditional logit (McFadden 1974) on cases with a known perpetrator.

    The latest of them set the temperature.

    Args:
        cases: in any order; those without a truth are left out.
        start: weights to begin the search from, shape (len(FEATURES),); the result does not hang
            on it.

    Returns:
        The model; without cases that of `plain_rule`.

    Raises:
        MissingExtra: there are cases and the extra `assess` is not installed.
    """
    known = sorted((one for one in cases if one.truth != NOBODY), key=lambda one: one.day)
    known = known[-AT_MOST:]
    if not known:
        return Model(plain_rule(), 1.0, 0)
    cut = int(len(known) * (1 - LATER))
    temperature = 1.0
    weights = plain_rule() if start is None else start
    if len(known) >= ENOUGH:
        weights = _weights(_Stack.of(known[:cut]), weights)
        later = _Stack.of(known[cut:])
        losses = [later.loss(weights / t)[0] for t in TEMPERATURES]
        temperature = float(TEMPERATURES[int(np.argmin(losses))])
    return Model(_weights(_Stack.of(known), weights), temperature, len(known))


def _weights(stack: _Stack, start: Floats) -> Floats:
    optimize = require("scipy.optimize", extra="assess")
    centre = plain_rule()
    n = len(stack.first)

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = stack.loss(weights)
        away = weights - centre
        return value + RIDGE / n * float(away @ away), slope + 2 * RIDGE / n * away

    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return np.asarray(found.x)


@dataclass(frozen=True)
class _Stack:
    """Cases laid end to end, so that all softmaxes are one pass."""

    features: Floats
    first: Ints
    length: Ints
    truth: Ints

    @classmethod
    def of(cls, cases: Sequence[ChoiceSet]) -> _Stack:
        length = np.array([len(one.features) for one in cases])
        first = np.concatenate([[0], np.cumsum(length)[:-1]])
        truth = first + np.array([one.truth for one in cases])
        return cls(np.concatenate([one.features for one in cases]), first, length, truth)

    def loss(self, weights: Floats) -> tuple[float, Floats]:
        """Mean negative log probability of the truth, and its gradient."""
        score = self.features @ weights
        top = np.maximum.reduceat(score, self.first)
        raised = np.exp(score - np.repeat(top, self.length))
        total = np.add.reduceat(raised, self.first)
        share = raised / np.repeat(total, self.length)
        value = float(np.mean(top + np.log(total) - score[self.truth]))
        share[self.truth] -= 1.0
        return value, self.features.T @ share / len(self.first)


def _softmax(score: Floats) -> Floats:
    raised = np.exp(score - score.max())
    return np.asarray(raised / raised.sum())
