"""Alerts in the brief: each beside its record, none without."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.share.charts.alerts import alert_charts
from tocsin.share.facts.alerts import alert_facts, kept_promises
from tocsin.workspace import road
from tocsin.workspace.store import Workspace

REGION = Settings().region.gwnos


@pytest.fixture(scope="module")
def tables(walked: Path) -> dict[str, pl.DataFrame]:
    with Workspace.open(walked) as workspace:
        return road.gather(workspace)


def test_a_level_is_shown_only_beside_a_record(tables: dict[str, pl.DataFrame]) -> None:
    found = alert_facts(tables, REGION)
    for rule in found["alerts"]:
        assert not rule["standing"] or rule["record"]["n"] >= 50
        assert rule["proven"] or not rule["standing"]
        assert all(row["gwno"] in REGION for row in rule["standing"])
        places = [ALERT_LEVELS.index(row["level"]) for row in rule["standing"]]
        assert places == sorted(places, reverse=True)
    drawn = {name for name, _title, _words, _chart in alert_charts(found)}
    assert drawn == {rule["chart"] for rule in found["alerts"] if rule["proven"]}


def test_the_page_says_what_has_no_record(walked: Path) -> None:
    page = (walked / "brief" / "index.html").read_text("utf-8")
    section = page.split('<section id="alerts">')[1].split("</section>")[0]
    said = json.loads((walked / "brief" / "brief.json").read_text("utf-8"))
    unproven = sum(not rule["proven"] for rule in said["alerts"])
    assert section.count("no record yet") == unproven
    assert "misses" in section
    assert "false alarms" in section
    assert {rule["rule"] for rule in said["alerts"]} >= {"serious violence", "onset"}
    assert said["stream"]["record"]


def test_what_has_stood_for_a_year_is_no_news(tables: dict[str, pl.DataFrame]) -> None:
    found = alert_facts(tables, REGION)
    rows = [row for rule in found["alerts"] for row in rule["standing"]]
    assert any(row["lasting"] for row in rows)
    origin = tables["alerts"]["origin"].max()
    for row in rows:
        months = (origin.year - row["since"].year) * 12 + origin.month - row["since"].month
        assert row["lasting"] is (months >= 12)
    for rule in found["alerts"]:
        for row in rule["standing"]:
            assert row["held"] is (row["raised"] and row["probability"] < rule["threshold"])


def test_how_often_a_strong_word_was_kept() -> None:
    bins = [
        {"n": 100, "forecast": 0.1, "frequency": 0.1},
        {"n": 40, "forecast": 0.85, "frequency": 0.75},
        {"n": 60, "forecast": 0.95, "frequency": 1.0},
    ]
    rule = {"proven": True, "kind": "deaths", "sentence": "at least 25 deaths within 3 months, …"}
    rule |= {"threshold": 0.5}
    kept = kept_promises([rule | {"bins": bins}], "at least 25 deaths within 3 months")
    assert kept == {
        "n": 100, "came": 90, "share": 0.9, "least": 0.8, "own": None, "lent": False,
        "raised_at": 0.5,
    }  # fmt: skip
    lent = rule | {"bins": bins, "of": "191 countries"}
    told = kept_promises([lent], "at least 25 deaths within 3 months")
    assert told is not None
    assert told["lent"] is True
    own = {"hits": 3, "misses": 1, "false_alarms": 2, "events": 4}
    told = kept_promises([rule | {"bins": bins, "own": own}], "at least 25 deaths within 3 months")
    assert told is not None
    assert told["own"] == own
    assert kept_promises([rule | {"bins": bins[:1]}], "at least 25 deaths within 3 months") is None
    assert kept_promises([rule | {"bins": bins}], "at least 100 deaths") is None


def test_without_alerts_nothing_is_said(tables: dict[str, pl.DataFrame]) -> None:
    none = {name: empty(TABLES[name]) for name in tables}
    found = alert_facts(none, REGION)
    assert found["alerts"] == []
    assert found["stream"] == {"record": [], "latest": []}
    assert alert_charts(found) == []


def test_a_rule_about_next_door_says_who_has_no_neighbour() -> None:
    rule = {
        "rule": "drones next door", "sentence": "…", "kind": "neighbour", "within": 12,
        "threshold": 0.5, "chosen_by": "", "proven": False, "action": None, "source": "s",
    }  # fmt: skip
    made = {name: empty(TABLES[name]) for name in (
        "alert_rules", "alert_record", "alerts", "alert_reliability", "alert_value",
        "anomaly_record", "anomalies", "calibration",
    )}  # fmt: skip
    for kind, alone in (("neighbour", ["Cuba"]), ("first-use", [])):
        rows = pl.DataFrame([rule | {"kind": kind}])
        [found] = alert_facts(made | {"alert_rules": rows}, [40, 41, 42])["alerts"]
        assert found["alone"] == alone
