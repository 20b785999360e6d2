"""One's own account: passwords end sessions, sessions are one's own, and others' hands are off."""

from __future__ import annotations

import re

import pyotp
import pytest
from fastapi.testclient import TestClient

from share.server.conftest import PASSWORD, Hands, Site
from tocsin.share.server.settings import MailSettings, ServerSettings

OTHER = "four words that nobody says"


def browser(site: Site, name: str = "Ama", password: str = PASSWORD) -> TestClient:
    client = TestClient(site.app, base_url="https://testserver", follow_redirects=False)
    client.post("/sign-in", data={"name": name, "password": password})
    return client


def csrf(client: TestClient) -> str:
    return str(client.get("/api/session").json().get("csrf", ""))


def act(client: TestClient, act: str, **told: str) -> int:
    form = {"act": act, "csrf": csrf(client), **told}
    return client.post("/account", data=form).status_code


def is_in(client: TestClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.slow
def test_a_new_password_ends_all_other_sessions(site: Site) -> None:
    site.account("Ama")
    one, two = browser(site), browser(site)
    stolen = one.cookies.get("__Host-tocsin")
    assert act(one, "password", old="wrong", new=OTHER) == 422
    assert act(one, "password", old=PASSWORD, new="short") == 422
    assert is_in(two)
    assert act(one, "password", old=PASSWORD, new=OTHER) == 303
    assert is_in(one)
    assert one.cookies.get("__Host-tocsin") != stolen
    assert not is_in(two)
    assert not is_in(browser(site))
    assert is_in(browser(site, password=OTHER))


@pytest.mark.slow
def test_sessions_are_listed_and_ended_and_no_others(site: Site) -> None:
    site.account("Ama")
    site.account("Ben")
    one, two, three, ben = browser(site), browser(site), browser(site), browser(site, "Ben")
    names = re.findall(r'name="session" value="(\w+)"', one.get("/account").text)
    assert len(names) == 2
    ((_, his),) = [("", n) for n in re.findall(r'value="(\w{16})"', two.get("/account").text)
                   if n not in names]  # fmt: skip
    assert act(ben, "end", session=his) == 303
    assert is_in(one)
    assert act(two, "end", session=his) == 303
    assert not is_in(one)
    assert act(two, "end others") == 303
    assert is_in(two)
    assert not is_in(three)
    assert is_in(ben)
    client = site.client("Ama")
    assert client.delete("/api/sessions").json() == {"ended": True}
    assert not is_in(two)


def test_what_others_send_changes_nothing(site: Site) -> None:
    site.account("Ama")
    client = browser(site)
    form = {"act": "end others", "csrf": csrf(client)}
    assert client.post("/account", data=form | {"csrf": "x"}).status_code == 403
    other = {"origin": "https://evil.example"}
    assert client.post("/account", data=form, headers=other).status_code == 403
    assert site.client("Ama").post("/account", data=form).status_code == 403
    assert site.client().post("/account", data=form).status_code == 401
    assert act(client, "nothing") == 422


def test_a_digest_is_wished_for_where_mails_are_sent(site: Site) -> None:
    site.account("Ama")
    client = browser(site)
    assert 'name="zone"' not in client.get("/account").text
    site.service.settings = ServerSettings(mail=MailSettings(server="mail.example"))
    told = {"address": "ama@h.example", "hour": "6", "zone": "Africa/Bamako"}
    assert act(client, "digest", **told) == 303
    assert 'value="Africa/Bamako"' in client.get("/account").text
    assert act(client, "digest", **(told | {"zone": "Mars"})) == 422
    assert act(client, "digest", **(told | {"hour": "six"})) == 422


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_in_each_language(site: Site, language: str) -> None:
    site.account("Ama")
    client = browser(site)
    assert client.get(f"/account?lang={language}").status_code == 200


@pytest.mark.slow
def test_the_second_factor_from_taking_it_to_removing_it(site: Site, hands: Hands) -> None:
    site.account("Ama")
    client = browser(site)
    shown = client.post("/account", data={"act": "propose", "csrf": csrf(client)}).text
    (secret,) = re.findall(r"<code dir=\"ltr\">([A-Z2-7]{32})</code>", shown)
    assert act(client, "confirm", old=PASSWORD, code="000000") == 422
    code = pyotp.TOTP(secret).at(hands.now)
    # Whoever found an open session does not lock its owner out.
    assert act(client, "confirm", code=code) == 422
    form = {"act": "confirm", "csrf": csrf(client), "code": code, "old": PASSWORD}
    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", client.post("/account", data=form).text)
    assert len(codes) == 10
    again = browser(site)
    assert not is_in(again)
    assert again.get("/second-factor").status_code == 200
    assert again.post("/second-factor", data={"code": codes[0]}).headers["location"] == "/"
    assert is_in(again)
    assert act(client, "remove", old=PASSWORD, code=codes[0]) == 422
    assert act(client, "remove", old="wrong", code=codes[1]) == 422
    assert act(client, "remove", old=PASSWORD, code=codes[1]) == 303
    assert is_in(browser(site))


@pytest.mark.slow
def test_a_token_is_issued_shown_once_and_does_no_more_than_was_ticked(site: Site) -> None:
    site.account("Ama")
    client = browser(site)
    form = {"act": "issue", "csrf": csrf(client), "label": "a script", "days": "30",
            "scopes": ["read", "report"]}  # fmt: skip
    (token,) = re.findall(
        r"<code[^>]*>(tocsin_\w+[\w-]*)</code>", client.post("/account", data=form).text
    )
    page = client.get("/account").text
    assert token not in page
    assert "a script" in page
    headers = {"authorization": f"Bearer {token}"}
    asked = site.client()
    assert asked.get("/api/me", headers=headers).json()["name"] == "Ama"
    assert asked.post("/api/objects", json={}, headers=headers).status_code in (403, 422)
    for wrong in ({"days": "0"}, {"days": "999"}, {"days": "x"}, {"scopes": ["manage"]},
                  {"scopes": ["fly"]}, {"scopes": []}):  # fmt: skip
        found = client.post("/account", data=form | wrong)
        assert (found.status_code, "tocsin_" in found.text) == (422, False)
