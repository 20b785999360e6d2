"""What is published comes out by TAXII, by versions, and goes no further than its inputs."""

from __future__ import annotations

import json
from typing import Any

from share.server.conftest import Hands, Site
from share.stix.test_write import tables
from tocsin.schema.settings import Settings
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import NOBODY
from tocsin.share.server.database.connection import micros
from tocsin.share.server.taxii.finding import Wanted, find
from tocsin.share.server.taxii.publishing import publish_stix
from tocsin.share.stix import check

SETTINGS = Settings.model_validate({"region": {"name": "L", "territories": {"L": [652, 645]}}})
GREEN = Audience.of(Marking("GREEN", "Health"))


def told(site: Site, name: str, after: int = 0) -> list[dict[str, Any]]:
    who = site.account(name).reader if name else NOBODY
    with site.database.reading() as connection:
        rows, _ = find(site.database, connection, who, Wanted(after))
    return [json.loads(row.payload) for row in rows]


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
