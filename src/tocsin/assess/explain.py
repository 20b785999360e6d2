"""Explain: what is known of one incident and why, a section for each part of the stage.

A section is a function from the stage's tables and an incident's id to lines of text; an empty
list where it has nothing to say. To explain a further part, add its function to `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from tocsin.assess.attribution import words
from tocsin.errors import UsageError

Tables = Mapping[str, pl.DataFrame]
Section = Callable[[Tables, str], list[str]]

READS = ("incidents", "incident_reports", "links", "attributions", "corrections")
"""The tables that the sections read."""


def explain(tables: Tables, incident_id: str) -> list[str]:
    """Say in words everything that the stage knows of one incident.

    Args:
        tables: at least those in `READS`.
        incident_id: as in the table `incidents`.

    Returns:
        Lines to print.

    Raises:
        UsageError: there is no such incident.
    """
    if tables["incidents"].filter(pl.col("incident_id") == incident_id).is_empty():
        raise UsageError(
            f"There is no incident '{incident_id}'.",
            remedy="Ids are in the table `incidents`; they begin with 'i-'.",
        )
    found: list[str] = []
    for section in SECTIONS:
        found += section(tables, incident_id)
    return found


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
        f"  {row['event_type']}: {sides}; {row['n_reports']} reports",
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


SECTIONS: tuple[Section, ...] = (what, linkage, attribution, corrections)
"""In the order in which they are read out."""
