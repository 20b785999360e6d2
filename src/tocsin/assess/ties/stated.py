"""Ties that somebody states: splits and alliances, support, and a user's own."""

from __future__ import annotations

import polars as pl

from tocsin.assess.ties.known import Known, unknown_id
from tocsin.schema.vocabulary.folding import seal

JOINING = ("splinter", "temporary splinter", "alliance", "joined", "umbrella")
"""Relations along which people and skills go from one organisation to another."""
GIFTS = r"weapons|training|materiel"
"""Kinds of support that carry a technology class by themselves."""
BESIDE = 0.5
"""Weight of a common sponsor who gave one of the two nothing of these. An assumption."""


def relation_ties(links: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Make ties, both ways, of the statements on splits and alliances that stand.

    The statements of actor lists have no dates. Such a tie gets the time in which both were
    active; where they never were at once, the time of the later one.

    Args:
        links: the statements of `actor_links` that stand (`actors.statements.current`).
        lives: from `activity.lives`.

    Returns:
        Rows of the table `ties`.
    """
    said = links.filter(
        pl.col("relation").is_in(JOINING)
        & pl.col("related_id").is_not_null()
        & (pl.col("related_id") != pl.col("actor_id"))
        & (pl.col("weight") > 0)
    )
    because = pl.concat_str(
        pl.col("source"), pl.lit(": "), "actor", pl.lit(" – "), "relation", pl.lit(" – "), "related"
    )
    is_dated = pl.col("from_date").is_not_null() | pl.col("to_date").is_not_null()
    ends = (
        said.join(lives.rename({"first": "f1", "last": "l1"}), on="actor_id", how="left")
        .join(
            lives.rename({"actor_id": "related_id", "first": "f2", "last": "l2"}),
            on="related_id",
            how="left",
        )
        .with_columns(_common())
    )
    one = ends.select(
        "actor_id", "actor", "related_id", "related",
        pl.lit("ties").alias("channel"),
        pl.when(is_dated).then("from_date").otherwise("first").alias("from_date"),
        pl.when(is_dated).then("to_date").otherwise("last").alias("to_date"),
        pl.when(is_dated).then(pl.lit("said")).when(pl.col("first").is_null())
        .then(pl.lit("unknown")).otherwise(pl.lit("activity")).alias("dates"),
        pl.lit(False).alias("source_ends"),
        "weight", because.alias("because"), "source",
    )  # fmt: skip
    return pl.concat([one, turn_ties(one)])


def _common() -> list[pl.Expr]:
    """The time in which both were active, or else that of the later one."""
    first, last = pl.max_horizontal("f1", "f2"), pl.min_horizontal("l1", "l2")
    later = pl.when(pl.col("f1") >= pl.col("f2")).then("l1").otherwise("l2")
    apart = (last < first).fill_null(False)
    known = pl.col("f1").is_not_null() & pl.col("f2").is_not_null()
    return [
        pl.when(known).then(first).alias("first"),
        pl.when(known).then(pl.when(apart).then(later).otherwise(last)).alias("last"),
    ]


def turn_ties(ties: pl.DataFrame) -> pl.DataFrame:
    """Turn ties round: who was exposed exposes.

    Args:
        ties: rows of the table `ties`.

    Returns:
        As many rows.
    """
    return ties.with_columns(
        pl.col("related_id").alias("actor_id"), pl.col("related").alias("actor"),
        pl.col("actor_id").alias("related_id"), pl.col("actor").alias("related"),
    )  # fmt: skip


def support_ties(supports: pl.DataFrame) -> pl.DataFrame:
    """Make ties of support: two organisations with one sponsor, and one that arms the other.

    Each unbroken run of years is one tie. If it reaches the last year of the data set, the source
    tells of nothing after it, and the tie is marked so.

    Args:
        supports: the table `supports`.

    Returns:
        Rows of the table `ties`.
    """
    given = supports.filter(pl.col("supporter_id").is_not_null()).with_columns(
        pl.col("kinds").str.contains(GIFTS).alias("arms")
    )
    by = given.group_by("actor_id", "supporter_id", "year", "source").agg(
        pl.col("actor", "supporter").sort().first(), pl.col("arms").any(), pl.col("by_state").any()
    )
    groups = by.filter(pl.col("actor_id").is_in(_groups(supports).implode()))
    other = groups.rename(
        {"actor_id": "related_id", "actor": "related", "arms": "arms_of"}
    ).drop("supporter", "by_state")  # fmt: skip
    pairs = groups.join(other, on=["supporter_id", "year", "source"]).filter(
        pl.col("actor_id") != pl.col("related_id")
    )
    common = pairs.select(
        "actor_id", "actor", "related_id", "related", "year", "source",
        pl.lit("sponsor").alias("channel"),
        pl.when(pl.col("arms") & pl.col("arms_of")).then(1.0).otherwise(BESIDE).alias("weight"),
        pl.concat_str(pl.lit("common sponsor: "), "supporter").alias("because"),
    )  # fmt: skip
    armed = groups.filter(pl.col("arms") & ~pl.col("by_state")).select(
        "actor_id", "actor",
        pl.col("supporter_id").alias("related_id"), pl.col("supporter").alias("related"),
        "year", "source",
        pl.lit("training").alias("channel"),
        pl.lit(1.0).alias("weight"),
        pl.concat_str(pl.lit("weapons or training from "), "supporter").alias("because"),
    )  # fmt: skip
    return _runs(pl.concat([common, armed]), supports)


def _groups(supports: pl.DataFrame) -> pl.Series:
    states = supports["actor"].str.starts_with("Government of ")
    return supports.filter(~states)["actor_id"].unique()


def _runs(yearly: pl.DataFrame, supports: pl.DataFrame) -> pl.DataFrame:
    """Rows of single years joined to ties of unbroken runs of years."""
    until = supports.group_by("source").agg(pl.col("year").max().alias("ends"))
    who = ["actor_id", "related_id", "channel", "because", "source"]
    ordered = yearly.sort(*who, "year").with_columns(
        (pl.col("year") - pl.int_range(pl.len()).over(who)).alias("run")
    )
    joined = ordered.group_by(*who, "run", maintain_order=True).agg(
        pl.col("actor", "related").first(),
        pl.col("weight").max(),
        pl.col("year").min().alias("begin"),
        pl.col("year").max().alias("end"),
    )
    begin, end = pl.col("begin").cast(pl.String), pl.col("end").cast(pl.String)
    years = pl.when(begin == end).then(begin).otherwise(begin + " to " + end)
    return joined.join(until, on="source", maintain_order="left").select(
        "actor_id", "actor", "related_id", "related", "channel",
        pl.date("begin", 1, 1).alias("from_date"),
        pl.date("end", 12, 31).alias("to_date"),
        pl.lit("said").alias("dates"),
        (pl.col("end") == pl.col("ends")).alias("source_ends"),
        "weight",
        pl.concat_str("source", pl.lit(": "), "because", pl.lit(", "), years).alias("because"),
        "source",
    )  # fmt: skip


def identify_ties(ties: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Take a user's own ties, with organisations known again by the seals of their names.

    Args:
        ties: the table `told_ties`.
        known: who is known here.

    Returns:
        Rows of the table `ties`; one whom nothing here knows is kept with the start of its seal as
        id, and is called by where it stands in the user's list.
    """

    def identify(column: str) -> list[pl.Series]:
        seals = [seal(one) for one in ties[column]]
        ids = [known.ids.get(one, unknown_id(one)) for one in seals]
        shown = [known.show(*one) for one in zip(seals, ties["row"], strict=True)]
        end = {"actor": "actor_id", "related": "related_id"}[column]
        return [pl.Series(end, ids, pl.String), pl.Series(column, shown, pl.String)]

    one = ties.with_columns(*identify("actor"), *identify("related")).with_columns(
        pl.when(pl.any_horizontal(pl.col("from_date", "to_date").is_not_null()))
        .then(pl.lit("said"))
        .otherwise(pl.lit("unknown"))
        .alias("dates"),
        pl.lit(False).alias("source_ends"),
        pl.concat_str("source", pl.lit(": "), "channel").alias("because"),
    )
    both = turn_ties(one.filter("both_ways"))
    joined = pl.concat([one, both]).drop("both_ways")
    return joined.filter(pl.col("actor_id") != pl.col("related_id"))
