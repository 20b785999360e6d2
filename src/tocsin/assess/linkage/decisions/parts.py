"""Parts of events: one report of a source for two of another's.

A source may tell one event in two reports, or two neighbouring events in one. Either way one
report has two partners in another source, and the counts of the two add up to its own. After
one-to-one links are made, a report that was left alone is given a second look as such a part.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.pairs.comparisons import DEATHS, TIME, at

COST = 5.5
"""Bits against an event being told in parts: about one event in twenty."""
COST_REVISED = 2.5
"""The same where a later release revises an earlier one: about one event in seven. There the other
wholes and parts that would do as well are weighed beside."""
ANYWHERE = -1.5
"""A release merges neighbours that are not alike: then no less bits than this for the place, the
sides or the type of the part that has no report of its own. Set on earlier events told again."""
COST_AGAIN = 8.0
"""Bits against an event being told twice by one source: about one in a hundred."""
FEW = 4
"""A report left alone is tried against so many pairs of parts."""


def parts(
    scored: pl.DataFrame,
    linked: np.ndarray,
    source: np.ndarray,
    columns: Mapping[str, np.ndarray],
    weights: Weights,
    *,
    threshold: float,
    revised: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the pairs that tell of parts of one event.

    Args:
        scored: scored pairs, with `left, right, weight_total, mw_deaths, alone_left, alone_right`
            (bits of the coverage that go if the left, or right, has a partner).
        linked: positions of the pairs linked one to one.
        source: shape (n,), the number of each row's source.
        columns: the compared columns, each of shape (n,).
        weights: the model.
        threshold: the least probability of a pair that is taken.
        revised: whether the sources are two releases of one producer, which splits and merges.

    Returns:
        Positions of further pairs, shape (F,), and their probabilities, shape (F,).
    """
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    n = int(source.max()) + 1 if len(source) else 1
    partner = np.full(len(source) * n, -1)
    one, two = left[linked], right[linked]
    partner[one * n + source[two]] = two
    partner[two * n + source[one]] = one
    triples = _triples(scored, partner, source, n, least=-10.0 if revised else 0.0)
    if not len(triples):
        return np.empty(0, dtype=np.int64), np.empty(0)
    bits = _bits(triples, scored, columns, weights, revised=revised)
    if revised:
        bits = _beside_rivals(triples, bits, source, n)
    bar = float(np.log2(threshold / (1 - threshold)))
    taken: dict[int, float] = {}
    used: set[int] = set()
    for index in np.lexsort((*triples.T[[1, 2, 0]], -bits)).tolist():
        if bits[index] <= bar:
            break
        whole, one, two, first, second = (int(x) for x in triples[index])
        spots = {two * n + int(source[whole]), whole * n + int(source[two]) + n * len(source)}
        if first >= 0:
            spots.add(one * n + int(source[whole]))
        if spots & used:
            continue
        used |= spots
        for position in (first, second):
            if position >= 0:
                taken[position] = float(1 / (1 + np.exp2(-bits[index])))
    positions = np.array(sorted(taken), dtype=np.int64)
    return positions, np.array([taken[p] for p in positions.tolist()])


def _triples(
    scored: pl.DataFrame, partner: np.ndarray, source: np.ndarray, n: int, *, least: float
) -> np.ndarray:
    """Rows of (whole, one part, other part, pair of the first or -1, pair of the other)."""
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    bare = (scored["weight_total"] - scored["mw_deaths"]).to_numpy()
    has = partner >= 0
    free = ~(has[left * n + source[right]] & has[right * n + source[left]])
    pair = np.flatnonzero((bare > least) & free)
    whole = np.concatenate([left[pair], right[pair]])
    part = np.concatenate([right[pair], left[pair]])
    pair = np.concatenate([pair, pair])
    alone = ~has[part * n + source[whole]]
    whole, part, pair = whole[alone], part[alone], pair[alone]
    spot = whole * n + source[part]
    one = partner[spot]
    told = one >= 0
    found = [np.stack([whole, one, part, np.full(len(one), -1), pair], axis=1)[told]]
    # Where the whole has no partner yet, any two of its likeliest parts may be they.
    order = np.lexsort((part, -bare[pair], spot))
    order = order[~told[order]]
    whole, part, pair, spot = whole[order], part[order], pair[order], spot[order]
    start = np.flatnonzero(np.diff(spot, prepend=-1))
    few = np.arange(len(spot)) - np.repeat(start, np.diff(start, append=len(spot))) < FEW
    whole, part, pair, spot = whole[few], part[few], pair[few], spot[few]
    for step in range(1, FEW):
        first = np.flatnonzero(spot[step:] == spot[:-step])
        second = first + step
        columns = (whole[first], part[first], part[second], pair[first], pair[second])
        found.append(np.stack(columns, axis=1))
    return np.concatenate(found)


def _bits(
    triples: np.ndarray,
    scored: pl.DataFrame,
    columns: Mapping[str, np.ndarray],
    weights: Weights,
    *,
    revised: bool,
) -> np.ndarray:
    """Bits for each triple being one event in two parts, or told twice."""
    whole, one, two, first, second = triples.T
    total = scored["weight_total"].to_numpy()
    deaths = scored["mw_deaths"].to_numpy()
    left = scored["left"].to_numpy()
    # The other report of the pair already has its partner, which explains why it is not alone.
    alone = np.where(
        left[second] == whole,
        scored["alone_left"].to_numpy()[second],
        scored["alone_right"].to_numpy()[second],
    )
    bare = total[second] - deaths[second] - alone
    counts = {name: columns[name] for name in ("low", "best", "high")}
    both, single, other = at(counts, one), at(counts, one), at(counts, two)
    for name in counts:
        known = (single[name] >= 0) & (other[name] >= 0)
        both[name] = np.where(known, single[name] + other[name], -1)
    mine = at(counts, whole)
    together = weights.weight("deaths", DEATHS.gamma(mine, both))
    apart = weights.weight("deaths", DEATHS.gamma(mine, single))
    paired = first >= 0
    split = bare + together - (COST_REVISED if revised else COST)
    if revised:
        split += _longer(triples, columns, weights)
        for name in ("mw_place", "mw_actors", "mw_type"):
            told = scored[name].to_numpy()[second] if name in scored.columns else np.zeros(1)
            split += np.where(first < 0, np.maximum(ANYWHERE - told, 0), 0)
    split[~paired] -= apart[~paired]
    split[paired] += total[first[paired]] - deaths[first[paired]]
    again = np.where(paired, -np.inf, total[second] - alone - COST_AGAIN)
    return np.asarray(np.maximum(split, again))


def _beside_rivals(triples: np.ndarray, bits: np.ndarray, source: np.ndarray, n: int) -> np.ndarray:
    """Bits after the odds of all other triples of the same whole, and of the same second part.

    Many a town tells of several small events in a day, and the counts of any two may add up.
    """
    whole, _, two = triples.T[:3]
    odds = np.exp2(np.clip(bits, -60, 60))
    crowd = np.zeros(len(odds))
    for row, other in ((two, whole), (whole, two)):
        spot = row * n + source[other]
        crowd += np.bincount(spot, odds, len(source) * n)[spot] - odds
    return np.asarray(np.log2(odds) - np.log2(1 + np.maximum(crowd, 0)))


def _longer(triples: np.ndarray, columns: Mapping[str, np.ndarray], weights: Weights) -> np.ndarray:
    """Bits that the days gain where both parts together last as long as the whole."""
    whole, one, two = triples.T[:3]
    used = {name: columns[name] for name in ("day0", "day1", "located", "place_id", "adm_id")}
    mine, single, other = at(used, whole), at(used, one), at(used, two)
    both = {
        **single,
        "day0": np.minimum(single["day0"], other["day0"]),
        "day1": np.maximum(single["day1"], other["day1"]),
    }
    gain = weights.weight("time", TIME.gamma(mine, both))
    gain -= weights.weight("time", TIME.gamma(mine, single))
    return np.asarray(np.maximum(gain, 0))
