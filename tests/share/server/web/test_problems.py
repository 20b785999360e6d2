"""Errors as answers."""

from __future__ import annotations

import pytest

from share.server.conftest import Site
from tocsin.share.server.desk import changing


def test_errors_say_what_and_what_to_do_and_never_more(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.account("Ama")
    client = site.client("Ama")
    missing = client.get("/api/objects/warning--1")
    assert missing.headers["content-type"] == "application/problem+json"
    assert missing.json()["title"] == "There is no such object."
    wrong = client.post("/api/objects", json={"type": "note", "secret": "p4ss"})
    assert wrong.status_code == 422
    assert "p4ss" not in wrong.text
    monkeypatch.setattr(changing, "find_all", lambda *_: 1 / 0)
    fault = client.get("/api/objects/warning--1")
    assert fault.status_code == 500
    assert "division" not in fault.text
    assert client.get("/api/nothing").status_code == 404
    assert client.patch("/api/objects").status_code == 405


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_page_says_in_the_readers_language_what_is_wrong(site: Site, language: str) -> None:
    hidden = site.put("warning--1", "RED")
    nobody = site.client()
    for path in ("/warnings/nothing", f"/warnings/{hidden.id}", "/account", "/second-factor"):
        page = nobody.get(f"{path}?lang={language}", follow_redirects=True)
        assert 'lang="en"' not in page.text.partition("<main")[2]
        assert "There is" not in page.text
        assert "Sign in" not in page.text
