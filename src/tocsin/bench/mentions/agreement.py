"""How far two readers agree: Cohen's kappa, a label at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isnan, sqrt

import numpy as np
import polars as pl

FIELDS = ("is_class", "use", "said", "by", "against", "user", "this_event")


def kappa(first: Sequence[object], second: Sequence[object]) -> float:
    """Compute Cohen's kappa of two readers: 1 is full agreement, 0 no more than by chance.

    Where both readers give one and the same label to every row, chance explains all of it and
    kappa is undefined: not a number.

    Reference: Cohen (1960), A coefficient of agreement for nominal scales, Educational and
    Psychological Measurement 20(1).

    Args:
        first: the labels of one reader, n of them.
        second: the labels of the other, of the same n rows.

    Returns:
        The kappa, at most 1; NaN where it is undefined.

    >>> round(kappa(["yes"] * 25 + ["no"] * 25, ["yes"] * 20 + ["no"] * 20 + ["yes"] * 10), 3)
    0.4
    """
    n = len(first)
    if n == 0 or n != len(second):
        return float("nan")
    seen = sum(a == b for a, b in zip(first, second, strict=True)) / n
    left, right = Counter(first), Counter(second)
    chance = sum(count * right[label] for label, count in left.items()) / n**2
    return (seen - chance) / (1 - chance) if chance < 1 else float("nan")


def compare_readers(
    first: pl.DataFrame, second: pl.DataFrame, *, draws: int = 1000, seed: int = 0
) -> pl.DataFrame:
    """Measure the agreement of two readers on the rows that both have read.

    Args:
        first, second: labels with `row_id` and `FIELDS`.
        draws: of the bootstrap over rows that gives the interval.
        seed: of the bootstrap.

    Returns:
        One row a field: `field, rows, agreement, kappa, low, high` (95 % interval of kappa).
    """
    both = first.select("row_id", *FIELDS).join(
        second.select("row_id", *FIELDS), on="row_id", suffix="_second"
    )
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, max(both.height, 1), (draws, both.height))
    rows = []
    for field in FIELDS:
        one, two = np.array(both[field].to_list()), np.array(both[f"{field}_second"].to_list())
        scattered = [kappa(one[pick].tolist(), two[pick].tolist()) for pick in picks]
        defined = [value for value in scattered if not isnan(value)]
        low, high = np.quantile(defined, [0.025, 0.975]) if defined else (np.nan, np.nan)
        share = float((one == two).mean()) if both.height else float("nan")
        value = kappa(one.tolist(), two.tolist())
        rows.append((field, both.height, share, value, float(low), float(high)))
    names = ["field", "rows", "agreement", "kappa", "low", "high"]
    return pl.DataFrame(rows, schema=names, orient="row")


def count_disagreements(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Count where two readers differ, by field and class of technology.

    Args:
        first, second: labels with `row_id`, `technology` and `FIELDS`.

    Returns:
        One row a field and class: `field, technology, rows` (that both have read), `differ` (of
        them, those with two labels) and `most` (the most frequent pair of labels as
        'first > second', with its count; of pairs that are equally frequent the first in the
        alphabet; empty where the readers agree on all rows).
    """
    both = first.select("row_id", "technology", *FIELDS).join(
        second.select("row_id", *FIELDS), on="row_id", suffix="_second"
    )
    rows = []
    for field in FIELDS:
        for technology in sorted(both["technology"].unique()):
            of_class = both.filter(pl.col("technology") == technology)
            labels = zip(of_class[field], of_class[f"{field}_second"], strict=True)
            told = (("(empty)" if a == "" else a, "(empty)" if b == "" else b) for a, b in labels)
            pairs = Counter(f"{a} > {b}" for a, b in told if a != b)
            pair, count = min(pairs.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
            most = f"{pair} ({count})" if count else ""
            rows.append((field, technology, of_class.height, pairs.total(), most))
    names = ["field", "technology", "rows", "differ", "most"]
    return pl.DataFrame(rows, schema=names, orient="row")


def wilson(hits: float, n: float, z: float = 1.96) -> tuple[float, float]:
    """Compute the confidence interval of a share (Wilson 1927).

    Args:
        hits: how often it came.
        n: of how many.
        z: the normal quantile; 1.96 gives 95 %.

    Returns:
        The lower and the upper end, from 0 to 1; of nothing, 0 and 1.
    """
    if n == 0:
        return 0.0, 1.0
    p, centre = hits / n, hits / n + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)
