"""Which pairs of reports are weighed by points: those that share no names of places, or whose
calendar is too short to be moved, so that nobody could see what chance pairs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, Level

SOME = 0.05
"""Two sources share names of places if more than this share of their pairs has them both."""

SHORT = 40
"""Days up to which a calendar cannot be moved by weeks and still overlap enough."""
NAME = Comparison(
    "place",
    "named",
    (Level("same name", (("same_place", "==", 1),), 0.6), Level("other name", (), 0.4)),
)
"""What names of places say beside points."""


def bare_pairs(values: Mapping[str, np.ndarray], pairs: Pairs, source: np.ndarray) -> np.ndarray:
    """Find the pairs of sources that hardly ever name a place both, or all where days are few.

    Args:
        values: columns of n records, from `pairs.comparisons.arrays`.
        pairs: P candidate pairs.
        source: shape (n,), the number of each record's source.

    Returns:
        Shape (P,): whether a pair is to be weighed so; both its reports have points of their own,
        and not those of a whole district or country.
    """
    days = values["day0"][np.concatenate([pairs.left, pairs.right])]
    few = len(days) > 0 and int(days.max() - days.min()) < SHORT
    named, located = values["place_id"] >= 0, (values["located"] > 0) & (values["coarse"] == 0)
    n = int(source.max(initial=0)) + 1
    both = source[pairs.left] * n + source[pairs.right]
    named_both = named[pairs.left] & named[pairs.right]
    share = np.bincount(both, named_both, n * n) / np.maximum(np.bincount(both, minlength=n * n), 1)
    return np.asarray(((share <= SOME)[both] | few) & located[pairs.left] & located[pairs.right])
