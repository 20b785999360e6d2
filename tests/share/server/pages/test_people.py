"""Signing in and out, and the first link."""

from __future__ import annotations

import re

from share.server.conftest import PASSWORD, Site
from tocsin.share.server.accounts import people
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.asking import COOKIE


def test_somebody_signs_in_acts_and_signs_out(site: Site) -> None:
    site.account("Ama")
    client = site.client()
    assert client.post("/sign-in", data={"name": "Ama", "password": "no"}).status_code == 401
    found = client.post("/sign-in", data={"name": "ama", "password": PASSWORD})
    assert (found.status_code, found.headers["location"]) == (303, "/")
    cookie = found.headers["set-cookie"]
    for part in (COOKIE, "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    page = client.get("/").text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    assert client.post("/sign-out", data={"csrf": "no"}).status_code == 403
    secret = client.cookies[COOKIE]
    assert client.post("/sign-out", data={"csrf": csrf}).status_code == 303
    client.cookies.set(COOKIE, secret)
    assert client.get("/api/session").status_code == 401


def test_signing_in_leads_nowhere_but_here(site: Site) -> None:
    site.account("Ama")
    for next, place in (("/report/fr", "/report/fr"), ("https://elsewhere.example", "/"),
                        ("//elsewhere.example", "/"), ("/\\elsewhere", "/")):  # fmt: skip
        form = {"name": "Ama", "password": PASSWORD, "next": next}
        assert site.client().post("/sign-in", data=form).headers["location"] == place


def test_another_site_cannot_sign_somebody_in(site: Site) -> None:
    site.account("Ama")
    form = {"name": "Ama", "password": PASSWORD}
    headers = {"origin": "https://elsewhere.example"}
    assert site.client().post("/sign-in", data=form, headers=headers).status_code == 403


def test_guessing_is_slow(site: Site) -> None:
    few = Site(site.database, ServerSettings(organisation="Health", sign_ins_per_hour=3))
    client = few.client()
    form = {"name": "Ama", "password": "wrong"}
    statuses = [client.post("/sign-in", data=form).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


def test_a_link_makes_an_account_once(site: Site) -> None:
    with site.database.writing() as connection:
        place = Place("Interior", "partner")
        link = people.invite(site.database, connection, place)
    client = site.client()
    page = client.get(f"/invitation/{link}").text
    assert "partner of Interior" in page
    assert "<bdi> (Interior)</bdi>" in page
    short = client.post(f"/invitation/{link}", data={"name": "Pat", "password": "short"})
    assert (short.status_code, "12 to 200" in short.text) == (422, True)
    form = {"name": "Pat", "password": PASSWORD}
    assert client.post(f"/invitation/{link}", data=form).status_code == 303
    assert client.get("/api/me").json()["role"] == "partner"
    # The language of the page is that of the account from now on, in digests too.
    client.get("/?lang=fr")
    client.post("/sign-in", data=form | {"name": "Pat (Interior)"})
    with site.database.reading() as connection:
        languages = [one.language for one in people.members(connection, "Interior")]
    assert languages == ["fr"]
    assert client.get(f"/invitation/{link}").status_code == 404
    assert client.post(f"/invitation/{link}", data=form).status_code == 404


def test_a_name_that_is_taken_tells_of_nobody_in_another_organisation(site: Site) -> None:
    site.account("Ama")
    with site.database.writing() as connection:
        place = Place("Interior", "partner")
        links = [people.invite(site.database, connection, place) for _ in range(2)]
    form, statuses = {"name": "Ama", "password": PASSWORD}, []
    # Not by brackets either, with which one could ask for a whole name.
    for link, name in ((0, "Ama (Interior)"), (0, ""), (0, "Ama"), (1, "ama")):
        told = form | {"name": name}
        statuses.append(site.client().post(f"/invitation/{links[link]}", data=told).status_code)
    assert statuses == [422, 422, 303, 422]
    with site.database.reading() as connection:
        assert [one.name for one in people.members(connection, "Interior")] == ["Ama (Interior)"]


def test_a_link_does_not_let_one_ask_for_many_names(site: Site) -> None:
    site.account("Ama")
    with site.database.writing() as connection:
        link = people.invite(site.database, connection, Place("Health", "partner"))
    form = {"name": "Ama", "password": PASSWORD}
    asked = [site.client().post(f"/invitation/{link}", data=form).status_code for _ in range(12)]
    assert asked == [422] * 10 + [429] * 2
