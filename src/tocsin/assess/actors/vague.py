"""Sides that the speaking report of an incident only describes, and another report names.

'Gunmen' in one report and 'JNIM' in another are one side, told less and more surely.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from tocsin.assess.actors.sides import armed_sides
from tocsin.schema.tables.observed.described import is_crowd, is_description

_SIDES = ("actor_a", "actor_b")
_NO_ACTORS = pl.DataFrame(schema={"actor_id": pl.String, "kind": pl.String})


def name_described_sides(incidents: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Take the name of another report for the side that an incident only describes.

    Of peoples ('herders') it cannot be said that they are the organisation that another report
    names. Where others name several organisations nothing is taken: those contradict each other
    (`sides.contested_sides`).

    Args:
        incidents: the table `incidents`.
        reports: the reports with their `incident_id`.

    Returns:
        The incidents in their order.
    """
    known = pl.concat([incidents[side] for side in _SIDES]).drop_nulls().unique().to_list()
    vague = [name for name in known if is_description(name) and not is_crowd(name)]
    one = pl.sum_horizontal(pl.col(side).is_in(vague).fill_null(False) for side in _SIDES) == 1
    asked = incidents.filter(one, pl.col("n_reports") > 1)
    if asked.is_empty():
        return incidents
    named = _names_of(reports.join(asked.select("incident_id"), on="incident_id", how="semi"))
    taken = [
        found for row in asked.to_dicts() if (found := _name_for(row, vague, named)) is not None
    ]
    schema = dict.fromkeys(("incident_id", "side", "name", "name_id"), pl.String)
    new = pl.DataFrame(taken, schema=schema, orient="row")
    told = incidents.join(new, on="incident_id", how="left", maintain_order="left")
    changed = {
        column: pl.when(pl.col("side") == side).then(pl.col(kind)).otherwise(pl.col(column))
        for side in "ab"
        for column, kind in ((f"actor_{side}", "name"), (f"actor_{side}_id", "name_id"))
    }
    return told.with_columns(**changed).select(incidents.columns)


def _names_of(reports: pl.DataFrame) -> dict[str, dict[str, str]]:
    """The organisations that any report of an incident names: their ids and names."""
    sides = armed_sides(reports, _NO_ACTORS).filter(~pl.col("government"))
    found: dict[str, dict[str, str]] = {}
    for incident, who, name in sides.select("incident_id", "actor_id", "actor").iter_rows():
        if not is_description(name):
            found.setdefault(incident, {})[who] = name
    return found


def _name_for(
    row: dict[str, Any], vague: list[str], named: dict[str, dict[str, str]]
) -> tuple[str, str, str, str | None] | None:
    """The incident, its side, and the one name and id that may stand there."""
    side, other = ("a", "actor_b") if row["actor_a"] in vague else ("b", "actor_a")
    found = [
        (who, name) for who, name in named.get(row["incident_id"], {}).items() if name != row[other]
    ]
    if len(found) != 1:
        return None
    who, name = found[0]
    return row["incident_id"], side, name, None if who == name else who
