"""Third parties: organisations that words name as the user in an incident of two others.

A source codes an incident by its two sides. Where words say that a third organisation used the
class there ('HTS carried out a car bombing', in a fight that is coded between the state and
insurgents), it was in the incident by the words, whatever the sides are called.
"""

from __future__ import annotations

import polars as pl

from tocsin.assess.actors.names import fold

SIDE = "third"
"""The side of an organisation that words name and that is neither side of the incident."""


def third_sides(
    mentions: pl.DataFrame, sides: pl.DataFrame, incidents: pl.DataFrame
) -> pl.DataFrame:
    """List the organisations that words name as users and that are no side of the incident.

    A name is that of an organisation if exactly one side of incidents in the same territory has it.

    Args:
        mentions: of `cases.convincing`: `incident_id, gwno, by, by_name, event_type`.
        sides: of `actors.coalitions.divide`.
        incidents: the table `incidents`, for the territories.

    Returns:
        Rows of `sides`, one an incident and organisation, with the side `SIDE`.
    """
    named = mentions.filter(
        (pl.col("by") == "organisation") & pl.col("by_name").is_not_null()
    ).select("incident_id", "gwno", "event_type", _folded("by_name", mentions["by_name"]))
    own = sides.with_columns(_folded("actor", sides["actor"]))
    where = incidents.select("incident_id", "gwno")
    known = (
        own.filter(~pl.col("government"))
        .join(where, on="incident_id")
        .group_by("gwno", "folded")
        .agg(pl.col("actor_id").unique().sort(), pl.col("actor").max())
        .filter(pl.col("actor_id").list.len() == 1)
        .with_columns(pl.col("actor_id").list.first())
    )
    other = named.join(own, on=["incident_id", "folded"], how="anti").join(
        known, on=["gwno", "folded"]
    )
    return (
        other.unique(["incident_id", "actor_id"])
        .sort("incident_id", "actor_id")
        .select(
            pl.lit(False).alias("government"), pl.lit(SIDE).alias("side"),
            pl.lit(1.0).alias("share"), pl.lit(None, pl.String).alias("coalition"),
            "incident_id", "event_type", "actor_id", "actor",
        )
        .select(sides.columns)
    )  # fmt: skip


def _folded(column: str, names: pl.Series) -> pl.Expr:
    forms = {name: fold(name) for name in names.drop_nulls().unique()}
    return (
        pl.col(column).replace_strict(forms, return_dtype=pl.String, default=None).alias("folded")
    )
