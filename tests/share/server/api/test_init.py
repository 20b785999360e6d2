"""The API as a whole: OWASP's ten risks (API Security Top 10, 2023), and faults by nothing sent."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from share.server.conftest import PASSWORD, Hands, Site
from tocsin.errors import TocsinError
from tocsin.share.server.access.reader import READ
from tocsin.share.server.neighbours.following import follow
from tocsin.share.server.running.app import ROUTERS
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.asking import Service

NOTE: dict[str, Any] = {"type": "note", "payload": {"a": 1}, "markings": [{"level": "GREEN"}]}
WHY = {"reason": "because of this"}
ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}
REPORT: dict[str, Any] = {"key": "k" * 20, "sending": "s" * 20, "branch": "b" * 20,
                          "answers": ANSWERS}  # fmt: skip


@pytest.fixture
def ama(site: Site) -> TestClient:
    site.account("Ama", "Health")
    return site.client("Ama")


@pytest.fixture
def ben(site: Site) -> TestClient:
    site.account("Ben", "Interior")
    return site.client("Ben")


def test_api1_an_object_of_others_is_neither_read_nor_changed(
    site: Site, ama: TestClient, ben: TestClient
) -> None:
    hidden = ama.post("/api/objects", json=NOTE | {"markings": [{"level": "AMBER"}]}).json()["id"]
    shown = ama.post("/api/objects", json=NOTE).json()["id"]
    tag = {"if-match": ama.get(f"/api/objects/{shown}").headers["etag"]}
    asked = [("GET", "", None), ("PUT", "", {"payload": {}}), ("DELETE", "", WHY),
             ("POST", "/markings", {"markings": [{"level": "RED"}]} | WHY),
             ("POST", "/release", {"markings": [{"level": "CLEAR"}]} | WHY)]  # fmt: skip
    for method, path, body in asked:
        found = ben.request(method, f"/api/objects/{hidden}{path}", json=body, headers=tag)
        assert found.status_code == 404
        if method != "GET":
            found = ben.request(method, f"/api/objects/{shown}{path}", json=body, headers=tag)
            assert found.status_code in (403, 404)
    assert ama.get(f"/api/objects/{shown}").json()["payload"] == {"a": 1}
    token = ama.headers["authorization"].split("_")[1]
    ben.delete(f"/api/tokens/{token}")
    assert ama.get("/api/session").status_code == 200


def test_api2_a_token_counts_whole_and_in_time(site: Site, ama: TestClient, hands: Hands) -> None:
    token = ama.headers["authorization"].removeprefix("Bearer ")
    for wrong in (token[:-1], token + "x", token.swapcase(), token[::-1], f" {token[1:]}"):
        headers = {"authorization": f"Bearer {wrong}"}
        assert site.client().get("/api/session", headers=headers).status_code == 401
    assert ama.get("/api/session").status_code == 200
    hands.move(days=91)
    assert ama.get("/api/session").status_code == 401


def test_api3_no_property_is_set_or_shown_that_is_not_ones_own(
    ama: TestClient, ben: TestClient
) -> None:
    for more in ({"owner": "Interior"}, {"origin": "north"}, {"exercise": True}, {"id": "note--1"},
                 {"version": 9}, {"deleted": True}):  # fmt: skip
        assert ama.post("/api/objects", json=NOTE | more).status_code == 422
    id = ama.post("/api/objects", json=NOTE | {"markings": [{"level": "GREEN"}]}).json()["id"]
    assert "markings" in ama.get(f"/api/objects/{id}").json()
    assert "markings" not in ben.get(f"/api/objects/{id}").json()
    assert not {"number", "audience", "password"} & set(ama.get(f"/api/objects/{id}").json())


def test_api4_requests_sizes_and_pages_have_limits(site: Site) -> None:
    site.service.settings = ServerSettings(largest_upload=2000)
    site.account("Ama")
    ama = site.client("Ama")
    assert ama.post("/api/objects", json=NOTE | {"payload": {"a": "x" * 3000}}).status_code == 413
    assert ama.get("/api/objects?limit=1000000").status_code == 422
    site.service.requests.most = 5
    site.service.requests._left.clear()
    found = [ama.get("/api/session") for _ in range(7)]
    assert [one.status_code for one in found] == [200] * 5 + [429] * 2
    assert int(found[-1].headers["retry-after"]) >= 1


@pytest.mark.slow
def test_api5_no_role_does_what_is_another_roles(site: Site) -> None:
    who = {"Fay": "field reporter", "Ama": "analyst", "Dan": "decision maker", "Pia": "partner",
           "Ova": "oversight", "Oma": "administrator"}  # fmt: skip
    for name, role in who.items():
        site.account(name, role=role)
    site.put("note--1", "GREEN")
    invite = {"organisation": "Health", "role": "analyst"}
    asked: list[tuple[str, str, Any, set[str]]] = [
        ("POST", "/api/objects", NOTE, {"Ama"}),
        ("POST", "/api/invitations", invite, {"Oma"}),
        ("DELETE", "/api/accounts/Nobody", None, {"Oma"}),
        ("GET", "/metrics", None, {"Oma"}),
        ("GET", "/api/acts", None, {"Ova"}),
        ("GET", "/api/neighbours/feed", None, {"Pia"}),
        ("POST", "/api/objects/note--1/release", {"markings": [{"level": "CLEAR"}]} | WHY, {"Dan"}),
    ]
    site.app.state.key = None
    for method, path, body, may in asked:
        allowed = set()
        for name in who:
            found = site.client(name).request(method, path, json=body)
            if found.status_code not in (403, 404) or (path.endswith(("Nobody", "feed"))
                                                       and found.status_code == 404):  # fmt: skip
                allowed.add(name)
        assert allowed == may, path
    # A token does no more than its scopes, whatever the role.
    narrow = site.client("Ama", frozenset({READ}))
    assert narrow.post("/api/objects", json=NOTE).status_code == 403
    assert narrow.post("/api/tokens", json={"scopes": ["write"]}).status_code == 403


def test_api6_what_may_be_done_once_is_done_once(site: Site) -> None:
    site.account("Fay", role="field reporter")
    site.account("Oma", role="administrator")
    fay = site.client("Fay")
    told = [fay.post("/api/reports", json=REPORT).json()["report"] for _ in range(5)]
    assert len(set(told)) == 1
    body = {"organisation": "Health", "role": "analyst"}
    link = site.client("Oma").post("/api/invitations", json=body).json()["link"]
    form = {"name": "Eve", "password": PASSWORD}
    assert site.client().post(link, data=form).status_code == 303
    assert site.client().post(link, data=form | {"name": "Mal"}).status_code == 404


@pytest.mark.slow
def test_api7_no_request_makes_the_server_ask_another_one(
    site: Site, ama: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = json.dumps(site.client().get("/openapi.json").json()["components"])
    assert not re.search(r'"(?:\w*ur[il]|callback|host|address)":', schema)
    asked: list[object] = []
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda *_: asked.append(1))
    there = "http://169.254.169.254/latest/meta-data/"
    ama.post("/api/objects", json=NOTE | {"payload": {"url": there, "$ref": there}})
    ama.post("/api/reports", json=REPORT | {"answers": ANSWERS | {"headline": there}})
    ama.get("/", headers={"host": "169.254.169.254", "x-forwarded-host": there, "referer": there})
    assert asked == []


def test_api8_nothing_is_open_that_was_left_so_by_default(
    site: Site, ama: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("/docs", "/redoc", "/.env", "/.git/config", "/server.toml", "/static/../app.py"):
        assert ama.get(path).status_code == 404
    headers = ama.get("/api/objects", headers={"origin": "https://evil.example"}).headers
    assert not [name for name in headers if name.startswith("access-control")]
    assert "server" not in headers
    for method in ("TRACE", "OPTIONS", "PATCH"):
        assert ama.request(method, "/api/objects").status_code == 405
    monkeypatch.setattr(Service, "database", None, raising=False)
    site.service.database = None  # type: ignore[assignment]
    fault = site.client().get("/health")
    assert fault.status_code == 500
    assert not re.search("Traceback|NoneType|attribute|/", fault.json()["title"])


def test_api8_cookies_are_for_this_server_alone(site: Site) -> None:
    site.account("Ama")
    client = TestClient(site.app, base_url="https://testserver", follow_redirects=False)
    found = client.post("/sign-in", data={"name": "Ama", "password": PASSWORD})
    cookie = found.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert all(one in cookie for one in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
    assert "Domain" not in cookie


def test_api9_every_route_for_programs_is_described(site: Site) -> None:
    told = site.client().get("/openapi.json").json()["paths"]
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if route.path.startswith(("/api/", "/taxii2", "/witness", "/metrics", "/health")):
                for method in route.methods:
                    assert told[route.path][method.lower()]["description"], route.path
            else:
                assert not route.include_in_schema or route.path in told


def test_api10_what_a_neighbour_answers_is_not_believed(site: Site) -> None:
    answers = [
        httpx.Response(302, headers={"location": "http://127.0.0.1/"}),
        httpx.Response(200, text="no JSON"), httpx.Response(200, json=[]),
        httpx.Response(200, json={"entries": [{}], "next": "1", "more": False}),
        httpx.Response(200, json={"entries": [], "next": "x", "more": False}),
        httpx.Response(200, json={"entries": [], "next": "0", "more": True}),
        httpx.Response(500),
    ]  # fmt: skip
    for answer in answers:
        asked: list[str] = []

        def give(request: httpx.Request, answer: httpx.Response = answer,
                 asked: list[str] = asked) -> httpx.Response:  # fmt: skip
            asked.append(str(request.url))
            return answer

        client = httpx.Client(transport=httpx.MockTransport(give), base_url="https://n.example")
        # One that says that there is more without going on is found out at its second page.
        with pytest.raises(TocsinError):
            follow(site.database, client, "n", me="me", keys={})
        assert all(one.startswith("https://n.example/") for one in asked)
        assert len(asked) <= 3


@pytest.mark.slow
def test_logs_hold_no_secret(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Secrets of every kind pass through the server, and none is in its log."""
    site.account("Oma", role="administrator")
    oma = site.client("Oma")
    with caplog.at_level(logging.DEBUG, "tocsin.server"):
        body = {"organisation": "Health", "role": "analyst"}
        link = oma.post("/api/invitations", json=body).json()["link"]
        client = TestClient(site.app, base_url="https://testserver", follow_redirects=False)
        client.post(link, data={"name": "Eve", "password": PASSWORD})
        csrf = client.get("/api/session").json()["csrf"]
        headers = {"x-csrf-token": csrf}
        token = client.post("/api/tokens", json={"scopes": ["read"]}, headers=headers).json()
        client.get("/api/objects", headers={"authorization": f"Bearer {token['token']}x"})
        client.post("/account", data={"act": "propose", "csrf": csrf})
        client.post("/second-factor", data={"code": "123456"})
        client.post("/api/reports", json=REPORT | {"withhold": True}, headers=headers)
        client.get(f"/invitation/{link.rpartition('/')[2]}x?password={PASSWORD}")
    secrets = [link.rpartition("/")[2], PASSWORD, csrf, token["token"], REPORT["key"], "123456",
               str(client.cookies.get("__Host-tocsin"))]  # fmt: skip
    text = "\n".join(one.getMessage() for one in caplog.records if one.name == "tocsin.server")
    assert text.count("\n") >= 8
    assert not [one for one in secrets if one in text]


def test_what_is_no_base64_is_refused_and_makes_no_fault(site: Site, ama: TestClient) -> None:
    site.put("warning--1", "GREEN")
    told = {"payload": "\u00f4", "reason": "because of this"}
    assert ama.post("/api/objects/warning--1/proposals", json=told).status_code == 422
    note = {"checkpoint": "a\n1\nAAAA\n\n— a \u00f4\n"}
    site.account("Pia", role="partner")
    assert site.client("Pia").post("/api/log/cosignatures", json=note).status_code == 422
    headers = {"authorization": "Basic \u00f4".encode("latin-1")}
    assert site.client().get("/taxii2/", headers=headers).status_code < 500
