"""Explain: what is known of one incident, or of an organisation's technology, and why.

A section is a function from the stage's tables and an incident's id to lines of text; an empty
list where it has nothing to say. To explain a further part, add its function to `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from tocsin.assess.actors.identities import other_names
from tocsin.assess.actors.names import name_in
from tocsin.assess.attribution import words
from tocsin.assess.technology import reasons
from tocsin.base.display.quantity import quantity
from tocsin.base.moved import old_parameters
from tocsin.errors import UsageError
from tocsin.schema.tables.assessed.adoption import (
    NOBODY_NAMED,
    RESTS,
    UNNAMED_IS_WEIGHED,
    say_mention,
    say_own,
)

Tables = Mapping[str, pl.DataFrame]
Section = Callable[[Tables, str], list[str]]

READS = (
    "incidents", "incident_reports", "links", "attributions", "corrections",
    "technology_statements", "adoption", "adoption_reasons", "actor_matches",
)  # fmt: skip
"""The tables that the sections read."""


@old_parameters(incident_id="what")
def explain(tables: Tables, what: str) -> list[str]:
    """Say in words what the stage knows of one incident, or of what an organisation has.

    Args:
        tables: at least those in `READS`.
        what: an incident's id, or the id or name of an organisation of the adoption ledger.

    Returns:
        Lines to print.

    Raises:
        UsageError: there is no such incident, and no such organisation in the ledger.
    """
    if tables["incidents"].filter(pl.col("incident_id") == what).height:
        return [line for section in SECTIONS for line in section(tables, what)]
    lines = holdings(tables, what)
    if not lines:
        raise UsageError(
            f"There is no incident '{what}', and no organisation of that name in the ledger.",
            remedy="Ids are in the table `incidents`, and begin with 'i-'; names in `adoption`.",
        )
    return lines


_NO_ORGANISATION = {
    "community": " (a people, a clan or a crowd, and no organisation)",
    "collective": " (several groups that are not told apart)",
}
"""What stands behind the name of an entry that is of no organisation."""


def holdings(tables: Tables, actor: str) -> list[str]:
    """Say which technology classes an organisation may have, and what speaks for and against.

    Args:
        tables: the tables of `assess`, by name.
        actor: the organisation's id or name.

    Returns:
        Lines to print, none if it is not in the ledger.
    """
    matches = tables["actor_matches"]
    every = pl.concat([matches["actor"], matches["related"]]).unique()
    meant = {one for one in every if one.casefold() == actor.casefold()} | {actor}
    called = {one.casefold() for one in other_names(matches, meant)}
    ledger = tables["adoption"]
    # A description stands with its territory: 'bandits' asks after those of each.
    called |= {name_in(one, gwno).casefold() for one in meant for gwno in ledger["gwno"].unique()}
    mine = ledger.filter(
        (pl.col("actor_id") == actor) | pl.col("actor").str.to_lowercase().is_in(sorted(called))
    )
    lines: list[str] = []
    mine = mine.with_columns(RESTS.alias("rests"))
    for row in mine.sort("actor_id", "technology", "gwno").to_dicts():
        since = row["first_low"], row["first_high"]
        span = f"{since[0]}" if since[0] == since[1] else f"between {since[0]} and {since[1]}"
        onset = f" if so, since {span} (90%);" if since[0] else ""
        joint = " (a joint side)" if row["coalition"] else _NO_ORGANISATION.get(row["kind"], "")
        lines.append(
            f"{row['actor']}{joint}, {row['technology']}, {row['territory']}: has it with "
            f"probability {row['confidence']:.2f};{onset} "
            f"{row['n_incidents']} "
            f"{'incident mentions' if row['n_incidents'] == 1 else 'incidents mention'} the class"
            f"{_rests_on(row)}"
        )
        why = tables["adoption_reasons"].filter(
            (pl.col("actor_id") == row["actor_id"]) & (pl.col("technology") == row["technology"])
        )
        lines += reasons.words(why) or ["    no mention speaks for or against it"]
    unnamed = any(NOBODY_NAMED in line for line in lines)
    return [*lines, *([UNNAMED_IS_WEIGHED] if unnamed else [])]


def _rests_on(row: Mapping[str, Any]) -> str:
    """On how many incidents an entry rests, behind a sign where that is told."""
    said = f"it {row['rests']}" if row["rests"] else say_own(row["n_own"])
    return f"; {said}" if said else ""


def technology(tables: Tables, incident_id: str) -> list[str]:
    """Say what the reports of an incident say of technology, and who used it.

    Args:
        tables: the tables of `observe` and `assess`, by name.
        incident_id: the incident.

    Returns:
        Lines to print.
    """
    told = tables["technology_statements"].filter(pl.col("incident_id") == incident_id)
    lines = []
    for row in told.sort("technology", "report_id", "field", "part").to_dicts():
        by = f"{row['by']} ({row['by_name']})" if row["by_name"] else row["by"]
        words = say_mention(row["said"], by)
        lines.append(f"  {row['technology']}: {words}: '{row['evidence']}' (in {row['report_id']})")
        lines.append(
            f"    used with probability {row['use']:.2f}; if so, by side a {row['user_a']:.2f}, "
            f"side b {row['user_b']:.2f}, another {row['user_third']:.2f}; of this incident "
            f"{row['this_event']:.2f}"
        )
    return ["Technology", *lines] if lines else []


def what(tables: Tables, incident_id: str) -> list[str]:
    """Say on one line where and when an incident happened, and what it was.

    Args:
        tables: the tables of `observe` and `assess`, by name.
        incident_id: the incident.

    Returns:
        Lines to print.
    """
    row = tables["incidents"].filter(pl.col("incident_id") == incident_id).to_dicts()[0]
    place = ", ".join(str(row[name]) for name in ("place", "adm1", "territory") if row[name])
    sides = " and ".join(row[name] or "nobody named" for name in ("actor_a", "actor_b"))
    return [
        f"{incident_id}: {row['date_start']} to {row['date_end']}, {place}",
        f"  {row['event_type']}: {sides}; {quantity(row['n_reports'], 'report')}",
    ]


def attribution(tables: Tables, incident_id: str) -> list[str]:
    """Say who may have done an incident, by the evidence and with the claims.

    Args:
        tables: the tables of `observe` and `assess`, by name.
        incident_id: the incident.

    Returns:
        Lines to print.
    """
    return words.explain(tables["attributions"], incident_id)


def linkage(tables: Tables, incident_id: str) -> list[str]:
    """Say step by step why the reports of an incident are taken for one event.

    Args:
        tables: the tables of `observe` and `assess`, by name.
        incident_id: the incident.

    Returns:
        Lines to print.
    """
    mine = tables["incident_reports"].filter(pl.col("incident_id") == incident_id)
    reports = mine["report_id"].to_list()
    links = tables["links"].filter(
        pl.col("report_a").is_in(reports) | pl.col("report_b").is_in(reports)
    )
    lines = []
    for (one, two), steps in links.group_by("report_a", "report_b", maintain_order=True):
        probability = steps["probability"][0]
        lines.append(f"  {one} and {two}: one event with probability {probability:.2f}")
        lines += [
            f"    {row['comparison']:<14}{row['level']:<40}{row['bits']:+6.1f} bits"
            f" -> {row['total']:+6.1f}"
            for row in steps.sort("step").to_dicts()
        ]
    return ["Linked reports", *lines] if lines else []


def corrections(tables: Tables, incident_id: str) -> list[str]:
    """Say what was doubtful in the reports of an incident: what stood there, and what is kept.

    Args:
        tables: the tables of `observe` and `assess`, by name.
        incident_id: the incident.

    Returns:
        Lines to print.
    """
    mine = tables["incident_reports"].filter(pl.col("incident_id") == incident_id)["report_id"]
    known = tables.get("corrections")
    if known is None:
        return []
    doubtful = known.filter(pl.col("report_id").is_in(mine.to_list()))
    lines = []
    for row in doubtful.sort("report_id", "column", "rule").to_dicts():
        stood = row["original"] or "nothing"
        kept = "left out" if row["value"] is None else f"read as {row['value']}"
        where = f"{row['source_file']}, line {row['line'] or row['source_row']}"
        lines.append(f"  {row['report_id']} ({where}): {row['reason']}")
        lines.append(f"    {row['heading']}: {stood}, {kept}")
    return ["Doubtful, and kept", *lines] if lines else []


SECTIONS: tuple[Section, ...] = (what, linkage, attribution, technology, corrections)
"""In the order in which they are read out."""
