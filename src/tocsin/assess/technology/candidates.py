"""Candidates: the organisations that may have used a class in an incident, and how probably.

They are its sides, the members of its joint sides, those that attribution holds possible where a
side is open, and third parties. A source codes an incident by its two sides. Where words say that a
third organisation used the class there ('HTS carried out a car bombing', in a fight that is coded
between the state and insurgents), it was in the incident by the words, whatever the sides are
called.
"""

from __future__ import annotations

import polars as pl

from tocsin.assess.actors.names import fold
from tocsin.assess.technology.mentions.users import (
    KINDS,
    Weights,
    drawn_to_one,
    kind_of,
    moves,
    tellable,
)
from tocsin.assess.technology.tags import BELIEVED
from tocsin.schema.tables.assessed.attribution import SUSPECTED
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

SIDE = "third"
"""The side of an organisation that words name and that is neither side of the incident."""
OPEN_ODDS = 1.0
"""Odds of the user where the side is open: only the candidate's probability is known."""
BEYOND = 1.05
"""By so much have the odds of a user to be above those of its role for words or deaths to count."""
AFAR = ("cyber", "information-operations")
"""Classes whose user need not be at the place."""
OF_THE_STATE = ("security forces", "government")
"""What was harmed where the state is not the one that did it, though no column names it."""
OF_ORGANISATIONS = ("improvised-explosives",)
"""Classes that organisations use more often than the state whose country it is (`weights.toml`)."""
KEY = ["actor_id", "technology"]


def users(
    mentions: pl.DataFrame,
    sides: pl.DataFrame,
    attributions: pl.DataFrame | None,
    actors: pl.DataFrame,
    weights: Weights | None = None,
) -> pl.DataFrame:
    """List the organisations that may have used a class in each incident.

    Args:
        mentions: of `cases.find_convincing`.
        sides: of `actors.coalitions.by_member`, with `sure` of `actors.suspects.with_doubt`.
        attributions: the table `attributions` by `actors.coalitions.divide`; None: nothing is open.
        actors: the table `actors`.
        weights: by which users were told; default: those that ship.

    Returns:
        The mentions, a row for each organisation: `actor_id`, `actor`, `side`, `coalition`,
        `attributed` (the probability that it is that side at all, or that member of it; of a
        suspect that of attribution), `suspected` (whether the side is named with a doubt), `odds`
        (that it is the user, if anybody is), `evident` (whether words, deaths, decisions or the
        column of an author say anything of the user beyond the roles of the sides) and `singles`
        (whether it can be read as this organisation's own: by words, deaths, the perpetrator of
        one-sided violence, the author that a log names or a decision here, and not by its role
        alone, it is more probable than not that the class was there and was this organisation's,
        counting how often mentions of that kind tell of no user at all; a suspect has to be more
        probably the side than not).
    """
    told = sides.filter(~pl.col("government")).select(
        "incident_id", "side", "actor_id", "actor", "coalition",
        (pl.col("share") * pl.col("sure")).alias("attributed"),
        pl.lit(False).alias("is_open"), "share", (pl.col("sure") < 1).alias("suspected"),
    )  # fmt: skip
    rows = told if attributions is None else _with_open(told, attributions, actors)
    # An open side is known by its candidates, not by what one of the reports says.
    rows = rows.unique(["incident_id", "side", "actor_id"], keep="last")
    rows = _of_members(rows.join(mentions, on="incident_id"))
    first, third = pl.col("side") == "a", pl.col("side") == SIDE
    user = pl.when(first).then("user_a").when(third).then("user_third").otherwise("user_b")
    # A third organisation has no role in the incident: only words speak of it.
    role = pl.when(first).then("role_a").when(third).then(1.0).otherwise("role_b")
    # That states are the usual users does not speak against an organisation's having the class
    # too; that others seldom use it does speak for it. So odds of the role count above 1 only.
    whole = user / (1 - user).clip(1e-6)
    odds = whole / role.clip(1e-6, 1.0)
    author = _is_author() & first
    # Each row of a log is a judgement of its own on who did it; a role is one in all rows.
    evident = moves(user, role) | author
    coded = (pl.col("event_type") == "one-sided") & first | author
    beyond = (whole > role * BEYOND) | coded
    alone = ~pl.col("is_open") & (pl.col("share") == 1)
    share = _tellable(evident | coded, weights)
    held = drawn_to_one(odds, share)
    # Who breaks into a network or films an act need not be where the fight is: that one side was
    # struck does not say that it was the other, so here only words single out.
    afar = pl.col("technology").is_in(AFAR) & ~pl.col("is_named")
    its_own = (pl.col("attributed") >= BELIEVED) & (pl.col("there") * share * user >= BELIEVED)
    singles = alone & its_own & beyond & ~afar
    found = rows.with_columns(
        pl.when("is_open").then(OPEN_ODDS).otherwise(held.clip(1e-6)).alias("odds"),
        (~pl.col("is_open") & evident).alias("evident"),
        singles.alias("singles"),
        # Of this organisation a mention of itself is no mention of somebody else.
        pl.when(third).then(0.0).otherwise("user_third").alias("user_third"),
    )
    return found.drop("share").sort(*KEY, "date_start", "incident_id", "side")


def _is_author() -> pl.Expr:
    """Whether a log names one organisation, and beside it what was harmed: then it did the harm.

    A log that has a column for an author names no second side and knows no types of UCDP's. The
    state stands in no column either, so it is asked whether the state might be meant: it did not
    harm its own, and of explosives it is seldom the user. What harmed an armed group may have
    been the state's, and the group that the log names may be the one that was struck.
    """
    lone = (pl.col("event_type") == "other") & pl.col("actor_b").is_null()
    harmed = pl.col("target").is_in(OF_THE_STATE) | (
        pl.col("technology").is_in(OF_ORGANISATIONS)
        & pl.col("target").is_not_null()
        & (pl.col("target") != "armed group")
    )
    return (lone & harmed).fill_null(False)


def _tellable(speaks: pl.Expr, weights: Weights | None) -> pl.Expr:
    """Of how many mentions of the row's kind the user can be told at all.

    Of the others nothing is known of the user: each side is as probable as not to have been it.
    """
    of = {technology: tellable(technology, weights) for technology in TECHNOLOGIES}
    rests = kind_of(pl.col("is_named"), pl.col("is_against"), speaks)
    keys = {f"{name} {kind}": shares[kind] for name, shares in of.items() for kind in KINDS}
    return pl.concat_str("technology", rests, separator=" ").replace_strict(
        keys, return_dtype=pl.Float64
    )


def _of_members(rows: pl.DataFrame) -> pl.DataFrame:
    """Where words name one member of a joint side, it is that member, and no other; and a third
    party is the one of this mention."""
    folded = {name: fold(name) for name in {*rows["actor"], *rows["by_name"].drop_nulls()}}
    named = (pl.col("by") == "organisation") & pl.col("by_name").is_not_null()
    its_own = pl.col("actor").replace_strict(folded, return_dtype=pl.String) == pl.col(
        "by_name"
    ).replace_strict(folded, return_dtype=pl.String, default=None)
    its_own = (named & its_own).fill_null(False)
    of_joint = pl.col("share") < 1
    keys = ["incident_id", "technology", "side"]
    other = (of_joint & its_own).any().over(keys) & of_joint & ~its_own
    # That it was the joint side at all may be a suspicion, and words do not say more.
    one = pl.when(of_joint & its_own).then(1 / pl.col("share")).otherwise(1.0)
    other |= (pl.col("side") == SIDE) & ~its_own
    return rows.filter(~other).with_columns(
        (pl.col("attributed") * one).alias("attributed"),
        pl.when(of_joint & its_own).then(1.0).otherwise("share").alias("share"),
    )


def _with_open(
    told: pl.DataFrame, attributions: pl.DataFrame, actors: pl.DataFrame
) -> pl.DataFrame:
    """The sides with the candidates of open ones; a suspect is one side, named with a probability.

    The others that may have been the side of a suspect are candidates as of an open one.
    """
    found = _open_candidates(attributions, actors)
    suspected = attributions.filter(pl.col("why") == SUSPECTED).select("incident_id", "side")
    doubted = found.join(suspected.unique(), on=["incident_id", "side"], how="semi")
    keys = ["incident_id", "side", "actor_id"]
    sure = doubted.select(*keys, pl.col("attributed").alias("sure"))
    named = told.join(sure, on=keys, how="left", maintain_order="left").with_columns(
        pl.coalesce("sure", "attributed").alias("attributed"),
        (pl.col("suspected") | pl.col("sure").is_not_null()).alias("suspected"),
    )
    rest = found.join(named.filter(pl.col("sure").is_not_null()), on=keys, how="anti")
    return pl.concat([named.drop("sure"), rest.select(told.columns)])


def _open_candidates(attributions: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """Candidates of open incidents that are no states, with their probabilities."""
    states = actors.filter(pl.col("kind") == "state")["actor_id"].to_list()
    found = attributions.filter(
        (pl.col("answer") == "actor")
        & ~pl.col("actor_id").is_in(states)
        & ~pl.col("actor").str.starts_with("Government of")
    )
    # An organisation may be a candidate by itself and as a member of a joint side.
    once = found.group_by("incident_id", "side", "actor_id", maintain_order=True).agg(
        pl.col("actor", "coalition").first(),
        (pl.col("probability") * pl.col("share")).sum().clip(0, 1).alias("attributed"),
    )
    return once.with_columns(is_open=pl.lit(True), share=pl.lit(1.0), suspected=pl.lit(False))


def third_sides(
    mentions: pl.DataFrame, sides: pl.DataFrame, incidents: pl.DataFrame
) -> pl.DataFrame:
    """List the organisations that words name as users and that are no side of the incident.

    A name is that of an organisation if exactly one side of incidents in the same territory has it.

    Args:
        mentions: of `cases.find_convincing`: `incident_id, gwno, by, by_name, event_type`.
        sides: of `actors.coalitions.divide`.
        incidents: the table `incidents`, for the territories.

    Returns:
        Rows of `sides`, one an incident and organisation, with the side `SIDE`.
    """
    named = mentions.filter(
        (pl.col("by") == "organisation") & pl.col("by_name").is_not_null()
    ).select("incident_id", "gwno", "event_type", _fold("by_name", mentions["by_name"]))
    own = sides.with_columns(_fold("actor", sides["actor"]))
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
            pl.lit(1.0).alias("sure"),
            "incident_id", "event_type", "actor_id", "actor",
        )
        .select(sides.columns)
    )  # fmt: skip


def _fold(column: str, names: pl.Series) -> pl.Expr:
    forms = {name: fold(name) for name in names.drop_nulls().unique()}
    return (
        pl.col(column).replace_strict(forms, return_dtype=pl.String, default=None).alias("folded")
    )
