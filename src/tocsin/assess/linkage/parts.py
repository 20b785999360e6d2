"""Parts of events: one report of a source for two of another's.

A source may tell one event in two reports, or two neighbouring events in one. Either way one
report has two partners in another source, and the counts of the two add up to its own. After
one-to-one links are made, a report that was left alone is given a second look as such a part.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.assess.linkage.comparisons import DEATHS, at
from tocsin.assess.linkage.model import Weights

COST = 5.5
"""Bits against an event being told in parts: about one event in twenty."""
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
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that tell of parts of one event.

    Args:
        scored: scored pairs, with `left, right, weight_total, mw_deaths, alone_left,
            alone_right` (bits of the coverage that go if the left, or right, has a partner).
        linked: positions of the pairs linked one to one.
        source: number of each row's source.
        columns: the compared columns.
        weights: the model.
        threshold: least probability.

    Returns:
        Positions of further pairs, and their probabilities.
    """
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    n = int(source.max()) + 1 if len(source) else 1
    partner: dict[int, int] = {}
    for position in linked.tolist():
        a, b = int(left[position]), int(right[position])
        partner[a * n + int(source[b])] = b
        partner[b * n + int(source[a])] = a
    triples = _triples(scored, partner, source, n)
    if not len(triples):
        return np.empty(0, dtype=np.int64), np.empty(0)
    bits = _bits(triples, scored, columns, weights)
    bar = float(np.log2(threshold / (1 - threshold)))
    taken: dict[int, float] = {}
    used: set[int] = set()
    for index in np.lexsort((triples[:, 2], triples[:, 0], -bits)).tolist():
        if bits[index] <= bar:
            break
        whole, one, two, first, second = (int(x) for x in triples[index])
        spots = {two * n + int(source[whole]), whole * n + int(source[two]) + n * len(source)}
        if one >= 0 and first >= 0:
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
    scored: pl.DataFrame, partner: Mapping[int, int], source: np.ndarray, n: int
) -> np.ndarray:
    """Rows of (whole, one part, other part, pair of the first or -1, pair of the other)."""
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    bare = (scored["weight_total"] - scored["mw_deaths"]).to_numpy()
    found: list[tuple[int, int, int, int, int]] = []
    alone: dict[int, list[tuple[float, int, int]]] = {}
    has = np.zeros(len(source) * n, dtype=bool)
    has[np.fromiter(partner, dtype=np.int64, count=len(partner))] = True
    free = ~(has[left * n + source[right]] & has[right * n + source[left]])
    for position in np.flatnonzero((bare > 0) & free).tolist():
        a, b = int(left[position]), int(right[position])
        for whole, part in ((a, b), (b, a)):
            if part * n + int(source[whole]) in partner:
                continue
            one = partner.get(whole * n + int(source[part]))
            if one is not None:
                found.append((whole, one, part, -1, position))
            else:
                alone.setdefault(whole * n + int(source[part]), []).append(
                    (-float(bare[position]), part, position)
                )
    for key, listed in alone.items():
        best = sorted(listed)[:FEW]
        for index, (_, one, first) in enumerate(best):
            found += [(key // n, one, two, first, second) for _, two, second in best[index + 1 :]]
    return np.array(found, dtype=np.int64).reshape(-1, 5)


def _bits(
    triples: np.ndarray,
    scored: pl.DataFrame,
    columns: Mapping[str, np.ndarray],
    weights: Weights,
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
    both, single = at(columns, one), at(columns, one)
    other = at(columns, two)
    for name in ("low", "best", "high"):
        known = (single[name] >= 0) & (other[name] >= 0)
        both[name] = np.where(known, single[name] + other[name], -1)
    mine = at(columns, whole)
    together = weights.weight("deaths", DEATHS.gamma(mine, both))
    apart = weights.weight("deaths", DEATHS.gamma(mine, single))
    split = bare + together - COST
    paired = first >= 0
    split[~paired] -= apart[~paired]
    split[paired] += total[first[paired]] - deaths[first[paired]]
    again = np.where(paired, -np.inf, total[second] - alone - COST_AGAIN)
    return np.asarray(np.maximum(split, again))
