"""When and where each organisation was active, as far as incidents tell."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from tocsin.assess.actors.suspects import at_all, first_of, last_of
from tocsin.schema import TABLES, conform

SOURCE = "incidents"
STILL = timedelta(days=365)
"""Who was active within this time before the last incident of its territory is still there."""


def spells(sides: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Tell from when to when each organisation was active in each territory.

    An incident in which it is only suspected makes it as probable as it is that it was there.

    Args:
        sides: from `actors.coalitions.by_member`, with `sure` of `actors.suspects.with_doubt`.
        incidents: the table `incidents`.

    Returns:
        The table `actor_spells`.
    """
    covered = incidents.group_by("gwno").agg(pl.col("date_start").max().alias("known_until"))
    where = incidents.select("incident_id", "gwno", "territory", "date_start")
    by = (
        sides.sort("sure", descending=True, maintain_order=True)
        .unique(["incident_id", "actor_id"], keep="first", maintain_order=True)
        .join(where, on="incident_id")
        .group_by("actor_id", "gwno")
        .agg(
            pl.col("actor", "territory").sort_by("date_start", "actor").last(),
            first_of("date_start", "sure").alias("first_day"),
            last_of("date_start", "sure").alias("last_day"),
            pl.len().alias("n_incidents"),
            at_all("sure").alias("probability"),
            pl.col("government").any(),
            pl.col("coalition").drop_nulls().max(),
        )
        .join(covered, on="gwno")
    )
    still = pl.col("last_day") >= pl.col("known_until") - STILL
    spells = by.with_columns(still.alias("still_active"), pl.lit(SOURCE).alias("source"))
    return conform(TABLES["actor_spells"], spells.sort("actor_id", "gwno"))


def lives(active: pl.DataFrame, supports: pl.DataFrame) -> pl.DataFrame:
    """Tell from when to when each organisation was active anywhere.

    Args:
        active: the table `actor_spells`.
        supports: the table `supports`, whose years tell of organisations without incidents.

    Returns:
        Columns `actor_id, first, last`; `last` is empty where it may still be active.
    """
    of_incidents = active.group_by("actor_id").agg(
        pl.col("first_day").min().alias("first"),
        # One territory in which it is still active is enough.
        pl.when(~pl.col("still_active").any()).then(pl.col("last_day").max()).alias("last"),
    )  # fmt: skip
    years = supports.group_by("actor_id").agg(
        pl.date(pl.col("year").min(), 1, 1).alias("first"),
        pl.date(pl.col("year").max(), 12, 31).alias("last"),
    )
    known = of_incidents["actor_id"].implode()
    return pl.concat([of_incidents, years.filter(~pl.col("actor_id").is_in(known))]).sort(
        "actor_id"
    )
