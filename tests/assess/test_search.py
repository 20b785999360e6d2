"""Incidents are found by what they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.assess.actors.test_suspects import doubt, world
from tests.assess.attribution.conftest import report

from tocsin.assess.actors.suspects import RIGHT, find_suspects, list_suspects
from tocsin.assess.search import COLUMNS, find_incidents
from tocsin.errors import UsageError
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

CLASS = str(next(iter(TECHNOLOGIES)))


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    """Three incidents; the second is tagged."""
    start = [date(2023, 1, 1), date(2023, 2, 1), date(2023, 3, 1)]
    rows = pl.DataFrame(
        {
            "incident_id": ["i-1", "i-2", "i-3"],
            "date_start": start,
            "date_end": [date(2023, 1, 5), *start[1:]],
            "territory": ["Mali", "Mali", "Niger"],
            "gwno": [432, 432, 436],
            "event_type": "battle",
            "actor_a": ["JNIM", None, "Government of Niger"],
            "actor_a_id": ["a-1", None, "a-2"],
            "actor_b": [None, "Séléka", None],
        }
    )
    names = ("incidents", "technology_tags", "actor_matches", "suspects")
    found = {name: empty(TABLES[name]) for name in names}
    found["incidents"] = pl.concat([found["incidents"], rows], how="diagonal_relaxed")
    match = pl.DataFrame({"actor": ["JNIM"], "related": ["Support Group"], "verdict": ["same"]})
    found["actor_matches"] = pl.concat([found["actor_matches"], match], how="diagonal_relaxed")
    tags = pl.DataFrame({"incident_id": ["i-2"], "technology": [CLASS]})
    found["technology_tags"] = pl.concat([found["technology_tags"], tags], how="diagonal_relaxed")
    return found


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, ["i-3", "i-2", "i-1"]),
        ({"territory": "MLI"}, ["i-2", "i-1"]),
        ({"actor": "jnim"}, ["i-1"]),
        ({"actor": "support group"}, ["i-1"]),
        ({"actor": "seleka"}, ["i-2"]),
        ({"actor": "a-2"}, ["i-3"]),
        ({"technology": CLASS}, ["i-2"]),
        ({"first": date(2023, 1, 4), "last": date(2023, 2, 1)}, ["i-2", "i-1"]),
    ],
)
def test_what_is_asked_is_found(
    tables: dict[str, pl.DataFrame], asked: dict[str, Any], ids: list[str]
) -> None:
    found = find_incidents(tables, **asked)
    assert found["incident_id"].to_list() == ids
    assert found.columns == list(COLUMNS)


def test_an_unknown_class_is_refused(tables: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(UsageError, match="There is no"):
        find_incidents(tables, technology="laser")


def test_a_side_that_is_only_suspected_is_told_with_its_probability(
    tables: dict[str, pl.DataFrame],
) -> None:
    suspects = pl.DataFrame(
        # Of a joint name the likelier member counts.
        [("i-1", "a", 0.7), ("i-3", "a", 0.2), ("i-3", "a", 0.4), ("i-2", "b", 0.6)],
        schema=["incident_id", "side", "probability"], orient="row",
    )  # fmt: skip
    found = find_incidents(tables | {"suspects": suspects}).sort("incident_id")
    assert found["suspected_a"].to_list() == [0.7, None, 0.4]
    assert found["suspected_b"].to_list() == [None, 0.6, None]
    plainly = find_incidents(tables)
    assert plainly["suspected_a"].null_count() == plainly.height
    assert plainly.schema == found.schema


def test_both_suspects_of_an_incident_and_a_suspected_state_are_found() -> None:
    one = report(0, 0, event_type="state-based", actor_b="Government of Syria")
    two = report(1, 1, event_type="non-state", actor_b="Shore Group")
    doubts = [doubt(one, "actor_b"), doubt(two), doubt(two, "actor_b")]
    made = world([one, two], doubts)
    nothing = ("actor_matches", "attributions", "technology_tags")
    made |= {name: empty(TABLES[name]) for name in nothing}
    made["suspects"] = list_suspects(find_suspects(made).weigh(made["attributions"]))
    assert set(made["suspects"]["actor"]) == {"Government of Syria", "River Group", "Shore Group"}
    found = find_incidents(made)
    sure = {kind: pair for kind, *pair in found.select("event_type", "^suspected_.$").iter_rows()}
    assert sure == {"state-based": [None, RIGHT], "non-state": [RIGHT, RIGHT]}
