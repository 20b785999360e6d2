"""Possession: whether an organisation has a technology class, since when, and how much it uses it.

Each organisation and class has a latent possession with its onset, shared by all its incidents.
From the onset on, the organisation is the user of a share of the incidents in which the class is
mentioned; before it, and if it never has the class, every mention is somebody else's or false. So
many doubtful mentions do not add up to a certainty: they are as likely where the other side used
the class. The share and the onset take values on a grid, so that the posterior is a sum and no
sample is needed; how many organisations have a class, and the shares of those that do, are
estimated over all organisations by EM (Dempster, Laird and Rubin 1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SHARES = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
"""Values of the share of mentioned uses that are the organisation's own, once it has the class."""
HAVE, HAVE_NOT = 2.0, 4.0
"""Beta prior of how many organisations have a class: about a third, worth six organisations."""
EACH_SHARE = 1.0
"""Dirichlet prior of the shares."""
ROUNDS = 50
UNNAMED = 6.0
"""Mentions that name no user share the errors of what is held of roles: at most so many count."""
NAMED = 24.0
"""At most so many mentions that name this user count, and as many that name another: they come
from few newsrooms."""
FARTHEST, FARTHEST_UNNAMED = 100.0, 8.0
"""Odds of the user are cut at this and at one over this, where words name a user and where not."""


@dataclass(frozen=True)
class Mentions:
    """The n mentions of one organisation and class, in the order of their days.

    Attributes:
        there: probability that the mention is of the class and of this incident, shape (n,).
        use: the same, and that the class was used, shape (n,); never above `there`.
        odds: odds that the user, if there is one, is the organisation, shape (n,).
        side: probability that the organisation is the incident's side at all, shape (n,).
        named: whether the words name a user, shape (n,).
        day: number of the distinct day, from 0 without gaps, shape (n,).
    """

    there: Floats
    use: Floats
    odds: Floats
    side: Floats
    named: npt.NDArray[np.bool_]
    day: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Prior:
    """The belief about a class before an organisation's own mentions are seen.

    Attributes:
        have: share of organisations that have the class.
        shares: probability of each of `SHARES`, given possession.
    """

    have: float
    shares: Floats


@dataclass(frozen=True)
class Posterior:
    """The belief about one organisation and class after its n mentions are seen.

    Attributes:
        possession: probability that the organisation has the class.
        joint: probability of each share and onset day given possession, shape (SHARES, days).
        own: probability that each mention is a use by the organisation, given the share and that
            it has the class by then, shape (SHARES, n).
        day: number of each mention's day, shape (n,).
    """

    possession: float
    joint: Floats
    own: Floats
    day: npt.NDArray[np.int64]

    def by_day(self) -> Floats:
        """Return the probability that the onset was by each day, given possession, shape
        (days,).
        """
        return np.asarray(np.minimum(np.cumsum(self.joint.sum(axis=0)), 1.0))

    def expected(self) -> Floats:
        """Return the probability that each mention is a use by the organisation; shape (n,)."""
        by_then = np.cumsum(self.joint, axis=1)[:, self.day]
        return np.asarray(self.possession * (by_then * self.own).sum(axis=0))

    def draw(self, rng: np.random.Generator, n: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """Draw onsets and uses jointly.

        Args:
            rng: source of randomness.
            n: number of draws.

        Returns:
            The onset's day of each draw, -1 for never, shape (n,); and whether each mention is a
            use by the organisation, shape (n, mentions).
        """
        days = self.joint.shape[1]
        flat = np.cumsum(self.joint.ravel())
        place = np.searchsorted(flat, rng.random(n) * flat[-1], side="right")
        place = np.minimum(place, flat.size - 1)
        has = rng.random(n) < self.possession
        onset = np.where(has, place % days, -1)
        chance = self.own[place // days] * (self.day >= (place % days)[:, None]) * has[:, None]
        return onset, (rng.random(chance.shape) < chance).astype(np.float64)


def fit(cases: Sequence[Mentions]) -> Prior:
    """Estimate the prior of one class over all its organisations, by EM.

    Args:
        cases: the mentions of each organisation.

    Returns:
        The posterior mode of `Prior`; without cases the prior's own mode.
    """
    shares = np.full(SHARES.size, 1 / SHARES.size)
    have = HAVE / (HAVE + HAVE_NOT)
    if not cases:
        return Prior(have, shares)
    evidence = np.stack([_by_share(_log_ratios(case), case.day) for case in cases])
    for _ in range(ROUNDS):
        joint = np.log(shares) + evidence
        ratio = _log_sum(joint, 1)
        p = 1 / (1 + np.exp(np.clip(-ratio - np.log(have / (1 - have)), -700, 700)))
        given = np.exp(joint - ratio[:, None]) * p[:, None]
        shares = EACH_SHARE + given.sum(axis=0)
        shares = shares / shares.sum()
        have = float((HAVE + p.sum()) / (HAVE + HAVE_NOT + len(cases)))
    return Prior(have, shares)


def posterior(case: Mentions, prior: Prior) -> Posterior:
    """Update the prior of a class by the mentions of one organisation (Bayes' rule).

    Args:
        case: n mentions.
        prior: from `fit`.

    Returns:
        The posterior of possession, onset and uses.
    """
    logs = _log_ratios(case)
    since = _since(logs, case.day)
    days = since.shape[1]
    joint = np.log(prior.shares)[:, None] - np.log(days) + since
    ratio = float(_log_sum(joint.ravel(), 0))
    logit = ratio + np.log(prior.have / (1 - prior.have))
    ours = SHARES[:, None] * case.odds
    own = case.use * case.side * ours / (1 - SHARES[:, None] + ours)
    return Posterior(
        float(1 / (1 + np.exp(np.clip(-logit, -700, 700)))),
        np.exp(joint - ratio),
        np.clip(own, 0.0, 1.0),
        case.day,
    )


def _log_ratios(case: Mentions) -> Floats:
    """Log likelihood ratio of each mention, user or not, for each share; shape (SHARES, n)."""
    most = np.log(np.where(case.named, FARTHEST, FARTHEST_UNNAMED))
    odds = np.clip(np.log(case.odds), -most, most)
    ours = case.named & (odds > 0)
    weight = np.ones(odds.size)
    for group, count in ((ours, NAMED), (case.named & ~ours, NAMED), (~case.named, UNNAMED)):
        weight[group] = min(1.0, count / max(int(group.sum()), 1))
    ratio = np.exp(odds * weight) - 1
    return np.asarray(np.log1p(SHARES[:, None] * (case.there * case.side * ratio)[None, :]))


def _since(logs: Floats, day: npt.NDArray[np.int64]) -> Floats:
    """The sum of what speaks for a use from each day on; shape (SHARES, days)."""
    days = int(day[-1]) + 1
    by_day = np.stack([np.bincount(day, weights=row, minlength=days) for row in logs])
    return np.asarray(np.cumsum(by_day[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)


def _by_share(logs: Floats, day: npt.NDArray[np.int64]) -> Floats:
    since = _since(logs, day)
    return np.asarray(_log_sum(since, 1) - np.log(since.shape[1]))


def _log_sum(values: Floats, axis: int) -> Floats:
    best = values.max(axis=axis, keepdims=True)
    total = np.log(np.exp(values - best).sum(axis=axis, keepdims=True)) + best
    return np.asarray(np.squeeze(total, axis=axis))
