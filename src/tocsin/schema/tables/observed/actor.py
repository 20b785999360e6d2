"""Armed actors and what is said of who came from whom. Organisations only, never persons."""

from __future__ import annotations

from collections.abc import Callable

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table
from tocsin.schema.tables.observed.described import is_crowd, is_description
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

ACTOR_KINDS = ("state", "non-state formal", "non-state informal", "civilians")
COMMUNITY = (
    r"(?i)\b(clans?|tribes?|christians|muslims|villagers|farmers|herders|herdsmen|pastoralists|"
    r"civilians)\b|^(supporters of |protesters|rioters)"
)
"""Names of peoples, clans, faiths and crowds. They are no organisations, and nothing is said of
what they may come to use."""
COLLECTIVE = (
    r"(?i)\b(insurgents|rebels|militants|gunmen|armed men|terrorists|insurgentes|rebeldes|"
    r"terroristas|homens armados|hombres armados|insurg[ée]s|rebelles|terroristes|hommes arm[ée]s|"
    r"مسلحون|مسلحين)$"
)
"""Names by which a source means whoever fights on a side and was not told apart."""
HOLDERS = ("organisation", "community", "collective")
"""What an entry of the ledger may stand for: an organisation; a people, a clan, a faith or a crowd,
of which some may use a class and which as such takes up nothing; or those of a side whom a source
does not tell apart."""
RELATIONS = ("alias", "renamed", "splinter", "temporary splinter", "alliance", "joined", "umbrella")
ACTIVE_IN = "active in"
"""The relation between an organisation and a territory."""
NAME_FORMS = ("name", "full name", "former name", "other name")
HELD_HERE = ("has", "has not", "used", "did not use")
"""What can be said here of an organisation and a technology class: that it has the class, or has
not, by a day; that it used it, or did not, in one incident."""
MATCHES = ("same", "likely")
"""What names alone say of two organisations: they are one, or may be, which a person decides."""
ATTRIBUTES = ("name", "dates", "territory", "relation")


def holder(
    actors: pl.DataFrame, incidents: pl.DataFrame | None = None, name: str = "actor"
) -> pl.Expr:
    """Tell what each row stands for, one of `HOLDERS`.

    A list of actors says so by the kind 'non-state informal' (UCDP's levels of organisation 2 and
    3: supporters, and communal groups). UCDP codes violence between groups by one level for
    both, so a side that no list knows, and that only ever fought communities, is one too; and so
    are several that only fought communities and each other. A joint side is a community where all
    of its members are. A name that only describes a side ('bandits') is a crowd's, or of those
    whom a source does not tell apart (`described`).

    Args:
        actors: the table `actors`; may be empty, then names say it.
        incidents: the table `incidents`, by which sides that are not listed are known; default:
            they are not.
        name: the column of names; the ids stand in `actor_id`.

    Returns:
        An expression of texts.
    """
    informal = actors.filter(pl.col("kind") == "non-state informal")
    known = _is_community(informal["actor_id"], informal["name"], pl.col("actor_id"), pl.col(name))
    if incidents is not None:
        known |= pl.col("actor_id").is_in(_unlisted_sides(actors, informal, incidents).implode())
    return (
        pl.when(known | _is(is_crowd, name))
        .then(pl.lit(HOLDERS[1]))
        .when(pl.col(name).str.contains(COLLECTIVE) | _is(is_description, name))
        .then(pl.lit(HOLDERS[2]))
        .otherwise(pl.lit(HOLDERS[0]))
    )


def is_organisation(
    actors: pl.DataFrame, incidents: pl.DataFrame | None = None, name: str = "actor"
) -> pl.Expr:
    """Tell which rows are of an organisation, by `holder`.

    Args:
        actors: the table `actors`.
        incidents: the table `incidents`; default: sides that are not listed are organisations.
        name: the column of names; the ids stand in `actor_id`.

    Returns:
        An expression that is True for them.
    """
    return holder(actors, incidents, name) == HOLDERS[0]


def _is(rule: Callable[[str], bool], name: str) -> pl.Expr:
    """Whether a rule on names holds; of no name none does."""
    return pl.col(name).map_elements(rule, return_dtype=pl.Boolean).fill_null(value=False)


def _is_community(ids: pl.Series, names: pl.Series, actor_id: pl.Expr, name: pl.Expr) -> pl.Expr:
    member = pl.element().is_in(names.implode()) | pl.element().str.contains(COMMUNITY)
    of_all = name.fill_null("").str.split(", ").list.eval(member).list.all()
    return actor_id.is_in(ids.implode()).fill_null(False) | of_all


def _unlisted_sides(
    actors: pl.DataFrame, informal: pl.DataFrame, incidents: pl.DataFrame
) -> pl.Series:
    """Ids of sides that no list knows and that fought nobody but communities and each other."""
    both = pl.concat(
        incidents.select(
            pl.coalesce(f"actor_{own}_id", f"actor_{own}").alias("actor_id"),
            pl.coalesce(f"actor_{other}_id", f"actor_{other}").alias("other_id"),
            pl.col(f"actor_{other}").alias("other"),
            (pl.col("event_type") == "non-state").alias("between"),
        )
        for own, other in ("ab", "ba")
    ).drop_nulls("actor_id")
    of_other = _is_community(
        informal["actor_id"], informal["name"], pl.col("other_id"), pl.col("other")
    )
    unknown = both.join(actors, on="actor_id", how="anti")
    return _among_communities(
        unknown.group_by("actor_id", "other_id").agg(
            pl.col("between").all(), of_other.any().alias("community")
        )
    )


def _among_communities(fought: pl.DataFrame) -> pl.Series:
    """Ids of those that fought only communities and each other, and some of them a community.

    `fought` has a row each pair: `actor_id, other_id, between` (only violence between groups) and
    `community` (the other one is known to be one).
    """
    # Whoever fought one that is neither is taken out, and then whoever fought that one.
    left = fought["actor_id"].unique().sort()
    while True:
        own, other = (pl.col(name).is_in(left.implode()) for name in ("actor_id", "other_id"))
        among = (pl.col("between") & (pl.col("community") | other.fill_null(False))).all()
        kept = fought.filter(own).group_by("actor_id").agg(among).filter("between")["actor_id"]
        if kept.len() == left.len():
            break
        left = kept.sort()
    # Some of them have to have fought a community that is known.
    found = fought.filter(own & pl.col("community"))["actor_id"].unique().sort()
    while True:
        met = own & (pl.col("community") | pl.col("other_id").is_in(found.implode()))
        more = fought.filter(met)["actor_id"].unique().sort()
        if more.len() == found.len():
            return found
        found = more


class Actor(Table):
    """One organisation as one source knows it."""

    actor_id: str = pa.Field(unique=True, description="the source's id")
    name: str
    full_name: str = pa.Field(nullable=True)
    kind: str = pa.Field(isin=ACTOR_KINDS)
    gwnos: str = pa.Field(description="Gleditsch-Ward numbers where it was active, space between")


class ActorRelation(Table):
    """One statement by one source that two names are related. Never a merge."""

    actor_id: str
    relation: str = pa.Field(isin=RELATIONS)
    related_id: str = pa.Field(nullable=True, description="empty where only a name is given")
    related_name: str


class ActorDecision(Table):
    """What a person here holds of who is who. `source` says who decided, and on what ground."""

    statement_id: str = pa.Field(description="the statement made, or the one withdrawn")
    decision: str = pa.Field(isin=("assert", "withdraw"))
    actor_id: str = pa.Field(nullable=True, description="empty in a withdrawal")
    relation: str = pa.Field(isin=(*RELATIONS, ACTIVE_IN), nullable=True)
    related_id: str = pa.Field(nullable=True)
    related_name: str = pa.Field(nullable=True)
    from_date: pl.Date = pa.Field(nullable=True)
    to_date: pl.Date = pa.Field(nullable=True, description="last day; empty: until now")
    weight: float = pa.Field(ge=0, le=1, description="how sure the person is")
    reason: str
    asserted_at: pl.Datetime = pa.Field(description="UTC")


class TechnologyDecision(Table):
    """What a person here holds of who has a technology class, or of who used it in an incident.

    `source` says who decided, and on what ground. Rows are added, never changed or deleted.
    """

    statement_id: str = pa.Field(description="the statement made, or the one withdrawn")
    decision: str = pa.Field(isin=("assert", "withdraw"))
    says: str = pa.Field(isin=HELD_HERE, nullable=True, description="empty in a withdrawal")
    actor_id: str = pa.Field(nullable=True)
    actor: str = pa.Field(nullable=True)
    technology: str = pa.Field(isin=TECHNOLOGIES, nullable=True)
    incident_id: str = pa.Field(nullable=True, description="where it is said of one incident")
    on_date: pl.Date = pa.Field(nullable=True, description="it has it, or has not, by this day")
    weight: float = pa.Field(ge=0, le=1, description="how sure the person is")
    reason: str
    asserted_at: pl.Datetime = pa.Field(description="UTC")


class _Statement(Table):
    """One act of saying: a statement, or its withdrawal. Rows are added, never deleted."""

    statement_id: str = pa.Field(description="digest of what is said and who says it")
    actor_id: str
    from_date: pl.Date = pa.Field(nullable=True, description="empty: not said")
    to_date: pl.Date = pa.Field(nullable=True)
    weight: float = pa.Field(ge=0, le=1, description="confidence that it holds")
    dates_weight: float = pa.Field(ge=0, le=1, description="confidence in the dates; 0: none said")
    asserted_at: pl.Datetime = pa.Field(nullable=True, description="empty: with the release")
    withdrawn: bool
    reason: str = pa.Field(nullable=True)


class ActorName(_Statement):
    """One source calls an organisation by a name."""

    name: str
    form: str = pa.Field(isin=NAME_FORMS)


class ActorLink(_Statement):
    """One source relates an organisation to another, or to a territory. Never a merge."""

    actor: str = pa.Field(description="a name of the organisation, for reading")
    relation: str = pa.Field(isin=(*RELATIONS, ACTIVE_IN))
    related_id: str = pa.Field(nullable=True, description="actor_id, or Gleditsch-Ward number")
    related: str


class ActorMatch(Table):
    """Two names in use in one territory that mean one organisation, or may. Never a merge."""

    statement_id: str = pa.Field(unique=True, description="by which it is accepted or withdrawn")
    actor_id: str
    actor: str
    related_id: str
    related: str
    territory: str = pa.Field(nullable=True)
    gwno: int = pa.Field(nullable=True)
    verdict: str = pa.Field(
        isin=MATCHES, description="certain, so both are held as one; or a proposal, for a person"
    )
    because: str
