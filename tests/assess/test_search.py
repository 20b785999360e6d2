"""Incidents are found by what they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

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
    names = ("incidents", "technology_tags", "actor_matches", "attributions")
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
    rows = [
        ("i-1", "a", "JNIM", "suspected", 0.7),
        ("i-1", "a", "Other Front", "suspected", 0.2),
        ("i-2", "b", "Séléka", "contested", 0.6),
    ]
    told = pl.DataFrame(
        rows, schema=["incident_id", "side", "actor", "why", "probability"], orient="row"
    )
    asked = pl.concat([tables["attributions"], told], how="diagonal_relaxed")
    found = find_incidents(tables | {"attributions": asked}).sort("incident_id")
    assert found["suspected_a"].to_list() == [0.7, None, None]
    assert found["suspected_b"].to_list() == [None, None, None]
