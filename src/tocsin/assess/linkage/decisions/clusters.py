"""From scored pairs to links and clusters: rivals weighed, parts of events joined.

A source seldom tells one event twice. Of several reports that could be the partner, the best
takes the most probability from the others, and a cluster holds at most one report a source,
unless the counts say that two reports are parts of one event.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

UNSEEN = 6.0
"""Bits against a pair that was never a candidate."""


@dataclass(frozen=True)
class Scored:
    """Pairs of rows with their match weight in bits: three arrays of shape (n,)."""

    left: np.ndarray
    right: np.ndarray
    weight: np.ndarray


def settle_rivals(pairs: Scored, source: np.ndarray, *, rounds: int = 20) -> np.ndarray:
    """Compute the probability of each pair, when every report has at most one partner in each
    source.

    Reports and their rivals exchange messages (belief propagation for matching: Bayati, Shah and
    Sharma 2008). In each round the odds of a pair are divided by one plus the odds that its
    rivals still claim.

    Args:
        pairs: P scored pairs.
        source: shape (n,), the number of each report's source.
        rounds: how many rounds of messages.

    Returns:
        Shape (P,), probabilities.
    """
    odds = np.exp2(np.clip(pairs.weight, -60, 60))
    if not len(odds):
        return np.zeros(0)
    n_sources = int(source.max()) + 1
    one, two = pairs.left, pairs.right
    turned = source[one] > source[two]
    if turned.any():
        # A report's rivals of one source have to stand on one side of it, whoever came first.
        one, two = np.where(turned, two, one), np.where(turned, one, two)
    at_left = one * n_sources + source[two]
    at_right = two * n_sources + source[one]
    size = len(source) * n_sources
    crowd_left = np.bincount(at_left, odds, size)[at_left] - odds
    crowd_right = np.bincount(at_right, odds, size)[at_right] - odds
    to_left, to_right = odds / (1 + crowd_right), odds / (1 + crowd_left)
    left, right = np.empty_like(odds), np.empty_like(odds)
    for _ in range(rounds):
        # What the other pairs of the same report claim of it; in place, as memory is what costs.
        for at, to, bids in ((at_left, to_left, left), (at_right, to_right, right)):
            np.take(np.bincount(at, to, size), at, out=bids)
            np.subtract(bids, to, out=bids)
            np.maximum(bids, 0, out=bids)
            np.add(bids, 1, out=bids)
            np.divide(odds, bids, out=bids)
        for to, new in ((to_left, right), (to_right, left)):
            np.multiply(to, new, out=to)
            np.sqrt(to, out=to)
    taken_left = np.maximum(np.bincount(at_left, to_left, size)[at_left] - to_left, 0)
    taken_right = np.maximum(np.bincount(at_right, to_right, size)[at_right] - to_right, 0)
    belief = odds / ((1 + taken_left) * (1 + taken_right))
    return np.asarray(belief / (1 + belief))


MOST = 100
"""Rivals of one report in one source that are weighed: of more, the best on either side."""


def foremost(pairs: Scored, source: np.ndarray, *, most: int = MOST) -> np.ndarray:
    """Choose the pairs that are among the best of at least one of their two reports.

    Where thousands of reports of one day and town hardly differ, all pairs are as many as their
    square, and nearly all of them have better rivals on both sides.

    Args:
        pairs: P scored pairs.
        source: shape (n,), the number of each report's source.
        most: how many pairs of a report with the reports of one source are always kept.

    Returns:
        Shape (P,), whether a pair is kept. Pairs of equal weight go by their order.
    """
    n_sources = int(source.max(initial=0)) + 1
    kept = np.zeros(len(pairs.left), dtype=bool)
    for own, other in ((pairs.left, pairs.right), (pairs.right, pairs.left)):
        at = own * n_sources + source[other]
        many = np.bincount(at, minlength=1)
        kept |= many[at] <= most
        crowd = np.flatnonzero(many[at] > most)
        if len(crowd):
            order = crowd[np.lexsort((-pairs.weight[crowd], at[crowd]))]
            first = np.flatnonzero(np.diff(at[order], prepend=-1))
            rank = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
            kept[order[rank < most]] = True
    return kept


def agglomerate(
    pairs: Scored, probability: np.ndarray, source: np.ndarray, *, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Join reports into clusters, the surest pair first.

    Two clusters are joined if the bits for and against, added over all pairs between them, are
    more than the threshold's, and if no source is in both. A pair that was no candidate counts
    against.

    Args:
        pairs: P scored pairs.
        probability: shape (P,), from `settle_rivals`.
        source: shape (n,), the number of each report's source.
        threshold: the least probability of a pair that is looked at.

    Returns:
        Shape (n,), the cluster of each report, named by its smallest row; and the positions of
        the pairs that were taken.
    """
    order = np.flatnonzero(probability >= threshold)
    left, right = pairs.left[order], pairs.right[order]
    order = order[np.lexsort((right, left, -pairs.weight[order], -probability[order]))]
    left, right = pairs.left[order], pairs.right[order]
    clean = np.clip(probability, 1e-9, 1 - 1e-9)
    bits = np.log2(clean / (1 - clean))
    bar = float(np.log2(threshold / (1 - threshold)))
    # A pair of no more bits than one that was never a candidate need not be kept.
    told = np.flatnonzero(bits > -UNSEEN)
    against = _Between(pairs.left[told], pairs.right[told], bits[told])
    n = len(source)
    cluster = np.arange(n)
    members = np.ones(n)
    holds = np.zeros((n, int(source.max()) + 1 if n else 1), dtype=bool)
    holds[cluster, source] = True
    while len(left):
        one, two = cluster[left], cluster[right]
        # Clusters only grow: what shares a source now will share it ever after.
        open_ = (one != two) & ~(holds[one] & holds[two]).any(axis=1)
        left, right, one, two = left[open_], right[open_], one[open_], two[open_]
        # A pair that comes first for both its clusters is decided as if all came one by one.
        turn = _first(one, two, n)
        x, y = one[turn], two[turn]
        total = against.bits(x, y, cluster, members)
        joins = total > bar
        keep, gone = np.minimum(x, y)[joins], np.maximum(x, y)[joins]
        holds[keep] |= holds[gone]
        members[keep] += members[gone]
        root = np.arange(n)
        root[gone] = keep
        cluster = root[cluster]
        left, right = left[~turn], right[~turn]
    return cluster, np.flatnonzero(cluster[pairs.left] == cluster[pairs.right])


def _first(one: np.ndarray, two: np.ndarray, n: int) -> np.ndarray:
    """Which pairs, in their order, are the first of both their clusters."""
    place = np.arange(len(one))
    best = np.full((2, n), len(one))
    for row, side in zip(best, (one, two), strict=True):
        # Of a repeated index the last value stays: from behind, the first.
        row[side[::-1]] = place[::-1]
    first = best.min(axis=0)
    return np.asarray((first[one] == place) & (first[two] == place))


class _Between:
    """Bits of the pairs between clusters."""

    def __init__(self, left: np.ndarray, right: np.ndarray, bits: np.ndarray) -> None:
        self.left, self.right, self.told = left, right, bits

    def bits(
        self, one: np.ndarray, two: np.ndarray, cluster: np.ndarray, members: np.ndarray
    ) -> np.ndarray:
        """Bits between clusters, each of which stands in one pair; unseen pairs count against."""
        low, high = cluster[self.left], cluster[self.right]
        apart = low != high
        self.left, self.right, self.told = self.left[apart], self.right[apart], self.told[apart]
        low, high = low[apart], high[apart]
        slot = np.full(len(cluster), -1)
        slot[one], slot[two] = np.arange(len(one)), np.arange(len(two))
        here = np.flatnonzero((slot[low] == slot[high]) & (slot[low] >= 0))
        slots = slot[low[here]]
        seen = np.bincount(slots, minlength=len(one))
        total = np.bincount(slots, self.told[here], minlength=len(one))
        return np.asarray(total - UNSEEN * (members[one] * members[two] - seen))


def join_parts(
    cluster: np.ndarray, pairs: Scored, further: np.ndarray, source: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Join clusters by parts of events, unless another source tells the parts as two events.

    In each cluster, reports of one source are all linked with one report, whose parts they are.

    Args:
        cluster: shape (n,), the cluster of each report, one report a source in each.
        pairs: P scored pairs; those inside a cluster are linked.
        further: positions of the pairs that are parts of one event, shape (F,).
        source: shape (n,), the number of each report's source.

    Returns:
        The cluster of each report, shape (n,); and which of `further` hold, shape (F,): those
        inside one cluster.
    """
    cluster = cluster.copy()
    lefts, rights = pairs.left[further], pairs.right[further]
    touched = np.isin(cluster, cluster[np.concatenate([lefts, rights])])
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero(touched).tolist():
        members.setdefault(int(cluster[row]), []).append(row)
    partners: dict[int, set[int]] = {row: {row} for row in np.flatnonzero(touched).tolist()}
    inside = touched[pairs.left] & (cluster[pairs.left] == cluster[pairs.right])
    for a, b in zip(pairs.left[inside].tolist(), pairs.right[inside].tolist(), strict=True):
        partners[a].add(b)
        partners[b].add(a)
    for index in np.argsort(-pairs.weight[further], kind="stable").tolist():
        a, b = int(lefts[index]), int(rights[index])
        one, two = sorted((int(cluster[a]), int(cluster[b])))
        if one != two:
            both = members[one] + members[two]
            twice = {int(source[r]) for r in members[one]} & {int(source[r]) for r in members[two]}
            whole = {int(source[a]): partners[b] | {a}, int(source[b]): partners[a] | {b}}
            if any(s not in whole for s in twice) or any(
                source[r] in twice and r not in whole[int(source[r])] for r in both
            ):
                continue
            members[one] = both
            cluster[members.pop(two)] = one
        partners[a].add(b)
        partners[b].add(a)
    return cluster, np.asarray(cluster[lefts] == cluster[rights])
