"""Forms of pages with several acts: what is no act of theirs is refused, and what is too long."""

from __future__ import annotations

import pytest

from share.server.conftest import Site
from share.server.pages.account.test_own import browser, csrf


@pytest.mark.slow
def test_what_is_no_act_is_refused(site: Site) -> None:
    site.account("Oma", role="administrator")
    oma = browser(site, "Oma")
    form = {"act": "burn", "csrf": csrf(oma)}
    for page in ("/account", "/webhooks", "/accounts"):
        burnt = oma.post(page, data=form)
        assert burnt.status_code == 422
        assert "This cannot be done here." in burnt.text
        assert oma.post(page, data=form | {"act": "x" * 401}).status_code == 422
        assert oma.post(page, data=form | {"csrf": "x"}).status_code == 403
