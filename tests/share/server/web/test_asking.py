"""Who asks, and what must be shown before anything changes."""

from __future__ import annotations

from share.server.conftest import Site
from tocsin.share.server.accounts import signing_in
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.asking import COOKIE

NOTE = {"type": "note", "payload": {"a": 1}, "markings": [{"level": "GREEN"}]}


def test_a_wrong_token_is_refused_and_no_token_is_nobody(site: Site) -> None:
    nobody = site.client()
    assert nobody.get("/api/me").json()["name"] == ""
    wrong = nobody.get("/api/me", headers={"authorization": "Bearer tocsin_0_0"})
    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, "Bearer")
    assert nobody.post("/api/objects", json=NOTE).status_code == 401


def test_a_session_changes_nothing_without_its_own_secret(site: Site) -> None:
    signed = site.account("Ama")
    with site.database.writing() as connection:
        secret = signing_in.begin(site.database, connection, signed.account)
        session = signing_in.of_session(site.database, connection, secret)
    assert session is not None
    client = site.client()
    client.cookies.set(COOKIE, secret)
    good = {"x-csrf-token": session.csrf}
    assert client.post("/api/objects", json=NOTE).status_code == 403
    for bad in ({"x-csrf-token": "x"}, good | {"origin": "https://elsewhere.example"},
                good | {"sec-fetch-site": "cross-site"}):  # fmt: skip
        assert client.post("/api/objects", json=NOTE, headers=bad).status_code == 403
    assert client.post("/api/objects", json=NOTE, headers=good).status_code == 201


def test_a_token_may_no_more_than_its_scopes(site: Site) -> None:
    site.account("Ama")
    reading = site.client("Ama", frozenset({"read"}))
    assert reading.post("/api/objects", json=NOTE).status_code == 403
    assert reading.post("/api/tokens", json={"scopes": ["write"]}).status_code == 403
    blind = site.client("Ama", frozenset({"write"}))
    site.put("warning--1", "CLEAR")
    assert blind.get("/api/objects").json() == {"next": None, "objects": []}


def test_who_asks_too_often_waits_and_others_do_not(database: object, site: Site) -> None:
    settings = ServerSettings(requests_per_minute=3, organisation="Health")
    few = Site(site.database, settings)
    few.account("Ama")
    few.account("Ben")
    ama, ben = few.client("Ama"), few.client("Ben")
    statuses = [ama.get("/api/me").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert int(ama.get("/api/me").headers["retry-after"]) >= 1
    assert ben.get("/api/me").status_code == 200
