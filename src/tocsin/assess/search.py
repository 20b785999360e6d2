"""Incidents by what they are: where, when, who, of which technology class."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from tocsin.assess.actors.identities import other_names
from tocsin.assess.actors.names import plain
from tocsin.base.nearest import advice
from tocsin.errors import UsageError
from tocsin.schema.geography.territory import resolve
from tocsin.schema.tables.observed.report import EVENT_TYPES
from tocsin.schema.vocabulary.technology import check_technology

READS = ("incidents", "technology_tags", "actor_matches", "suspects")
COLUMNS = (
    "incident_id", "date_start", "territory", "place", "event_type", "actor_a", "actor_b",
    "deaths_best", "total_of", "n_reports", "technologies", "suspected_a", "suspected_b",
)  # fmt: skip


def find_incidents(
    tables: Mapping[str, pl.DataFrame],
    *,
    territory: str | None = None,
    actor: str | None = None,
    technology: str | None = None,
    event_type: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> pl.DataFrame:
    """Find the incidents to which all that is asked applies, the newest first.

    Args:
        tables: those of `READS`, by name.
        territory: a name, in any spelling, or an ISO code.
        actor: a part of a name of one of the sides, or its id; case and accents do not matter, and
            names under which its organisation is not held count too.
        technology: a class of `schema.vocabulary.technology`.
        event_type: as in `schema.tables.observed.report.EVENT_TYPES`.
        first, last: days; incidents that overlap them.

    Returns:
        Columns `COLUMNS`; `technologies` is a list of classes that a report mentions;
        `suspected_a` and `suspected_b` say how probable a side is that is only suspected, be it an
        organisation or a state, and are null for all others.

    Raises:
        UsageError: there is no such class or kind of event.
        UnknownTerritory: no territory has the name.
    """
    if technology is not None:
        check_technology(technology)
    if event_type is not None and event_type not in EVENT_TYPES:
        remedy = advice(event_type, EVENT_TYPES)
        raise UsageError(f"There is no kind of event '{event_type}'.", remedy=remedy)
    by = tables["technology_tags"].group_by("incident_id")
    tagged = by.agg(pl.col("technology").unique().sort().alias("technologies"))
    found = tables["incidents"].join(tagged, on="incident_id", how="left", maintain_order="left")
    found = found.with_columns(pl.col("technologies").fill_null([]))
    for side in "ab":
        found = _with_doubt(found, tables["suspects"], side)
    if territory is not None:
        found = found.filter(pl.col("gwno") == resolve(territory).gwno)
    if first is not None:
        found = found.filter(pl.col("date_end") >= first)
    if last is not None:
        found = found.filter(pl.col("date_start") <= last)
    if event_type is not None:
        found = found.filter(pl.col("event_type") == event_type)
    if technology is not None:
        found = found.filter(pl.col("technologies").list.contains(technology))
    if actor is not None:
        found = found.filter(_names_actor(found, actor, tables["actor_matches"]))
    order = ("date_start", "incident_id")
    return found.sort(order, descending=[True, False]).select(COLUMNS)


def _with_doubt(found: pl.DataFrame, suspects: pl.DataFrame, side: str) -> pl.DataFrame:
    """The incidents with how probable a side is where it is only suspected."""
    # Of a joint name each member is a row; the name is as probable as the likeliest of them.
    mine = suspects.filter(pl.col("side") == side).group_by("incident_id")
    sure = mine.agg(pl.col("probability").max().alias(f"suspected_{side}"))
    return found.join(sure, on="incident_id", how="left", maintain_order="left")


def _names_actor(found: pl.DataFrame, actor: str, matches: pl.DataFrame) -> pl.Expr:
    """Whether one of the sides has this id, or a name that holds these words."""
    wanted = plain(actor)
    sides = pl.concat([found["actor_a"], found["actor_b"]]).unique().drop_nulls()
    names = {name for name in sides if wanted in plain(name)}
    every = pl.concat([matches["actor"], matches["related"]]).unique()
    meant = other_names(matches, {name for name in every if wanted in plain(name)})
    names |= meant & set(sides)
    expressions = [pl.col(side).is_in(sorted(names)) for side in ("actor_a", "actor_b")]
    expressions += [(pl.col(side) == actor) for side in ("actor_a_id", "actor_b_id")]
    return pl.any_horizontal(one.fill_null(value=False) for one in expressions)
