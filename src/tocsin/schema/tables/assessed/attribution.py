"""Attribution: how probable it is that each organisation did it. Never a bare name."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table

SUSPECTED = "suspected"
"""Why an incident is asked for of which a side is named with a word of doubt."""
ANSWERS = ("actor", "someone new", "unknown")
NAMED_FROM = 0.8
"""Under this probability a name is never printed as a bare fact (docs/safeguards.md)."""


class Attribution(Table):
    """One candidate for one incident; an incident's probabilities sum to 1."""

    incident_id: str
    side: str = pa.Field(isin=("a", "b"), description="which side of the incident is in question")
    why: str = pa.Field(
        isin=("missing", "contested", SUSPECTED),
        description="nobody is named; reports name different ones; the side is only suspected",
    )
    answer: str = pa.Field(isin=ANSWERS)
    actor_id: str = pa.Field(nullable=True, description="empty unless `answer` is 'actor'")
    actor: str = pa.Field(nullable=True)
    probability: float = pa.Field(ge=0, le=1, description="evidence and claims together")
    evidence_only: float = pa.Field(
        ge=0, le=1, description="as if nobody had claimed, denied or suspected"
    )
    claims_factor: float = pa.Field(gt=0, description="bounded likelihood ratio of the claims")
    reasons: str = pa.Field(description="JSON: supporting incidents, kernels, claims")


class Suspect(Table):
    """One side of one incident that reports name only with a word of doubt, be it a state's.

    A side that any report of the incident names plainly is none. Whoever shows the sides of an
    incident says of these that they are only suspected.
    """

    incident_id: str
    side: str = pa.Field(isin=("a", "b"), description="which side of the incident it is")
    actor_id: str
    actor: str = pa.Field(description="as the incident names it")
    probability: float = pa.Field(
        ge=0,
        le=1,
        description="that it was this side: attribution's answer where it asks for the side, else "
        "how often suspicions are right here",
    )


def with_suspicion(sides: pl.DataFrame, suspects: pl.DataFrame | None) -> pl.DataFrame:
    """Give sides of incidents with how sure it is that they were there.

    Args:
        sides: at least `incident_id` and `actor_id`.
        suspects: the table `suspects`; None: nobody is only suspected.

    Returns:
        The same rows, with `sure`: the probability of a side that is only suspected, 1 for all
        others.
    """
    if suspects is None or suspects.is_empty():
        return sides.with_columns(sure=pl.lit(1.0))
    sure = suspects.group_by("incident_id", "actor_id").agg(
        pl.col("probability").max().alias("sure")
    )
    return sides.join(
        sure, on=["incident_id", "actor_id"], how="left", maintain_order="left"
    ).with_columns(pl.col("sure").fill_null(1.0))
