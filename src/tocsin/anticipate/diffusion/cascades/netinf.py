"""NetInf: the few edges that explain cascades best, greedily, each with its gain.

Gomez-Rodriguez, Leskovec and Krause (2010), Inferring networks of diffusion and influence, KDD.
In each cascade a node has one parent: an earlier node over a chosen edge, or the world outside,
with a very small probability. An edge's gain is what the best parents' log-likelihood rises by
when the edge joins those chosen before. Gains only shrink, so most need not be worked out again
(lazy evaluation), and the greedy choice is within 1 − 1/e of the best.
"""

from __future__ import annotations

import heapq

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.cascades.cascade import Cascades, find_pairs
from tocsin.errors import UsageError

OUTSIDE = 1e-64
"""Likelihood of taking up from outside, as the authors' program has it."""


def netinf(cascades: Cascades, *, edges: int, rate: float = 1.0) -> pl.DataFrame:
    """Choose the edges that explain the cascades best, one after the other (the method NetInf).

    Args:
        cascades: the cascades, from `read_cascades`.
        edges: how many edges are chosen; there are fewer if no other edge improves the likelihood.
        rate: rate of the exponential time that an edge takes, per unit of time.

    Returns:
        A row for each edge, in the order of choice. The columns are `source`, `target`, `gain` (of
        the log-likelihood in nats, given the edges above) and `volume` (how many uptakes the edge
        explains best when it is chosen).

    Raises:
        UsageError: the number of edges or the rate is not above zero.

    Source: Gomez-Rodriguez, Leskovec and Krause (2010), Inferring networks of diffusion and
    influence, KDD.
    """
    if edges < 1 or not rate > 0:
        raise UsageError("The number of edges and the rate have to be above zero.")
    both, node, time = find_pairs(cascades), cascades.node, cascades.time
    first, second = both.first[both.strict], both.second[both.strict]
    worth = np.log(rate) - rate * (time[second] - time[first]) - np.log(OUTSIDE)
    n = len(cascades.nodes)
    key = node[first] * n + node[second]
    order = np.argsort(key, kind="stable")
    pair, start = np.unique(key[order], return_index=True)
    stop = np.append(start[1:], len(order))
    second, worth = second[order], worth[order]
    explained = np.zeros(len(node))  # what the best parent so far is worth, above outside

    def gain(which: int) -> float:
        rows = slice(start[which], stop[which])
        return float(np.maximum(worth[rows] - explained[second[rows]], 0.0).sum())

    # (−gain, pair, how many edges had been chosen when the gain was worked out)
    heap = [(-gain(which), which, 0) for which in range(len(pair))]
    heapq.heapify(heap)
    found: list[tuple[str, str, float, int]] = []
    while heap and len(found) < edges:
        value, which, known = heapq.heappop(heap)
        if known < len(found):
            heapq.heappush(heap, (-gain(which), which, len(found)))
            continue
        if value >= 0.0:
            break
        rows = slice(start[which], stop[which])
        better = worth[rows] > explained[second[rows]]
        names = cascades.nodes[pair[which] // n], cascades.nodes[pair[which] % n]
        found.append((*names, -value, int(better.sum())))
        explained[second[rows]] = np.maximum(worth[rows], explained[second[rows]])
    return pl.DataFrame(
        found,
        schema={
            "source": pl.String,
            "target": pl.String,
            "gain": pl.Float64,
            "volume": pl.Int64,
        },
        orient="row",
    )
