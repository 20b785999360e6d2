"""Pages by which people sign in with more than a password: by keyboard alone, and under axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyotp
import pytest

from share.server.conftest import Site
from share.server.pages.test_init import SIZES, barriers, press, reach, sign_in_by_keyboard
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.language import LANGUAGES, Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ADDRESS = "https://identity.example/authorize?state=x"
Look = Callable[["Page", str], None]
"""Looks at a page that stands open, under a name."""


class Provider:
    """An organisation's service that answers nothing; here it is only shown the way to."""

    def ask(self) -> None:
        """Ask it nothing."""

    def begin(self, *_: object, **__: object) -> tuple[str, str]:
        """Give an address and a secret."""
        return ADDRESS, "x"


def type_code(page: Page, code: str) -> None:
    reach(page, "#code")
    page.keyboard.type(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def go_in_with_a_second_factor(page: Page, name: str, language: str, look: Look) -> None:
    """Take a second factor at the sign-in, go out, and come in again by a recovery code."""
    page.goto(f"/sign-in?lang={language}")
    look(page, "sign-in")
    sign_in_by_keyboard(page, name, language)
    look(page, "take a factor")
    secret = page.locator("code").inner_text()
    type_code(page, "000000")
    look(page, "wrong code")
    type_code(page, pyotp.TOTP(secret).now())
    look(page, "recovery codes")
    recovery = page.locator("li code").first.inner_text()
    press(page, "main a")
    page.goto(f"/account?lang={language}")
    look(page, "account with a factor")
    press(page, "form[action='/oidc/link'] button")
    look(page, "to the service")
    assert page.locator("main a").get_attribute("href") == ADDRESS
    page.goto("/account")
    press(page, "button[value=propose]")
    look(page, "another app")
    press(page, "form[action='/sign-out'] button")
    sign_in_by_keyboard(page, name, language)
    look(page, "code asked for")
    type_code(page, recovery)
    assert page.url.endswith("/")
    page.goto("/account")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


def furnish(site: Site, name: str) -> None:
    site.service.settings = ServerSettings(
        organisation="Health", second_factor=["administrator"], sign_ins_per_hour=1_000_000,
    )  # fmt: skip
    site.service.oidc = Provider()  # type: ignore[assignment]
    site.account(name, role="administrator")


@pytest.mark.browser
@pytest.mark.release
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_factor_is_taken_and_shown_by_keyboard_without_a_barrier(
    browser: Browser, place: tuple[Site, str], language: str, size: str
) -> None:
    site, address = place
    name = f"Oma {language} {size}"
    furnish(site, name)
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
    found: dict[str, list[str]] = {}

    def look(page: Page, at: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, at
        if told := barriers(page):
            found[at] = told

    go_in_with_a_second_factor(context.new_page(), name, language, look)
    context.close()
    assert found == {}


def test_every_language_has_every_word_of_these_pages() -> None:
    tables = [Words(one).table("account") for one in LANGUAGES]
    assert len({frozenset(one) for one in tables}) == 1
