"""Suspects: sides that reports name with a doubt ('Hill Front?', 'presumed Hill Front').

Such a name is right with a probability. Where another source names a side of the same incident
without a doubt it can be seen whether the suspicion held; else it is as reliable as is held
beforehand. What no report doubts is no suspect, and a side that one report names plainly is none
either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tocsin.assess.actors.sides import armed_sides
from tocsin.schema import TABLES, conform, empty

SOURCE = "words of doubt in reports, and attribution"

RIGHT, WORTH = 0.7, 10.0
"""How often a suspicion is right, and how many seen cases that is worth (a beta prior). **A
judgement**, the one that is made of words that blame or suspect somebody
(`technology.mentions.clauses.OTHERS_SAY`): no source that ships tells of a suspicion and of what
was found later. In headlines of UCDP's five files in which an armed organisation is suspected of
the event or blamed for it, 11 of 11 are coded as that organisation, but the coder read the same
headline, so that this is an upper bound."""


@dataclass(frozen=True)
class Suspects:
    """Which sides are only suspected, and how often suspicions are right.

    Attributes:
        named: a row a side that is only suspected, states too: `incident_id, side, actor_id,
            actor`.
        sides: those of them that may be asked for.
        doubted: a row a report's side that its source doubts: `report_id, side`.
        right: the suspicions of which another source says so plainly that they were right.
        seen: all of which another source tells anything.
    """

    named: pl.DataFrame
    sides: pl.DataFrame
    doubted: pl.DataFrame
    right: int = 0
    seen: int = 0

    @property
    def share(self) -> float:
        """Return how probably a suspicion is right, before the evidence on the incident."""
        return (RIGHT * WORTH + self.right) / (WORTH + self.seen)

    def weigh(self, attributions: pl.DataFrame) -> pl.DataFrame:
        """Tell of each suspected side how probably it is the side.

        Attribution asks for one side of an incident. Where two are suspected, or one that is not
        asked for, the other one is as probable as suspicions are right.

        Args:
            attributions: the table `attributions`.

        Returns:
            The rows of `named` with the column `sure`, a probability.
        """
        asked = attributions.select("incident_id", "side").unique().with_columns(asked=True)
        told = attributions.filter(pl.col("actor_id").is_not_null()).select(
            *_SIDE[:3], pl.col("probability").alias("sure")
        )
        both = self.named.join(told, on=_SIDE[:3], how="left", maintain_order="left").join(
            asked, on=["incident_id", "side"], how="left", maintain_order="left"
        )
        left = pl.when("asked").then(0.0).otherwise(self.share)
        sure = pl.coalesce("sure", left).alias("sure")
        return both.with_columns(sure).drop("asked")


def find_suspects(tables: Mapping[str, pl.DataFrame]) -> Suspects:
    """Find the sides that are named with a doubt only, and how far the doubts were borne out.

    Whoever links reports joins those that name the same organisation more readily, so that the
    share that is seen is somewhat too high.

    Args:
        tables: `incidents`, `incident_reports`, `actors`, `reports`, under the names by which
            organisations are held, and `corrections`, of which those of the rule `party` are used;
            without it nothing is doubted.

    Returns:
        The suspects; none where nothing is doubted.
    """
    incidents, links = tables["incidents"], tables["incident_reports"]
    reports, actors = tables["reports"], tables["actors"]
    corrections = tables.get("corrections", empty(TABLES["corrections"]))
    doubted = corrections.filter(
        (pl.col("rule") == "party") & pl.col("value").is_not_null()
    ).select("report_id", pl.col("column").str.strip_prefix("actor_").alias("side"))
    doubted = doubted.unique().join(links.select("report_id"), on="report_id", how="semi")
    if doubted.is_empty():
        nobody = pl.DataFrame(schema=dict.fromkeys(_SIDE, pl.String))
        return Suspects(nobody, nobody, doubted)
    of_interest = links.join(doubted, on="report_id", how="semi").select("incident_id").unique()
    near = links.join(of_interest, on="incident_id", how="semi")
    told = reports.join(near.select("report_id", whole="incident_id"), on="report_id")
    named = armed_sides(told.with_columns(incident_id="report_id"), actors).rename(
        {"incident_id": "report_id"}
    )
    named = named.join(told.select("report_id", "whole", "source"), on="report_id").join(
        doubted.with_columns(doubt=True), on=["report_id", "side"], how="left"
    )
    named = named.with_columns(pl.col("doubt").fill_null(False))
    only = named.group_by(pl.col("whole").alias("incident_id"), "actor_id").agg(
        pl.col("doubt").all()
    )
    sides = armed_sides(incidents.join(of_interest, on="incident_id", how="semi"), actors).join(
        only.filter("doubt"), on=["incident_id", "actor_id"], how="semi"
    )
    every, may_be_asked = (
        some.select(*_SIDE).sort(*_SIDE) for some in (sides, sides.filter(_IS_ASKED))
    )
    return Suspects(every, may_be_asked, doubted, *_borne_out(named.filter(_IS_ASKED)))


def list_suspects(doubtful: pl.DataFrame) -> pl.DataFrame:
    """Make the table `suspects`.

    Args:
        doubtful: of `Suspects.weigh`.

    Returns:
        The table, a row a side that is only suspected.
    """
    told = doubtful.rename({"sure": "probability"}).with_columns(source=pl.lit(SOURCE))
    return conform(TABLES["suspects"], told.sort(*_SIDE))


def with_doubt(sides: pl.DataFrame, doubtful: pl.DataFrame | None) -> pl.DataFrame:
    """Give sides with how sure each of them is.

    Args:
        sides: of `actors.sides.armed_sides`.
        doubtful: of `Suspects.weigh`; None: nothing is doubted.

    Returns:
        The sides, with `sure`: 1 but for those that are only suspected.
    """
    if doubtful is None:
        return sides.with_columns(sure=pl.lit(1.0))
    keys = list(_SIDE[:3])
    sure = doubtful.select(*keys, "sure")
    return sides.join(sure, on=keys, how="left", maintain_order="left").with_columns(
        pl.col("sure").fill_null(1.0)
    )


def at_all(sure: str) -> pl.Expr:
    """Return how probably any of several doubtful things is so, each being right by itself."""
    return 1.0 - (1.0 - pl.col(sure)).product()


def first_of(day: str, sure: str) -> pl.Expr:
    """Return the day by which the first of several doubtful things had come, as likely as not.

    It is the median of that day, given that any of them is so. Where all are sure it is the first.

    Args:
        day: the column of their days.
        sure: the column of their probabilities.
    """
    return _median_first(pl.col(day).sort(), pl.col(sure).sort_by(day))


def last_of(day: str, sure: str) -> pl.Expr:
    """Return the same of the last of them.

    Args:
        day: the column of their days.
        sure: the column of their probabilities.
    """
    return _median_first(
        pl.col(day).sort(descending=True), pl.col(sure).sort_by(day, descending=True)
    )


def _median_first(days: pl.Expr, sure: pl.Expr) -> pl.Expr:
    come = 1.0 - (1.0 - sure).cum_prod()
    return days.filter(come >= 0.5 * come.last()).first()


_SIDE = ("incident_id", "side", "actor_id", "actor")
_IS_ASKED = ~pl.col("government") | (pl.col("event_type") == "one-sided")
"""Sides that attribution may be asked for: no state but where it is the perpetrator."""


def _borne_out(named: pl.DataFrame) -> tuple[int, int]:
    """Of suspicions, how many another source bears out, and of how many it tells anything.

    It tells of one if it names, without a doubt, a side that this report does not name plainly as
    well: whom both name says nothing of who the other side was.
    """
    plain = named.filter(~pl.col("doubt")).select("whole", "actor_id", "source", "report_id")
    suspected = named.filter("doubt").select("whole", "report_id", "source", suspect="actor_id")
    suspected = suspected.sort("whole", "suspect", "report_id").unique(
        ["whole", "suspect"], keep="first", maintain_order=True
    )
    pairs = suspected.join(plain, on="whole", suffix="_other").filter(
        pl.col("source") != pl.col("source_other")
    )
    other = pairs.join(
        plain.select("report_id", "actor_id"), on=["report_id", "actor_id"], how="anti"
    )
    held = other.group_by("whole", "suspect").agg(
        (pl.col("actor_id") == pl.col("suspect")).any().alias("right")
    )
    return int(held["right"].sum()), held.height
