"""The adoption ledger: which organisation was seen with which technology, and how sure.

A report that names a technology seldom says who used it. The ledger therefore spreads each
tag over the armed non-state sides of the incident by a documented weight, and carries the
doubt into every number. docs/methods/adoption.md says how to read it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.schema import TABLES, conform, empty

SOURCE = "technology tags spread over non-state sides"
FACING_A_STATE = {
    "improvised-explosives": 0.95,
    "uncrewed-aircraft": 0.5,
    "guided-or-indirect-fire": 0.4,
    "cyber": 0.5,
    "information-operations": 0.5,
}
"""Chance that the non-state side, not the state that it faces, used the class. Assumptions."""
FACING_EACH_OTHER = 0.5
"""Chance for either of two non-state sides. An assumption: the text does not say which."""
CEILING = 0.95
"""Confidence never exceeds this: many weak tags share one cause of error, the weights above."""


def ledger(
    incidents: pl.DataFrame, tags: pl.DataFrame, actors: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who was seen with what, first and how often.

    Args:
        incidents: the table `incidents`.
        tags: columns `incident_id, technology, probability`, one row a pair.
        actors: the table `actors`; may be empty, then states are known by their names.

    Returns:
        The tables `adoption` (actor, technology and territory) and `adoption_quarters`
        (with the 5 % and 95 % quantiles of the Poisson binomial count).
    """
    uses = _uses(incidents, tags, actors)
    if uses.is_empty():
        return empty(TABLES["adoption"]), empty(TABLES["adoption_quarters"])
    who = ["actor_id", "actor", "technology", "territory", "gwno"]
    ordered = uses.sort(*who, "date_start", "incident_id")
    never = (1 - pl.col("use")).product()
    adoption = ordered.group_by(who, maintain_order=True).agg(
        pl.col("date_start").min().alias("first_seen"),
        pl.col("incident_id").first().alias("first_incident"),
        pl.col("date_start").max().alias("last_seen"),
        pl.len().alias("n_incidents"),
        pl.col("use").sum().alias("expected"),
        pl.min_horizontal(1 - never, pl.lit(CEILING)).alias("confidence"),
        pl.lit(SOURCE).alias("source"),
    )
    quarters = ordered.group_by(
        *who, pl.col("date_start").dt.truncate("1q").alias("quarter"), maintain_order=True
    ).agg(pl.col("use"), pl.lit(SOURCE).alias("source"))
    bounds = [poisson_binomial(np.asarray(use), (0.05, 0.95)) for use in quarters["use"].to_list()]
    quarters = quarters.with_columns(
        pl.col("use").list.sum().alias("expected"),
        pl.Series("low", [float(low) for low, _ in bounds]),
        pl.Series("high", [float(high) for _, high in bounds]),
    ).drop("use")
    return (
        conform(TABLES["adoption"], adoption),
        conform(TABLES["adoption_quarters"], quarters.sort(*who, "quarter")),
    )


def poisson_binomial(p: np.ndarray, levels: tuple[float, ...]) -> tuple[int, ...]:
    """Quantiles of the number of successes in independent trials of unequal probability.

    Args:
        p: shape (n,), probabilities.
        levels: cumulative probabilities.

    >>> poisson_binomial(np.array([0.5, 0.5]), (0.05, 0.5, 0.95))
    (0, 1, 2)
    """
    mass = np.ones(1)
    for one in p:
        mass = np.convolve(mass, (1 - one, one))
    cumulative = np.cumsum(mass)
    return tuple(min(int(np.searchsorted(cumulative, level)), len(p)) for level in levels)


def _uses(incidents: pl.DataFrame, tags: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """One row an incident, technology and non-state side that may have used it."""
    states = set(actors.filter(pl.col("kind") == "state")["actor_id"].to_list())
    unarmed = set(actors.filter(pl.col("kind") == "civilians")["actor_id"].to_list())
    sides = []
    for side in "ab":
        name, number = f"actor_{side}", f"actor_{side}_id"
        is_state = pl.col(number).is_in(states) | pl.col(name).str.starts_with("Government of")
        sides.append(
            incidents.filter(
                pl.col(name).is_not_null()
                & ~is_state.fill_null(False)
                & ~pl.col(number).is_in(unarmed).fill_null(False)
                & ~pl.col(name).str.contains(r"(?i)^(civilians|supporters of .*|unknown.*)$")
            )
            # In one-sided violence only the first side is armed.
            .filter((pl.col("event_type") != "one-sided") | pl.lit(side == "a"))
            .select(
                "incident_id",
                "event_type",
                "date_start",
                "territory",
                "gwno",
                pl.coalesce(number, name).alias("actor_id"),
                pl.col(name).alias("actor"),
            )
        )
    weight = (
        pl.when(pl.col("event_type") == "one-sided")
        .then(1.0)
        .when(pl.col("event_type") == "state-based")
        .then(pl.col("technology").replace_strict(FACING_A_STATE, return_dtype=pl.Float64))
        .otherwise(FACING_EACH_OTHER)
    )
    return (
        pl.concat(sides)
        .join(tags, on="incident_id")
        .with_columns((weight * pl.col("probability")).alias("use"))
    )
