"""Sides: who stands on each side of an incident, and which side is in question.

The perpetrator, as this stage means it: in one-sided violence the first side; against a state,
the side that is no state; between two groups, either (one is asked after, chosen by the
incident's id). What the other side is remains known: it is the target.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from tocsin.assess.actors.names import is_placeholder
from tocsin.assess.actors.states import is_state_body
from tocsin.schema.tables.observed.actor import ACTOR_KINDS
from tocsin.schema.tables.observed.described import is_description

CIVILIANS = (
    r"(?i)^(civilians|supporters of .*|protesters.*|rioters.*|civils?|civi(?:les|s)|villagers|"
    r"populations?(?: civiles?)?|poblaci[oó]n(?: civil)?|popula[cç][aã]o(?: civil)?|villageois|"
    r"campesinos|moradores|aldeões|(?:ال)?مدني(?:ين|ون)|гражданские|siviller|warga sipil)$"
)
STATE, UNARMED = ACTOR_KINDS[0], ACTOR_KINDS[3]


def armed_sides(incidents: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """List the armed organisations that incidents (or reports) name.

    Args:
        incidents: `incident_id, event_type, actor_a_id, actor_a, actor_b_id, actor_b`, and `gwno`
            where it is known: some names are a state's in some territories only.
        actors: the table `actors`; may be empty, then states are known by their names.

    Returns:
        Columns `incident_id, event_type, side, actor_id, actor, government`: one row a side
        that is named, armed and no placeholder. `actor_id` is the name where a source has
        no ids. In one-sided violence only the first side is armed.
    """
    states = actors.filter(pl.col("kind") == STATE)["actor_id"].to_list()
    unarmed = actors.filter(pl.col("kind") == UNARMED)["actor_id"].to_list()
    sides = pl.concat(
        incidents.select(
            "incident_id",
            "event_type",
            pl.lit(side).alias("side"),
            pl.coalesce(f"actor_{side}_id", f"actor_{side}").alias("actor_id"),
            pl.col(f"actor_{side}").alias("actor"),
            pl.col("gwno") if "gwno" in incidents.columns else pl.lit(None, pl.Int64).alias("gwno"),
        )
        for side in "ab"
    ).drop_nulls("actor")
    names = sides.select("actor", "gwno").unique()
    told = names.with_columns(
        pl.col("actor").map_elements(is_placeholder, return_dtype=pl.Boolean).alias("nobody"),
        pl.struct("actor", "gwno").map_elements(_is_state, pl.Boolean).alias("of_state"),
    )
    return (
        sides.join(told, on=["actor", "gwno"], how="left", nulls_equal=True, maintain_order="left")
        .filter(
            ~pl.col("nobody")
            & ~pl.col("actor").str.contains(CIVILIANS)
            & ~pl.col("actor_id").is_in(unarmed)
            & ((pl.col("event_type") != "one-sided") | (pl.col("side") == "a"))
        )
        .with_columns((pl.col("actor_id").is_in(states) | pl.col("of_state")).alias("government"))
        .drop("nobody", "of_state", "gwno")
    )


def questioned_sides(incidents: pl.DataFrame, sides: pl.DataFrame) -> pl.DataFrame:
    """Find the side whose identity is asked after, for every incident that has one.

    Args:
        incidents: the table `incidents`.
        sides: from `armed_sides`.

    Returns:
        Columns `incident_id, side, actor_id, actor`; the last two are empty where nobody is
        named. An incident between two states asks after nobody, and neither does one of which a
        log names a state as the author and no other side, unless it is a fight with somebody;
        one of an armed side and civilians, whatever a log calls its kind, asks after the armed
        one, and so does one against a state of which a log names the armed side only.
    """
    a, b = (
        sides.filter(pl.col("side") == side).select(
            "incident_id",
            pl.col("actor_id").alias(f"id_{side}"),
            pl.col("actor").alias(f"name_{side}"),
            pl.col("government").alias(f"state_{side}"),
        )
        for side in "ab"
    )
    unarmed = (
        pl.col(f"actor_{side}").str.contains(CIVILIANS).fill_null(False).alias(f"unarmed_{side}")
        for side in "ab"
    )
    both = incidents.select("incident_id", "event_type", *unarmed).join(
        a, on="incident_id", how="left", maintain_order="left"
    )
    both = both.join(b, on="incident_id", how="left", maintain_order="left")
    state_a, state_b = pl.col("state_a").fill_null(False), pl.col("state_b").fill_null(False)
    against = pl.col("event_type") == "state-based"
    even = pl.col("incident_id").str.slice(-1).is_in(list("02468ace"))
    which = (
        pl.when(pl.col("event_type") == "one-sided")
        .then(pl.lit("a"))
        .when(pl.col("unarmed_b") & pl.col("id_a").is_not_null())
        .then(pl.lit("a"))
        .when(pl.col("unarmed_a") & pl.col("id_b").is_not_null())
        .then(pl.lit("b"))
        .when(state_a & (state_b | (pl.col("id_b").is_null() & ~against)))
        .then(None)
        .when(state_a)
        .then(pl.lit("b"))
        .when(state_b)
        .then(pl.lit("a"))
        # Where no state is named, the side that is not is the state's.
        .when(pl.col("id_a").is_null() & against & pl.col("id_b").is_not_null())
        .then(pl.lit("b"))
        .when(pl.col("id_b").is_null() & against & pl.col("id_a").is_not_null())
        .then(pl.lit("a"))
        .when(pl.col("id_a").is_null())
        .then(pl.lit("a"))
        .when(pl.col("id_b").is_null() & (pl.col("event_type") != "other"))
        .then(pl.lit("b"))
        .when((pl.col("event_type") == "other") | even)
        .then(pl.lit("a"))
        .otherwise(pl.lit("b"))
    )
    asked = both.with_columns(which.alias("side")).drop_nulls("side")
    first = pl.col("side") == "a"
    return asked.select(
        "incident_id",
        "side",
        pl.when(first).then("id_a").otherwise("id_b").alias("actor_id"),
        pl.when(first).then("name_a").otherwise("name_b").alias("actor"),
    )


def contested_sides(
    reports: pl.DataFrame,
    links: pl.DataFrame,
    actors: pl.DataFrame,
    same: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """List whom each report of an incident names, where reports have nobody in common.

    Args:
        reports: the table `reports`.
        links: the table `incident_reports`.
        actors: the table `actors`.
        same: `actor_id, organisation_id, weight`; names that most probably are one
            organisation do not contradict each other.

    A description ('gunmen', 'bandits') tells less surely of the same side, and contradicts nobody.

    Returns:
        Columns `incident_id, report_id, source, actor_id, actor`: the organisations that may
        be the perpetrator by each report; empty unless two reports of an incident name
        different ones.
    """
    many = links.filter(pl.len().over("incident_id") > 1).select("incident_id", "report_id")
    named = reports.join(many, on="report_id").rename({"incident_id": "whole"})
    each = armed_sides(named.rename({"report_id": "incident_id"}), actors)
    described = pl.col("actor").map_elements(is_description, return_dtype=pl.Boolean)
    each = each.filter(~pl.col("government") | (pl.col("event_type") == "one-sided"), ~described)
    each = each.rename({"incident_id": "report_id"}).join(
        named.select("report_id", "whole", "source"), on="report_id"
    )
    if same is not None:
        likely = same.sort("weight", "organisation_id").unique("actor_id", keep="last")
        each = each.join(likely, on="actor_id", how="left").with_columns(
            pl.coalesce("organisation_id", "actor_id").alias("actor_id")
        )
    voices = each.group_by("whole").agg(pl.col("report_id").n_unique().alias("voices"))
    shared = (
        each.group_by("whole", "actor_id")
        .agg(pl.col("report_id").n_unique().alias("by"))
        .join(voices, on="whole")
        .filter(pl.col("by") == pl.col("voices"))
    )
    split = voices.filter(pl.col("voices") > 1).join(shared, on="whole", how="anti")
    return (
        each.join(split.select("whole"), on="whole", how="semi")
        .select(pl.col("whole").alias("incident_id"), "report_id", "source", "actor_id", "actor")
        .sort("incident_id", "report_id", "actor_id")
    )


def _is_state(row: dict[str, Any]) -> bool:
    return is_state_body(row["actor"], row["gwno"])
