"""The inbox and a warning's page: who does what, until when, and who sees it."""

from __future__ import annotations

import base64
import json
import re
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from share.server.conftest import Hands, Site
from share.server.delivery.test_digest import TABLE
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.api.answers import place_of
from tocsin.share.server.desk.changing import as_bytes, find
from tocsin.share.server.desk.workspace.publishing import LIMITS
from tocsin.share.server.taxii.routes import COLLECTION
from tocsin.share.stix.original import STIX

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOLD = {
    "rule": "serious", "sentence": "at least 25 deaths", "territory": "Mali", "level": "warning",
    "probability": 0.62, "since": "2026-10-01", "data_to": "2026-10-01",
    "months": {"first": "2026-11", "last": "2027-01"}, "limits": LIMITS,
    "record": {"hits": 20, "misses": 3, "false_alarms": 5, "n": 900, "events": 23},
}  # fmt: skip


@pytest.fixture
def desk(site: Site) -> Site:
    for name, organisation, role in (
        ("Ama", "Health", "analyst"), ("Dia", "Health", "decision maker"),
        ("Ora", "Health", "oversight"), ("Pat", "Interior", "partner"),
    ):  # fmt: skip
        site.account(name, organisation, role)
    put(site)
    return site


def put(site: Site, **more: object) -> None:
    site.put("warning--1", jurisdiction="MLI", payload=as_bytes(TOLD | more))


def page(client: TestClient, path: str = "/warnings/warning--1") -> str:
    found = client.get(path)
    assert found.status_code == 200, found.text
    return found.text


def act(client: TestClient, **form: str) -> int:
    return client.post("/warnings/warning--1", data=form).status_code


def test_a_warning_is_shown_with_its_record_its_limits_and_its_zone(desk: Site) -> None:
    text = page(desk.client("Ama"))
    for part in ("62%", "raised 25 times", "20 times it came", "nor of any person", "TLP:GREEN",
                 "2026-11-26 08:00 UTC", "November 2026", "A person decides"):  # fmt: skip
        assert part in text
    assert 'lang="ar" dir="rtl"' in page(desk.client("Ama"), "/warnings/warning--1?lang=ar")


def test_the_rule_is_said_in_the_readers_language_and_what_was_prepared_stands_there(
    desk: Site,
) -> None:
    sentence = "at least 25 deaths within 3 months, probability above 0.5"
    put(desk, sentence=sentence, prepared="Call the <desk> in Gao")
    ama = desk.client("Ama")
    for path in ("/", "/warnings/warning--1"):
        assert sentence in page(ama, f"{path}?lang=en")
        assert "au moins 25 décès en 3 mois" in page(ama, f"{path}?lang=fr")
        text = page(ama, f"{path}?lang=ar")
        assert "ما لا يقل عن 25 وفاة" in text
        assert sentence not in text
    assert "Call the &lt;desk&gt; in Gao" in page(ama)


def test_an_ended_warning_shows_no_probability_as_of_today(desk: Site) -> None:
    ama = desk.client("Ama")
    assert "<strong>62%</strong>" in page(ama, "/?lang=en")
    put(desk, level="none", prepared="Call the desk in Gao")
    assert "62%" not in page(ama, "/?lang=en")
    text = page(ama, "/warnings/warning--1?lang=en")
    assert "When it last stood, the estimated probability was 62%" in text
    assert "Estimated probability" not in text
    assert "at this level" not in text
    # Nobody should act on what was prepared for a warning that ended.
    assert "Call the desk in Gao" not in text


def test_the_clock_runs_until_somebody_acknowledges(desk: Site, hands: Hands) -> None:
    ama = desk.client("Ama")
    assert "acknowledge by 2026-11-26 12:00 UTC (4 h left)" in page(ama, "/")
    hands.move(hours=3, minutes=30)
    assert "acknowledge by 2026-11-26 12:00 UTC (30 min left)" in page(ama, "/")
    hands.move(hours=2, minutes=30)
    assert "late by 2 h" in page(ama, "/")
    assert act(ama, act="acknowledge") == 303
    assert "late by" not in page(ama, "/")
    assert "Acknowledged" in page(ama)
    # What changed is new again, and its clock starts anew.
    put(desk, probability=0.8)
    assert "acknowledge by 2026-11-26 18:00 UTC" in page(ama)


def test_each_organisation_has_its_own_inbox_and_none_sees_names_of_others(desk: Site) -> None:
    ama, pat = desk.client("Ama"), desk.client("Pat")
    assert act(ama, act="assign", member="Dia") == 303
    assert act(ama, act="escalate", reason="more than we can judge") == 303
    assert "with Dia" in page(ama)
    text = page(pat)
    assert "New" in text
    assert not any(secret in text for secret in ("Dia", "Ama", "more than we can judge"))


def test_only_members_who_may_see_it_can_be_given_it(desk: Site) -> None:
    secret = Audience.of(Marking("RED", "Health", readers=frozenset({"Ama"})))
    desk.put("warning--1", jurisdiction="MLI", payload=as_bytes(TOLD), audience=secret)
    ama = desk.client("Ama")
    assert "Dia" not in page(ama)
    assert act(ama, act="assign", member="Dia") == 422
    assert act(ama, act="assign", member="Nobody") == 422
    assert desk.client("Dia").get("/warnings/warning--1").status_code == 404


@pytest.mark.slow
def test_others_reply_and_the_owner_takes_a_correction_over(desk: Site) -> None:
    ama, pat, ora = (desk.client(name) for name in ("Ama", "Pat", "Ora"))
    assert 'value="reply"' not in page(ama)
    assert act(pat, act="reply", reason="the deaths were of <another> month") == 303
    assert act(pat, act="reply", reason="") == 422
    assert act(ora, act="reply", reason="oversight asks, and does nothing") == 403
    for client in (ama, pat, ora):
        assert "the deaths were of &lt;another&gt; month" in page(client)
    # A correction is shown with a button for its owner alone, and is taken over once.
    told = {"payload": base64.b64encode(as_bytes(TOLD | {"probability": 0.31})).decode()}
    made = pat.post("/api/objects/warning--1/proposals", json=told | {"reason": "counted anew"})
    id = made.json()["id"]
    assert "probability: now 62%; proposed 31%" in page(ama)
    shown = ama.get("/warnings/warning--1?lang=fr").text
    assert "probabilité\N{NO-BREAK SPACE}: aujourd’hui 62\N{NO-BREAK SPACE}%" in shown
    ama.get("/warnings/warning--1?lang=en")
    assert ('value="accept"' in page(ama), 'value="accept"' in page(pat)) == (True, False)
    assert act(pat, act="accept", proposal=id, reason="so be it") == 403
    assert act(ama, act="accept", proposal=id, reason="they are right") == 303
    assert ama.post(f"/api/proposals/{id}/acceptance", json={"reason": "again"}).status_code == 403
    text = page(ama)
    assert "31%" in text
    assert "counted anew" in text
    assert 'value="accept"' not in text
    assert "they are right" in page(ora, "/oversight")
    # What is said of a public warning is public.
    desk.put("warning--9", "CLEAR", payload=as_bytes(TOLD))
    assert pat.post("/warnings/warning--9", data={"act": "reply", "reason": "not so"}).is_redirect
    assert "not so" in page(desk.client(), "/warnings/warning--9")


def test_who_may_not_handle_does_not(desk: Site) -> None:
    assert act(desk.client("Ora"), act="acknowledge") == 403
    assert act(desk.client("Ama"), act="escalate", reason="") == 422
    assert (
        desk.client().post("/warnings/warning--1", data={"act": "acknowledge"}).status_code == 401
    )


def test_months_that_are_over_are_said_to_be_over(desk: Site, hands: Hands) -> None:
    ama = desk.client("Ama")
    hands.move(days=80)
    assert "are over" in page(ama)
    assert "out of date" in page(ama, "/")
    assert "late by" not in page(ama, "/")


def test_oversight_reads_who_and_why(desk: Site) -> None:
    act(desk.client("Ama"), act="escalate", reason="more than we can judge")
    text = page(desk.client("Ora"), "/oversight?object=warning--1")
    assert "escalated" in text
    assert "more than we can judge" in text
    assert desk.client("Ama").get("/oversight").status_code == 404


def test_oversight_reads_what_was_done_within_a_minute_in_one_line(
    desk: Site, hands: Hands
) -> None:
    for n in (2, 3):
        desk.put(f"warning--{n}", "AMBER", jurisdiction="MLI", payload=as_bytes(TOLD))
    page(desk.client("Ama"), "/")
    hands.move(minutes=2)
    act(desk.client("Ama"), act="escalate", reason="more than we can judge")
    lines = re.findall(r"<tr>.*?</tr>", page(desk.client("Ora"), "/oversight?lang=en"), re.DOTALL)
    read = [line for line in lines if ">read<" in line and "Ama" in line]
    assert [line.count("/oversight?object=warning--") for line in read] == [2]
    assert sum("escalated" in line for line in lines) == 1


@pytest.mark.slow
def test_oversight_gets_to_the_earliest_act_and_sees_each_once(desk: Site, hands: Hands) -> None:
    """After one publishing of some hundreds of objects the page showed nothing before it."""
    act(desk.client("Ama"), act="escalate", reason="more than we can judge")
    hands.move(minutes=2)
    for n in range(100, 312):  # All at one time, as `tocsin publish` writes them.
        desk.put(f"warning--{n}", "AMBER", jurisdiction="MLI", payload=as_bytes(TOLD))
    desk.client("Ama").get("/api/objects?limit=500")
    ora = desk.client("Ora")
    first = page(ora, "/oversight?lang=en")
    assert "escalated" not in first
    assert "<summary>+190</summary>" in first
    [earlier] = re.findall(r'href="(/oversight\?before=[^"]+)">Earlier acts', first)
    assert "more than we can judge" in page(ora, earlier)
    found, place = [], ""
    while True:
        told = ora.get("/api/acts", params={"limit": 7, "before": place}).json()
        found += [(one["verb"], one["object"]) for one in told["acts"] if one["verb"] != "sign in"]
        if not (place := told.get("next", "")):
            break
    read = [object for verb, object in found if verb == "read" and object[9:].isdigit()]
    assert len(read) == len(set(read)) >= 212
    assert ora.get("/oversight?before=x").status_code == 422
    assert ora.get("/api/acts?before=1.2.3").status_code == 422


def test_two_whose_names_are_hidden_are_not_told_apart(desk: Site) -> None:
    """A line for each of two accounts would tell which acts are of one of them."""
    for name in ("Pia", "Pol"):
        desk.account(name, "Interior", "partner")
    marking = Marking("AMBER", "Health", recipients=frozenset({"Interior"}))
    desk.put("warning--2", jurisdiction="MLI", payload=as_bytes(TOLD),
             audience=Audience.of(marking))  # fmt: skip
    for name in ("Pia", "Pol"):
        page(desk.client(name), "/warnings/warning--2")
    text = page(desk.client("Ora"), "/oversight?lang=en&object=warning--2")
    lines = re.findall(r"<tr>.*?</tr>", text, re.DOTALL)
    assert len([line for line in lines if "Interior" in line and ">read<" in line]) == 1


def test_the_public_sees_public_warnings_alone(desk: Site) -> None:
    nobody = desk.client()
    assert "No public warning" in page(nobody, "/")
    desk.put("warning--2", "CLEAR", jurisdiction="TCD", payload=as_bytes(TOLD))
    text = page(nobody, "/")
    assert "Chad" in text
    assert "Mali" not in text
    assert "Acknowledge" not in text


def test_text_of_others_stays_text(desk: Site) -> None:
    nasty = "<script>alert(1)</script>"
    put(desk, sentence=nasty, level=nasty, probability=0.5, record=None)
    text = page(desk.client("Ama"))
    assert nasty not in text
    assert "no record yet" in text
    assert json.dumps(nasty)[1:-1] not in page(desk.client("Ama"), "/")


@pytest.mark.slow
def test_what_is_played_is_marked_on_every_page(desk: Site) -> None:
    ama = desk.client("Ama")
    banner = "EXERCISE – everything that is written here now is not real"
    assert "EXERCISE" not in page(ama, "/")
    desk.put("warning--2", jurisdiction="TCD", payload=as_bytes(TOLD), exercise=True)
    assert "EXERCISE – this is not real." in page(ama, "/warnings/warning--2")
    assert "EXERCISE" not in page(ama)
    assert page(ama, "/").count("EXERCISE – this is not real.") == 1
    desk.database.exercise = True
    for path in ("/", "/warnings/warning--1", "/forecasts", "/next", "/report/en", "/sign-in"):
        assert banner in page(ama, f"{path}?lang=en")
        assert 'data-word="تمرين"' in page(ama, f"{path}?lang=ar") or path == "/report/en"


def test_the_inbox_says_from_where_changes_are_to_be_told(desk: Site, site: Site) -> None:
    after = re.findall(r'data-after="([^"]+)"', page(desk.client("Ama"), "/"))[0]
    with desk.database.reading() as connection:
        row = find(desk.database, connection, desk.account("Ama"), "warning--1")
    assert place_of(after) == (row.date_added, "warning--1")
    nothing = re.findall(r'data-after="([^"]+)"', page(desk.client(), "/"))[0]
    assert place_of(nothing) == (1, "")


def around(zone: str, day: str) -> tuple[datetime, datetime]:
    """The half hours before and after a clock changes; of a day on which it does not, any two."""
    midnight = datetime.fromisoformat(f"{day}T00:00+00:00")
    halves = [midnight + timedelta(hours=n / 2) for n in range(-40, 60)]
    offsets = [one.astimezone(ZoneInfo(zone)).utcoffset() for one in halves]
    change = next((n for n in range(1, 100) if offsets[n] != offsets[n - 1]), 40)
    return halves[change - 1], halves[change]


@pytest.mark.slow
def test_every_screen_is_right_whatever_the_servers_own_clock(
    desk: Site, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one local hour comes twice, its two times are two on every screen."""
    paths = ("/?lang=en", "/map?lang=fr", "/warnings/warning--1",
             "/warnings/warning--1/incidents", "/forecasts",
             "/warnings/warning--1?lang=ar", "/oversight")  # fmt: skip
    ora = desk.client("Ora")
    moments = [(zone, at) for zone, day, *_ in TABLE for at in around(zone, day)]
    try:
        for zone, at in sorted(moments, key=lambda one: one[1]):
            hands.now = at
            put(desk, probability=at.timestamp() % 1e6 / 1e6)
            told = []
            for clock in ("UTC", zone):
                monkeypatch.setenv("TZ", clock)
                time.tzset()
                told.append([page(ora, path) for path in paths])
            assert [f"{at:%Y-%m-%d %H:%M} UTC" in one for one in told[0]] == [True] * len(paths)
            assert told[0] == told[1]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.slow
def test_every_feed_for_programs_is_right_whatever_the_servers_own_clock(
    desk: Site, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a program reads has the moment in UTC, and nothing that hangs on where the server is."""
    kind = "application/taxii+json;version=2.1"
    paths = [
        "/api/objects?limit=500",
        "/api/objects/warning--1/versions",
        "/api/acts",
        f"/taxii2/shared/collections/{COLLECTION}/manifest/",
    ]
    ora, sign = desk.client("Ora"), "indicator--00000000-0000-4000-8000-000000000001"
    moments = [(zone, at) for zone, day, *_ in TABLE for at in around(zone, day)]
    try:
        for zone, at in sorted(moments, key=lambda one: one[1]):
            hands.now = at
            put(desk, probability=at.timestamp() % 1e6 / 1e6)
            stamp = f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
            content = {"type": "indicator", "id": sign, "created": stamp, "modified": stamp,
                       "name": zone}  # fmt: skip
            desk.put(sign, payload=as_bytes(content), media_type=STIX, alias=sign)
            told = []
            for clock in ("UTC", zone):
                monkeypatch.setenv("TZ", clock)
                time.tzset()
                told.append([
                    ora.get(path, headers={"accept": kind} if "taxii" in path else {})
                    for path in paths
                ])  # fmt: skip
            # Each row is some microseconds later than the one before it.
            assert [f"{at:%Y-%m-%dT%H:%M:%S}." in one.text for one in told[0]] == [
                True,
                True,
                False,
                True,
            ]
            first, second = ([(one.text, one.headers.get("etag"), one.headers.get(
                "x-taxii-date-added-last")) for one in each] for each in told)  # fmt: skip
            assert first == second
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.browser
@pytest.mark.slow
def test_an_open_inbox_shows_what_comes_and_disturbs_nobody_at_work(
    browser: Browser, place: tuple[Site, str]
) -> None:
    site, address = place
    told = TOLD | {"months": {"first": "2026-11", "last": "2999-01"}}
    site.put("warning--1", "CLEAR", jurisdiction="MLI", payload=as_bytes(told))
    context = browser.new_context(base_url=address)
    inbox = context.new_page()
    faults: list[str] = []
    inbox.on("console", lambda message: faults.append(message.text))
    inbox.goto("/")
    inbox.locator("#live_note", has_text="Changes are shown").wait_for()
    site.put("warning--2", "CLEAR", jurisdiction="TCD", payload=as_bytes(told))
    inbox.locator(".card", has_text="Chad").wait_for()
    inbox.focus(".card a")
    site.put("warning--3", "CLEAR", jurisdiction="NER", payload=as_bytes(told))
    inbox.locator("#live_show").wait_for()
    assert inbox.locator(".card", has_text="Niger").count() == 0
    inbox.keyboard.press("Shift+Tab")
    inbox.keyboard.press("Enter")
    inbox.locator(".card", has_text="Niger").wait_for()
    inbox.uncheck("#live_wish")
    inbox.reload()
    assert not inbox.is_checked("#live_wish")
    assert faults == []
    context.close()
