"""STIX that we write: valid to OASIS's validator, the same each time, changed by versions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.share.stix import Producer, check, write

MADE = datetime(2026, 11, 26, 8, tzinfo=UTC)
DAY, LATER = date(2026, 10, 1), date(2027, 1, 1)
ME = Producer("Early Warning Office", "GREEN", MADE)


def _frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    columns = empty(TABLES[name]).schema
    return pl.DataFrame([{key: row.get(key) for key in columns} for row in rows], columns)


def tables(level: str = "warning", probability: float = 0.4) -> dict[str, pl.DataFrame]:
    alert = {"rule": "onset", "territory": "Syria", "gwno": 652, "origin": DAY, "level": level,
             "probability": probability, "since": DAY}  # fmt: skip
    rule = {"rule": "onset", "sentence": "deaths begin", "kind": "onset", "within": 3}
    record = {"rule": "onset", "window": "all", "hits": 3, "misses": 1, "false_alarms": 2}
    forecast = {"territory": "Syria", "gwno": 652, "target": "deaths", "origin": DAY,
                "month": LATER, "horizon": 3, "model": "m", "mean": 4.0, "p05": 0.0, "p25": 1.0,
                "p50": 2.0, "p75": 6.0, "p95": 20.0, "p_any": 0.8, "p_25": 0.02}  # fmt: skip
    adopted = {"actor": "IS", "actor_id": "234", "technology": "uncrewed-aircraft",
               "territory": "Syria", "gwno": 652, "first_low": DAY, "first_median": DAY,
               "first_high": DAY, "confidence": 0.93}  # fmt: skip
    others = [
        {"actor_id": "1", "actor": "Government of Syria", "confidence": 0.99},
        {"actor_id": "2", "actor": "al-Nasser clan", "confidence": 0.99},
        {"actor_id": "3", "actor": "Perhaps", "confidence": 0.4},
        {"territory": "Chad", "gwno": 483, "actor_id": "4", "actor": "Elsewhere"},
        {"actor_id": "5", "actor": "IS, SDF", "coalition": "IS, SDF"},
        {"territory": "Iraq", "gwno": 645},
    ]
    actors = [
        {"actor_id": "1", "name": "Government of Syria", "kind": "state", "gwnos": "652"},
        {"actor_id": "234", "name": "IS", "kind": "non-state formal", "gwnos": "652"},
    ]
    return {
        "alerts": _frame("alerts", alert),
        "alert_rules": _frame("alert_rules", rule),
        "alert_record": _frame("alert_record", record),
        "forecasts": _frame("forecasts", forecast),
        "adoption": _frame("adoption", adopted, *(adopted | one for one in others)),
        "actors": _frame("actors", *actors),
    }


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate(
        {"region": {"name": "Levant", "territories": {"Levant": [652, 645]}}}
    )


def objects(bundle: bytes) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(bundle)["objects"]}


@pytest.mark.parametrize("level", ["CLEAR", "AMBER+STRICT", "RED"])
def test_it_is_valid_and_carries_the_published_marking(settings: Settings, level: str) -> None:
    bundle = write(tables(), settings, Producer("Office", level, MADE))
    (told,) = check({"b.json": bundle})
    assert told.valid
    assert [one for one in told.findings if one.severity != "note"] == []
    marked = {ref for one in objects(bundle).values() for ref in one.get("object_marking_refs", ())}
    assert len(marked) == 1
    assert marked <= set(objects(bundle))


def test_what_is_said_and_what_is_not(settings: Settings) -> None:
    made = objects(write(tables(), settings, ME)).values()
    kinds = sorted(one["type"] for one in made)
    assert kinds == [
        "attack-pattern", "identity", "location", "location", "marking-definition", "note",
        "relationship", "relationship", "relationship", "report", "threat-actor",
    ]  # fmt: skip
    names = {one.get("name") for one in made}
    assert {"IS", "Uncrewed aircraft", "Syria"} <= names
    assert not names & {"Government of Syria", "al-Nasser clan", "Perhaps", "Elsewhere", "IS, SDF"}
    (report,) = (one for one in made if one["type"] == "report")
    assert "hits 3, misses 1, false alarms 2" in report["description"]
    assert "level:warning" in report["labels"]
    (note,) = (one for one in made if one["type"] == "note")
    assert "median 2, 90% interval 0 to 20" in note["content"]
    (uses,) = (one for one in made if one.get("relationship_type") == "uses")
    assert uses["confidence"] == 93


def test_the_same_gives_the_same_and_a_change_a_version(settings: Settings) -> None:
    first = write(tables(), settings, ME)
    assert write(tables(), settings, ME) == first
    later = Producer(ME.name, ME.level, datetime(2026, 12, 1, tzinfo=UTC))
    assert write(tables(), settings, later, before=first) == first
    changed = objects(write(tables(probability=0.5), settings, later, before=first))
    moved = [
        one
        for id, one in changed.items()
        if one.get("modified") != objects(first)[id].get("modified")
    ]
    assert [one["type"] for one in moved] == ["report"]
    assert moved[0]["created"] == "2026-11-26T08:00:00.000Z"
    assert moved[0]["modified"] == "2026-12-01T00:00:00.000Z"


def test_what_no_longer_stands_is_revoked_once(settings: Settings) -> None:
    first = write(tables(), settings, ME)
    later = Producer(ME.name, ME.level, datetime(2026, 12, 1, tzinfo=UTC))
    second = write(tables("quiet"), settings, later, before=first)
    (ended,) = (one for one in objects(second).values() if one.get("revoked"))
    assert ended["type"] == "report"
    assert check({"b.json": second})[0].valid
    last = Producer(ME.name, ME.level, datetime(2026, 12, 2, tzinfo=UTC))
    assert write(tables("quiet"), settings, last, before=second) == second


def test_an_empty_workspace_and_wrong_arguments(settings: Settings) -> None:
    bundle = write({}, settings, ME)
    assert [one["type"] for one in objects(bundle).values()] == ["marking-definition", "identity"]
    assert check({"b.json": bundle})[0].valid
    with pytest.raises(UsageError, match="no marking"):
        Producer("Office", "WHITE")
    with pytest.raises(UsageError, match="no name"):
        Producer(" ")
    with pytest.raises(UsageError, match="cannot be read"):
        write({}, settings, ME, before=b"{}")


@pytest.mark.parametrize(
    ("own", "named", "said"),
    [
        (2, 0, "public reports."),
        (1, 1, "public reports. It rests on one report."),
        (1, 0, "report, which can be read as its use and does not name it."),
    ],
)
def test_what_rests_on_one_report_says_so(
    settings: Settings, own: int, named: int, said: str
) -> None:
    told = tables()
    told["adoption"] = told["adoption"].with_columns(n_own=pl.lit(own), n_named=pl.lit(named))
    found = objects(write(told, settings, Producer("Office", "CLEAR", MADE)))
    uses = [one for one in found.values() if one.get("relationship_type") == "uses"]
    assert uses
    assert all(one["description"].endswith(said) for one in uses)
