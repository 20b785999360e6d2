"""Deaths of an incident that several sources counted, as one belief with its width.

A source's low, best and high are taken as what they are meant to be: a best guess with doubt on
either side. On the scale of log(1 + deaths) a count is the truth, plus the source's own bias
(some count too few), plus an error that is the range's and the source's own; and with the rest
of its reliability it is a count of something else. Bias and error are learned from incidents
that independent sources share; bias is against what sources say together, since nothing here
knows the deaths that nobody counted. A copied count does not count again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.assess.reliability.dawid_skene import Floats, Ints

Z90 = 1.6449
"""Half the width of a 90 % interval of the normal distribution: low and high are read as one."""
SPREAD = 0.25
"""A source's own error before anything is learned, on the log scale."""
SPREAD_WEIGHT = 8.0
BIAS_WEIGHT = 8.0
"""So many incidents the first guesses of spread and bias count as; likewise of the share below."""
RIGHT = 0.8
RIGHT_WEIGHT = 8.0
ASTRAY = 1.5
"""Spread of a count that is of something else: some five times too high or too low."""
OWN_VOICE = 0.5
"""A count less independent than this is a copy and is left out."""
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)
GRID = 241
CHUNK = 20_000


@dataclass(frozen=True)
class Counts:
    """Ranges of deaths in long form, sorted by item: each array has shape (n,).

    `voice` is the independence of the count times the probability of its link, `right` a first
    guess of the share of the source's counts that are right.
    """

    item: Ints
    who: Ints
    low: Floats
    best: Floats
    high: Floats
    voice: Floats
    right: Floats


@dataclass(frozen=True)
class Habits:
    """How each of S sources counts; each array has shape (S,).

    `bias` and `spread` are on the scale of log(1 + deaths); `right` is the share of counts that
    are of this incident at all.
    """

    bias: Floats
    spread: Floats
    right: Floats


def habits(counts: Counts, sources: int, *, rounds: int = 60) -> Habits:
    """Estimate the bias and the spread of each source, from incidents that independent sources
    share.

    The method of moments is used within EM, and both are shrunk: bias to none, spread to `SPREAD`.
    A source alone, or with one copier, keeps the first guesses.

    Args:
        counts: the counts of all incidents.
        sources: how many sources there are, S.
        rounds: the most rounds of EM.

    Returns:
        The habits, arrays of shape (S,).
    """
    bias, spread = np.zeros(sources), np.full(sources, SPREAD)
    asked = np.bincount(counts.who, minlength=sources)
    guess = np.bincount(counts.who, counts.right, sources) / np.maximum(asked, 1)
    share = guess = np.where(asked > 0, guess, RIGHT)
    size = int(counts.item.max()) + 1 if counts.item.size else 0
    use = counts.voice >= OWN_VOICE
    use &= (np.bincount(counts.item, use, size) >= 2)[counts.item] if size else use
    if not use.any():
        return Habits(bias, spread, share)
    item, who = counts.item[use], counts.who[use]
    y = np.log1p(counts.best[use])
    own = ((np.log1p(counts.high[use]) - np.log1p(counts.low[use])) / (2 * Z90)) ** 2
    weight = counts.voice[use]
    told = np.bincount(who, weight, sources)
    on_track = share[who]
    for _ in range(rounds):
        variance = own + spread[who] ** 2
        trust = weight * on_track / variance
        total = np.maximum(np.bincount(item, trust, size), 1e-9)
        truth = np.bincount(item, trust * (y - bias[who]), size) / total
        doubt = np.minimum(1 / total, ASTRAY**2)
        off = y - truth[item]
        n = np.bincount(who, weight * on_track, sources)
        fresh = np.bincount(who, weight * on_track * off, sources) / (n + BIAS_WEIGHT)
        # Only differences between sources can be seen, so biases average to none.
        fresh -= (n * fresh).sum() / max(n.sum(), 1e-9)
        # The part of what is left that is the source's own, the other being the range's.
        pull = spread[who] ** 2 / variance
        square = pull**2 * ((off - fresh[who]) ** 2 + doubt[item]) + pull * own
        spread_now = np.sqrt(
            (np.bincount(who, weight * on_track * square, sources) + SPREAD_WEIGHT * SPREAD**2)
            / (n + SPREAD_WEIGHT)
        )
        # On track or astray: against what the others say, the count itself left out.
        others = np.maximum(total[item] - trust, 1e-9)
        apart = y - fresh[who] - (total[item] * truth[item] - trust * (y - bias[who])) / others
        unsure = np.minimum(1 / others, ASTRAY**2)
        near = share[who] * _normal(apart, np.sqrt(variance + unsure))
        far = (1 - share[who]) * _normal(apart, np.sqrt(ASTRAY**2 + unsure))
        on_track = near / np.maximum(near + far, 1e-300)
        share = (np.bincount(who, weight * on_track, sources) + RIGHT_WEIGHT * guess) / (
            told + RIGHT_WEIGHT
        )
        moved = max(np.abs(fresh - bias).max(), np.abs(spread_now - spread).max())
        bias, spread = fresh, spread_now
        if moved < 1e-5:
            break
    return Habits(bias, spread, share)


def fuse_counts(counts: Counts, known: Habits, items: int) -> tuple[Floats, Ints, np.ndarray]:
    """Compute quantiles of the deaths of each item, given its counts.

    Args:
        counts: sorted by item.
        known: bias and spread of the sources.
        items: number of items I.

    Returns:
        Quantiles of the deaths at 5, 25, 50, 75 and 95 %, shape (I, 5), NaN without a count; the
        number of independent counts, shape (I,); and whether their ranges all meet, shape (I,).
        One independent count passes through: its low, best and high are the quantiles 5, 50 and 95
        %.
    """
    use = counts.voice >= OWN_VOICE
    # If all of an item's counts are weak, the strongest speaks alone.
    if counts.item.size:
        best_voice = np.zeros(items)
        np.maximum.at(best_voice, counts.item, counts.voice)
        speaks = np.bincount(counts.item, use, items) > 0
        use |= ~speaks[counts.item] & (counts.voice == best_voice[counts.item])
    item, low, high = counts.item[use], counts.low[use], counts.high[use]
    number = np.bincount(item, minlength=items)
    meet = _extreme(np.maximum, item, low, items, -np.inf) <= _extreme(
        np.minimum, item, high, items, np.inf
    )
    quantiles = np.full((items, len(QUANTILES)), np.nan)
    alone = number[item] == 1
    quantiles[item[alone]] = _range_quantiles(low[alone], counts.best[use][alone], high[alone])
    several = np.flatnonzero(number > 1)
    for start in range(0, several.size, CHUNK):
        chunk = several[start : start + CHUNK]
        place = np.full(items, -1)
        place[chunk] = np.arange(chunk.size)
        rows = np.flatnonzero(use & (place[counts.item] >= 0))
        quantiles[chunk] = _posterior(counts, rows, place[counts.item[rows]], chunk.size, known)
    return quantiles, number, meet


def _posterior(counts: Counts, rows: Ints, place: Ints, items: int, known: Habits) -> Floats:
    """Quantiles for items with several counts, by a grid on the log scale."""
    bias, spread = known.bias[counts.who[rows]], known.spread[counts.who[rows]]
    low, best, high = (np.log1p(values[rows]) for values in (counts.low, counts.best, counts.high))
    centre = best - bias
    below = np.sqrt(((best - low) / Z90) ** 2 + spread**2)
    above = np.sqrt(((high - best) / Z90) ** 2 + spread**2)
    left = _extreme(np.minimum, place, centre - 5 * below, items, np.inf).clip(0)
    right = _extreme(np.maximum, place, centre + 5 * above, items, -np.inf)
    right = np.maximum(right, left + 0.1)
    step = (right - left) / (GRID - 1)
    grid = left[:, None] + np.arange(GRID) * step[:, None]
    off = grid[place] - centre[:, None]
    side = np.where(off < 0, below[:, None], above[:, None])
    # Two half normals of unequal width, joined at the best estimate.
    near = np.sqrt(2 / np.pi) / (below + above)[:, None] * np.exp(-0.5 * (off / side) ** 2)
    share = known.right[counts.who[rows]][:, None]
    likelihood = share * near + (1 - share) * _normal(off, np.array(ASTRAY))
    says = counts.voice[rows][:, None] * np.log(np.maximum(likelihood, 1e-300))
    # Rows are sorted by item, so each item's rows are a run.
    starts = np.flatnonzero(np.r_[True, place[1:] != place[:-1]])
    score = np.add.reduceat(says, starts, axis=0)
    mass = np.exp(score - score.max(axis=1, keepdims=True))
    cumulative = np.cumsum(mass, axis=1) / mass.sum(axis=1, keepdims=True)
    found = np.empty((items, len(QUANTILES)))
    for k, level in enumerate(QUANTILES):
        at = (cumulative < level).sum(axis=1)
        found[:, k] = np.expm1(grid[np.arange(items), np.minimum(at, GRID - 1)])
    # Where all ranges meet, the answer stays within what the sources allow.
    raw_low, raw_high = counts.low[rows], counts.high[rows]
    agree = _extreme(np.maximum, place, raw_low, items, -np.inf) <= _extreme(
        np.minimum, place, raw_high, items, np.inf
    )
    least = _extreme(np.minimum, place, raw_low, items, np.inf)
    most = _extreme(np.maximum, place, raw_high, items, -np.inf)
    bounded = np.clip(found, least[:, None], most[:, None])
    return np.where(agree[:, None], bounded, np.maximum(found, 0.0))


def _range_quantiles(low: Floats, best: Floats, high: Floats) -> Floats:
    """A single range as five quantiles; the quartiles are of its two half normals."""
    quarter = 0.6745 / Z90
    q25 = np.expm1(np.log1p(best) - (np.log1p(best) - np.log1p(low)) * quarter)
    q75 = np.expm1(np.log1p(best) + (np.log1p(high) - np.log1p(best)) * quarter)
    found = np.stack([low, np.clip(q25, low, best), best, np.clip(q75, best, high), high], axis=1)
    return np.asarray(found, dtype=np.float64)


def _normal(off: Floats, spread: Floats) -> Floats:
    found: Floats = np.exp(-0.5 * (off / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    return found


def _extreme(which: np.ufunc, item: Ints, values: Floats, items: int, start: float) -> Floats:
    found = np.full(items, start)
    which.at(found, item, values)
    return found
