"""The linkage model: Splink's, trained without labels.

How often chance alone gives each level (u) is measured on pairs of which one report's date is
moved by weeks: same towns, same sides, same habits, surely not one event. How often one event
gives each level (m) is learned by expectation maximisation with u held fixed and rivals kept
apart; Splink on DuckDB scores the pairs.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions.clusters import Scored, foremost, settle_rivals
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison
from tocsin.errors import require

STRENGTH = 30.0
"""The m before training weighs as much as so many matches."""


TRUST: Mapping[str, float] = {"actors": 0.5, "deaths": 0.8, "type": 0.3}
"""How far a comparison's weight is believed, and of any extra category as of the type: what
sources get wrong, and what unrelated reports share, goes together, so that weights that add up
as if it did not are too sure. Set on development data (docs/methods/linkage.md)."""


@dataclass(frozen=True)
class Weights:
    """A trained linkage model as plain numbers, which are all that scoring needs."""

    prior: float
    """Probability that a candidate pair is one event."""
    m: dict[str, tuple[float, ...]]
    u: dict[str, tuple[float, ...]]
    """Comparison to the share of each level, the first level first."""
    trust: Mapping[str, float] = field(default_factory=lambda: TRUST)
    """How far the bits of a comparison are believed; 1 where none is named."""

    def weight(self, name: str, gamma: np.ndarray) -> np.ndarray:
        """Compute the match weight of each pair in one comparison: log2(m / u), as far as it is
        trusted.

        Args:
            name: the comparison.
            gamma: shape (n,), the level of each pair, from `Comparison.gamma`.

        Returns:
            Shape (n,), bits; 0 where the pair cannot be compared.
        """
        bits = np.log2(np.array(self.m[name]) / np.array(self.u_trusted(name)))[::-1]
        # Not comparable is -1: the last of all.
        return np.asarray(np.append(bits, 0.0)[gamma])

    def u_trusted(self, name: str) -> tuple[float, ...]:
        """Move u towards m, so that the weight is the trusted part of log2(m / u).

        Args:
            name: the comparison.

        Returns:
            The share of each level, the first level first.
        """
        as_type = self.trust.get("type", 1.0) if name.startswith("extra_") else 1.0
        trust = self.trust.get(name, as_type)
        m, u = np.array(self.m[name]), np.array(self.u[name])
        return tuple(float(x) for x in m * (u / m) ** trust)

    def total(
        self, compared: Sequence[Comparison], left: Mapping[str, np.ndarray],
        right: Mapping[str, np.ndarray],
    ) -> np.ndarray:  # fmt: skip
        """Compute the match weight of pairs in all comparisons together, with the prior's.

        Args:
            compared: the comparisons.
            left: columns of the first report of each pair, each of shape (n,).
            right: the same of the second.

        Returns:
            Shape (n,), bits.
        """
        bits = np.full(len(left["row"]), np.log2(self.prior / (1 - self.prior)))
        for one in compared:
            bits += self.weight(one.name, one.gamma(left, right))
        return bits


def settings(compared: Sequence[Comparison], weights: Weights) -> dict[str, Any]:
    """Write the settings with which Splink scores by these comparisons and numbers.

    Args:
        compared: the comparisons.
        weights: the trained model.

    Returns:
        A dict as Splink's `SettingsCreator` takes it.
    """
    return {
        # Which sources a pair is of was settled before: one table, and numbers as keys.
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": weights.prior,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "em_convergence": 0.001,
        "max_iterations": 40,
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.row = r.row"}],
        "comparisons": [_comparison(one, weights) for one in compared],
    }


def _comparison(one: Comparison, weights: Weights) -> dict[str, Any]:
    from tocsin.assess.linkage.pairs.features import FEATURES

    levels: list[dict[str, Any]] = [
        {
            "sql_condition": f"({FEATURES[one.known].sql}) = 0",
            "label_for_charts": "not comparable",
            "is_null_level": True,
        }
    ]
    for index, level in enumerate(one.levels):
        levels.append(
            {
                "sql_condition": level.sql if level.conditions else "ELSE",
                "label_for_charts": level.label,
                "m_probability": weights.m[one.name][index],
                "u_probability": weights.u_trusted(one.name)[index],
            }
        )
    return {"output_column_name": one.name, "comparison_levels": levels}


def train(  # noqa: PLR0917
    gammas: Mapping[str, np.ndarray],
    compared: Sequence[Comparison],
    pairs: Pairs,
    source: np.ndarray,
    size: np.ndarray,
    context: np.ndarray,
    start: Weights,
    *,
    rounds: int = 5,
) -> tuple[Weights, np.ndarray]:
    """Learn m by expectation maximisation in which rivals share one match.

    Plain expectation maximisation (Winkler 1988) takes a busy town for a cluster of matches:
    reports of one battle look alike. Here the expectation step gives each report at most one
    partner in each source (`clusters.settle_rivals`), which no busy town can satisfy by chance.

    Args:
        gammas: comparison to the level of each candidate pair, shape (P,).
        compared: the comparisons.
        pairs: P candidate pairs.
        source: shape (n,), the number of each row's source.
        size: shape (sources,), reports of each source, among those whose pairs are given.
        context: shape (P,), bits of each pair's surroundings.
        start: m to start from; u and the prior are kept.
        rounds: repetitions.

    Returns:
        The weights; and, shape (sources, sources), the bits of coverage of a report of the first
        source that has no partner in the second.
    """
    weights = start
    coverage = np.full((len(size), len(size)), START)
    one_side, other = source[pairs.left], source[pairs.right]
    for _ in range(rounds):
        bits = context + np.log2(weights.prior / (1 - weights.prior))
        bits = bits + (coverage[one_side, other] + coverage[other, one_side])
        for name, gamma in gammas.items():
            bits = bits + weights.weight(name, gamma)
        keep = np.flatnonzero(bits > -12)
        best = foremost(Scored(pairs.left[keep], pairs.right[keep], bits[keep]), source)
        keep = keep if best.all() else keep[best]
        probability = settle_rivals(
            Scored(pairs.left[keep], pairs.right[keep], bits[keep]), source, rounds=12
        )
        m = {
            one.name: in_order(
                revise_m(one, gammas[one.name][keep], probability, start.m),
                start.u[one.name],
                one.order(),
            )
            for one in compared
        }
        prior = float(np.clip(probability.sum() / len(pairs), 1e-6, 0.99))
        weights = replace(weights, prior=round(prior, 9), m=m)
        coverage = partner_bits(one_side[keep], other[keep], probability, size)
    return weights, coverage + UNSEEN_MATCHES / 2


def revise_m(
    one: Comparison,
    gamma: np.ndarray,
    probability: np.ndarray,
    before: Mapping[str, tuple[float, ...]],
) -> tuple[float, ...]:
    """Compute the share of each level among matches, drawn to what was known before.

    Args:
        one: the comparison.
        gamma: shape (P,), the level of each pair.
        probability: shape (P,), of each pair being a match.
        before: comparison to the shares before training, which weigh as `STRENGTH` matches.

    Returns:
        The shares, the first level first.
    """
    seen = gamma >= 0
    found = np.bincount(gamma[seen], probability[seen], minlength=len(one.levels))[::-1]
    mixed = found + STRENGTH * np.array(before[one.name])
    # Splink takes no level for impossible, however many pairs never showed it.
    return tuple(max(round(float(x), 6), 1e-6) for x in mixed / mixed.sum())


def in_order(
    m: Sequence[float], u: Sequence[float], order: Sequence[tuple[int, int]]
) -> tuple[float, ...]:
    """Change m so that more agreement never speaks less for a match than less agreement does.

    Where few matches were seen at a level, or a place is told of every day, a level can come out
    above one that implies it. The two are then taken as one level, of which m is shared as u is:
    pooling adjacent violators (Barlow and others 1972), on a partial order.

    Args:
        m: share of each level among matches.
        u: share of each level among chance pairs.
        order: pairs of levels, the stronger first (`Comparison.order`).

    Returns:
        m, which adds up to the same, with m / u never less at a stronger level.

    >>> [round(x, 3) for x in in_order((0.2, 0.6, 0.2), (0.1, 0.1, 0.8), [(0, 1), (0, 2), (1, 2)])]
    [0.4, 0.4, 0.2]
    """
    group = list(range(len(m)))

    def ratio(level: int) -> float:
        mine = [at for at, one in enumerate(group) if one == group[level]]
        return sum(m[at] for at in mine) / sum(u[at] for at in mine)

    while True:
        worst = min(order, key=lambda pair: ratio(pair[0]) / ratio(pair[1]), default=None)
        if worst is None or ratio(worst[0]) >= ratio(worst[1]) * (1 - 1e-12):
            break
        old, new = group[worst[1]], group[worst[0]]
        group = [new if one == old else one for one in group]
    return tuple(ratio(at) * u[at] if group.count(group[at]) > 1 else m[at] for at in range(len(m)))


SLACK = 0.01
"""Bits by which the rounding of two engines surely differs less."""
UNSEEN_MATCHES = 1.5
"""Bits for matches that training misses: what it is unsure of, it takes for chance, and so it
learns from matches that are neater than most. Set on development data."""
START = 3.0
"""Bits of coverage, for each report, with which training starts."""
COVERED = 0.95
"""No source is thought to tell more than this share of another's events."""


def partner_bits(
    left: np.ndarray, right: np.ndarray, probability: np.ndarray, size: np.ndarray
) -> np.ndarray:
    """Compute the bits for a pair because its reports would otherwise have no partner at all.

    If source B tells the share b of what A tells and A the share a of B's, then two reports
    are unmatched with the probability (1 - a)(1 - b): the more complete the sources, the
    less likely that two near reports both stand alone.

    Args:
        left: shape (P,), the number of the source of each pair's left report.
        right: shape (P,), that of its right report.
        probability: shape (P,), of each pair.
        size: shape (sources,), reports of each source.

    Returns:
        Shape (sources, sources): bits of a report of the first that it has none in the second.
    """
    n = len(size)
    low, high = np.minimum(left, right), np.maximum(left, right)
    matched = np.bincount(low * n + high, probability, minlength=n * n).reshape(n, n)
    share = (matched + matched.T) / np.maximum(size[:, None], 1)
    return np.asarray(-np.log2(1 - np.minimum(share, COVERED)))


def predict(
    columns: pl.DataFrame,
    compared: Sequence[Comparison],
    weights: Weights,
    pairs: Pairs,
    source: np.ndarray,
    *,
    gammas: Mapping[str, np.ndarray],
    least: float,
    beside: np.ndarray | float = 0.0,
    faint: float = -np.inf,
    engine: Any = None,
) -> pl.DataFrame:
    """Score candidate pairs with Splink.

    Splink is given those pairs alone that NumPy finds near enough to `least`: the same
    levels, the same weights, and far fewer rows to join.

    Args:
        columns: as `comparisons.compared` makes them.
        compared: the comparisons.
        weights: the model.
        pairs: candidate pairs.
        source: shape (n,), the number of each report's source.
        gammas: comparison to the level of each candidate pair.
        least: bits below which a pair is forgotten.
        beside: bits of each pair that no comparison gives.
        faint: bits, with those beside, below which a pair is forgotten too.
        engine: one of Splink's database interfaces, such as its `SparkAPI`; default: DuckDB.

    Returns:
        `left`, `right` (rows), `weight` (bits, with the prior) and `mw_…` (bits) of each
        comparison, for pairs of at least `least` bits, in the order of rows.
    """
    linker = _linker(columns, settings(compared, weights), engine)
    bits = np.full(len(pairs), np.log2(weights.prior / (1 - weights.prior)))
    for one in compared:
        bits += weights.weight(one.name, gammas[one.name])
    near = np.flatnonzero((bits >= least - SLACK) & (bits + beside >= faint))
    near = near[
        foremost(Scored(pairs.left[near], pairs.right[near], (bits + beside)[near]), source)
    ]
    pairs = Pairs(pairs.left[near], pairs.right[near])
    table = pl.DataFrame(
        {
            "match_key": pl.Series(["0"]).new_from_index(0, len(pairs)),
            "join_key_l": pairs.left,
            "join_key_r": pairs.right,
        }
    ).to_arrow()
    blocked = linker._db_api.register(table)
    linker.table_management.register_blocked_pairs_for_predict(blocked)
    scored = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    wanted = {"row_l": "left", "row_r": "right", "match_weight": "weight"}
    wanted |= {f"mw_{one.name}": f"mw_{one.name}" for one in compared}
    if engine is None:
        names = ", ".join(f'{old} as "{new}"' for old, new in wanted.items())
        frame = scored.as_duckdbpyrelation().project(names).pl()
    else:
        frame = pl.DataFrame(scored.as_pyarrow_table()).select(list(wanted)).rename(wanted)
    return pl.DataFrame(frame).sort("left", "right")


def _linker(columns: pl.DataFrame, model: Mapping[str, Any], engine: Any) -> Any:
    splink = require("splink", extra="assess")
    import duckdb

    logging.getLogger("splink.internals").setLevel(logging.ERROR)
    api = engine or splink.DuckDBAPI(connection=duckdb.connect())
    table = api.register(columns.to_arrow(), dataset_display_name="reports")
    return splink.Linker(table, model)
