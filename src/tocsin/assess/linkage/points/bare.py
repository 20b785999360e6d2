"""Which pairs of reports have nothing in common to compare but their days and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tocsin.assess.linkage.pairs.blocking import Pairs

SOME = 0.05
"""Two sources have something to compare if more than this share of their pairs has."""


def bare_pairs(
    values: Mapping[str, np.ndarray], categories: Sequence[str], pairs: Pairs, source: np.ndarray
) -> np.ndarray:
    """Find the pairs of sources that hardly ever say a name, a side, a count or a category both.

    Args:
        values: columns of n records, from `pairs.comparisons.arrays`.
        categories: names of the category columns.
        pairs: P candidate pairs.
        source: shape (n,), the number of each record's source.

    Returns:
        Shape (P,): whether a pair is of two such sources, and both its reports have points.
    """
    said = [values["place_id"] >= 0, values["best"] >= 0]
    said.append(np.maximum(values["a_fine"], values["b_fine"]) >= 0)
    said += [values[f"{name}_fine"] >= 0 for name in categories]
    told = np.zeros(len(source), dtype=np.int64)
    for place, one in enumerate(said):
        told |= one.astype(np.int64) << place
    n = int(source.max(initial=0)) + 1
    both = source[pairs.left] * n + source[pairs.right]
    something = (told[pairs.left] & told[pairs.right]) != 0
    share = np.bincount(both, something, n * n) / np.maximum(np.bincount(both, minlength=n * n), 1)
    located = values["located"] > 0
    return np.asarray((share <= SOME)[both] & located[pairs.left] & located[pairs.right])
