"""Possession: whether an organisation has a technology class, since when, and how much it uses it.

Each organisation and class has a latent possession with its onset, shared by all its incidents in
all territories. From the onset on, words tell of its own use in a share of its incidents, its
rate; before it, and if it never has the class, every mention is somebody else's or false. So many
doubtful mentions do not add up to a certainty: they are as likely where another used the class.
Incidents in which words tell of no use speak too: who fights a hundred times and is never said to
use a class has it less probably than who was seen once (detection). The rate, the share of the
mentions that are the organisation's own and the onset take values on grids, so that the posterior
under a given prior is a sum. How many organisations have a class, by how much they fight and
where, and their rates are learned over all organisations; the posterior is the mean over draws of
what they may be (`prior`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tocsin.assess.technology.prior import (
    RATES,
    Evidence,
    Floats,
    Integers,
    Prior,
    learn,
    log_mean,
    share_of,
    size_of,
)
from tocsin.errors import require

SHARES = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.95])
"""Values of the share of open mentions that are the organisation's own uses."""
ROUNDS = 50
UNNAMED = 6.0
"""Mentions that name no user share the errors of what is held of roles: at most so many count."""
OF_ROLE = 1.0
"""Those of them that say no more than a role does count as one: it is one judgement in all."""
NAMED = 24.0
"""At most so many mentions that name this user count, and as many that name another: they come
from few newsrooms."""
FARTHEST, FARTHEST_UNNAMED = 100.0, 8.0
"""Odds of the user are cut at this and at one over this, where words name a user and where not."""
_GAUSS = (np.array([0.1127, 0.5, 0.8873]), np.array([5, 8, 5]) / 18)
"""Places between two days, and their weights, by which what hangs on the incidents of the time
between them is averaged (Gauss and Legendre's rule of three points)."""
_EDGES = np.array([0.0, *((SHARES[1:-1] + SHARES[2:]) / 2), 1.0])


@dataclass(frozen=True)
class Mentions:
    """The n mentions of one organisation and class, and its incidents, on a grid of d days.

    Attributes:
        there: probability that the mention is of the class and of this incident, shape (n,).
        use: the same, and that the class was used, shape (n,); never above `there`.
        odds: odds that the user, if there is one, is the organisation, shape (n,).
        evident: whether words or deaths say anything of the user beyond the roles of the sides,
            shape (n,).
        side: probability that the organisation is the incident's side at all, shape (n,).
        named: whether the words name a user, shape (n,).
        third: whether they name one that is no side of the incident, shape (n,): such a mention
            says of this organisation what an incident without a mention says.
        singles: whether it singles the organisation out: words or deaths, and not only how often
            such a side is the user, speak for it, shape (n,).
        day: number of the mention's day, shape (n,).
        incidents: number of the organisation's incidents with words.
        since: those of them from each day on, mentions included, shape (d,).
        said: log of how much more probable what people here say of the organisation is if its
            onset is on that day than if it never has the class, shape (d,).
        suspected: whether the side is named with a doubt, shape (n,): if it was another's, the
            words tell of the other's use as often, of this organisation nothing; default: none.
    """

    there: Floats
    use: Floats
    odds: Floats
    evident: npt.NDArray[np.bool_]
    side: Floats
    named: npt.NDArray[np.bool_]
    third: npt.NDArray[np.bool_]
    singles: npt.NDArray[np.bool_]
    day: Integers
    incidents: int
    since: Integers
    said: Floats
    suspected: npt.NDArray[np.bool_] | None = None

    @property
    def onset(self) -> Floats:
        """Return the probability of an onset on each day, before mentions are seen, shape (d,).

        An onset is as probable at each incident; a day stands for the incidents after the day
        before it in the grid, the first one for all before it too.
        """
        before = np.concatenate([[self.incidents + 1], self.since[:-1]]) - self.since
        weight = np.maximum(before, 1.0)
        return np.asarray(weight / weight.sum())

    @property
    def is_open(self) -> npt.NDArray[np.bool_]:
        """Tell of each mention whether it may be the organisation's own, shape (n,)."""
        return ~self.third


@dataclass(frozen=True)
class Posterior:
    """The belief about one organisation and class after its n mentions are seen.

    Attributes:
        chance: probability that the organisation has the class in each draw of the prior, shape
            (draws,).
        joint: probability of each share and onset day given possession, shape (SHARES, days).
        own: probability that each mention is a use by the organisation, given the share and that
            it has the class by then, shape (SHARES, n).
        day: number of each mention's day, shape (n,).
        weight: log of how much each mention speaks for a use by the organisation, on average over
            shares and onsets, shape (n,).
    """

    chance: Floats
    joint: Floats
    own: Floats
    day: Integers
    weight: Floats

    @cached_property
    def possession(self) -> float:
        """The probability that the organisation has the class, the mean over the prior's draws."""
        return float(self.chance.mean())

    def by_day(self) -> Floats:
        """Return the probability that the onset was by each day, given possession, shape
        (days,).
        """
        return np.asarray(np.minimum(np.cumsum(self.joint.sum(axis=0)), 1.0))

    def mean(self) -> Floats:
        """Return the probability that each mention is a use by the organisation; shape (n,)."""
        by_then = np.cumsum(self.joint, axis=1)[:, self.day]
        return np.asarray(self.possession * (by_then * self.own).sum(axis=0))

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Integers, Floats]:
        """Draw onsets and uses jointly.

        The same draw of the prior stands behind the same draw of every organisation, so that they
        are wrong together.

        Args:
            rng: source of randomness.
            n: number of draws; beyond those of the prior its draws begin anew.

        Returns:
            The onset's day of each draw, -1 for never, shape (n,); and whether each mention is a
            use by the organisation, shape (n, mentions).
        """
        days = self.joint.shape[1]
        flat = np.cumsum(self.joint.ravel())
        place = np.searchsorted(flat, rng.random(n) * flat[-1], side="right")
        place = np.minimum(place, flat.size - 1)
        has = rng.random(n) < np.resize(self.chance, n)
        onset = np.where(has, place % days, -1)
        chance = self.own[place // days] * (self.day >= (place % days)[:, None]) * has[:, None]
        return onset, (rng.random(chance.shape) < chance).astype(np.float64)


def fit(
    cases: Sequence[Mentions],
    regions: Sequence[Hashable] | None = None,
    told: float | None = None,
    seed: Sequence[int] = (0,),
) -> Prior:
    """Estimate the prior of one class over its organisations, as `learn` does.

    Args:
        cases: the mentions of each organisation.
        regions: the region of each; default: one region.
        told: the share of all incidents in which words tell of the class; default: all rates are
            as probable beforehand.
        seed: of the draws.

    Returns:
        The prior with its draws; without organisations what is held beforehand, without draws.
    """
    where = list(regions or [None] * len(cases))
    if not cases:
        return learn(None, where, told)
    words, mentions = (
        np.stack(one) for one in zip(*(_by_rate(case) for case in cases), strict=True)
    )
    size = size_of(np.array([case.incidents for case in cases]))
    return learn(Evidence(words, mentions, size), where, told, seed)


def posterior(case: Mentions, prior: Prior, before: Floats | None = None) -> Posterior:
    """Update the prior of a class by the mentions of one organisation (Bayes' rule).

    It is done under each draw of the prior, and the posterior is the mean over them: of an
    organisation with few mentions the prior says much, so that its doubt has to count.

    Args:
        case: n mentions.
        prior: from `fit`.
        before: log odds of possession before the mentions, in each draw of the prior, shape
            (draws,); default: those of an organisation with so many incidents.

    Returns:
        The posterior of possession, onset and uses.
    """
    log_odds = prior.log_odds(case.incidents) if before is None else before
    logs = _log_ratios(case)
    with np.errstate(divide="ignore"):
        joint = np.log(_chances(case)) + _since(logs, case) + case.said + np.log(case.onset)
        by_rate = _log_sum(joint.reshape(RATES.size, -1), 1)
    rates = prior.each_rates
    ratio = log_mean(rates, by_rate)
    chance = share_of(ratio + log_odds)
    # How much each rate is believed in the draws in which the organisation has the class.
    far = np.exp(by_rate.max() - ratio)
    believed = ((np.maximum(chance, 1e-300) * far)[:, None] * rates).sum(axis=0)
    joint = np.tensordot(believed, np.exp(joint - by_rate.max()), axes=1)
    joint = joint / joint.sum()
    ours = SHARES[:, None] * case.odds
    own = case.use * case.side * ours / (1 - SHARES[:, None] + ours)
    by_then = np.cumsum(joint, axis=1)[:, case.day]
    return Posterior(chance, joint, np.minimum(own, 1.0), case.day, (by_then * logs).sum(axis=0))


def silence(incidents: int, prior: Prior, before: Floats | None = None) -> float:
    """Compute how probably an organisation has a class of which no text speaks.

    Args:
        incidents: its incidents with words.
        prior: from `fit`.
        before: as in `posterior`.

    Returns:
        The probability.
    """
    log_odds = prior.log_odds(incidents) if before is None else before
    seen = prior.each_rates @ (1 - RATES) ** incidents
    return float(share_of(log_odds + np.log(np.maximum(seen, 1e-300))).mean())


def _log_ratios(case: Mentions) -> Floats:
    """Log likelihood ratio of each mention, user or not, for each share; shape (SHARES, n).

    Where no mention singles the organisation out, all that speaks for it is that such sides often
    are the user. That says that somebody has the class there, not that this organisation does.
    Where one does, the others that say no more than the role are together worth one mention: it is
    the same judgement in all of them.
    """
    most = np.log(np.where(case.named, FARTHEST, FARTHEST_UNNAMED))
    odds = np.clip(np.log(case.odds), -most, most if case.singles.any() else 0.0)
    ours = case.named & (odds >= 0)
    weight = case.is_open.astype(np.float64)
    evident, of_role = ~case.named & case.evident, ~case.named & ~case.evident
    for group, count in (
        (ours, NAMED),
        (case.named & ~ours, NAMED),
        (evident, UNNAMED),
        (of_role, OF_ROLE),
    ):
        weight[group] *= min(1.0, count / max(int(group.sum()), 1))
    more = SHARES[:, None] * (case.there * (np.exp(odds * weight) - 1))[None, :]
    if case.suspected is None:
        return np.asarray(np.log1p(case.side * more))
    # If another was the side, it was the user as often, and words that say so were as probable.
    another = np.log1p((1 - case.side) * more)
    return np.asarray(
        np.where(case.suspected, np.log1p(more) - another, np.log1p(case.side * more))
    )


def _since(logs: Floats, case: Mentions) -> Floats:
    """The sum of what speaks for a use from each day on; shape (SHARES, days)."""
    days = case.since.size
    by_day = np.stack([np.bincount(case.day, weights=row, minlength=days) for row in logs])
    return np.asarray(np.cumsum(by_day[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)


def _chances(case: Mentions) -> Floats:
    """The probability of each share of the open mentions; shape (RATES, SHARES, days).

    The number of the organisation's own uses since its onset is binomial in its incidents with its
    rate; a share stands for the numbers about it. How many mentions there are in all says nothing
    by itself, since some are struck by a class more often than others use it. But there are no more
    own uses than mentions: had there been more, words would have told of them. So the sum over
    the shares is below 1, which is how silence speaks. An onset may lie anywhere between two days
    of the grid, so that the incidents of that time, none of which tells of the class, count too.
    """
    special = require("scipy.special", extra="assess")
    days = case.since.size
    by_day = np.bincount(case.day, weights=case.is_open, minlength=days)
    mentions = np.cumsum(by_day[::-1])[::-1]
    least = np.maximum(case.since, mentions)
    greatest = np.maximum(np.concatenate([[case.incidents], case.since[:-1] - 1]), least)
    most = np.floor(_EDGES[:, None] * mentions + 1e-9)
    below = np.zeros((RATES.size, _EDGES.size, days))
    for place, weight in zip(*_GAUSS, strict=True):
        since = np.round(least + (greatest - least) * place).astype(np.int64)
        below += weight * special.bdtr(most[None], since[None, None], RATES[:, None, None])
    return np.concatenate([below[:, :1], np.diff(below, axis=1)], axis=1)


def _by_rate(case: Mentions) -> tuple[Floats, Floats]:
    """The log evidence of a case for possession at each rate: of the words, and of the number of
    mentions alone; both of shape (RATES,)."""
    chances = _chances(case)
    since = _since(_log_ratios(case), case) + case.said + np.log(case.onset)
    best = since.max()
    words = (chances * np.exp(since - best)).sum(axis=(1, 2))
    mentions = (chances * case.onset).sum(axis=(1, 2))
    log = np.log(np.maximum(words, 1e-300)) + best
    return np.asarray(log), np.asarray(np.log(np.maximum(mentions, 1e-300)))


def _log_sum(values: Floats, axis: int) -> Floats:
    best = values.max(axis=axis, keepdims=True)
    best = np.where(np.isfinite(best), best, 0.0)
    total = np.log(np.exp(values - best).sum(axis=axis, keepdims=True)) + best
    return np.asarray(np.squeeze(total, axis=axis))
