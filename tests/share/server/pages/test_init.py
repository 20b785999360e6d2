"""Pages for everybody: no barrier that axe finds (WCAG 2.2 AA), and every journey by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from share.server.conftest import PASSWORD, Site
from share.server.desk.workspace.test_incidents import put
from share.server.pages.test_incidents import links
from share.server.pages.test_outlook import BRIEF, FORECAST
from share.server.pages.test_warnings import TOLD
from tocsin.share.server.accounts import people
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.database.outbound import deliveries
from tocsin.share.server.delivery.webhooks import add_hook, list_hooks
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.workspace.collecting import FILE_NAME
from tocsin.share.server.web.language import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What axe is asked for: WCAG 2.2 at level AA, and what its makers hold for good practice."""
SIZES = {"desk": (1280, 900), "phone": (390, 844)}


def sign_in(browser: Browser, address: str, name: str, size: str = "desk") -> BrowserContext:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    page.close()
    return context


def barriers(page: Page, *only: str) -> list[str]:
    """What axe finds on the page that stands open, by all rules or by some."""
    from axe_playwright_python.sync_playwright import Axe

    found: dict[str, Any] = Axe().run(
        page, options={"runOnly": list(only) or RULES, "resultTypes": ["violations"]}
    ).response  # fmt: skip
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for one in found["violations"] for node in one["nodes"]
    ]  # fmt: skip


@pytest.fixture(scope="module")
def furnished(place: tuple[Site, str]) -> tuple[Site, str, dict[str, list[str]]]:
    """A server with something on every page, and every page's address by who opens it."""
    site, address = place
    for name, role in (("Dia", "decision maker"), ("Ora", "oversight")):
        site.account(name, role=role)
    for n, level in enumerate(("watch", "advisory", "warning", "emergency", "none"), start=1):
        told = as_bytes(TOLD | {"level": level, "months": {"first": "2026-11", "last": "2999-01"}})
        site.put(f"warning--{n}", "AMBER", jurisdiction="MLI", payload=told)
    site.put("warning--6", jurisdiction="TCD", payload=as_bytes(TOLD | {"record": None}))
    site.put("forecast--1", jurisdiction="MLI", payload=as_bytes(FORECAST))
    site.put("brief--1", payload=as_bytes(BRIEF))
    answers = {"headline": "x", "event_kind": "one_sided"}
    site.put("report--2", payload=as_bytes({"answers": answers}))
    put(site, {"one": ["1"], "two": ["2", "3"]}, **{"2": FILE_NAME})
    site.client("Ama").post("/warnings/warning--3", data={"act": "assign", "member": "Dia"})
    told = {"payload": "eyJhIjogMX0=", "reason": "another content"}
    site.client("Dia").post("/api/objects/warning--3/proposals", json=told)
    site.account("Pat", "Interior", "partner")
    site.client("Pat").post("/warnings/warning--6", data={"act": "reply", "reason": "not so"})
    furnish_webhooks(site)
    with site.database.writing() as connection:
        link = people.invite(site.database, connection, Place("Interior", "partner"))
    return site, address, {
        "": ["/", "/sign-in", f"/invitation/{link}", "/none", "/report/LANGUAGE"],
        "Ama": ["/", "/map", "/account", "/webhooks",
                "/warnings/warning--3", "/warnings/warning--4", "/warnings/warning--5",
                "/warnings/warning--3/incidents", "/forecasts", "/forecasts/forecast--1", "/next",
                *(f"/incidents/{id}{part}" for id in links(site, "Ama", "warning--3")
                  for part in ("", "/alike"))],
        "Pat": ["/warnings/warning--6"],
        "Ora": ["/oversight", "/oversight?object=warning--3"],
        "Oma": ["/webhooks", "/accounts"],
    }  # fmt: skip


def furnish_webhooks(site: Site) -> None:
    """Webhooks with an address that is long, and deliveries in each state."""
    site.service.settings.webhook_hosts[:] = ["hooks.example"]
    oma = site.account("Oma", role="administrator").reader
    url = f"https://hooks.example/{'long' * 40}"
    with site.database.writing() as connection:
        for reader in (oma, site.account("Ama").reader):
            add_hook(site.database, connection, site.service.seal, reader, url)
            (hook,) = (one["id"] for one in list_hooks(connection) if one["account"] == reader.name)
            for n, state in enumerate(("waiting", "done", "failed", "hidden"), start=1):
                told = {"id": f"msg_{hook}{n}", "hook": hook, "row": n, "tries": n, "due": 9**16}
                told |= {"state": state, "tried": site.database.time(), "answer": 100 * n}
                connection.execute(deliveries.insert().values(**told))


@pytest.mark.browser
@pytest.mark.release
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_barrier_on_any_page(
    browser: Browser, furnished: tuple[Site, str, dict[str, list[str]]], language: str, size: str
) -> None:
    _, address, pages = furnished
    found = {}
    for name, paths in pages.items():
        width, height = SIZES[size]
        context = (
            sign_in(browser, address, name, size) if name
            else browser.new_context(
                viewport={"width": width, "height": height}, base_url=address
            )
        )  # fmt: skip
        page = context.new_page()
        for path in paths:
            place = path.replace("LANGUAGE", language)
            page.goto(f"{place}{'&' if '?' in place else '?'}lang={language}")
            if told := barriers(page):
                found[path] = told
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        context.close()
    assert found == {}


@pytest.mark.browser
@pytest.mark.slow
def test_at_a_desk_the_head_of_a_page_is_one_line(
    browser: Browser, place: tuple[Site, str]
) -> None:
    context = sign_in(browser, place[1], "Ama")
    page = context.new_page()
    page.goto("/account")
    tops = page.evaluate(
        """() => [...document.querySelectorAll('.top nav a, .tongues a, .who a, .who button')]
            .map(one => { const words = document.createRange(); words.selectNodeContents(one);
              return Math.round(words.getBoundingClientRect().top); })"""
    )
    context.close()
    assert len(tops) > 6
    assert max(tops) - min(tops) <= 1


@pytest.mark.browser
@pytest.mark.slow
def test_axe_finds_none_on_a_phone_in_arabic_and_would_find_one(
    browser: Browser, furnished: tuple[Site, str, dict[str, list[str]]]
) -> None:
    context = sign_in(browser, furnished[1], "Ama", "phone")
    page = context.new_page()
    page.goto("/warnings/warning--3?lang=ar")
    assert barriers(page) == []
    page.evaluate("document.querySelector('label[for=reason]').remove()")
    assert [one.partition(":")[0] for one in barriers(page, "label")] == ["label"]
    context.close()


@pytest.mark.browser
@pytest.mark.slow
def test_on_a_phone_a_button_stands_off_its_field_and_values_below_each_other(
    browser: Browser, furnished: tuple[Site, str, dict[str, list[str]]]
) -> None:
    other = sign_in(browser, furnished[1], "Pat", "phone")
    page = other.new_page()
    page.goto("/warnings/warning--6?lang=en")
    field, button = (page.locator(one).bounding_box() for one in ("#reply", "button[value=reply]"))
    assert field is not None
    assert button is not None
    assert button["y"] - field["y"] - field["height"] >= 7
    other.close()
    context = sign_in(browser, furnished[1], "Ama", "phone")
    page = context.new_page()
    for path, language in (("/forecasts/forecast--1", "ar"), ("/next", "fr")):
        page.goto(f"{path}?lang={language}")
        widths = page.evaluate(
            "[...document.querySelectorAll('.labelled td')]"
            ".map(one => getComputedStyle(one, '::before').width)"
        )
        assert len(widths) > 3
        assert len(set(widths)) == 1, widths
    # A long name goes on in the next line; it was cut at the edge.
    page.goto("/map?lang=en")
    page.evaluate("document.querySelector('.labelled th span, .labelled tbody th').append("
                  "' and the neighbouring territories of the whole basin')")  # fmt: skip
    cut = "[...document.querySelectorAll('.wide')].map(one => one.scrollWidth - one.clientWidth)"
    assert page.evaluate(cut) == [0]
    context.close()


def reach(page: Page, wanted: str, *, back: bool = False) -> None:
    """Press Tab until what is wanted has the focus, which is seen, and covered by nothing."""
    for _ in range(120):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            break
        page.keyboard.press("Shift+Tab" if back else "Tab")
    seen = page.evaluate(
        """wanted => {
          const one = document.activeElement;
          const { left, top, width, height } = one.getBoundingClientRect();
          const above = document.elementFromPoint(left + width / 2, top + height / 2);
          return {
            reached: one.matches(wanted),
            outline: getComputedStyle(one).outlineStyle !== "none",
            uncovered: one === above || one.contains(above) || (above && above.contains(one)),
          };
        }""",
        wanted,
    )
    assert seen == {"reached": True, "outline": True, "uncovered": True}, wanted


def press(page: Page, wanted: str) -> None:
    """Reach something by keyboard alone, and press Enter, which leads to another page."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in_by_keyboard(page: Page, name: str, language: str) -> None:
    page.goto(f"/sign-in?lang={language}")
    reach(page, "#name")
    page.keyboard.type(name)
    reach(page, "#password")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.slow
def test_a_warning_is_acknowledged_by_keyboard(
    browser: Browser, furnished: tuple[Site, str, dict[str, list[str]]]
) -> None:
    site, address, _ = furnished
    site.put("warning--7", jurisdiction="NER", payload=as_bytes(TOLD))
    context = browser.new_context(base_url=address)
    page = context.new_page()
    sign_in_by_keyboard(page, "Ama", "ar")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    press(page, "form[action='/warnings/warning--7'] button")
    assert page.locator(".handling .mark").inner_text() == "أُخذ العلم به"
    context.close()


@pytest.mark.browser
@pytest.mark.release
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_journey_is_gone_by_keyboard(
    browser: Browser, furnished: tuple[Site, str, dict[str, list[str]]], language: str
) -> None:
    site, address, _ = furnished
    site.account("Fay", role="field reporter")
    site.put("warning--8", jurisdiction="MLI", payload=as_bytes(TOLD | {"sentence": language}))
    context = browser.new_context(base_url=address)
    page = context.new_page()
    # An analyst handles a warning, and reads what stands behind it.
    sign_in_by_keyboard(page, "Ama", language)
    assert page.locator("html").get_attribute("lang") == language
    press(page, "a[href='/warnings/warning--8']")
    reach(page, "#member")
    page.keyboard.press("ArrowDown")
    press(page, "button[value=assign]")
    reach(page, "#reason")
    page.keyboard.type("more than we can judge")
    press(page, "button[value=escalate]")
    assert page.locator(".handling bdi").inner_text() == "more than we can judge"
    press(page, "a[href='/warnings/warning--8/incidents']")
    press(page, "td a[href^='/incidents/']")
    assert page.locator(".reports li").count() >= 1
    press(page, "main a[href$='/alike']")
    press(page, "td a[href^='/incidents/']")
    press(page, "nav a[href='/map']")
    assert page.locator(".map path").count() > 5
    press(page, "td a[href='/warnings/warning--8']")
    press(page, "nav a[href='/forecasts']")
    press(page, "td a[href^='/forecasts/']")
    press(page, "nav a[href='/next']")
    assert page.locator("table").count() == 1
    press(page, ".who button")
    # Oversight reads why.
    sign_in_by_keyboard(page, "Ora", language)
    press(page, "nav a[href='/oversight']")
    press(page, "td a[href='/oversight?object=warning--8']")
    assert "more than we can judge" in page.content()
    press(page, ".who button")
    # A partner replies.
    sign_in_by_keyboard(page, "Pat", language)
    press(page, "a[href='/warnings/warning--6']")
    reach(page, "#reply")
    page.keyboard.type(f"not so, {language}")
    press(page, "button[value=reply]")
    assert page.locator("#replies ~ ul bdi", has_text=f"not so, {language}").count() == 1
    press(page, ".who button")
    report_by_keyboard(page, site, language)
    context.close()


def report_by_keyboard(page: Page, site: Site, language: str) -> None:
    """A reporter sets a PIN, writes, locks, opens, sends, and wipes the device."""
    sign_in_by_keyboard(page, "Fay", language)
    press(page, f"nav a[href='/report/{language}']")
    for field in ("#pin", "#again"):
        reach(page, field)
        page.keyboard.type("lion 4 river")
    page.keyboard.press("Enter")
    page.locator("#desk").wait_for()
    reach(page, "#event_date")
    page.keyboard.type("11202026")
    reach(page, "#country")
    page.keyboard.type("Mali")
    reach(page, "#event_kind")
    page.keyboard.press("ArrowDown")
    reach(page, "#headline")
    page.keyboard.type(f"by keyboard, {language}")
    reach(page, "#keep")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('headline').value === ''")
    page.locator("#queue li").first.wait_for(state="detached")
    reach(page, "#lock")
    page.keyboard.press("Enter")
    reach(page, "#unlock_pin")
    page.keyboard.type("lion 4 river")
    page.keyboard.press("Enter")
    page.locator("#desk").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    reach(page, "#wipe")
    page.keyboard.press("Enter")
    page.locator("#choose").wait_for()
    rows = site.client("Ama").get("/api/objects", params={"type": "report", "limit": 500}).json()
    told = [one["payload"]["answers"].get("headline") for one in rows["objects"]]
    assert told.count(f"by keyboard, {language}") == 1
