"""Ties that incidents show: one territory at one time, and one adversary."""

from __future__ import annotations

import polars as pl

from tocsin.assess.actors.suspects import at_all, first_of, last_of
from tocsin.assess.ties.activity import SOURCE


def neighbours(active: pl.DataFrame) -> pl.DataFrame:
    """Tie organisations that were active in one territory at one time.

    Each organisation's ties of a territory weigh 1 together, so that a crowd is no louder than one.

    Args:
        active: the table `actor_spells`; governments are left out.

    Returns:
        Rows of the table `ties`.
    """
    last = pl.when(~pl.col("still_active")).then("last_day").alias("last")
    groups = active.filter(~pl.col("government")).select(
        "actor_id", "actor", "gwno", "territory", pl.col("first_day").alias("first"), last,
        "probability",
    )  # fmt: skip
    return _pair(groups, "gwno", "territory", "territory", "both active in ")


def allies(sides: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Tie organisations that fought one adversary at one time.

    Args:
        sides: from `actors.coalitions.by_member`, with `sure` of `actors.suspects.with_doubt`.
        incidents: the table `incidents`.

    Returns:
        Rows of the table `ties`; the ties of one adversary weigh 1 together.
    """
    when = incidents.select("incident_id", "date_start", "gwno")
    own = sides.select("incident_id", "side", "actor_id", "actor", "government", "sure")
    foe = own.select(
        "incident_id", pl.col("side").alias("of"),
        pl.col("actor_id").alias("foe_id"), pl.col("actor").alias("foe"),
        pl.col("sure").alias("sure_foe"),
    )  # fmt: skip
    fought = (
        own.filter(~pl.col("government"))
        .join(foe, on="incident_id")
        .filter((pl.col("side") != pl.col("of")) & (pl.col("actor_id") != pl.col("foe_id")))
        .join(when, on="incident_id")
        .with_columns(both=pl.col("sure") * pl.col("sure_foe"))
    )
    spans = (
        fought.group_by("actor_id", "foe_id")
        .agg(
            pl.col("actor", "foe").sort_by("date_start").last(),
            first_of("date_start", "both").alias("first"),
            last_of("date_start", "both").alias("last"),
            at_all("both").alias("probability"),
        )
        .sort("actor_id", "foe_id")
    )
    return _pair(spans, "foe_id", "foe", "adversary", "both fought ")


def _pair(spans: pl.DataFrame, key: str, label: str, channel: str, words: str) -> pl.DataFrame:
    """Every two organisations whose spans of one key overlap, both ways.

    A tie weighs as much less as the two may not have been there, or may not have fought.
    """
    other = spans.select(
        key, pl.col("actor_id").alias("related_id"), pl.col("actor").alias("related"),
        pl.col("first").alias("first_of"), pl.col("last").alias("last_of"),
        pl.col("probability").alias("sure_related"),
    )  # fmt: skip
    both = (
        spans.join(other, on=key)
        .filter(pl.col("actor_id") != pl.col("related_id"))
        .with_columns(
            pl.max_horizontal("first", "first_of").alias("from_date"),
            pl.min_horizontal("last", "last_of").alias("to_date"),
        )
        .filter((pl.col("from_date") <= pl.col("to_date")).fill_null(True))
    )
    return both.select(
        "actor_id", "actor", "related_id", "related",
        pl.lit(channel).alias("channel"),
        "from_date", "to_date",
        pl.lit("activity").alias("dates"),
        pl.lit(False).alias("source_ends"),
        (
            pl.col("probability") * pl.col("sure_related") / pl.len().over("actor_id", key)
        ).alias("weight"),
        pl.concat_str(pl.lit(words), label).alias("because"),
        pl.lit(SOURCE).alias("source"),
    )  # fmt: skip
