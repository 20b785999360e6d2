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
    """Pairs with their match weight in bits: shapes (n,)."""

    left: np.ndarray
    right: np.ndarray
    weight: np.ndarray


def rivalry(pairs: Scored, source: np.ndarray, *, rounds: int = 20) -> np.ndarray:
    """Probability of each pair when every report has at most one partner in each source.

    Messages between reports and their rivals (belief propagation for matching: Bayati, Shah
    and Sharma 2008; each pair's odds are divided by one plus the odds of its rivals).
    """
    odds = np.exp2(np.clip(pairs.weight, -60, 60))
    n_sources = int(source.max()) + 1 if len(source) else 1
    at_left = pairs.left * n_sources + source[pairs.right]
    at_right = pairs.right * n_sources + source[pairs.left]
    size = len(source) * n_sources
    crowd_left = np.bincount(at_left, odds, size)[at_left] - odds
    crowd_right = np.bincount(at_right, odds, size)[at_right] - odds
    to_left, to_right = odds / (1 + crowd_right), odds / (1 + crowd_left)
    for _ in range(rounds):
        # What the other pairs of the same report claim of it.
        taken_left = np.bincount(at_left, to_left, size)[at_left] - to_left
        taken_right = np.bincount(at_right, to_right, size)[at_right] - to_right
        new_right = odds / (1 + np.maximum(taken_left, 0))
        new_left = odds / (1 + np.maximum(taken_right, 0))
        to_left, to_right = np.sqrt(to_left * new_left), np.sqrt(to_right * new_right)
    taken_left = np.maximum(np.bincount(at_left, to_left, size)[at_left] - to_left, 0)
    taken_right = np.maximum(np.bincount(at_right, to_right, size)[at_right] - to_right, 0)
    belief = odds / ((1 + taken_left) * (1 + taken_right))
    return np.asarray(belief / (1 + belief))


def agglomerate(
    pairs: Scored, probability: np.ndarray, source: np.ndarray, *, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Join reports into clusters, the surest pair first.

    Two clusters are joined if the bits for and against, over all pairs between them, add up
    to more than the threshold's, and no source is in both; a pair that was no candidate counts
    against.

    Returns:
        Cluster of each report (its smallest row), and the positions of the pairs taken.
    """
    order = np.lexsort((pairs.right, pairs.left, -pairs.weight, -probability))
    order = order[probability[order] >= threshold]
    clean = np.clip(probability, 1e-9, 1 - 1e-9)
    bits = np.log2(clean / (1 - clean))
    # A pair of no more bits than one that was never a candidate need not be kept.
    told = np.flatnonzero(bits > -UNSEEN)
    n = len(source)
    keys = pairs.left[told].astype(np.int64) * n + pairs.right[told]
    seen = dict(zip(keys.tolist(), bits[told].tolist(), strict=True))
    lefts, rights = pairs.left[order].tolist(), pairs.right[order].tolist()
    cluster, of = list(range(n)), source.tolist()
    members: dict[int, list[int]] = {}
    bar = float(np.log2(threshold / (1 - threshold)))
    for a, b in zip(lefts, rights, strict=True):
        one, two = cluster[a], cluster[b]
        if one == two:
            continue
        first, second = members.get(one, [one]), members.get(two, [two])
        if not {of[x] for x in first}.isdisjoint(of[y] for y in second):
            continue
        total = sum(
            seen.get(x * n + y if x < y else y * n + x, -UNSEEN) for x in first for y in second
        )
        if total > bar:
            root = min(one, two)
            both = first + second
            members[root] = both
            members.pop(max(one, two), None)
            for x in both:
                cluster[x] = root
    found = np.array(cluster, dtype=np.int64)
    return found, np.flatnonzero(found[pairs.left] == found[pairs.right])


def widened(
    cluster: np.ndarray, pairs: Scored, further: np.ndarray, source: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Clusters joined by parts, unless another source tells the parts as two events.

    In each cluster, reports of one source are all linked with one report, whose parts they are.

    Args:
        cluster: cluster of each report, one report a source in each.
        pairs: the scored pairs; those inside a cluster are linked.
        further: positions of the pairs that are parts of one event.
        source: number of each report's source.

    Returns:
        Cluster of each report, and which of `further` hold: those inside one cluster.
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
