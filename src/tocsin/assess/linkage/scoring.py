"""The bits of candidate pairs: by what both reports say, or by points where that says where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions import model
from tocsin.assess.linkage.decisions.model import Weights
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, arrays, levels_of
from tocsin.assess.linkage.points.bare import NAME, bare_pairs
from tocsin.assess.linkage.points.model import score

LEAST = -10.0
"""Bits below which a candidate pair is forgotten."""
LEAST_REVISED = -18.0
"""The same where a release revises another, and merges what is not alike."""
FAINT = -3.0
"""Bits, with those of its surroundings, below which it is forgotten among many reports."""


def weigh_pairs(
    rows: pl.DataFrame,
    columns: pl.DataFrame,
    levels: Sequence[Comparison],
    weights: Weights,
    pairs: Pairs,
    *,
    source: np.ndarray,
    gammas: Mapping[str, np.ndarray],
    around: np.ndarray,
    coverage: np.ndarray,
    engine: Any = None,
    revised: bool = False,
    others: Sequence[str] = (),
) -> tuple[pl.DataFrame, Weights]:
    """Weigh candidate pairs.

    Args:
        rows: n records.
        columns: their columns, from `comparison_columns`.
        levels: the comparisons.
        weights: the trained model.
        pairs: P candidate pairs.
        source: shape (n,), the number of each record's source.
        gammas: comparison to the level of each pair, shape (P,).
        around: shape (P,), bits of each pair's surroundings.
        coverage: shape (sources, sources), bits of a report of the first that it has no partner.
        engine: one of Splink's database interfaces; default: DuckDB.
        revised: whether all sources are releases of one producer.
        others: comparisons that other packages add; with any, no pair is weighed by points.

    Returns:
        The pairs that are not forgotten, with `left, right`, their bits by comparison, of their
        surroundings and coverage, and `weight_total`; and the model, with what points taught where
        all pairs were weighed by them.
    """
    bare = bare_pairs(arrays(columns), pairs, source) & (not others)
    scored = pl.DataFrame()
    if not bare.all():
        rest: Any = ~bare if bare.any() else slice(None)
        scored = _compare(
            rows, columns, levels, weights, pairs.at(rest), source=source,
            gammas={name: gamma[rest] for name, gamma in gammas.items()},
            around=around[rest], coverage=coverage, engine=engine,
            least=LEAST_REVISED if revised else LEAST,
        )  # fmt: skip
    if bare.any():
        bits, learned = _by_points(
            rows, columns, levels, pairs.at(bare), source=source,
            gammas={name: gamma[bare] for name, gamma in gammas.items()},
        )  # fmt: skip
        scored = pl.concat([scored, bits], how="diagonal").sort("left", "right")
        if bare.all():
            m, u = (
                {**of, "place": of_all["place"]}
                for of, of_all in (
                    (weights.m | learned.m, weights.m),
                    (weights.u | learned.u, weights.u),
                )
            )
            weights = replace(weights, m=m, u=u)
    return scored, weights


def _compare(
    rows: pl.DataFrame,
    columns: pl.DataFrame,
    levels: Sequence[Comparison],
    weights: Weights,
    pairs: Pairs,
    *,
    source: np.ndarray,
    gammas: Mapping[str, np.ndarray],
    around: np.ndarray,
    coverage: np.ndarray,
    engine: Any,
    least: float,
) -> pl.DataFrame:
    """Score pairs by Splink, with their surroundings and the coverage of their sources."""
    scored = model.predict(
        columns,
        levels,
        weights,
        pairs,
        source,
        gammas=gammas,
        least=least,
        beside=around + (coverage + coverage.T)[source[pairs.left], source[pairs.right]],
        faint=-np.inf if rows.height < blocking.MANY else FAINT,
        engine=engine,
    )
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    return scored.with_columns(
        pl.Series("context", around[pairs.positions(left, right)]),
        pl.Series("alone_left", coverage[source[left], source[right]]),
        pl.Series("alone_right", coverage[source[right], source[left]]),
    ).with_columns(
        pl.sum_horizontal("weight", "context", "alone_left", "alone_right").alias("weight_total")
    )


def _by_points(
    rows: pl.DataFrame,
    columns: pl.DataFrame,
    levels: Sequence[Comparison],
    pairs: Pairs,
    *,
    source: np.ndarray,
    gammas: Mapping[str, np.ndarray],
) -> tuple[pl.DataFrame, Weights]:
    """Score pairs that share no names of places, and what was learned from them."""
    said = [NAME, *(one for one in levels if one.name not in ("time", "place"))]
    values = arrays(columns)
    gammas = {**gammas, **levels_of(values, [NAME], pairs.left, pairs.right)}
    bits, habits = score(rows, source, pairs, values, said, gammas)
    own = [f"mw_{one.name}" for one in said]
    found = bits.filter(pl.col("weight_total") >= LEAST).select(
        "left",
        "right",
        pl.sum_horizontal("prior", "place", "time", *own).alias("weight"),
        pl.lit(0.0).alias("mw_time"),
        *own,
        pl.lit(0.0).alias("context"),
        "alone_left", "alone_right", "weight_total", "prior", "place", "time",
    )  # fmt: skip
    return found, habits.said
