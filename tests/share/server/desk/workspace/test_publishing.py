"""What is published, how it is marked, and that publishing again changes nothing."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
from sqlalchemy import insert

from share.server.conftest import Site
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.audiences import number_of
from tocsin.share.server.database.tables import collections
from tocsin.share.server.desk.workspace.publishing import Published, publish

GREEN = Marking("GREEN", "Health")
ORIGIN = date(2022, 12, 1)


def tables(level: str = "warning", digest: str = "a" * 64) -> dict[str, pl.DataFrame]:
    alert = {"rule": "serious", "origin": ORIGIN, "since": date(2022, 11, 1)}
    month = {"gwno": 432, "territory": "Mali", "target": "state-based", "origin": ORIGIN,
             "model": "m", "month": date(2023, 1, 1), "mean": 3.0, "p05": 0.0, "p25": 0.0,
             "p50": 1.0, "p75": 4.0, "p95": 12.0, "p_any": 0.6, "p_25": 0.02}  # fmt: skip
    return {
        "alerts": pl.DataFrame([
            alert | {"territory": "Mali", "gwno": 432, "level": level, "probability": 0.62},
            alert | {"territory": "Chad", "gwno": 483, "level": "quiet", "probability": 0.01},
        ]),
        "alert_rules": pl.DataFrame([{"rule": "serious", "within": 3, "sentence": "at least 25"}]),
        "alert_record": pl.DataFrame([{"rule": "serious", "window": "all", "hits": 20, "misses": 3,
                                       "false_alarms": 5, "n": 900, "events": 23}]),
        "forecasts": pl.DataFrame([month]),
        "track_record": pl.DataFrame([{"model": "m", "window": "all", "horizon": 0, "n": 100,
                                       "region": "all", "crps": 2.5, "coverage": 0.9}]),
        "files": pl.DataFrame({"sha256": [digest]}),
    }  # fmt: skip


def put(site: Site, **more: str) -> Published:
    return publish(site.database, tables(**more), {"region": "Sahel"}, GREEN, gwnos=[432, 483])


def shown(site: Site, name: str) -> list[dict[str, object]]:
    return list(site.client(name).get("/api/objects").json()["objects"])


def test_results_become_objects_with_their_record_and_limits(site: Site) -> None:
    site.account("Ben", "Interior")
    done = put(site)
    assert done.written == {"warning": 1, "forecast": 1, "brief": 1}
    warning = next(one for one in shown(site, "Ben") if one["type"] == "warning")
    assert warning["jurisdiction"] == "MLI"
    told = json.loads(json.dumps(warning["payload"]))
    assert told["months"] == {"first": "2023-01", "last": "2023-03"}
    # As all other forms of the alert say it: the last day of the data, not the first of a month.
    assert (told["since"], told["data_to"]) == ("2022-11-01", "2022-12-31")
    assert told["record"]["hits"] == 20
    assert "statistical estimate" in told["limits"]


def test_publishing_again_changes_nothing_and_an_end_is_said(site: Site) -> None:
    site.account("Ben", "Interior")
    put(site)
    before = shown(site, "Ben")
    assert put(site).written == {}
    assert shown(site, "Ben") == before
    assert put(site, level="quiet").written == {"warning": 1}
    warning = next(one for one in shown(site, "Ben") if one["type"] == "warning")
    assert warning["payload"]["level"] == "none"  # type: ignore[index]
    assert put(site, level="quiet").written == {}
    assert put(site).written == {"warning": 1}


def test_what_is_made_of_collected_reports_carries_their_marking(site: Site) -> None:
    site.account("Ben", "Interior")
    secret = Audience.of(Marking("AMBER", "Health", groups=frozenset({"border"})))
    with site.database.writing() as connection:
        number = number_of(connection, secret)
        connection.execute(insert(collections).values(sha256="b" * 64, audience=number, made=1))
    done = put(site, digest="b" * 64)
    assert done.audience is not None
    assert done.audience.is_no_laxer_than(secret)
    assert shown(site, "Ben") == []
    # Publishing later without these reports does not loosen what was published with them.
    put(site, level="advisory")
    assert shown(site, "Ben") == []


def test_what_was_prepared_for_a_rule_goes_with_its_warning(site: Site) -> None:
    site.account("Ben", "Interior")
    put(site)
    told = {"alert_rules": tables()["alert_rules"].with_columns(action=pl.lit("Open the shelters"))}
    done = publish(site.database, tables() | told, {}, GREEN, gwnos=[432, 483])
    assert done.written == {"warning": 1}
    warning = next(one for one in shown(site, "Ben") if one["type"] == "warning")
    assert warning["payload"]["prepared"] == "Open the shelters"  # type: ignore[index]
