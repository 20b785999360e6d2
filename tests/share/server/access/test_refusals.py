"""Attacks: each asks four databases that differ in hidden rows alone, and must not tell them apart.

In one database nothing is hidden, since nothing of it is there; in one it is hidden from its
beginning; in one it was shown to everybody, and was marked more strictly, deleted and changed
since. A fourth shows it, and there the attack has to find something: an attack that finds nothing
anywhere would prove nothing.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import event, update

from share.server.conftest import Hands, Site
from tocsin.share.audit.note import new_key
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.api.live import stream
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.database.outbound import webhooks
from tocsin.share.server.delivery.digest import day_of, write_digest
from tocsin.share.server.delivery.sending import enqueue
from tocsin.share.server.delivery.webhooks import add_hook
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.reports import Sending, receive
from tocsin.share.server.neighbours.feed import read_feed
from tocsin.share.server.taxii.asking import TAXII
from tocsin.share.server.taxii.keeping import own_id
from tocsin.share.server.taxii.routes import COLLECTION
from tocsin.share.stix.original import STIX

MODES = ("absent", "hidden", "withdrawn", "shown")
RED = Audience.of(Marking("RED", "Health", readers=frozenset({"Zoe"})))
GREEN = Audience.of(Marking("GREEN", "Health"))
ALIAS = "indicator--7d2f1f0a-1111-4000-8000-000000000007"
KEYS = {"key": "k" * 20, "sending": "s" * 20, "branch": "b" * 20}
ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}
WHY = {"reason": "because of this"}
OBJECTS = f"/taxii2/shared/collections/{COLLECTION}/objects/"
HAPPENED = {"first": "2026-11-02", "last": "2026-11-02", "kind": "one-sided", "sides": ["A"],
            "technologies": ["cyber"]}  # fmt: skip
CONTENTS: dict[str, dict[str, Any]] = {
    "warning": {"level": "emergency", "sentence": "sign", "probability": 0.9,
                "months": {"first": "2026-11", "last": "2999-01"}},
    "forecast": {"data_to": "2026-10", "model": "sign", "months": [
        {"month": "2026-12", "p05": 0.0, "p50": 1.0, "p95": 9.0, "p_any": 0.5, "p_25": 0.1}]},
    "incident": HAPPENED, "brief": {"words": "sign"}, "note": {"words": "sign"},
    "report": {"answers": ANSWERS | {"headline": "sign"}, "organisation": "Health"},
}  # fmt: skip
Told = list[Any]
Attack = Callable[[Site], Told]


def fill(site: Site, mode: str) -> None:
    """Beside one object of each kind that everybody sees, one of each kind that is hidden, or not.

    Each is written at a moment of its own, whether or not the ones before it were.
    """
    hands = site.database.clock
    assert isinstance(hands, Hands)
    site.app.state.key = KEY
    for name, organisation, role in (
        ("Zoe", "Health", "analyst"), ("Dan", "Health", "decision maker"),
        ("Eve", "Elsewhere", "analyst"), ("Ova", "Elsewhere", "oversight"),
        ("Pat", "Elsewhere", "partner"), ("Fay", "Elsewhere", "field reporter"),
    ):  # fmt: skip
        site.account(name, organisation, role)
    for kind, content in CONTENTS.items():
        hands.move(seconds=1)
        site.put(f"{kind}--1", jurisdiction="MLI", payload=json.dumps(content).encode())
        hands.move(seconds=1)
        if mode != "absent":
            _put_secret(site, f"{kind}--2", kind, GREEN if mode in ("withdrawn", "shown") else RED)
        if mode == "withdrawn":
            hands.move(seconds=0.1)
            _put_secret(site, f"{kind}--2", kind, RED, more=1)
            if kind in ("note", "brief"):
                site.put(f"{kind}--2", audience=RED, payload=b"{}", deleted=True)
        hands.now = hands.now.replace(microsecond=0)
    hands.move(seconds=1)


def _put_secret(site: Site, id: str, kind: str, audience: Audience, **more: Any) -> None:
    place = "BFA" if kind != "incident" else "MLI"
    payload = json.dumps(CONTENTS[kind] | {"secret": "sign"} | more).encode()
    row = site.put(id, audience=audience, jurisdiction=place, payload=payload)
    with site.database.writing() as connection:
        record(site.database, connection, site.account("Zoe"), "escalate", row, reason="a sign")
    if kind == "note":
        told = _indicator() | {"name": "sign"} | ({"x_more": 1} if more else {})
        site.put(own_id(ALIAS, "Health"), type="indicator", audience=audience, media_type=STIX,
                 alias=ALIAS, payload=json.dumps(told).encode())  # fmt: skip
    if kind == "report" and not more:
        with site.database.writing() as connection:
            sent = Sending(answers=ANSWERS, level="RED", **KEYS)
            receive(site.database, connection, site.account("Zoe"), sent)


def _indicator() -> dict[str, Any]:
    return {
        "type": "indicator", "spec_version": "2.1", "id": ALIAS, "pattern": "[a:b = 'c']",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip


KEY = new_key("north")
_NAMES: Iterator[uuid.UUID] = iter(())
_HEX: Iterator[int] = itertools.count(1)


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and times of new objects hang on chance; here all servers draw the same."""
    begin(1)
    monkeypatch.setattr(objects, "GAP", 1)
    monkeypatch.setattr("uuid.uuid4", lambda: next(_NAMES))
    monkeypatch.setattr("secrets.token_hex", lambda n: f"{next(_HEX):0{2 * n}x}")


def begin(names: int) -> None:
    global _NAMES, _HEX  # noqa: PLW0603
    _NAMES = (uuid.UUID(int=n) for n in itertools.count(names))
    _HEX = itertools.count(names)


def told(found: httpx.Response) -> tuple[int, bytes, str]:
    headers = (f"{name}: {value}" for name, value in sorted(found.headers.items())
               if name != "set-cookie")  # fmt: skip
    return found.status_code, found.content, "\n".join(headers)


def gets(who: str, *paths: str, **headers: str) -> Attack:
    def ask(site: Site) -> Told:
        client = site.client(who)
        return [told(client.get(path, headers=headers)) for path in paths]

    return ask


def etag_of_a_list(site: Site) -> Told:
    """Is a list still the one that was read, once something hidden was written?"""
    eve = site.client("Eve")
    first = eve.get("/api/objects")
    with site.database.writing() as connection:
        row = objects.newest(connection, "warning--2")
    if row is not None:
        site.put("warning--2", audience=row_audience(site, row), payload=b'{"anew": 1}')
    again = eve.get("/api/objects", headers={"if-none-match": first.headers["etag"]})
    return [told(first), told(again)]


def row_audience(site: Site, row: Any) -> Audience:
    with site.database.reading() as connection:
        return objects.draft_of(connection, row).audience


def error_texts_by_id(site: Site) -> Told:
    eve, found = site.client("Eve"), []
    for kind in CONTENTS:
        id = f"/api/objects/{kind}--2"
        found += [
            told(eve.get(id)), told(eve.get(f"{id}/payload")), told(eve.get(f"{id}/versions")),
            told(eve.get(f"{id}/parts")), told(eve.request("DELETE", id, json=WHY)),
            told(eve.post(f"{id}/markings", json=WHY | {"markings": [{"level": "NONE"}]})),
            told(eve.post(f"{id}/markings", json=WHY | {"markings": [{"level": "RED"}]})),
            told(eve.post(f"{id}/release", json=WHY | {"markings": [{"level": "CLEAR"}]})),
            told(eve.post(f"{id}/proposals", json=WHY)), told(eve.get(f"/{kind}s/{kind}--2")),
        ]  # fmt: skip
    return found


def preview_of_webhooks(site: Site) -> Told:
    """What waits for a webhook, what its page says, and whether a test tells of anything."""
    eve, reader = site.client("Eve"), site.account("Eve").reader
    with site.database.writing() as connection:
        add_hook(site.database, connection, site.service.seal, reader, "https://hooks.example/a")
        connection.execute(update(webhooks).values(place=0))
        made = enqueue(site.database, connection, lambda _name: reader)
        place = connection.execute(webhooks.select()).one().place
    # A form names the state of the secret, which is drawn by chance.
    return [made, place, re.sub('value="[0-9a-f]{16}"', "", eve.get("/webhooks").text)]


def bulk_verbs(site: Site) -> Told:
    note = {"type": "note", "payload": {}, "markings": [{"level": "GREEN"}]}
    some = [note | {"parent": f"{kind}--2"} for kind in CONTENTS] + [note]
    return [told(site.client("Eve").post("/api/objects/bulk", json={"objects": some}))]


def forged_cursors(site: Site) -> Told:
    """Places in the list that name a hidden row, its moment, or no moment at all."""
    eve, found = site.client("Eve"), []
    for second in range(2, 9):
        for id in ("", "warning--2", "~"):
            at = int((Hands().now.timestamp() + second) * 1_000_000)
            cursor = base64.urlsafe_b64encode(f"{at} {id}".encode()).decode()
            found.append(told(eve.get("/api/objects", params={"after": cursor, "limit": 2})))
            found.append(told(eve.get(OBJECTS, params={"next": str(at), "limit": "1"})))
    for text in ("-1 x", "9" * 30 + " x", " warning--2", "1", "x y"):
        cursor = base64.urlsafe_b64encode(text.encode()).decode()
        found.append(told(eve.get("/api/objects", params={"after": cursor})))
    return found


def put_with_fields_left_out(site: Site) -> Told:
    """A new version without content, without what was read, and with the hidden one's digest."""
    eve = site.client("Eve")
    secret = json.dumps(CONTENTS["warning"] | {"secret": "sign"}).encode()
    digest = hashlib.sha256(secret).hexdigest()
    return [
        told(eve.put("/api/objects/warning--2", json=body, headers=match))
        for body in ({}, {"payload": {}}, {"payload": {}, "markings": []}, {"markings": []})
        for match in ({}, {"if-match": digest}, {"if-match": "*"})
    ]


def events(site: Site) -> Told:
    """What streams of live updates say, from now and from the beginning, and where they stand."""
    reader = site.account("Eve").reader
    types = frozenset({*CONTENTS, "indicator"})

    async def at_once(_seconds: float) -> None:
        return None

    async def heard(place: tuple[int, str]) -> list[bytes]:
        said = stream(site.service, lambda: reader, place, types, looks=3, sleep=at_once)
        return [part async for part in said]

    return [asyncio.run(heard(place)) for place in ((0, ""), (1, ""), (1, "warning--2"))]


def feed_with_deletes(site: Site) -> Told:
    """What a neighbour hears who was given nothing yet, before and after something is deleted."""
    found = []
    for gone in (False, True):
        if gone and objects_there(site):
            for kind in ("warning", "forecast"):
                site.put(f"{kind}--2", audience=RED, payload=b"{}", deleted=True)
        with site.database.writing() as connection:
            page = read_feed(site.database, connection, site.account("Pat").reader, KEY)
        heads = [json.loads(one.head.split("\n")[0]) for one in page.entries]
        # Bodies hold a part drawn by chance, and statements a version drawn so.
        found.append([(one["id"], one["deleted"]) for one in heads] + [page.more])
    return found


def objects_there(site: Site) -> bool:
    with site.database.reading() as connection:
        return objects.newest(connection, "warning--2") is not None


def verbs_without_a_body(site: Site) -> Told:
    eve = site.client("Eve")
    ids = [f"/api/objects/{kind}--2" for kind in CONTENTS] + ["/warnings/warning--2", "/"]
    return [told(eve.request(verb, id)) for id in ids for verb in ("HEAD", "OPTIONS", "TRACE")]


def work_that_is_done(site: Site) -> Told:
    """How many questions the database is asked for a hidden id and for one that is missing."""
    counts: list[int] = []

    def count(*_: Any) -> None:
        counts[-1] += 1

    eve = site.client("Eve")
    paths = ("/api/objects/{}", "/api/objects/{}/payload", "/warnings/{}", "/incidents/{}",
             "/forecasts/{}", "/warnings/{}/incidents", "/incidents/{}/alike")  # fmt: skip
    for path in paths:
        eve.get(path.format("warning--9"))
    event.listen(site.database.engine, "before_cursor_execute", count)
    try:
        for path in paths:
            for id in ("warning--2", "warning--9"):
                counts.append(0)
                eve.get(path.format(id))
    finally:
        event.remove(site.database.engine, "before_cursor_execute", count)
    return counts


def limits(site: Site) -> Told:
    """After how many questions one is sent away, where each of them is for something hidden."""
    site.service.requests.most = 5
    site.service.requests._left.clear()
    eve = site.client("Eve")
    found = [eve.get("/api/objects/warning--2").status_code for _ in range(7)]
    site.service.requests.most = 1_000_000
    return found


def parts_of_what_is_hidden(site: Site) -> Told:
    eve, found = site.client("Eve"), []
    for kind in CONTENTS:
        note = {"type": "note", "payload": {}, "markings": [{"level": "GREEN"}]}
        found.append(told(eve.post("/api/objects", json=note | {"parent": f"{kind}--2"})))
    return [*found, told(eve.get("/api/objects", params={"type": "note"}))]


def digest_by_mail(site: Site) -> Told:
    zone, database = ZoneInfo("UTC"), site.database
    day = day_of(database.clock(), 7, zone)
    with database.reading() as connection:
        return [write_digest(database, connection, site.account("Eve").reader, day, zone=zone)]


def keys_of_reports(site: Site) -> Told:
    """Send a report with the very keys of a hidden one, with its answers and with others."""
    eve = site.client("Eve")
    same, other = KEYS | {"answers": ANSWERS}, KEYS | {"answers": ANSWERS | {"headline": "x"}}
    return [told(eve.post("/api/reports", json=body)) for body in (same, same, other)]


def ids_of_stix(site: Site) -> Told:
    """Send an object under the id of a hidden one, read it back, and send it anew."""
    eve, headers, found = site.client("Eve"), {"content-type": TAXII}, []
    for more in ({}, {"name": "mine"}, {"modified": "2026-02-01T00:00:00.000Z"}):
        body = {"objects": [_indicator() | more]}
        status = eve.post(OBJECTS, json=body, headers=headers)
        found += [told(status), told(eve.get(OBJECTS, params={"match[version]": "all"}))]
    id = json.loads(found[0][1])["id"]
    return [*found, told(eve.get(f"/taxii2/shared/status/{id}/"))]


def an_incident_of_ones_own(site: Site) -> Told:
    """Send an incident that names a hidden report; its owner then marks the report anew."""
    eve, headers = site.client("Eve"), {"content-type": TAXII}
    mine = _indicator() | HAPPENED | {
        "type": "incident", "id": "incident--7d2f1f0a-1111-4000-8000-000000000008", "name": "mine",
        "reports": [{"report": "report--2", "probability": 1.0}],
    }  # fmt: skip
    found = [told(eve.post(OBJECTS, json={"objects": [mine]}, headers=headers))]
    again = WHY | {"markings": [{"level": "AMBER+STRICT"}]}
    site.client("Zoe").post("/api/objects/report--2/markings", json=again)
    found += [told(eve.get("/api/objects", params={"type": "incident"})), told(eve.get(OBJECTS))]
    return found


PAGES = ("/", "/map", "/forecasts", "/next", "/warnings/warning--1", "/warnings/warning--2",
         "/warnings/warning--1/incidents", "/incidents/incident--1", "/incidents/incident--1/alike",
         "/forecasts/forecast--1", "/account", "/webhooks")  # fmt: skip
TAXII_LISTS = [f"{OBJECTS}{query}" for query in (
    "", "?limit=1", "?match[version]=all", "?match[version]=first", f"?match[id]={ALIAS}",
    "?added_after=2026-11-26T08:00:00Z")]  # fmt: skip
TAXII_LISTS += [OBJECTS.replace("objects", "manifest"), f"{OBJECTS}{ALIAS}/",
                f"{OBJECTS}{ALIAS}/versions/"]  # fmt: skip
ATTACKS: dict[str, Attack] = {
    "counts by facet": gets("Eve", "/api/counts", "/api/counts?type=warning"),
    "order by hidden keys": gets(
        "Eve", *(f"/api/objects?limit={n}&type={kind}" for n in (1, 2) for kind in CONTENTS), "/"
    ),
    "ETag of a list": etag_of_a_list,
    "error texts by id": error_texts_by_id,
    "preview of webhooks": preview_of_webhooks,
    "bulk verbs": bulk_verbs,
    "forged cursors": forged_cursors,
    "PUT with fields left out": put_with_fields_left_out,
    "similar cases": gets("Eve", "/incidents/incident--1/alike", "/warnings/warning--1/incidents"),
    "live events": events,
    "feed with deletes": feed_with_deletes,
    "map": gets("Eve", "/map", "/map?lang=ar"),
    "pages in French": gets("Eve", *(f"{path}?lang=fr" for path in PAGES)),
    "pages in Arabic": gets("Eve", *(f"{path}?lang=ar" for path in PAGES)),
    "HEAD, OPTIONS, TRACE": verbs_without_a_body,
    "ranges of bytes": gets(
        "Eve", "/api/objects", "/api/objects/warning--2/payload", OBJECTS, range="bytes=0-99"
    ),
    "work that is done": work_that_is_done,
    "limits": limits,
    "parts of what is hidden": parts_of_what_is_hidden,
    "oversight": gets(
        "Ova", "/oversight", "/api/acts", "/api/acts?object=warning--2",
        "/oversight?object=warning--2", "/api/acts?limit=1",
    ),
    "digest by mail": digest_by_mail,
    "keys of reports": keys_of_reports,
    "ids of STIX": ids_of_stix,
    "an incident of one's own": an_incident_of_ones_own,
    "TAXII": gets("Eve", *TAXII_LISTS),
    "nobody": gets("", "/api/objects", "/api/counts", "/", "/map", OBJECTS, "/openapi.json"),
    "a field reporter": gets("Fay", "/", "/api/objects", "/api/counts", "/map", "/report/ar"),
    "OpenAPI": gets("Eve", "/openapi.json"),
}  # fmt: skip
LONG = ("forged cursors", "error texts by id", "order by hidden keys", "pages in French",
        "pages in Arabic", "map", "TAXII", "a field reporter", "nobody", "work that is done",
        "ids of STIX", "HEAD, OPTIONS, TRACE")  # fmt: skip
BLIND = ("HEAD, OPTIONS, TRACE", "OpenAPI", "nobody", "keys of reports", "limits")
"""These find nothing even where it is shown: they must be the same whatever is there."""


@pytest.fixture(scope="module")
def filled(
    fresh: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Hands, dict[str, Any]]]:
    """The files of the databases, the time at which each was left, and who has accounts there."""
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(objects, "GAP", 1)
        patched.setattr("uuid.uuid4", lambda: next(_NAMES))
        for mode in MODES:
            folder, hands = tmp_path_factory.mktemp(mode), Hands()
            shutil.copy(fresh, folder / SQLITE_FILE)
            database = connect(folder, clock=hands)
            site = Site(database)
            begin(10**9)
            fill(site, mode)
            found[mode] = folder / SQLITE_FILE, hands, dict(site._signed)
            database.close()
    return found


@pytest.mark.parametrize(
    "name",
    [pytest.param(one, marks=[pytest.mark.slow] if one in LONG else []) for one in ATTACKS],
)
def test_an_attack_tells_nothing_of_what_is_hidden(
    filled: dict[str, tuple[Path, Hands, dict[str, Any]]], tmp_path: Path, name: str
) -> None:
    found = {}
    for mode, (file, hands, signed) in filled.items():
        folder = tmp_path / mode
        folder.mkdir()
        shutil.copy(file, folder / SQLITE_FILE)
        clock = Hands()
        clock.now = hands.now
        database = connect(folder, clock=clock)
        site = Site(database)
        site._signed = dict(signed)
        site.app.state.key = KEY
        begin(1)
        found[mode] = ATTACKS[name](site)
        database.close()
    assert found["hidden"] == found["absent"]
    assert found["withdrawn"] == found["absent"]
    assert name in BLIND or found["shown"] != found["absent"]


def test_a_reply_does_not_tell_who_else_sees_its_whole(site: Site) -> None:
    """Who replies owns the reply, which is marked as its warning, and sees no marking of that."""
    for name, organisation in (("Ama", "Health"), ("Eve", "Elsewhere"), ("Ben", "Interior")):
        site.account(name, organisation)
    red = Marking("RED", "Health", readers=frozenset({"Eve", "Ben of Interior"}))
    amber = Marking("AMBER", "Health", recipients=frozenset({"Elsewhere", "Clinic"}))
    site.put("warning--1", audience=Audience.of(red, amber))
    eve = site.client("Eve")
    answer = eve.post("/api/objects/warning--1/proposals", json=WHY)
    note = {"type": "note", "payload": {}, "markings": [{"level": "AMBER"}], "parent": "warning--1"}
    part = eve.post("/api/objects", json=note)
    for found in (answer, part, eve.get(f"/api/objects/{part.json()['id']}"),
                  eve.get("/api/objects"), eve.get(f"/api/objects/{part.json()['id']}/versions"),
                  eve.get("/api/objects/warning--1/parts")):  # fmt: skip
        assert found.status_code in (200, 201), found.text
        assert "Clinic" not in found.text
        assert "Ben of Interior" not in found.text
    assert part.json()["level"] == "RED"
    assert part.json()["markings"] == [{"level": "AMBER", "owner": "Elsewhere"}]
    # Of two organisations' markings on one object each owner reads its own, and all of them count.
    assert [one["level"] for one in answer.json()["markings"]] == ["CLEAR"]
    site.account("Ada", "Elsewhere")
    assert site.client("Ada").get(f"/api/objects/{part.json()['id']}").status_code == 404


def test_a_copy_of_what_another_server_owns_is_changed_by_nobody_here(site: Site) -> None:
    """Also not by an organisation of the same name: the owner's server signed what it says."""
    site.account("Ama")
    site.account("Dan", role="decision maker")
    row = site.put("warning--1", "AMBER", origin="north", payload=b'{"a": 1}')
    told = _indicator()
    site.put("indicator--1", origin="north", alias=ALIAS, media_type=STIX,
             payload=json.dumps(told).encode())  # fmt: skip
    ama, dan = site.client("Ama"), site.client("Dan")
    tag = {"if-match": row.digest}
    asked = [
        ama.put("/api/objects/warning--1", json={"payload": {}}, headers=tag),
        ama.post("/api/objects/warning--1/markings", json=WHY | {"markings": [{"level": "RED"}]}),
        ama.request("DELETE", "/api/objects/warning--1", json=WHY),
        dan.post("/api/objects/warning--1/release", json=WHY | {"markings": [{"level": "CLEAR"}]}),
    ]
    assert [one.status_code for one in asked] == [403] * 4
    assert {one.json()["title"] for one in asked} == {"The object is another server's."}
    newer = told | {"modified": "2026-03-01T00:00:00.000Z", "name": "mine"}
    sent = ama.post(OBJECTS, json={"objects": [newer]}, headers={"content-type": TAXII})
    assert sent.json()["failures"][0]["message"] == "It cannot be kept."
    # It is handled here, and a change is proposed.
    handled = ama.post("/warnings/warning--1", data={"act": "acknowledge"})
    assert handled.status_code == 303
    proposed = {"payload": base64.b64encode(b"{}").decode()} | WHY
    assert ama.post("/api/objects/warning--1/proposals", json=proposed).status_code == 201
    assert ama.get("/api/objects/warning--1").json()["payload"] == {"a": 1}
