"""A session that waits for a second factor opens nothing, and codes cannot be guessed."""

from __future__ import annotations

import re

import pyotp
import pytest

from share.server.conftest import Hands, Site
from share.server.pages.account.test_own import browser, is_in
from tocsin.share.server.settings import ServerSettings


@pytest.mark.slow
def test_who_must_have_one_takes_it_at_the_next_sign_in(site: Site, hands: Hands) -> None:
    site.service.settings = ServerSettings(second_factor=["administrator"])
    site.account("Oma", role="administrator")
    site.account("Ama")
    assert is_in(browser(site))
    client = browser(site, "Oma")
    waiting = client.cookies.get("__Host-tocsin")
    for path in ("/account", "/api/session", "/api/tokens", "/metrics", "/"):
        assert client.get(path).status_code in (401, 405, 200)
    assert not is_in(client)
    page = client.get("/second-factor?next=/report/fr").text
    (secret,) = re.findall(r"<code dir=\"ltr\">([A-Z2-7]{32})</code>", page)
    assert secret in client.get("/second-factor").text
    code = pyotp.TOTP(secret).at(hands.now)
    elsewhere = {"origin": "https://evil.example"}
    assert client.post("/second-factor", data={"code": code}, headers=elsewhere).status_code == 403
    assert client.post("/second-factor", data={"code": "000000"}).status_code == 401
    done = client.post("/second-factor", data={"code": code, "next": "https://evil.example"})
    assert 'href="/"' in done.text
    assert "evil" not in done.text
    assert is_in(client)
    # What was stolen before the code is worth nothing after it.
    assert client.cookies.get("__Host-tocsin") != waiting
    client.cookies.set("__Host-tocsin", str(waiting))
    assert client.get("/second-factor").status_code == 401
    form = {"act": "remove"}
    assert client.post("/account", data=form).status_code == 401
    # Somebody who lost phone and codes is helped by an administrator.
    admin, oma = site.client("Oma"), browser(site, "Oma")
    assert oma.get("/second-factor").text.count(secret) == 0
    site.account("Ida")
    assert site.client("Ida").delete("/api/accounts/Oma/second-factor").status_code == 403
    assert admin.delete("/api/accounts/Nobody/second-factor").status_code == 404
    assert admin.delete("/api/accounts/Oma/second-factor").status_code == 200
    assert re.search(r"[A-Z2-7]{32}", browser(site, "Oma").get("/second-factor").text)


@pytest.mark.slow
def test_codes_cannot_be_tried_for_long(site: Site, hands: Hands) -> None:
    site.service.settings = ServerSettings(second_factor=["analyst"])
    site.account("Ama")
    client = browser(site)
    tried = [client.post("/second-factor", data={"code": "1"}).status_code for _ in range(12)]
    assert tried == [401] * 10 + [429] * 2
    hands.move(seconds=700)
    assert client.get("/second-factor").status_code == 401


def test_an_account_that_is_closed_ends_at_once(site: Site) -> None:
    site.account("Oma", role="administrator")
    site.account("Ama")
    client, program = browser(site), site.client("Ama")
    assert site.client("Oma").delete("/api/accounts/Ama").status_code == 200
    assert not is_in(client)
    assert program.get("/api/session").status_code == 401
    assert not is_in(browser(site))
    assert site.client("Oma").delete("/api/accounts/Ama").status_code == 404


def test_one_name_is_not_tried_from_many_addresses(site: Site) -> None:
    site.account("Ama")
    site.service.sign_ins.most = 1_000_000
    site.service.names.most = 5
    form = {"name": "AMA ", "password": "wrong"}
    client = site.client()
    assert [client.post("/sign-in", data=form).status_code for _ in range(6)] == [401] * 5 + [429]
    assert client.post("/sign-in", data=form | {"name": "Ben"}).status_code == 401
