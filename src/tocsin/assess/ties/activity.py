"""When and where each organisation was active, as far as incidents tell."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

STILL = timedelta(days=365)
"""Who was active within this time before the last incident of its territory is still there."""


def spells(sides: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Tell from when to when each organisation was active in each territory.

    Args:
        sides: from `attribution.sides.armed_sides`.
        incidents: the table `incidents`.

    Returns:
        Columns `actor_id, actor, gwno, territory, first, last, government`; `last` is empty where
        the organisation was active in the last year of which the territory's incidents tell.
    """
    covered = incidents.group_by("gwno").agg(pl.col("date_start").max().alias("known_until"))
    where = incidents.select("incident_id", "gwno", "territory", "date_start")
    by = (
        sides.join(where, on="incident_id")
        .group_by("actor_id", "gwno")
        .agg(
            pl.col("actor", "territory").sort_by("date_start").last(),
            pl.col("date_start").min().alias("first"),
            pl.col("date_start").max().alias("last"),
            pl.col("government").any(),
        )
        .join(covered, on="gwno")
    )
    still = pl.col("last") >= pl.col("known_until") - STILL
    return by.with_columns(last=pl.when(~still).then("last")).drop("known_until").sort(
        "actor_id", "gwno"
    )  # fmt: skip


def lives(active: pl.DataFrame, supports: pl.DataFrame) -> pl.DataFrame:
    """Tell from when to when each organisation was active anywhere.

    Args:
        active: from `spells`.
        supports: the table `supports`, whose years tell of organisations without incidents.

    Returns:
        Columns `actor_id, first, last`; `last` is empty where it may still be active.
    """
    of_incidents = active.group_by("actor_id").agg(
        pl.col("first").min(),
        # One territory in which it is still active is enough.
        pl.when(pl.col("last").is_null().any()).then(None).otherwise(pl.col("last").max())
        .alias("last"),
    )  # fmt: skip
    years = supports.group_by("actor_id").agg(
        pl.date(pl.col("year").min(), 1, 1).alias("first"),
        pl.date(pl.col("year").max(), 12, 31).alias("last"),
    )
    known = of_incidents["actor_id"].implode()
    return pl.concat([of_incidents, years.filter(~pl.col("actor_id").is_in(known))]).sort(
        "actor_id"
    )
