"""Over HTTP: a neighbour follows, proposes, and holds the log to its checkpoints."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from share.server.conftest import Hands, Site
from tocsin.errors import TocsinError
from tocsin.share.audit import check_proof
from tocsin.share.audit.checkpoint import read_checkpoint
from tocsin.share.audit.note import new_key, read_note, read_public_key
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.neighbours import keeping
from tocsin.share.server.neighbours.following import follow
from tocsin.share.server.running.logbook import keep_log

KEY = new_key("north")


@pytest.fixture
def partner(site: Site) -> TestClient:
    site.app.state.key = KEY
    site.account("south", "Interior", "partner")
    with site.database.writing() as connection:
        keeping.add(connection, "https://s.example", str(new_key("s").public), account="south")
    return site.client("south")


def test_a_neighbour_follows_over_http(
    site: Site, partner: TestClient, fresh: Path, tmp_path: Path, hands: Hands
) -> None:
    (tmp_path / "south").mkdir()
    shutil.copy(fresh, tmp_path / "south" / SQLITE_FILE)
    south = connect(tmp_path / "south", clock=hands)
    public = read_public_key(partner.get("/api/neighbours/key").json()["key"])
    keys = {"north": public}
    for n in range(3):
        site.put(f"warning--{n}", "GREEN", payload=b'{"n": %d}' % n)
    site.put("warning--9", "AMBER")
    assert follow(south, partner, "north", me="south", keys=keys).written == 3
    assert follow(south, partner, "north", me="south", keys=keys).written == 0
    site.put("warning--1", "RED")
    assert follow(south, partner, "north", me="south", keys=keys).withdrawn == 1
    with south.reading() as connection:
        one, nine = (objects.newest(connection, f"warning--{n}") for n in (1, 9))
    assert one is not None
    assert one.deleted
    assert nine is None
    with pytest.raises(TocsinError, match="does not answer as it should"):
        follow(south, site.client(), "north", me="south", keys=keys)
    south.close()


def test_the_feed_is_for_partners(site: Site, partner: TestClient) -> None:
    site.account("Ama")
    for path in ("/api/neighbours/feed", "/api/log/checkpoint", "/api/log/growth?first=1",
                 "/api/log/witnessed"):  # fmt: skip
        assert site.client("Ama").get(path).status_code == 403
        assert site.client().get(path).status_code == 401
    assert partner.get("/api/neighbours/feed?after=-1").status_code == 422


def test_how_much_is_logged_is_for_neighbours_and_operators_alone(
    site: Site, partner: TestClient
) -> None:
    """Whoever reads in a partner's office would count what is done to hidden objects."""
    keep_log(site.database, KEY)
    site.account("Pat", "Interior", "partner")
    site.account("Oma", role="administrator")
    paths = ("checkpoint", "growth?first=0", "witnessed", "coverage")
    for path in paths:
        asked = [one.get(f"/api/log/{path}") for one in (partner, site.client("Oma"))]
        assert {one.status_code for one in asked} <= {200, 404}, path
        refused = site.client("Pat").get(f"/api/log/{path}")
        assert refused.status_code == 403, path
        assert "neighbour" in refused.json()["detail"]
    assert site.client("Pat").get("/api/neighbours/feed").status_code == 200


def test_a_proposal_over_http(site: Site, partner: TestClient) -> None:
    site.put("warning--1", "GREEN", payload=b'{"a": 1}')
    told = {"payload": base64.b64encode(b'{"a": 2}').decode(), "reason": "a typo"}
    made = partner.post("/api/objects/warning--1/proposals", json=told)
    assert (made.status_code, made.json()["type"]) == (201, "proposal")
    assert partner.get("/api/objects/warning--1").json()["payload"] == {"a": 1}
    wrong = partner.post("/api/objects/warning--1/proposals", json=told | {"payload": "!"})
    assert wrong.status_code == 422
    assert partner.post("/api/objects/warning--2/proposals", json=told).status_code == 404


def test_a_partner_holds_the_log_to_its_checkpoints(site: Site, partner: TestClient) -> None:
    assert partner.get("/api/log/checkpoint").status_code == 404
    site.put("warning--1", "AMBER")
    site.account("Ama")
    site.client("Ama").get("/api/objects/warning--1")
    keep_log(site.database, KEY)
    held = read_checkpoint(read_note(partner.get("/api/log/checkpoint").text))
    assert held.size > 0
    for _ in range(3):
        site.client("Ama").get("/api/objects/warning--1")
    keep_log(site.database, KEY)
    proof = partner.get("/api/log/growth", params={"first": held.size}).json()
    why, shown = check_proof(proof, KEY.public, held)
    assert why == ""
    assert shown["second"] > held.size
