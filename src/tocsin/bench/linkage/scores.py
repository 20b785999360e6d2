"""How well links and clusters agree with the truth."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl

Key = tuple[str, str]
Pair = tuple[Key, Key]


def true_pairs(truth: pl.DataFrame, *, within: bool = False) -> set[Pair]:
    """List the pairs of reports that share an event.

    Args:
        truth: `source, id, event`; a report of two events has two rows.
        within: also pairs of one source (parts of one event).

    Returns:
        Pairs of (source, id), in order.
    """
    found: set[Pair] = set()
    for group in truth.sort("source", "id").partition_by("event"):
        keys = sorted(set(group.select("source", "id").rows()))
        found.update(pair for pair in combinations(keys, 2) if within or pair[0][0] != pair[1][0])
    return found


def pairwise(links: set[Pair], true: set[Pair]) -> dict[str, float]:
    """Compute precision, recall and F1 of linked pairs.

    Args:
        links: the linked pairs, as `as_pairs` gives them.
        true: the pairs that share an event, from `true_pairs`.

    Returns:
        `precision`, `recall` and `f1`, from 0 to 1; 0 where there is nothing to count.
    """
    hit = len(links & true)
    precision = hit / len(links) if links else 0.0
    recall = hit / len(true) if true else 0.0
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
    }


def b_cubed(clusters: pl.DataFrame, truth: pl.DataFrame) -> dict[str, float]:
    """Compute B-cubed precision, recall and F1 (Bagga and Baldwin 1998).

    A report of two events counts as a member of the first only.

    Args:
        clusters: `source, id, cluster`.
        truth: `source, id, event`.

    Returns:
        `precision`, `recall` and `f1`, from 0 to 1.
    """
    one = truth.group_by("source", "id").agg(pl.col("event").min())
    both = clusters.join(one, on=["source", "id"])
    sizes = both.with_columns(
        pl.len().over("cluster", "event").alias("shared"),
        pl.len().over("cluster").alias("in_cluster"),
        pl.len().over("event").alias("in_event"),
    )
    precision = float((sizes["shared"] / sizes["in_cluster"]).to_numpy().mean())
    recall = float((sizes["shared"] / sizes["in_event"]).to_numpy().mean())
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def as_pairs(links: pl.DataFrame) -> set[Pair]:
    """Turn links into ordered pairs of (source, id).

    Args:
        links: `source_a, id_a, source_b, id_b`, and any other columns.

    Returns:
        The pairs, the smaller key first in each.
    """
    found: set[Pair] = set()
    for a, i, b, j in links.select("source_a", "id_a", "source_b", "id_b").iter_rows():
        one, two = sorted(((a, i), (b, j)))
        found.add((one, two))
    return found


def mean(values: list[float]) -> float:
    """Compute the mean of some numbers."""
    return float(np.mean(values))
