"""Linkage by day and point: a law of displacement against chance, both learned.

A pair's bits are log2 of how often one event's reports lie so far and so many days apart, over how
often chance puts a report there. The law of displacement is a mixture of round normal laws, whose
scales are laid out from 80 m to 22 km and whose weights are learned; so are the days. A law that
has no few matches of its own is dropped (Figueiredo and Jain 2002, Unsupervised learning of finite
mixture models), so that what chance puts far away is not taken for a second law. Sides, counts and
categories add their bits where sources share them: chance is what near reports of other days show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions.chance import shares
from tocsin.assess.linkage.decisions.clusters import Scored, foremost, settle_rivals
from tocsin.assess.linkage.decisions.model import Weights, revise_m
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, levels_of
from tocsin.assess.linkage.points.intensity import RADII, Intensity, count_chance
from tocsin.schema.geography.distance import flat_km

SPOT = float(RADII[0])
"""Kilometres within which two points are one."""
SCALES = 0.08 * 1.6 ** np.arange(13)
"""Kilometres: the standard deviations of the normal laws that are mixed."""
REACH = 12
"""Days from -REACH to REACH that are told apart; two more classes hold ranges of days."""
MEET, SAME = 2 * REACH + 1, 2 * REACH + 2
"""Ranges of days that meet, and ranges that are the same."""
LAWS = np.append(0.2, np.full(len(SCALES), 0.8 / len(SCALES)))
"""Weights before training: the spot, and each scale."""
DAYS = np.concatenate([0.3 ** np.minimum(d := np.abs(np.arange(-REACH, REACH + 1)), 3)
                       * 0.9 ** np.maximum(d - 3, 0), [0.3, 0.3]])  # fmt: skip
"""Weights of the days before training, which count for one match in all."""
COST = 2.0
"""Matches that a law of displacement must have before it counts."""
AWAY = np.append((np.abs(np.arange(-REACH, REACH + 1)) > 1).astype(float), [0.0, 0.0])
"""Matches that two days or more of difference must have before they count."""
ROUNDS = 25
MOST = 0.95
"""No source is thought to tell more than this share of another's events."""
OPEN = 2.0
"""Reports of each source that are supposed to have a partner, and as many that have none."""
UNSURE = 0.5
"""Bits for matches that training misses, since it takes what it is unsure of for chance, where two
reports can be compared in more than day and point. Set on development data, as `COST`, `BARE` and
the constants of `intensity`."""
BARE = -0.25
"""The same where they cannot: nothing then tells a match from what chance puts near an event, and
training takes some of that for matches (docs/decisions/0115)."""
FAINT = -20.0
"""Bits below which a pair is no match in training."""


@dataclass(frozen=True)
class Traits:
    """What is read off P pairs."""

    km: np.ndarray
    when: np.ndarray
    """The class of days: 0 to 2 REACH for -REACH to REACH days, then `MEET` and `SAME`."""
    wide: np.ndarray
    """How many days would do as well: 1; more for ranges that meet; less for a range that is the
    same, which few are."""
    density: np.ndarray
    """Shape (P, 1 + scales): density of each law, a square kilometre."""

    @property
    def lag(self) -> np.ndarray:
        """Return the days between the two, 0 for ranges that meet."""
        return np.where(self.when <= 2 * REACH, np.abs(self.when - REACH), 0)


@dataclass(frozen=True)
class Said:
    """What P pairs say beside days and points: comparisons, and their levels."""

    compared: Sequence[Comparison]
    gammas: Mapping[str, np.ndarray]
    """Comparison to the level of each pair, shape (P,)."""
    weights: Weights
    """Of these comparisons: m before training, u of near reports on other days."""

    def bits(self, weights: Weights) -> np.ndarray:
        """Add up the bits of all comparisons, shape (P,)."""
        found = np.zeros(len(next(iter(self.gammas.values())))) if self.gammas else np.zeros(1)
        for one in self.compared:
            found = found + weights.weight(one.name, self.gammas[one.name])
        return np.asarray(found)


@dataclass(frozen=True)
class Habits:
    """What is learned: how sources displace events, and how much of each other's they tell."""

    laws: np.ndarray
    """Shape (1 + scales,): weights of the laws of displacement."""
    days: np.ndarray
    """Shape (classes of days,): how often each is met among reports of one event."""
    share: np.ndarray
    """Shape (sources, sources): the part of the first one's events that the second tells."""
    said: Weights
    """Of what is said beside days and points."""


def traits(rows: pl.DataFrame, pairs: Pairs) -> Traits:
    """Read distance and days off pairs.

    Args:
        rows: n records, those of the pairs with days and points.
        pairs: P pairs.

    Returns:
        The traits.
    """
    a, b = pairs.left, pairs.right
    lat, lon = rows["lat"].to_numpy().astype(float), rows["lon"].to_numpy().astype(float)
    first, last = (rows[name].fill_null(0).to_numpy().astype(np.int64) for name in ("day0", "day1"))
    km = flat_km(lat[a], lon[a], lat[b], lon[b])
    after, before = first[b] - last[a], first[a] - last[b]
    lag = np.where(after > 0, after, np.where(before > 0, -before, 0))
    own = np.minimum(last - first, 400)
    length = own[a] + own[b]
    meet = (lag == 0) & (length > 0)
    same = meet & (first[a] == first[b]) & (last[a] == last[b])
    usual = (np.bincount(own, minlength=401) + 1.0) / (len(own) + 1.0)
    when = np.where(meet, MEET, np.clip(lag, -REACH, REACH) + REACH)
    density = np.empty((len(km), 1 + len(SCALES)), dtype=np.float32)
    density[:, 0] = np.where(km <= SPOT, 1 / (np.pi * SPOT**2), 0)
    for at, scale in enumerate(SCALES):
        density[:, at + 1] = np.exp(-((km / scale) ** 2) / 2) / (2 * np.pi * scale**2)
    return Traits(
        km,
        np.where(same, SAME, when),
        np.where(same, usual[own[a]], np.where(meet, length + 1.0, 1.0)),
        density,
    )


def score(  # noqa: PLR0917
    rows: pl.DataFrame,
    source: np.ndarray,
    pairs: Pairs,
    values: Mapping[str, np.ndarray],
    compared: Sequence[Comparison],
    gammas: Mapping[str, np.ndarray],
) -> tuple[pl.DataFrame, Habits]:
    """Weigh pairs by day and point, and by what else they say, after learning from them.

    Args:
        rows: n records.
        source: shape (n,), the number of each record's source.
        pairs: P candidate pairs, both with points.
        values: columns of the records, from `pairs.comparisons.arrays`.
        compared: comparisons of what is said beside days and points.
        gammas: comparison to the level of each pair, shape (P,).

    Returns:
        For each pair `left, right, prior, place, time`, `mw_…` of each comparison, `alone_left`,
        `alone_right` and `weight_total`, their sum, in bits; and what was learned.
    """
    seen, chance = traits(rows, pairs), count_chance(rows, source)
    space = chance.bits(pairs.left, pairs.right, source, seen.km)
    times = np.log2(chance.bursts(seen.km, seen.lag) * seen.wide)
    said = _said_levels(values, compared, gammas, chance.apart)
    habits = learn(seen, space + times, said, pairs, source, chance)
    a, b = source[pairs.left], source[pairs.right]
    share = habits.share
    compared_at_all = np.zeros(len(pairs), dtype=bool)
    for one in compared:
        compared_at_all |= gammas[one.name] >= 0
    frame = pl.DataFrame(
        {
            "left": pairs.left,
            "right": pairs.right,
            "prior": (np.log2(share[a, b]) + np.log2(share[b, a])) / 2
            + np.log2(chance.size[b] / chance.size[a]) / 2
            + np.where(compared_at_all, UNSURE, BARE),
            "place": _bits(seen.density @ habits.laws) - space,
            "time": _bits(habits.days[seen.when]) - times,
            **{f"mw_{c.name}": habits.said.weight(c.name, gammas[c.name]) for c in compared},
            "alone_left": -np.log2(1 - share[a, b]),
            "alone_right": -np.log2(1 - share[b, a]),
        }
    )
    total = pl.sum_horizontal(pl.exclude("left", "right"))
    return frame.with_columns(total.alias("weight_total")), habits


def _said_levels(
    values: Mapping[str, np.ndarray],
    compared: Sequence[Comparison],
    gammas: Mapping[str, np.ndarray],
    apart: Pairs,
) -> Said:
    """What is said beside days and points, with how often near reports of other days agree."""
    levels = levels_of(values, compared, apart.left, apart.right)
    u = {}
    for one in compared:
        gamma = levels[one.name].astype(np.int64)
        counts = np.bincount(gamma[gamma >= 0], minlength=len(one.levels))[::-1]
        u[one.name] = shares(counts.astype(float))
    m = {one.name: tuple(level.m for level in one.levels) for one in compared}
    return Said(compared, gammas, Weights(0.5, m, u))


def learn(  # noqa: PLR0917
    seen: Traits,
    against: np.ndarray,
    said: Said,
    pairs: Pairs,
    source: np.ndarray,
    chance: Intensity,
) -> Habits:
    """Learn the laws by expectation maximisation, in which rivals share one match.

    Args:
        seen: what is read off P pairs.
        against: shape (P,), log2 of how often chance would put a report there.
        said: what the pairs say beside.
        pairs: the pairs.
        source: shape (n,), the number of each record's source.
        chance: what chance brings; its sizes of sources are used.

    Returns:
        What was learned.
    """
    n = len(chance.size)
    a, b = source[pairs.left], source[pairs.right]
    laws, days, share = LAWS, DAYS / DAYS.sum(), np.full((n, n), 0.3)
    weights = said.weights
    for _ in range(ROUNDS):
        odds = np.log2(share / (1 - share)) - np.log2(1 - share.T)
        odds = (odds + odds.T + np.log2(chance.size[None, :] / chance.size[:, None])) / 2
        bits = _bits(seen.density @ laws) + _bits(days[seen.when]) - against + odds[a, b]
        bits = bits + said.bits(weights)
        keep = np.flatnonzero(bits > FAINT)
        keep = keep[foremost(Scored(pairs.left[keep], pairs.right[keep], bits[keep]), source)]
        found = settle_rivals(
            Scored(pairs.left[keep], pairs.right[keep], bits[keep]), source, rounds=12
        )
        part = seen.density[keep] * laws
        held = found @ (part / np.maximum(part.sum(axis=1, keepdims=True), 1e-300))
        left = np.maximum(held - COST, 0)
        laws = (left if left.sum() else held) + 1e-6
        laws = laws / laws.sum()
        met = np.bincount(seen.when[keep], found, minlength=len(DAYS)).astype(float)
        days = np.maximum(met - AWAY, 0) + DAYS / DAYS.sum()
        days = days / days.sum()
        weights = replace(
            weights,
            m={
                one.name: revise_m(one, said.gammas[one.name][keep], found, said.weights.m)
                for one in said.compared
            },
        )
        matched = np.bincount(a[keep] * n + b[keep], found, minlength=n * n).reshape(n, n)
        matched = matched + matched.T
        share = np.clip((matched + OPEN) / (chance.size[:, None] + 2 * OPEN), 0.005, MOST)
    return Habits(laws, days, share, weights)


def _bits(share: np.ndarray) -> np.ndarray:
    return np.asarray(np.log2(np.maximum(share, 1e-300)), dtype=float)
