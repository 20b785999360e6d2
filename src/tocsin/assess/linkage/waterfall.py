"""Why two reports are linked: each step's bits, from the prior to the probability.

The waterfall of record linkage (Fellegi and Sunter 1969; Linacre and others' Splink draws it):
bits add up; one bit doubles the odds.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.assess.linkage.link import Linked
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, arrays, at, comparison_columns
from tocsin.assess.linkage.pairs.features import Arrays
from tocsin.assess.linkage.pairs.registry import choose_comparisons
from tocsin.assess.linkage.points.bare import NAME
from tocsin.assess.linkage.points.model import traits
from tocsin.base.display.quantity import quantity

Step = tuple[str, list[str], np.ndarray]
"""The comparison, its level in words for each of n pairs, and their bits, shape (n,)."""

STEPS = {
    "left": pl.Int64, "right": pl.Int64, "step": pl.Int64, "comparison": pl.String,
    "level": pl.String, "bits": pl.Float64, "total": pl.Float64,
}  # fmt: skip


def waterfall(linked: Linked) -> pl.DataFrame:
    """List the steps by which each linked pair got its probability.

    Args:
        linked: what linking gave.

    Returns:
        `left`, `right` (rows of `linked.records`), `step` (from 0), `comparison`, `level` (in
        words), `bits` and `total` (the sum so far), ready to be drawn: the first step is the
        prior, the last what rivals and parts of events take or give.
    """
    pairs = linked.taken
    if linked.weights is None or linked.records is None or pairs is None or pairs.is_empty():
        return pl.DataFrame(schema=STEPS)
    frames = []
    bare = pl.col("place").is_not_null() if "place" in pairs.columns else pl.lit(False)
    for some, steps in ((pairs.filter(~bare), _comparison_steps), (pairs.filter(bare), _by_points)):
        if some.height:
            frames += _added_up(some, steps(linked, some))
    return pl.concat(frames).sort("left", "right", "step")


def _comparison_steps(linked: Linked, pairs: pl.DataFrame) -> list[Step]:
    """The steps of pairs that were compared in what both reports say."""
    weights = linked.weights
    assert weights is not None
    assert linked.records is not None
    values = arrays(comparison_columns(linked.records, linked.categories))
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    n = len(left)
    prior = np.full(n, np.log2(weights.prior / (1 - weights.prior)))
    steps = [("prior", ["any two reports this near"] * n, prior)]
    for one in choose_comparisons(linked.categories, linked.others):
        gamma = one.gamma(at(values, left), at(values, right))
        said = _levels(one, values, left, right)
        steps.append((one.name, said, weights.weight(one.name, gamma)))
    steps.append(("surroundings", ["other reports near by"] * n, pairs["context"].to_numpy()))
    return steps


def _by_points(linked: Linked, pairs: pl.DataFrame) -> list[Step]:
    """The steps of pairs of which days and points alone are told."""
    assert linked.records is not None
    seen = traits(linked.records, Pairs(pairs["left"].to_numpy(), pairs["right"].to_numpy()))
    values = arrays(comparison_columns(linked.records, linked.categories))
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    also: list[Step] = []
    rest = [
        one
        for one in choose_comparisons(linked.categories, linked.others)
        if one.name not in _WHERE
    ]
    for one in [NAME, *rest]:
        bits = pairs[f"mw_{one.name}"].to_numpy()
        if bits.any():
            name = "name of the place" if one is NAME else one.name
            also.append((name, _levels(one, values, left, right), bits))
    near = [f"{km:.1f} km apart" for km in seen.km.tolist()]
    days = [f"{quantity(lag, 'day')} apart" for lag in seen.lag.tolist()]
    return [
        ("prior", ["how many events both sources tell"] * pairs.height, pairs["prior"].to_numpy()),
        ("time", days, pairs["time"].to_numpy()),
        ("place", near, pairs["place"].to_numpy()),
        *also,
    ]


_WHERE = ("time", "place")


def _levels(one: Comparison, values: Arrays, left: np.ndarray, right: np.ndarray) -> list[str]:
    """The level of each pair in words."""
    labels = [level.label for level in one.levels][::-1]
    gamma = one.gamma(at(values, left), at(values, right)).tolist()
    return ["not comparable" if g < 0 else labels[g] for g in gamma]


def _added_up(pairs: pl.DataFrame, steps: list[Step]) -> list[pl.DataFrame]:
    """A frame for each step, after the coverage and the rivals of the pairs are added."""
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    n = len(left)
    alone = pairs["alone_left"].to_numpy() + pairs["alone_right"].to_numpy()
    if "kept" in pairs.columns:
        kept = pairs["kept"].to_numpy()
        said = ["a producer kept it" if bits else "not kept alike" for bits in kept.tolist()]
        steps.append(("release", said, kept))
    steps.append(("coverage", ["how much both sources tell"] * n, alone))
    before = np.sum([bits for _, _, bits in steps], axis=0)
    sure = np.clip(pairs["probability"].to_numpy(), 1e-9, 1 - 1e-9)
    after = np.log2(sure / (1 - sure)) - before
    steps.append(("rivals", ["other partners, and parts of one event"] * n, after))
    frames, total = [], np.zeros(n)
    for number, (name, said, bits) in enumerate(steps):
        total = total + bits
        frames.append(
            pl.DataFrame(
                {
                    "left": left, "right": right, "step": np.full(n, number),
                    "comparison": [name] * n, "level": said, "bits": bits, "total": total,
                },
                schema=STEPS,
            )
        )  # fmt: skip
    return frames
