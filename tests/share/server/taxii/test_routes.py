"""TAXII: nothing skipped, nothing twice, original bytes, and the public client as a peer."""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from share.server.conftest import Hands, Site
from tocsin.schema.vocabulary.marking import TLP_2
from tocsin.share.server.access.reader import READ
from tocsin.share.server.database.outbound import taxii_statuses
from tocsin.share.server.taxii.asking import TAXII
from tocsin.share.server.taxii.routes import COLLECTION
from tocsin.share.stix.pull import pull

OBJECTS = f"/taxii2/shared/collections/{COLLECTION}/objects/"
MANIFEST = f"/taxii2/shared/collections/{COLLECTION}/manifest/"
ONE_TIME = "2026-01-01T00:00:00.000Z"
IDS = {level: f"marking-definition--{uuid}" for uuid, level in TLP_2.items()}


def indicator(n: int, level: str = "GREEN", modified: str = ONE_TIME) -> dict[str, Any]:
    return {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--{uuid.UUID(int=n, version=4)}", "created": ONE_TIME,
        "modified": modified, "pattern": "[a:b = 'c']", "pattern_type": "stix",
        "valid_from": ONE_TIME, "object_marking_refs": [IDS[level]],
    }  # fmt: skip


def send(client: TestClient, *some: Any, content: bytes | None = None) -> dict[str, Any]:
    body = content if content is not None else json.dumps({"objects": some}).encode()
    answer = client.post(OBJECTS, content=body, headers={"content-type": TAXII})
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def writer(site: Site) -> TestClient:
    site.account("Ama")
    return site.client("Ama")


def test_discovery_leads_to_the_collection(site: Site, writer: TestClient) -> None:
    found = writer.get("/taxii2/")
    assert found.headers["content-type"] == TAXII
    assert found.json()["api_roots"] == ["https://testserver/taxii2/shared/"]
    assert writer.get("/taxii2/shared/").json()["versions"] == [TAXII]
    (one,) = writer.get("/taxii2/shared/collections/").json()["collections"]
    assert (one["id"], one["can_write"]) == (COLLECTION, True)
    assert writer.get(f"/taxii2/shared/collections/{COLLECTION}/").json() == one
    site.account("Ben", "Elsewhere", "partner")
    (seen,) = site.client("Ben").get("/taxii2/shared/collections/").json()["collections"]
    assert seen["can_write"] is False


def test_objects_come_back_byte_for_byte(writer: TestClient) -> None:
    one = json.dumps(indicator(1)).replace(", ", " ,\n").replace("00.000Z", "00.000000Z")
    status = send(writer, content=b'{"objects":[ ' + one.encode() + b" ]}")
    assert (status["status"], status["success_count"]) == ("complete", 1)
    assert writer.get(f"/taxii2/shared/status/{status['id']}/").json() == status
    found = writer.get(OBJECTS)
    assert one.encode() in found.content
    assert found.json()["more"] is False
    id = indicator(1)["id"]
    assert writer.get(f"{OBJECTS}{id}/").json()["objects"] == [json.loads(one)]


def test_what_became_of_a_sending_outlives_the_process(
    site: Site, writer: TestClient, hands: Hands
) -> None:
    status = send(writer, indicator(1))
    path = f"/taxii2/shared/status/{status['id']}/"
    again = Site(site.database)
    headers = dict(writer.headers)
    for app in (site.app, again.app):
        client = TestClient(app, base_url="https://testserver", headers=headers)
        assert client.get(path).json() == status
    site.account("Ben", "Elsewhere")
    assert site.client("Ben").get(path).status_code == 404
    hands.move(days=1, seconds=1)
    assert writer.get(path).status_code == 404
    # What is too old goes when something is sent, whoever sent it.
    send(site.client("Ben"), {"type": "x"})
    with site.database.reading() as connection:
        assert len(connection.execute(select(taxii_statuses.c.account)).all()) == 1


def test_versions(writer: TestClient) -> None:
    later = "2026-02-01T00:00:00.000Z"
    send(writer, indicator(1), indicator(2))
    send(writer, indicator(1, modified=later))
    id = indicator(1)["id"]
    told = writer.get(f"{OBJECTS}{id}/versions/").json()["versions"]
    assert told == [ONE_TIME, later]

    def versions(of: str) -> list[tuple[str, str]]:
        found = writer.get(OBJECTS, params={"match[version]": of, "match[id]": id})
        return [(one["id"], one["modified"]) for one in found.json().get("objects", [])]

    assert versions("last") == [(id, later)]
    assert versions("first") == [(id, ONE_TIME)]
    assert versions("all") == [(id, ONE_TIME), (id, later)]
    assert versions(later) == [(id, later)]
    assert versions(f"{ONE_TIME},last") == [(id, ONE_TIME), (id, later)]
    assert versions("2020-01-01T00:00:00Z") == []
    manifest = writer.get(MANIFEST, params={"match[type]": "indicator"}).json()["objects"]
    assert [one["version"] for one in manifest] == [ONE_TIME, later]
    assert len({one["date_added"] for one in manifest}) == 2
    assert writer.get(OBJECTS, params={"match[spec_version]": "2.0"}).json() == {}


def test_what_is_not_kept_is_said_each_by_itself(site: Site, writer: TestClient) -> None:
    newer = indicator(1, modified="2026-02-01T00:00:00.000Z")
    send(writer, newer)
    other = newer | {"name": "other"}
    status = send(writer, indicator(1), newer, other, {"type": "x"}, 3, indicator(2))
    assert (status["success_count"], status["failure_count"]) == (2, 4)
    messages = [one["message"] for one in status["failures"]]
    assert messages == [
        "A newer version is here.", "This version is here with another content.",
        "Its 'id' is not its type and a UUID.", "It is no object.",
    ]  # fmt: skip
    site.account("Ben", "Elsewhere")
    foreign = send(site.client("Ben"), newer | {"modified": "2027-01-01T00:00:00.000Z"})
    assert foreign["failures"][0]["message"] == "It cannot be kept."


@pytest.mark.slow
def test_what_is_added_while_others_page_is_neither_lost_nor_twice(
    writer: TestClient, hands: Hands
) -> None:
    """All objects have one `modified`, and one program pages by `added_after` alone."""
    send(writer, *(indicator(n) for n in range(1, 8)))
    seen: dict[str, list[str]] = {"next": [], "added_after": []}
    place, after, n = {"limit": "2"}, {"limit": "2"}, 8
    for _ in range(20):
        for way, params in (("next", place), ("added_after", after)):
            found = writer.get(OBJECTS, params=params)
            told = found.json()
            seen[way] += [one["id"] for one in told.get("objects", [])]
            if told.get("objects"):
                last = found.headers["x-taxii-date-added-last"]
                if way == "next" and told["more"]:
                    params["next"] = told["next"]
                else:
                    params["added_after"] = last
        if n < 16:
            hands.move(seconds=n % 2)
            send(writer, indicator(n), indicator(n + 1))
            n += 2
    everything = [indicator(one)["id"] for one in range(1, 16 if n % 2 else n)]
    assert seen["next"] == everything
    assert seen["added_after"] == everything


@pytest.mark.slow
def test_each_sees_what_they_may(site: Site, writer: TestClient) -> None:
    send(writer, *(indicator(n, level) for n, level in enumerate(IDS, 1)))
    site.account("Ben", "Elsewhere", "partner")
    site.account("Eve", "Health", "partner")

    def levels(client: TestClient) -> list[int]:
        told = client.get(OBJECTS).json().get("objects", [])
        assert len(client.get(MANIFEST).json().get("objects", [])) == len(told)
        return [uuid.UUID(one["id"].partition("--")[2]).int % 16 for one in told]

    assert levels(writer) == [1, 2, 3, 4, 5]
    assert levels(site.client("Eve")) == [1, 2, 3, 4]
    assert levels(site.client("Ben")) == [1, 2]
    assert levels(site.client()) == [1]
    hidden = indicator(5, "RED")["id"]
    missing = indicator(9)["id"]
    eve = site.client("Eve")
    for end in ("", "versions/"):
        one, two = (eve.get(f"{OBJECTS}{id}/{end}") for id in (hidden, missing))
        assert (
            (one.status_code, one.content) == (two.status_code, two.content) == (404, two.content)
        )


@pytest.mark.slow
def test_hidden_objects_change_no_byte(site: Site, writer: TestClient, hands: Hands) -> None:
    site.account("Ben", "Elsewhere", "partner")
    ben = site.client("Ben")
    send(writer, indicator(1), indicator(2))
    paths = [OBJECTS, f"{OBJECTS}?limit=1", MANIFEST, f"{OBJECTS}?match[version]=all",
             f"{OBJECTS}?match[version]=first", f"{OBJECTS}?limit=2"]  # fmt: skip
    before = [(one.content, dict(one.headers)) for one in map(ben.get, paths)]
    send(writer, *(indicator(n, "AMBER") for n in range(3, 9)))
    assert [(one.content, dict(one.headers)) for one in map(ben.get, paths)] == before


def test_an_id_that_a_hidden_object_has_is_free(site: Site, writer: TestClient) -> None:
    """An id may be computed from a content; a refusal would tell that somebody knows of it."""
    hidden, seen = indicator(1, "AMBER") | {"name": "ours"}, indicator(2) | {"name": "ours"}
    send(writer, hidden, seen)
    site.account("Ben", "Elsewhere")
    ben = site.client("Ben")
    told = send(ben, *(indicator(n) | {"name": "theirs"} for n in (1, 2, 3)))
    # What Ben sees is another's; of what he does not see he learns nothing.
    assert [one["id"] for one in told["successes"]] == [indicator(n)["id"] for n in (1, 3)]
    assert [one["id"] for one in told["failures"]] == [indicator(2)["id"]]

    def names(client: TestClient) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in client.get(OBJECTS).json()["objects"]:
            found.setdefault(one["id"][-2:], []).append(one["name"])
        return found

    assert names(ben) == {"01": ["theirs"], "02": ["ours"], "03": ["theirs"]}
    # Who sees both is given the one that came first, so that nobody passes for its producer.
    assert names(writer) == {"01": ["ours"], "02": ["ours"], "03": ["theirs"]}
    send(ben, indicator(1, modified="2027-01-01T00:00:00.000Z") | {"name": "later"})
    assert (names(ben)["01"], names(writer)["01"]) == (["later"], ["ours"])
    manifest = writer.get(MANIFEST, params={"match[id]": hidden["id"]}).json()["objects"]
    assert [one["id"] for one in manifest] == [hidden["id"]]


def test_within_an_organisation_a_hidden_object_is_not_replaced(
    site: Site, writer: TestClient
) -> None:
    send(writer, indicator(1, "RED") | {"name": "for Ama"})
    site.account("Eve")
    eve = site.client("Eve")
    assert send(eve, indicator(1, "RED") | {"name": "for Eve"})["success_count"] == 1
    for client, whose in ((writer, "for Ama"), (eve, "for Eve")):
        assert [one["name"] for one in client.get(OBJECTS).json()["objects"]] == [whose]


def test_errors_are_those_of_taxii(site: Site, writer: TestClient) -> None:
    for path, status in (
        ("/taxii2/shared/collections/none/", 404), (f"{OBJECTS}?limit=0", 400),
        (f"{OBJECTS}?limit=x", 400), (f"{OBJECTS}?next=-1", 400),
        (f"{OBJECTS}?added_after=yesterday", 400), ("/taxii2/shared/status/none/", 404),
    ):  # fmt: skip
        found = writer.get(path)
        assert (found.status_code, found.headers["content-type"]) == (status, TAXII), path
        assert found.json()["http_status"] == str(status)
        assert found.json()["title"]
    for accept in ("text/html", "application/taxii+json;version=2.0"):
        assert writer.get(OBJECTS, headers={"accept": accept}).status_code == 406
    assert writer.get(OBJECTS, headers={"accept": f"text/html, {TAXII}"}).status_code == 200
    wrong = writer.post(OBJECTS, content=b"{}", headers={"content-type": "text/plain"})
    assert wrong.status_code == 415
    broken = writer.post(OBJECTS, content=b"{", headers={"content-type": TAXII})
    assert broken.status_code == 400
    nobody = site.client().post(OBJECTS, content=b"{}", headers={"content-type": TAXII})
    assert nobody.status_code == 401
    assert "Basic" in nobody.headers["www-authenticate"]
    reader = site.client("Ama", frozenset({READ}))
    assert reader.post(OBJECTS, content=b"{}", headers={"content-type": TAXII}).status_code == 403
    assert writer.delete(f"{OBJECTS}{indicator(1)['id']}/").status_code == 405


def test_a_token_may_come_as_the_password_of_basic(site: Site, writer: TestClient) -> None:
    send(writer, indicator(1, "AMBER"))
    told = base64.b64encode(f"Ama:{site.token('Ama')}".encode()).decode()
    found = site.client().get(OBJECTS, headers={"authorization": f"Basic {told}"})
    assert len(found.json()["objects"]) == 1
    wrong = site.client().get(OBJECTS, headers={"authorization": "Basic !"})
    assert wrong.status_code == 401


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The server on a port of this machine."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(site.app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    site.service.address = f"http://127.0.0.1:{port}"
    yield site.service.address
    server.should_exit = True
    thread.join()


@pytest.mark.slow
def test_the_public_client_reads_and_writes(site: Site, writer: TestClient, address: str) -> None:
    peer = pytest.importorskip("taxii2client.v21")
    send(writer, *(indicator(n) for n in range(1, 8)))
    server = peer.Server(f"{address}/taxii2/", user="Ama", password=site.token("Ama"))
    (root,) = server.api_roots
    (collection,) = root.collections
    pages = list(peer.as_pages(collection.get_objects, per_request=3))
    assert [len(page["objects"]) for page in pages] == [3, 3, 1]
    ids = [one["id"] for page in pages for one in page["objects"]]
    assert ids == [indicator(n)["id"] for n in range(1, 8)]
    status = collection.add_objects({"objects": [indicator(20)]})
    assert (status.status, status.success_count) == ("complete", 1)
    assert collection.get_object(indicator(20)["id"])["objects"] == [indicator(20)]
    assert len(collection.get_manifest()["objects"]) == 8


def test_our_own_client_pulls_from_our_own_server(
    site: Site, writer: TestClient, tmp_path: Path
) -> None:
    some = [json.dumps(indicator(n)).replace(", ", " , ") for n in range(1, 8)]
    send(writer, content=f'{{"objects": [{",".join(some)}]}}'.encode())
    found = pull("https://testserver/taxii2/", tmp_path / "out", client=writer)
    assert found.new == 7
    kept = (tmp_path / "out" / "objects.json").read_text()
    assert all(one in kept for one in some)
    send(writer, indicator(9))
    assert pull("https://testserver/taxii2/", tmp_path / "out", client=writer).new == 1


def test_an_exercise_does_not_leave_by_taxii(site: Site, writer: TestClient) -> None:
    site.database.exercise = True
    told = indicator(1)
    send(writer, told)
    site.database.exercise = False
    send(writer, indicator(2))
    for query in ("", "?match[version]=all"):
        found = writer.get(f"{OBJECTS}{query}").json()["objects"]
        assert [one["id"] for one in found] == [indicator(2)["id"]]
    assert writer.get(f"{OBJECTS}{told['id']}/").status_code == 404
