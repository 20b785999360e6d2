"""A side that one report describes and another names is one side."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tocsin.assess.actors.sides import contested_sides
from tocsin.assess.actors.vague import name_described_sides
from tocsin.schema import TABLES, empty

SIDES = ("actor_a", "actor_a_id", "actor_b", "actor_b_id")
SCHEMA = dict.fromkeys(("incident_id", "event_type", *SIDES), pl.String)


def told(*reports: dict[str, Any]) -> dict[str, Any]:
    """What becomes of an incident of which the first report speaks."""
    rows = [{"incident_id": "i-1", "event_type": "non-state", **one} for one in reports]
    each = pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)
    each = each.with_columns(gwno=pl.lit(432, pl.Int64))
    incident = each.head(1).with_columns(n_reports=pl.lit(len(rows), pl.Int64))
    return name_described_sides(incident, each).row(0, named=True)


@pytest.mark.parametrize(
    ("speaker", "others", "name"),
    [
        ({"actor_a": "gunmen (Mali)", "actor_b": "Civilians"}, [{"actor_a": "JNIM"}], "JNIM"),
        ({"actor_a": "bandits"}, [{"actor_a": "Government of Mali", "actor_b": "JNIM"}], "JNIM"),
        ({"actor_a": "bandits"}, [{"actor_a": "hommes armés"}], "bandits"),
        ({"actor_a": "bandits"}, [{"actor_a": "JNIM"}, {"actor_a": "ISSP"}], "bandits"),
        ({"actor_a": "herders"}, [{"actor_a": "JNIM"}], "herders"),
        ({"actor_a": "JNIM"}, [{"actor_a": "bandits"}], "JNIM"),
        ({"actor_a": "bandits", "actor_b": "JNIM"}, [{"actor_a": "JNIM"}], "bandits"),
        ({"actor_a": "bandits"}, [{"actor_a": "Unidentified Armed Group (Mali)"}], "bandits"),
    ],
)
def test_a_name_is_taken_where_others_have_one(
    speaker: dict[str, str], others: list[dict[str, str]], name: str
) -> None:
    assert told(speaker, *others)["actor_a"] == name


def test_a_name_comes_with_its_id_and_other_incidents_stay() -> None:
    found = told({"actor_b": "militia"}, {"actor_a": "JNIM", "actor_a_id": "acled:JNIM"})
    assert (found["actor_b"], found["actor_b_id"]) == ("JNIM", "acled:JNIM")
    assert told({"actor_a": "bandits"})["actor_a"] == "bandits"


def test_a_description_contradicts_no_name() -> None:
    rows = [
        {"report_id": f"r-{at}", "source": f"s{at}", "event_type": "one-sided", "actor_a": name}
        for at, name in enumerate(("gunmen", "Hill Group", "River Group"))
    ]
    names = ("report_id", "source", "event_type", *SIDES)
    schema = dict.fromkeys(names, pl.String)
    reports = pl.DataFrame([{n: row.get(n) for n in names} for row in rows], schema=schema)
    links = pl.DataFrame({"report_id": ["r-0", "r-1"], "incident_id": ["i-1", "i-1"]})
    nobody = empty(TABLES["actors"])
    assert contested_sides(reports, links, nobody).is_empty()
    every = pl.DataFrame({"report_id": ["r-0", "r-1", "r-2"], "incident_id": ["i-1"] * 3})
    found = contested_sides(reports, every, nobody)
    assert found["actor"].to_list() == ["Hill Group", "River Group"]
