"""Which side is in question, and when reports contradict each other."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.assess.attribution.conftest import report, tables

from tocsin.assess.actors.sides import armed_sides, contested_sides, questioned_sides
from tocsin.schema import TABLES, empty

NO_ACTORS = empty(TABLES["actors"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "a", "b", "side", "actor"),
    [
        ("one-sided", "Hill Group", "Civilians", "a", "Hill Group"),
        ("one-sided", "Government of Syria", "Civilians", "a", "Government of Syria"),
        ("one-sided", "Unidentified armed group", "Civilians", "a", None),
        ("state-based", "Government of Syria", "Hill Group", "b", "Hill Group"),
        ("state-based", "Hill Group", "Military Forces of Syria (2000-2024)", "a", "Hill Group"),
        ("state-based", "Government of Syria", None, "b", None),
        # The side that is not named is the state's, and who fought it is known.
        ("state-based", "Hill Group", None, "a", "Hill Group"),
        ("state-based", "unknown", "Hill Group", "b", "Hill Group"),
        ("non-state", "Hill Group", "unknown", "b", None),
        ("state-based", "Police nationale", "Hill Group", "b", "Hill Group"),
        ("other", "Hill Group", "Population civile", "a", "Hill Group"),
        ("non-state", None, "Hill Group", "a", None),
        ("other", "Unknown", None, "a", None),
    ],
)
def test_the_side_in_question(
    kind: str, a: str | None, b: str | None, side: str, actor: str | None
) -> None:
    events = tables([report(0, 0, event_type=kind, actor_a=a, actor_b=b)])["incidents"]
    found = questioned_sides(events, armed_sides(events, NO_ACTORS)).to_dicts()
    assert [(row["side"], row["actor"]) for row in found] == [(side, actor)]


def test_two_states_ask_after_nobody() -> None:
    both = {"actor_a": "Government of Syria", "actor_b": "Government of Israel"}
    events = tables([report(0, 0, event_type="state-based", **both)])["incidents"]
    assert questioned_sides(events, armed_sides(events, NO_ACTORS)).is_empty()


@pytest.mark.parametrize("kind", ["other", "non-state"])
@pytest.mark.parametrize("state", ["Armée", "Government of Syria"])
def test_what_a_state_did_alone_is_no_open_question(kind: str, state: str) -> None:
    one = {"incident_id": "1", "event_type": kind, "actor_a": state, "actor_b": None}
    events = pl.DataFrame(
        one | {"actor_a_id": None, "actor_b_id": None},
        schema_overrides=dict.fromkeys(("actor_a_id", "actor_b_id", "actor_b"), pl.String),
    )
    assert questioned_sides(events, armed_sides(events, NO_ACTORS)).is_empty()
    unknown = events.with_columns(actor_a=pl.lit(None, pl.String), actor_b=pl.lit(state))
    asked = questioned_sides(unknown, armed_sides(unknown, NO_ACTORS))
    assert asked["side"].to_list() == ["a"]


def _two(a: dict[str, Any], b: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
    reports = tables([report(0, 0, **a), report(2, 0, source="Other 1", **b)])["reports"]
    links = pl.DataFrame({"incident_id": ["i-1", "i-1"], "report_id": ["r-0", "r-2"]})
    return reports, links


@pytest.mark.slow
def test_reports_that_name_different_groups_are_contested() -> None:
    reports, links = _two({"actor_a": "Hill Group"}, {"actor_a": "River Group"})
    found = contested_sides(reports, links, NO_ACTORS)
    assert set(found["actor"]) == {"Hill Group", "River Group"}
    same = pl.DataFrame(
        {
            "actor_id": ["River Group", "River Group"],
            "organisation_id": ["Hill Group", "River Group"],
            "weight": [0.7, 0.3],
        }
    )
    assert contested_sides(reports, links, NO_ACTORS, same).is_empty()


@pytest.mark.slow
def test_a_report_that_names_nobody_contradicts_nobody() -> None:
    reports, links = _two({"actor_a": "Hill Group"}, {"actor_a": "Unknown"})
    assert contested_sides(reports, links, NO_ACTORS).is_empty()


@pytest.mark.parametrize("kind", ["state-based", "other", "non-state", "one-sided"])
@pytest.mark.parametrize("group", ["Hill Group", "Police nationale"])
def test_a_group_that_met_civilians_is_no_open_question(kind: str, group: str) -> None:
    events = pl.DataFrame(
        {
            "incident_id": ["1", "2"], "event_type": [kind] * 2,
            "actor_a_id": [None, None], "actor_b_id": [None, None],
            "actor_a": [group, "Civis" if kind != "one-sided" else group],
            "actor_b": ["População civil", group],
        },
        schema_overrides={"actor_a_id": pl.String, "actor_b_id": pl.String},
    )  # fmt: skip
    sides = armed_sides(events, empty(TABLES["actors"]))
    asked = questioned_sides(events, sides).sort("incident_id")
    assert asked["actor"].to_list() == [group, group]
