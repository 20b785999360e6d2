"""The page of webhooks: one's own alone, to named hosts alone, and nothing hidden on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from share.server.conftest import Hands, Site
from share.server.delivery.test_sending import Receiver
from share.server.pages.account.test_own import browser, csrf
from share.server.pages.test_init import press, reach, sign_in_by_keyboard
from tocsin.share.server.database.outbound import webhooks
from tocsin.share.server.database.tables import acts
from tocsin.share.server.delivery.webhooks import MOST, add_hook, sign
from tocsin.share.server.running.scheduling import deliver
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.language import LANGUAGES, Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOOK = "https://hooks.example/of/ama"


def act(client: TestClient, act: str, **told: str) -> httpx.Response:
    return client.post("/webhooks", data={"act": act, "csrf": csrf(client), **told})


def told(client: TestClient, name: str) -> str:
    """The value of a hidden field, the first one of this name."""
    return re.findall(rf'name="{name}" value="(\w+)"', client.get("/webhooks").text)[0]


@pytest.fixture
def receiver(site: Site) -> Receiver:
    """A program at an address that the operator has named."""
    found = Receiver()
    site.service.settings = ServerSettings(
        organisation="Health", webhook_hosts=["hooks.example", "other.example:8443"],
        requests_per_minute=1_000_000, sign_ins_per_hour=1_000_000,
    )  # fmt: skip
    site.service.open_client = lambda url, headers: httpx.Client(
        base_url=url, headers=headers, transport=httpx.MockTransport(found)
    )
    site.account("Ama")
    return found


@pytest.mark.slow
def test_a_webhook_from_adding_it_to_removing_it(
    site: Site, receiver: Receiver, hands: Hands
) -> None:
    client = browser(site)
    secret = re.findall(r"whsec_[\w+/=]{44}", act(client, "add", url=HOOK).text)[0]
    assert secret not in client.get("/webhooks").text
    hook = told(client, "hook")
    hands.move(seconds=1)
    site.put("warning--1")
    deliver(site.service, site.service.open_client)
    request = receiver.got[-1]
    id, second = request.headers["webhook-id"], int(request.headers["webhook-timestamp"])
    assert request.headers["webhook-signature"] == sign(secret, id, second, request.content)
    shown = client.get("/webhooks").text
    assert id in shown
    assert "HTTP 200" in shown
    assert "2026-11-26 08:00 UTC" in shown
    # The receiver tries out what it takes; what it says is shown.
    for status, words in ((204, "took the test"), (500, "did not take"), (0, "No answer came")):
        receiver.status = status
        assert words in act(client, "test", hook=hook).text
    assert receiver.got[-1].content.startswith(b'{"data": {}, "timestamp": "2026-11-26T08:00:01')
    state = told(client, "state")
    new = act(client, "rotate", hook=hook, state=state, overlap="2").text
    assert len(re.findall(r"whsec_[\w+/=]{44}", new)) == 1
    assert "two secrets sign until 2026-11-26 10:00 UTC" in new
    # A form that is sent again would end the secret that the receiver may still know.
    assert act(client, "rotate", hook=hook, state=state, overlap="2").status_code == 422
    assert (
        act(client, "rotate", hook=hook, state=told(client, "state"), overlap="x").status_code
        == 422
    )
    for name in ("pause", "resume", "remove"):
        assert act(client, name, hook=hook).status_code == 303
    assert act(client, "pause", hook=hook).status_code == 404
    assert act(client, "nothing").status_code == 422
    with site.database.reading() as connection:
        found = connection.execute(select(acts.c.verb, acts.c.detail).order_by(acts.c.number)).all()
    done = [verb.split(" ")[0] for verb, _ in found if verb.endswith("webhook")]
    assert done == ["add", "test", "test", "test", "rotate", "pause", "resume", "remove"]
    assert not any("ama" in detail for _, detail in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x", "https://elsewhere.example/x", "https://hooks.example:8443/x",
        "https://other.example/x", "https://hooks.example@10.0.0.1/x", "https://127.0.0.1/x",
        "https://10.0.0.1\\@hooks.example/x", "https://hooks.example.evil.example/", "x", "",
        "https://hooks.example\n.evil.example/x", "https://a:b@hooks.example/x",
    ],
)  # fmt: skip
def test_an_address_leads_to_a_host_that_the_operator_named(
    site: Site, receiver: Receiver, url: str
) -> None:
    client = browser(site)
    assert act(client, "add", url=url).status_code == 422
    with site.database.reading() as connection:
        assert connection.execute(select(webhooks)).all() == []


@pytest.mark.slow
def test_addresses_that_are_taken(site: Site, receiver: Receiver) -> None:
    client = browser(site)
    for n in range(MOST):
        host = ("https://hooks.example", "https://HOOKS.example:443", "https://other.example:8443")
        assert act(client, "add", url=f"{host[n % 3]}/{n}").status_code == 200
    assert act(client, "add", url=HOOK).status_code == 422
    site.service.settings.webhook_hosts.clear()
    assert 'name="url"' not in client.get("/webhooks").text
    assert act(client, "add", url="https://hooks.example/new").status_code == 422


@pytest.mark.slow
def test_webhooks_of_others_are_theirs(site: Site, receiver: Receiver) -> None:
    site.account("Ben", "Elsewhere", "partner")
    site.account("Oma", role="administrator")
    ama, ben, oma = browser(site), browser(site, "Ben"), browser(site, "Oma")
    act(ama, "add", url=HOOK)
    hook, state = told(ama, "hook"), told(ama, "state")
    assert "hooks.example/of/ama" not in ben.get("/webhooks").text
    for name in ("test", "pause", "resume", "remove", "rotate"):
        missing = act(ben, name, hook="x", state=state, overlap="0")
        found = act(ben, name, hook=hook, state=state, overlap="0")
        assert (found.status_code, found.content) == (404, missing.content)
    # An administrator sees to whom the server sends, and neither the path nor what was sent.
    shown = oma.get("/webhooks").text
    assert "hooks.example" in shown
    assert "of/ama" not in shown
    assert act(oma, "rotate", hook=hook, state=state, overlap="0").status_code == 404
    assert act(oma, "test", hook=hook).status_code == 200
    assert act(oma, "pause", hook=hook).status_code == 303
    assert "paused" in ama.get("/webhooks").text
    assert act(oma, "remove", hook=hook).status_code == 303
    assert HOOK not in ama.get("/webhooks").text


@pytest.mark.slow
def test_what_others_send_changes_nothing(site: Site, receiver: Receiver) -> None:
    client = browser(site)
    form = {"act": "add", "url": HOOK, "csrf": csrf(client)}
    assert client.post("/webhooks", data=form | {"csrf": "x"}).status_code == 403
    other = {"origin": "https://evil.example"}
    assert client.post("/webhooks", data=form, headers=other).status_code == 403
    assert site.client("Ama").post("/webhooks", data=form).status_code == 403
    assert site.client().post("/webhooks", data=form).status_code == 401
    act(client, "add", url=HOOK)
    hook = told(client, "hook")
    assert [act(client, "test", hook=hook).status_code for _ in range(11)] == [200] * 10 + [429]


def test_what_became_hidden_is_not_told_of(site: Site, receiver: Receiver, hands: Hands) -> None:
    """Two pages that differ in hidden deliveries alone are the same, byte for byte."""
    site.account("Ben", "Elsewhere", "partner")
    client = browser(site, "Ben")
    act(client, "add", url=HOOK)
    before = client.get("/webhooks").text
    hands.move(seconds=1)
    site.put("warning--1")
    deliver(site.service, site.service.open_client)
    assert "delivered" in client.get("/webhooks").text
    site.put("warning--1", "RED")
    hands.now = hands.now.replace(second=0)
    assert client.get("/webhooks").text == before


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_each_language(site: Site, receiver: Receiver, language: str) -> None:
    readers = [site.account(name, role="administrator").reader for name in ("Ama", "Oma")]
    with site.database.writing() as connection:
        for reader in readers:
            add_hook(site.database, connection, site.service.seal, reader, HOOK)
    shown = browser(site, "Oma").get(f"/webhooks?lang={language}")
    assert shown.status_code == 200
    assert Words(language).table("webhooks")["others"] in shown.text
    tables = [{one: frozenset(Words(one).table(name)) for one in LANGUAGES}.values()
              for name in ("webhooks", "types", "acts")]  # fmt: skip
    assert all(len(set(one)) == 1 for one in tables)


@pytest.mark.browser
@pytest.mark.release
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_webhook_is_added_and_removed_by_keyboard(
    browser: Browser, place: tuple[Site, str], language: str
) -> None:
    site, address = place
    site.service.settings.webhook_hosts[:] = ["hooks.example"]
    context = browser.new_context(base_url=address)
    page = context.new_page()
    sign_in_by_keyboard(page, "Ama", language)
    page.goto("/account")
    press(page, "a[href='/webhooks']")
    reach(page, "#url")
    page.keyboard.type(f"https://hooks.example/{language}")
    press(page, "button[value=add]")
    assert "whsec_" in page.locator("section code").first.inner_text()
    reach(page, "details summary")
    page.keyboard.press("Enter")
    press(page, "button[value=rotate]")
    page.locator("details").last.locator("summary").focus()
    page.keyboard.press("Enter")
    press(page, "button[value=remove]")
    assert page.locator(".hook").count() == 0
    context.close()
