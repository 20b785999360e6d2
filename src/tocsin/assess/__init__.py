"""assess: link reports into incidents, weigh sources, say who may have done them.

>>> from tocsin.assess import assess
>>> from tocsin.schema import STAGE_TABLES, TABLES, empty
>>> sorted(assess(empty(TABLES["reports"]), empty(TABLES["actors"]))) == sorted(
...     STAGE_TABLES["assess"]
... )
True
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tocsin.assess.actors import statements
from tocsin.assess.actors.identities import held_names, match_names, unite, unite_ids
from tocsin.assess.actors.sides import armed_sides
from tocsin.assess.actors.statements import current as standing
from tocsin.assess.actors.suspects import find_suspects, list_suspects
from tocsin.assess.attribution import attribute
from tocsin.assess.counts import incident_series
from tocsin.assess.explain import explain
from tocsin.assess.incidents import group_reports, incidents
from tocsin.assess.reliability import fuse, shares
from tocsin.assess.retold.decided import DECIDED_FILE, read_decided
from tocsin.assess.retold.decided import SHIPPED as NO_DECISIONS
from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.mentions import statements as statements_of
from tocsin.assess.technology.mentions.states import SHIPPED, STATES_FILE, read_states
from tocsin.assess.technology.tags import by_incident, tag
from tocsin.assess.ties import find_ties, ledger_conflicts
from tocsin.assess.totals import mark_totals
from tocsin.base.threads import on_one_thread
from tocsin.schema import STAGE_TABLES, TABLES, empty
from tocsin.schema.step import Given, SideFile, Step, Tables
from tocsin.schema.vocabulary.release import newest

__all__ = [
    "STEP",
    "assess",
    "attribute",
    "by_incident",
    "explain",
    "fuse",
    "incidents",
    "ledger",
    "tag",
]


@on_one_thread
def assess(
    reports: pl.DataFrame,
    actors: pl.DataFrame,
    *,
    actor_relations: pl.DataFrame | None = None,
    actor_decisions: pl.DataFrame | None = None,
    claims: pl.DataFrame | None = None,
    supports: pl.DataFrame | None = None,
    told_ties: pl.DataFrame | None = None,
    told_adoptions: pl.DataFrame | None = None,
    technology_decisions: pl.DataFrame | None = None,
    corrections: pl.DataFrame | None = None,
    states: pl.DataFrame | None = None,
    decided: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """Turn reports into incidents, technology tags, attributions and the adoption ledger.

    Args:
        reports: the table `reports`.
        actors: the table `actors`; may be empty.
        actor_relations: the table `actor_relations`; default: none.
        actor_decisions: the table `actor_decisions`; default: none.
        claims: the table `claims`; default: none.
        supports: the table `supports`; default: none.
        told_ties: the table `told_ties`; default: none.
        told_adoptions: the table `told_adoptions`; default: none.
        technology_decisions: the table `technology_decisions`; default: none.
        corrections: the table `corrections`, by which it is known which parties are only suspected;
            default: none is.
        states: which states had a technology class by when; default: the table that ships.
        decided: which reports of one log people took for one event (`retold.read_decided`);
            default: none.

    Returns:
        The tables of the stage by name, see `schema.STAGE_TABLES`.

    Raises:
        MissingExtra: there is something to attribute and the extra `assess` is not installed.
    """
    decisions = _or_none("actor_decisions", actor_decisions)
    names, related = statements(
        actors, _or_none("actor_relations", actor_relations), reports, decisions
    )
    # An older version of a record is no second voice beside the newer one.
    current = newest(reports)
    weighed, heard, linked = _group(reports, current, actors, decided)
    matches, held = _find_identities(current, actors, related, decisions)
    events = weighed["incidents"] = unite(weighed["incidents"], held)
    told = statements_of(current, heard, supports, states, names=names)
    tags = tag(current, heard, told)
    tables = {
        "reports": unite(current, held),
        "actors": actors,
        "claims": _or_none("claims", claims),
        "incidents": events,
        "incident_reports": heard,
        "corrections": _or_none("corrections", corrections),
        "actor_names": names,
        "actor_links": related,
    }
    attributions, doubtful = _attribute(tables, tags, weighed["source_reliability"], current)
    ties = find_ties(
        events, actors, names, related, supports=_or_none("supports", supports),
        told_ties=_or_none("told_ties", told_ties), doubtful=doubtful,
    )  # fmt: skip
    adopted = ledger(
        events,
        _rename_users(told, events, held),
        actors,
        attributions=attributions,
        doubtful=doubtful,
        ties=ties["ties"],
        decisions=unite_ids(_or_none("technology_decisions", technology_decisions), held),
        worded=_ids_with_words(current, heard),
    )
    conflicts = ledger_conflicts(
        _or_none("told_adoptions", told_adoptions),
        adopted["adoption"],
        standing(names),
        events["date_start"],
        supports=supports,
    )
    return {
        **weighed,
        "incident_series": incident_series(events, reports),
        **linked,
        "technology_statements": told,
        "technology_tags": tags,
        "actor_names": names,
        "actor_links": related,
        "actor_matches": matches,
        "attributions": attributions,
        "suspects": list_suspects(doubtful),
        **ties,
        **adopted,
        "ledger_conflicts": conflicts,
    }


def _group(
    reports: pl.DataFrame,
    current: pl.DataFrame,
    actors: pl.DataFrame,
    decided: pl.DataFrame | None,
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, dict[str, pl.DataFrame]]:
    """What reports say together of incidents, which current reports those are, and the links."""
    grouped, links, why, noted, pairs = group_reports(reports, actors, decided)
    heard = links.join(
        current.select("report_id"), on="report_id", how="semi", maintain_order="left"
    )
    weighed = fuse(grouped, heard, current)
    weighed["incidents"] = mark_totals(weighed["incidents"], heard, current)
    linked = {
        "incident_reports": links,
        "links": why,
        "linkage_notes": noted,
        "retold_pairs": pairs,
    }
    return weighed, heard, linked


def _attribute(
    tables: Mapping[str, pl.DataFrame],
    tags: pl.DataFrame,
    reliability: pl.DataFrame,
    reports: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who may have done what nobody is said to have done, and which sides are only suspected."""
    judged = shares(reliability, reports, "actor")
    suspects = find_suspects(tables)
    found = attribute(tables, by_incident(tags), reliability=judged, suspects=suspects)
    return found, suspects.weigh(found)


def _find_identities(
    reports: pl.DataFrame, actors: pl.DataFrame, links: pl.DataFrame, decisions: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Which names mean one organisation, and under which name each is held."""
    sides = armed_sides(reports.rename({"report_id": "incident_id"}), actors)
    matches = match_names(sides, reports, decisions)
    return matches, held_names(sides, reports, matches, links)


def _rename_users(told: pl.DataFrame, incidents: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Statements whose words name an organisation, by the name under which it is held."""
    to = held.select(pl.col("name").alias("by_name"), "gwno", "held_as").unique(["by_name", "gwno"])
    where = incidents.select("incident_id", "gwno")
    named = told.join(where, on="incident_id", how="left", maintain_order="left").join(
        to, on=["by_name", "gwno"], how="left", maintain_order="left"
    )
    return named.with_columns(pl.coalesce("held_as", "by_name").alias("by_name")).select(
        told.columns
    )


def _ids_with_words(reports: pl.DataFrame, heard: pl.DataFrame) -> pl.Series:
    """Ids of the incidents of which any report has words."""
    texts = (pl.col(name).fill_null("").str.strip_chars() for name in ("headline", "notes"))
    said = reports.filter(pl.any_horizontal(text != "" for text in texts)).select("report_id")
    return heard.join(said, on="report_id", how="semi")["incident_id"].unique().sort()


def _or_none(table: str, frame: pl.DataFrame | None) -> pl.DataFrame:
    return empty(TABLES[table]) if frame is None else frame


def _assess(tables: Tables, given: Given) -> Tables:
    return assess(
        tables["reports"],
        tables["actors"],
        actor_relations=tables["actor_relations"],
        actor_decisions=tables["actor_decisions"],
        claims=tables["claims"],
        supports=tables["supports"],
        told_ties=tables["told_ties"],
        told_adoptions=tables["told_adoptions"],
        technology_decisions=tables["technology_decisions"],
        corrections=tables["corrections"],
        states=read_states(given.files[STATES_FILE]),
        decided=read_decided(given.files[DECIDED_FILE]),
    )


STEP = Step(
    name="assess",
    room="assess",
    function=_assess,
    reads=(
        "reports",
        "claims",
        "actors",
        "actor_relations",
        "actor_decisions",
        "supports",
        "told_ties",
        "told_adoptions",
        "technology_decisions",
        "corrections",
    ),
    needs=("reports",),
    writes=STAGE_TABLES["assess"],
    files=(
        SideFile(STATES_FILE, SHIPPED, read_states),
        SideFile(DECIDED_FILE, NO_DECISIONS, read_decided),
    ),
    # Comparisons of other packages are used only where `tocsin link` names them, and here nothing
    # does.
    cached=True,
)
