"""What is published comes out by TAXII, by versions, and goes no further than its inputs."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from sqlalchemy import select

from share.server.conftest import Hands, Site
from share.stix.test_write import tables
from tocsin.schema.settings import Settings
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import NOBODY
from tocsin.share.server.database.connection import micros
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.desk.workspace.collecting import collect
from tocsin.share.server.taxii.finding import Wanted, find
from tocsin.share.server.taxii.publishing import publish_stix
from tocsin.share.stix import check
from tocsin.share.stix.write import Producer, write

SETTINGS = Settings.model_validate({"region": {"name": "L", "territories": {"L": [652, 645]}}})
GREEN = Audience.of(Marking("GREEN", "Health"))


def told(site: Site, name: str, after: int = 0) -> list[dict[str, Any]]:
    who = site.account(name).reader if name else NOBODY
    with site.database.reading() as connection:
        rows, _ = find(site.database, connection, who, Wanted(after))
    return [json.loads(row.payload) for row in rows]


@pytest.mark.slow
def test_it_is_published_once_and_changes_by_versions(site: Site, hands: Hands) -> None:
    first = publish_stix(site.database, tables(), SETTINGS, "Health", GREEN)
    found = told(site, "Ama")
    assert first == len(found) > 5
    assert check({"o": json.dumps({"objects": found}).encode()})[0].valid
    hands.move(days=1)
    assert publish_stix(site.database, tables(), SETTINGS, "Health", GREEN) == 0
    place = micros(hands.now)
    assert publish_stix(site.database, tables(probability=0.5), SETTINGS, "Health", GREEN) == 1
    assert [one["type"] for one in told(site, "Ama", place - 1)] == ["report"]
    assert publish_stix(site.database, tables("quiet"), SETTINGS, "Health", GREEN) == 1
    (ended,) = (one for one in told(site, "Ama") if one["type"] == "report")
    assert ended["revoked"] is True


def test_it_goes_no_further_than_what_marks_it(site: Site) -> None:
    strict = Audience.of(Marking("GREEN", "Health"), Marking("AMBER+STRICT", "Interior"))
    publish_stix(site.database, tables(), SETTINGS, "Health", strict)
    assert [one["type"] for one in told(site, "")] == ["marking-definition"]
    assert [one["type"] for one in told(site, "Ama")] == ["marking-definition"]
    marked = strict.level
    assert marked == "AMBER+STRICT"


def test_a_report_that_is_marked_later_marks_what_was_computed_of_it(site: Site) -> None:
    site.account("Ben", "Interior")
    answers = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}
    report = site.put("report--1", payload=json.dumps({"answers": answers}).encode())
    marking = Marking("GREEN", "Health")
    files = pl.DataFrame({"sha256": ["0" * 64, collect(site.database, marking).sha256]})
    publish_stix(site.database, tables() | {"files": files}, SETTINGS, "Health", GREEN)
    assert len(told(site, "Ben")) > 5
    site.account("Ama")
    body = {"markings": [{"level": "AMBER+STRICT"}], "reason": "a source is at risk"}
    answer = site.client("Ama").post(f"/api/objects/{report.id}/markings", json=body)
    assert answer.status_code == 200, answer.text
    assert [one["type"] for one in told(site, "Ben")] == ["marking-definition"]


def send(site: Site, objects: list[dict[str, Any]]) -> dict[str, Any]:
    """The organisation's own analyst sends objects by TAXII."""
    site.account("Ama")
    kind = "application/taxii+json;version=2.1"
    body = json.dumps({"objects": objects}).encode()
    root = "/taxii2/shared/collections/2c9b1d3e-8f0a-4c57-9e21-6d5a7b40c1f8/objects/"
    headers = {"content-type": kind, "accept": kind}
    answer = site.client("Ama").post(root, content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def test_ones_own_bundle_sent_by_taxii_before_is_the_same_objects(site: Site) -> None:
    settings = (tables(), SETTINGS, Producer("Health", "GREEN", site.database.clock()))
    own = json.loads(write(*settings))["objects"]
    assert send(site, own)["failure_count"] == 0
    before = told(site, "Ama")
    # Nothing is said anew, so no version is added.
    assert publish_stix(site.database, tables(), SETTINGS, "Health", GREEN) == 0
    after = told(site, "Ama")
    assert [one["id"] for one in after] == [one["id"] for one in before]
    assert len({one["id"] for one in after}) == len(after) == len(own)
    with site.database.reading() as connection:
        kept = connection.execute(select(kept_objects.c.id).where(kept_objects.c.newest)).all()
    assert len(kept) == len(own)


@pytest.mark.slow
def test_a_version_that_ones_own_people_sent_outlives_publishing(site: Site, hands: Hands) -> None:
    publish_stix(site.database, tables(), SETTINGS, "Health", GREEN)
    (warning,) = (one for one in told(site, "Ama") if one["type"] == "report")
    hands.move(hours=1)
    later = f"{hands.now:%Y-%m-%dT%H:%M:%S.000Z}"
    assert send(site, [warning | {"name": "Ours", "modified": later}])["failure_count"] == 0
    hands.move(hours=1)
    assert publish_stix(site.database, tables(), SETTINGS, "Health", GREEN) == 0
    assert [one["name"] for one in told(site, "Ama") if one["type"] == "report"] == ["Ours"]
    publish_stix(site.database, tables(probability=0.5), SETTINGS, "Health", GREEN)
    (anew,) = (one for one in told(site, "Ama") if one["type"] == "report")
    assert anew["name"] == "Ours"
    assert anew["description"] != warning["description"]
    assert anew["modified"] > later
    assert check({"o": json.dumps({"objects": told(site, "Ama")}).encode()})[0].valid
    assert publish_stix(site.database, tables("quiet"), SETTINGS, "Health", GREEN) > 0
    (ended,) = (one for one in told(site, "Ama") if one["type"] == "report")
    assert ended["revoked"] is True
