"""The form for reports, with a bad line: nothing is lost, and nothing counts twice."""

from __future__ import annotations

import ast
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from share.server.conftest import PASSWORD, Site
from share.server.delivery.test_digest import TABLE
from tocsin.share.server.desk import answers
from tocsin.share.server.pages.drawing import assets, version
from tocsin.share.server.web.language import LANGUAGES, Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route


def test_the_form_is_the_same_for_everybody_and_loads_nothing_from_outside(site: Site) -> None:
    site.account("Fay", role="field reporter")
    for language in LANGUAGES:
        nobody = site.client().get(f"/report/{language}")
        assert nobody.content == site.client("Fay").get(f"/report/{language}").content
        assert "http" not in nobody.text.replace("httpEquiv", "")
    assert site.client().get("/report/xx").status_code == 404
    assert site.client().get("/report").headers["location"] == "/report/en"


def test_files_of_pages_are_small_and_named(site: Site) -> None:
    client = site.client()
    assert sum(map(len, assets().values())) < 100_000
    assert version() in client.get("/sw.js").text
    assert client.get("/static/report.js").headers["content-type"].startswith("text/javascript")
    for path in ("/static/none.css", "/static/..%2Fdrawing.py", "/static/__init__.py"):
        assert client.get(path).status_code == 404


def write(page: Page, headline: str, **answers: str) -> None:
    told = {"country": "Mali", "event_date": "2026-11-20", "headline": headline} | answers
    for name, value in told.items():
        page.fill(f"#{name}", value)
    page.select_option("#event_kind", "one_sided")
    page.click("#keep")


def arrived(site: Site, headline: str) -> int:
    rows = (
        site.client("Ama")
        .get("/api/objects", params={"type": "report", "limit": 500})
        .json()["objects"]
    )
    return sum(one["payload"]["answers"].get("headline") == headline for one in rows)


def wait_for(page: Page, words: str) -> None:
    page.wait_for_function(
        "words => document.getElementById('status').textContent.startsWith(words)", arg=words
    )


@pytest.mark.browser
def test_a_report_written_without_a_line_arrives_once(
    phone: BrowserContext, place: tuple[Site, str]
) -> None:
    page = phone.new_page()
    phone.set_offline(True)
    page.goto("/report/en")
    write(page, "written offline")
    wait_for(page, "No line")
    page.reload()
    assert page.locator("#queue li").inner_text() == "2026-11-20 · Mali · written offline"
    assert arrived(place[0], "written offline") == 0
    phone.set_offline(False)
    wait_for(page, "Everything is sent")
    assert page.locator("#queue li").count() == 0
    assert arrived(place[0], "written offline") == 1


@pytest.mark.browser
@pytest.mark.release
def test_an_answer_that_is_lost_makes_no_second_report(
    phone: BrowserContext, place: tuple[Site, str]
) -> None:
    page = phone.new_page()
    page.goto("/report/en")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/reports", lose, times=1)
    write(page, "lost answer")
    wait_for(page, "No line")
    assert arrived(place[0], "lost answer") == 1
    page.click("#send")
    wait_for(page, "Everything is sent")
    assert arrived(place[0], "lost answer") == 1


@pytest.mark.browser
@pytest.mark.release
def test_an_answer_that_is_no_receipt_deletes_nothing(
    phone: BrowserContext, place: tuple[Site, str]
) -> None:
    """A hotel's sign-in page answers everything with 200."""
    page = phone.new_page()
    page.goto("/report/en")
    page.route("**/api/reports", lambda route: route.fulfill(status=200, body="{}"), times=1)
    write(page, "hotel")
    wait_for(page, "No line")
    assert page.locator("#queue li").count() == 1
    page.click("#send")
    wait_for(page, "Everything is sent")
    assert arrived(place[0], "hotel") == 1


@pytest.mark.browser
@pytest.mark.release
def test_two_tabs_send_a_report_once(phone: BrowserContext, place: tuple[Site, str]) -> None:
    pages = [phone.new_page() for _ in range(2)]
    for page in pages:
        page.goto("/report/en")
    phone.set_offline(True)
    write(pages[0], "two tabs")
    wait_for(pages[0], "No line")
    phone.set_offline(False)
    for page in pages:
        # The form may have sent it by itself meanwhile and hidden the button.
        page.evaluate("document.getElementById('send').click()")
    for page in pages:
        page.wait_for_function("() => !document.querySelector('#queue li')")
    assert arrived(place[0], "two tabs") == 1


@pytest.mark.browser
def test_what_the_server_refuses_stays_with_its_reason_and_can_be_taken_away_as_a_file(
    phone: BrowserContext, place: tuple[Site, str]
) -> None:
    page = phone.new_page()
    page.goto("/report/en")
    write(page, "refused", point="95 10")
    wait_for(page, "The server did not take")
    assert "not on Earth" in page.locator("#queue .trouble").inner_text()
    with page.expect_download() as got:
        page.click("#export")
    told = json.loads(Path(got.value.path()).read_bytes())
    assert [one["answers"]["headline"] for one in told["reports"]] == ["refused"]
    # The file goes in by another way, once what was wrong is mended.
    told["reports"][0]["answers"]["point"] = "15 10"
    answer = place[0].client("Fay").post("/api/reports/bulk", json=told)
    assert answer.json()["reports"][0]["state"] == "kept"


@pytest.mark.browser
@pytest.mark.slow
def test_a_refused_report_is_told_in_french_and_corrected_where_it_stands(
    phone: BrowserContext, place: tuple[Site, str]
) -> None:
    page = phone.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/report/fr")
    page.check("input[name=target][value=education]")
    page.select_option("#blur", "blurred")
    write(page, "à corriger", point="95 10")
    wait_for(page, "Le serveur n’a pas accepté")
    trouble = page.locator("#queue .trouble").inner_text()
    assert trouble.startswith("Coordonnées de l’événement – Ce point n’est pas sur Terre.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".who a").inner_text() == "Fay"
    page.click("#queue li button")
    assert page.evaluate("document.activeElement.id") == "point"
    told = {name: page.input_value(f"#{name}") for name in ("headline", "event_kind", "blur")}
    assert told == {"headline": "à corriger", "event_kind": "one_sided", "blur": "blurred"}
    assert page.is_checked("input[name=target][value=education]")
    # What is being corrected stays on the device until it is kept anew.
    page.reload()
    page.click("#queue li button")
    page.fill("#point", "15 10")
    page.click("#keep")
    wait_for(page, "Tout est envoyé")
    assert page.locator("#queue li").count() == 0
    assert arrived(place[0], "à corriger") == 1
    # Where the session ended, the head of the page asks to sign in again.
    phone.clear_cookies()
    write(page, "sans session")
    wait_for(page, "Conservé sur cet appareil. Connectez-vous")
    assert page.locator(".who a").inner_text() == "Se connecter"
    assert page.locator(".who a").get_attribute("href") == "/sign-in?next=/report/fr"


def test_what_is_refused_has_words_in_each_language() -> None:
    """Each reason that the server gives for an answer is in the tables of the pages' words."""
    tree = ast.parse(Path(answers.__file__).read_text("utf-8"))
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
    given = {
        one.args[1].value for one in calls
        if isinstance(one.func, ast.Name) and one.func.id == "_wrong"
        and isinstance(one.args[1], ast.Constant)
    }  # fmt: skip
    assert len(given) >= 8
    tables = [Words(language).table("refusals") for language in LANGUAGES]
    assert all(given <= set(one) for one in tables)
    assert all(set(one) == set(tables[0]) and all(one.values()) for one in tables)


def test_who_mistyped_a_password_does_not_write_the_name_again(site: Site) -> None:
    told = {"name": 'Fay "<b>', "password": "mistyped"}
    page = site.client().post("/sign-in", data=told)
    assert page.status_code == 401
    assert 'value="Fay &#34;&lt;b&gt;"' in page.text
    assert "mistyped" not in page.text


@pytest.mark.browser
def test_pages_fit_a_phone_in_three_languages_and_raise_no_fault(
    phone: BrowserContext, place: tuple[Site, str]
) -> None:
    from tocsin.share.server.desk.changing import as_bytes

    told = {"sentence": "a rule", "level": "warning", "probability": 0.6,
            "months": {"first": "2026-11", "last": "2999-01"}}  # fmt: skip
    place[0].put("warning--1", jurisdiction="MLI", payload=as_bytes(told))
    page = phone.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    for language in LANGUAGES:
        for path in ("/", "/warnings/warning--1", f"/report/{language}"):
            page.goto(f"{path}?lang={language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert page.locator("html").get_attribute("lang") == language
    assert faults == []


@pytest.mark.browser
@pytest.mark.release
@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, day, *_ in TABLE])
def test_the_form_takes_today_as_it_is_where_the_reporter_is(
    browser: Browser, place: tuple[Site, str], zone: str, day: str
) -> None:
    context = browser.new_context(base_url=place[1], timezone_id=zone)
    page = context.new_page()
    for hour in (0, 23):
        local = datetime.fromisoformat(f"{day}T{hour:02d}:30").replace(tzinfo=ZoneInfo(zone))
        page.clock.set_fixed_time(local)
        page.goto("/report/en")
        page.wait_for_function("() => document.getElementById('event_date').max !== ''")
        assert page.locator("#event_date").get_attribute("max") == day
    context.close()


PIN = "lion 4 river"


def set_pin(page: Page, pin: str = PIN) -> None:
    page.fill("#pin", pin)
    page.fill("#again", pin)
    page.click("#choose button")
    page.locator("#desk").wait_for()


def open_by(page: Page, pin: str = PIN) -> None:
    page.fill("#unlock_pin", pin)
    page.click("#unlock button")


def rows(page: Page, store: str = "queue") -> list[dict[str, object]]:
    """What lies on the device, as somebody who takes it apart would read it."""
    found: list[dict[str, object]] = page.evaluate(
        """store => new Promise((resolve, reject) => {
          const asked = indexedDB.open("tocsin");
          asked.onsuccess = () => {
            const all = asked.result.transaction(store).objectStore(store).getAll();
            const bytes = (one) => one instanceof ArrayBuffer || one instanceof Uint8Array
              ? new TextDecoder("latin1").decode(one) : one;
            all.onsuccess = () => {
              asked.result.close();
              resolve(all.result.map((row) => Object.fromEntries(
                Object.entries(row).map(([name, value]) => [name, bytes(value)]))));
            };
          };
          asked.onerror = () => reject(asked.error);
        })""",
        store,
    )
    return found


@pytest.fixture
def guarded(phone: BrowserContext) -> Page:
    """The form on a phone without a line, with a report from before its PIN, and one after."""
    page = phone.new_page()
    page.goto("/report/en")
    phone.set_offline(True)
    write(page, "before the PIN")
    wait_for(page, "No line")
    page.evaluate(
        """new Promise((resolve) => {
          const asked = indexedDB.open("tocsin");
          asked.onsuccess = () => {
            const step = asked.result.transaction("lock", "readwrite");
            step.objectStore("lock").clear();
            step.oncomplete = () => { asked.result.close(); resolve(); };
          };
        })"""
    )
    page.reload()
    set_pin(page)
    write(page, "after the PIN")
    wait_for(page, "No line")
    return page


@pytest.mark.browser
@pytest.mark.slow
def test_what_a_pin_guards_is_read_by_nobody_without_it(
    guarded: Page, phone: BrowserContext, place: tuple[Site, str]
) -> None:
    kept = rows(guarded)
    assert [sorted(one) for one in kept] == [["at", "data", "iv", "sending"]] * 2
    everything = repr(kept) + repr(rows(guarded, "lock"))
    for secret in ("the PIN", "Mali", PIN, "headline"):
        assert secret not in everything
    guarded.reload()
    guarded.wait_for_function(
        "() => document.querySelector('#held').innerText === 'Locked on this device: 2'"
    )
    assert not guarded.locator("#report").is_visible()
    open_by(guarded, "wrong 1")
    wait_for(guarded, "This is not the PIN. Tries left: 4")
    phone.set_offline(False)
    open_by(guarded)
    wait_for(guarded, "Everything is sent")
    assert [arrived(place[0], f"{when} the PIN") for when in ("before", "after")] == [1, 1]
    assert rows(guarded, "lock")[0]["tries"] == 0


@pytest.mark.browser
@pytest.mark.slow
def test_a_tab_shows_the_form_while_another_one_sends(phone: BrowserContext) -> None:
    one, other = phone.new_page(), phone.new_page()
    one.goto("/report/en")
    one.locator("#desk").wait_for()
    one.evaluate("void navigator.locks.request('tocsin-send', () => new Promise(() => {}))")
    other.goto("/report/en")
    other.locator("#desk").wait_for(timeout=5000)


@pytest.mark.browser
@pytest.mark.release
def test_five_wrong_pins_wipe_the_device_and_stopping_the_page_gains_no_try(
    guarded: Page, place: tuple[Site, str]
) -> None:
    before = arrived(place[0], "after the PIN")
    for tries in range(1, 5):
        guarded.reload()
        open_by(guarded, f"wrong {tries}")
        wait_for(guarded, f"This is not the PIN. Tries left: {5 - tries}")
    open_by(guarded, "wrong 5")
    wait_for(guarded, "What was kept on this device is wiped")
    assert (rows(guarded), rows(guarded, "lock")) == ([], [])
    assert guarded.locator("#choose").is_visible()
    assert arrived(place[0], "after the PIN") == before


@pytest.mark.browser
@pytest.mark.release
def test_the_device_is_wiped_at_once_and_other_tabs_lock(
    guarded: Page, phone: BrowserContext
) -> None:
    other = phone.new_page()
    other.goto("/report/en")
    open_by(other)
    wait_for(other, "No line")
    other.click("#lock")
    other.locator("#unlock").wait_for()
    open_by(other)
    other.locator("#desk").wait_for()
    other.once("dialog", lambda dialog: dialog.dismiss())
    other.click("#wipe")
    assert len(rows(other)) == 2
    other.once("dialog", lambda dialog: dialog.accept())
    other.click("#wipe")
    wait_for(other, "What was kept on this device is wiped")
    assert (rows(other), rows(other, "lock")) == ([], [])
    # A tab that still holds the old key keeps nothing with it.
    guarded.locator("#choose").wait_for()


@pytest.mark.browser
@pytest.mark.release
def test_a_device_of_the_first_version_loses_nothing(
    browser: Browser, place: tuple[Site, str]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=place[1])
    page = context.new_page()
    page.goto("/sign-in?next=/report/en")
    page.goto("/static/bell.svg")
    body = {"key": "k" * 32, "sending": "s" * 32, "branch": "b" * 32, "place": 1, "trunk": 0,
            "level": "AMBER", "blur": "", "withhold": False,
            "answers": {"headline": "first version", "country": "Mali", "event_kind": "one_sided",
                        "event_date": "2026-11-20"}}  # fmt: skip
    page.evaluate(
        """body => new Promise((resolve) => {
          const asked = indexedDB.open("tocsin", 1);
          asked.onupgradeneeded = () =>
            asked.result.createObjectStore("queue", { keyPath: "sending" });
          asked.onsuccess = () => {
            const step = asked.result.transaction("queue", "readwrite");
            step.objectStore("queue").put({ sending: body.sending, body, at: 1 });
            step.oncomplete = () => { asked.result.close(); resolve(); };
          };
        })""",
        body,
    )
    page.goto("/report/en")
    set_pin(page)
    wait_for(page, "Kept on this device. Sign in")
    assert "first version" not in repr(rows(page))
    page.goto("/sign-in?next=/report/en")
    page.fill("#name", "Fay")
    page.fill("#password", PASSWORD)
    page.click("main button")
    open_by(page)
    wait_for(page, "Everything is sent")
    assert arrived(place[0], "first version") == 1
    context.close()
