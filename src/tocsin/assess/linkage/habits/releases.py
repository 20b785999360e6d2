"""Two releases of one producer: ids that both keep, or rows that are the same in everything.

What a producer kept needs no weighing. It leaves few rivals to the rest: events that the later
release re-dated, put elsewhere, counted anew, split or merged.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl

from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.base.display.quantity import quantity

KEPT = 25.0
"""Bits for a pair that was kept: more than whatever else speaks for a rival."""
SHARE = 0.5
"""Of the ids that two sources have both, more than this share must stand near each other."""
SAME = 0.3
"""Or more than this share of the smaller source's rows must be the same in everything."""
LEAST = 8
"""Fewer such rows tell of no common producer."""
TIMES = 20.0
"""How many times as many equal ids as chance must stand near each other."""
READ = ("day0", "day1", "lat", "lon", "place", "actor_a", "actor_b", "type", "low", "best", "high")
SAID = ("actor_a", "actor_b", "low", "best")
"""What must be said in a row that is the same, for days and points alone may agree by chance."""


def kept_pairs(
    rows: pl.DataFrame, pairs: Pairs, source: np.ndarray
) -> tuple[np.ndarray, set[tuple[int, int]], list[str]]:
    """Find pairs that one producer kept from release to release.

    Args:
        rows: n records.
        pairs: P candidate pairs.
        source: shape (n,), the number of each record's source.

    Returns:
        Shape (P,), whether each pair was kept; the pairs of sources that are two releases of one
        producer; and a sentence for each.
    """
    kept = np.zeros(len(pairs), dtype=bool)
    names = rows["source"].unique().sort().to_list()
    size = np.bincount(source, minlength=len(names))
    found: set[tuple[int, int]] = set()
    said = []
    by_id, by_row = _equal_ids(rows, pairs), _equal_rows(rows, pairs)
    a, b = source[pairs.left], source[pairs.right]
    for one, two in combinations(range(len(names)), 2):
        mine = ((a == one) & (b == two)) | ((a == two) & (b == one))
        near = int((by_id & mine).sum())
        both = _shared_ids(rows, source, one, two) if near >= LEAST else 0
        chance = both * float(mine.sum()) / max(float(size[one]) * float(size[two]), 1.0)
        same = int((by_row & mine).sum())
        how = ""
        if near >= LEAST and near > SHARE * both and near > TIMES * chance:
            kept |= by_id & mine
            how = f"{near:,} of the {both:,} ids that both have stand near each other"
        elif same >= max(LEAST, SAME * min(size[one], size[two])):
            kept |= by_row & mine
            how = f"{quantity(same, 'row is', 'rows are')} the same in everything but the id"
        if how:
            found.add((one, two))
            said.append(
                f"{names[one]} and {names[two]} are taken for two releases of one producer, since "
                f"{how}; these are linked first."
            )
    return kept, found, said


def _shared_ids(rows: pl.DataFrame, source: np.ndarray, one: int, two: int) -> int:
    """How many ids two sources have both."""
    mine, other = (rows.filter(pl.Series(source == at))["id"].unique() for at in (one, two))
    return int((mine.is_in(other.implode()) & (mine != "")).sum())


def _equal_ids(rows: pl.DataFrame, pairs: Pairs) -> np.ndarray:
    number = rows.select(pl.col("id").rank("dense"))["id"].to_numpy()
    named = (rows["id"] != "").to_numpy()
    return np.asarray((number[pairs.left] == number[pairs.right]) & named[pairs.left])


def _equal_rows(rows: pl.DataFrame, pairs: Pairs) -> np.ndarray:
    """Pairs that are the same in everything, each row alone in its source."""
    read = [name for name in READ if name in rows.columns]
    keyed = rows.select(
        (pl.len().over("source", *read) == 1).alias("alone"),
        pl.any_horizontal(pl.col(name).is_not_null() for name in SAID).alias("said"),
        pl.col("row").min().over(*read).alias("key"),
    )
    fine = (keyed["alone"] & keyed["said"]).to_numpy()
    key = keyed["key"].to_numpy()
    same = key[pairs.left] == key[pairs.right]
    return np.asarray(same & fine[pairs.left] & fine[pairs.right])
