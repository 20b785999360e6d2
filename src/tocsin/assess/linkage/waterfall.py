"""Why two reports are linked: each step's bits, from the prior to the probability.

The waterfall of record linkage (Fellegi and Sunter 1969; Linacre and others' Splink draws it):
bits add up; one bit doubles the odds.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.assess.linkage.link import Linked
from tocsin.assess.linkage.pairs.comparisons import arrays, at, comparison_columns
from tocsin.assess.linkage.pairs.registry import chosen

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
    weights = linked.weights
    values = arrays(comparison_columns(linked.records, linked.categories))
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    n = len(left)
    prior = np.full(n, np.log2(weights.prior / (1 - weights.prior)))
    steps = [("prior", ["any two reports this near"] * n, prior)]
    for one in chosen(linked.categories, linked.others):
        gamma = one.gamma(at(values, left), at(values, right))
        labels = [level.label for level in one.levels][::-1]
        said = ["not comparable" if g < 0 else labels[g] for g in gamma.tolist()]
        steps.append((one.name, said, weights.weight(one.name, gamma)))
    alone = pairs["alone_left"].to_numpy() + pairs["alone_right"].to_numpy()
    steps.append(("surroundings", ["other reports near by"] * n, pairs["context"].to_numpy()))
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
                }
            )
        )  # fmt: skip
    return pl.concat(frames).cast(dict(STEPS)).sort("left", "right", "step")  # type: ignore[arg-type]
