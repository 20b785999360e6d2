"""The page of accounts: administrators alone, links shown once, and doors that close at once."""

from __future__ import annotations

import re

import pytest

from share.server.conftest import PASSWORD, Site
from share.server.pages.account.test_own import browser, csrf, is_in
from tocsin.share.server.web.language import LANGUAGES, Words


@pytest.mark.slow
def test_an_administrator_invites_and_closes(site: Site) -> None:
    site.account("Oma", role="administrator")
    oma = browser(site, "Oma")
    form = {"act": "invite", "csrf": csrf(oma), "organisation": "South", "role": "partner",
            "jurisdictions": " MLI, NER ,", "client_of": "Health"}  # fmt: skip
    (link,) = re.findall(
        r"https://testserver(/invitation/[\w-]+)", oma.post("/accounts", data=form).text
    )
    assert "/invitation/" not in oma.get("/accounts").text
    pat = site.client()
    assert pat.post(link, data={"name": "Pat", "password": PASSWORD}).status_code == 303
    me = pat.get("/api/me").json()
    assert (me["name"], me["jurisdictions"]) == ("Pat (South)", ["MLI", "NER"])
    assert "Pat (South)" in oma.get("/accounts").text
    told = {"csrf": csrf(oma), "account": "Pat (South)"}
    assert oma.post("/accounts", data=told | {"act": "reset"}).status_code == 303
    assert not is_in(pat)
    again = browser(site, "Pat (South)")
    assert is_in(again)
    assert oma.post("/accounts", data=told | {"act": "close"}).status_code == 303
    assert not is_in(again)
    assert "Pat (South)" not in oma.get("/accounts").text
    assert oma.post("/accounts", data=told | {"act": "close"}).status_code == 404


REFUSED: list[tuple[dict[str, str], int]] = [
    ({"organisation": "South", "role": "administrator"}, 422), ({"role": "king"}, 422),
    ({"organisation": " "}, 422), ({"act": "burn"}, 422), ({"csrf": "x"}, 403),
    ({"act": "close", "account": "Oma"}, 422), ({"act": "close", "account": "Nobody"}, 404),
    ({"organisation": "Health", "role": "administrator"}, 200),
]  # fmt: skip


@pytest.mark.slow
def test_what_is_refused(site: Site) -> None:
    site.account("Oma", role="administrator")
    oma = browser(site, "Oma")
    form = {"act": "invite", "csrf": csrf(oma), "organisation": "Health", "role": "analyst"}
    for told, status in REFUSED:
        found = oma.post("/accounts", data=form | told)
        assert found.status_code == status, told
        assert ("/invitation/" in found.text) == (status == 200)


@pytest.mark.slow
def test_nobody_else_sees_or_changes_accounts(site: Site) -> None:
    site.account("Oma", role="administrator")
    for name, role in (("Ama", "analyst"), ("Ora", "oversight")):
        site.account(name, role=role)
        client = browser(site, name)
        form = {"act": "close", "csrf": csrf(client), "account": "Oma"}
        assert client.get("/accounts").status_code == 403
        assert client.post("/accounts", data=form).status_code == 403
        assert "/accounts" not in client.get("/").text
    # A token is no session, and a narrow one reads no names.
    oma = site.client("Oma", frozenset({"read"}))
    assert oma.get("/accounts").status_code == 403
    assert browser(site, "Oma").get("/accounts").status_code == 200


def test_the_words_are_there_in_all_languages() -> None:
    for table in ("accounts", "scopes"):
        kept = {language: Words(language).table(table) for language in LANGUAGES}
        assert len({tuple(one) for one in kept.values()}) == 1
        assert all(all(one.values()) for one in kept.values())
