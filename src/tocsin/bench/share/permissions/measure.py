"""Measure whether anything that is hidden from a reader shows, at any place of the server.

There are two kinds of cases. At a place that tells of many objects (a list, a count, an order, a
page, what is told by itself), each object and each asker is a case: the object's sign may be there
only if the asker may see it. At a place that names one object, the answer for a hidden one must be,
byte for byte, the answer for one that does not exist.
"""

from __future__ import annotations

import base64
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tocsin.bench.share.permissions.people import Asker, list_askers, list_markings
from tocsin.bench.share.permissions.sent import PLACES, sent_to
from tocsin.bench.share.permissions.world import LIKE, PUBLIC, Answer, Thing, World, id_of
from tocsin.schema.vocabulary.marking import TLP_2
from tocsin.share.server.access.reader import NOBODY
from tocsin.share.server.api.live import stream
from tocsin.share.server.delivery.digest import NOT_MAILED
from tocsin.share.server.taxii.asking import TAXII
from tocsin.share.server.taxii.routes import COLLECTION

TAXII_PATH = f"/taxii2/shared/collections/{COLLECTION}"
PAGES = {
    "counts": "/api/counts", "inbox": "/", "forecasts": "/forecasts", "who may be next": "/next",
    "oversight": "/oversight", "acts": "/api/acts?limit=500", "order": "/api/objects?limit=7",
    "types": "/api/objects?limit=500&type=note", "similar": f"/warnings/{PUBLIC}/incidents",
    "similar cases": f"/incidents/{LIKE}/alike", "map": "/map",
    "preview": f"/warnings/{PUBLIC}", "TAXII": f"{TAXII_PATH}/objects/",
    "TAXII versions": f"{TAXII_PATH}/objects/?match[version]=all",
    "TAXII manifest": f"{TAXII_PATH}/manifest/", "account": "/account",
    "description": "/openapi.json",
}  # fmt: skip
"""Places that tell of many objects, by the name of what they show."""
WHY = {"reason": "because of this"}
CLEAR = {"markings": [{"level": "CLEAR"}]}
NOTE = {"type": "note", "payload": {}, **CLEAR}
PROBES: dict[str, tuple[str, str, Any]] = {
    "read": ("GET", "/api/objects/{id}", None),
    "payload": ("GET", "/api/objects/{id}/payload", None),
    "versions": ("GET", "/api/objects/{id}/versions", None),
    "parts": ("GET", "/api/objects/{id}/parts", None),
    "PUT": ("PUT", "/api/objects/{id}", {"payload": {}}),
    "delete": ("DELETE", "/api/objects/{id}", WHY),
    "mark": ("POST", "/api/objects/{id}/markings", WHY | CLEAR),
    "release": ("POST", "/api/objects/{id}/release", WHY | CLEAR),
    "propose": ("POST", "/api/objects/{id}/proposals", WHY | {"payload": "e30="}),
    "POST as a part": ("POST", "/api/objects", NOTE | {"parent": "{id}"}),
    "bulk": ("POST", "/api/objects/bulk", {"objects": [NOTE | {"parent": "{id}"}]}),
    "page of a warning": ("GET", "/warnings/{id}", None),
    "acknowledge": ("POST", "/warnings/{id}", "act=acknowledge"),
    "assign": ("POST", "/warnings/{id}", "act=assign&member=account+001+of+Health"),
    "escalate": ("POST", "/warnings/{id}", "act=escalate&reason=because+of+this"),
    "similar to it": ("GET", "/warnings/{id}/incidents", None),
    "drill-down": ("GET", "/incidents/{id}", None),
    "similar cases of it": ("GET", "/incidents/{id}/alike", None),
    "page of a forecast": ("GET", "/forecasts/{id}", None),
    "acts on it": ("GET", "/api/acts?object={id}", None),
    "oversight of it": ("GET", "/oversight?object={id}", None),
    "TAXII object": ("GET", f"{TAXII_PATH}/objects/{{id}}/", None),
    "TAXII versions of it": ("GET", f"{TAXII_PATH}/objects/{{id}}/versions/", None),
    "TAXII match": ("GET", f"{TAXII_PATH}/objects/?match[id]={{id}}", None),
    "TAXII unique id": ("POST", f"{TAXII_PATH}/objects/", "stix"),
    "keys of a report": ("POST", "/api/reports", "report"),
}  # fmt: skip
"""Places that name one object: how it is asked for, where, and with what."""
MISSING = 0x7F000000
"""A number that no object has."""
DRAWN = re.compile(
    rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|20[0-9-]{8}[T ][0-9:.]+Z?|receipt: [^\n]*"
)
"""What every answer draws anew: ids of what was just written, and times."""
SHOWN = 20
"""Leaks that are told one by one, at most."""


def measure_permissions(
    *,
    askers: int = 145,
    markings: int = 80,
    probed: int = 20,
    seed: int = 0,
    on_done: Callable[[str], None] = lambda _words: None,
) -> dict[str, Any]:
    """Measure whether hidden objects show.

    Args:
        askers: how many accounts ask, of 145 (nobody among them, always).
        markings: how many sets of markings there are objects under, of 80.
        probed: for how many hidden objects an asker tries each place that names one.
        seed: start of all that is drawn by chance.
        on_done: told what is being done.

    Returns:
        `cases`, by kind in `shows` and `tells`, `places` (how many each), `leaks` (how many),
        `worst` (the first of them, in words), `withheld` (objects that their reader should see and
        that the list of objects left out), and `lookup_microseconds`, the median time of a question
        for a `hidden` and for a `missing` id.
    """
    draw = random.Random(seed)
    nobody, *everybody = list_askers()
    chosen = [nobody, *draw.sample(everybody, min(askers - 1, len(everybody)))]
    sets = list(list_markings())
    leaks: list[str] = []
    cases: Counter[str] = Counter()
    withheld = 0
    times: dict[str, list[float]] = {"hidden": [], "missing": []}
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), draw.sample(sets, min(markings, len(sets))), everybody)
        hidden = {
            asker: [one for one in world.things if not asker.sees(one.markings, one.type)]
            for asker in chosen
        }
        # Lists come first, since what is tried at single objects writes some that have their ids.
        for n, asker in enumerate(chosen, 1):
            on_done(f"Looking through lists as {n} of {len(chosen)}")
            for place, names in _list_shown(world, asker):
                cases["shows"] += len(world.things)
                kept_in = _hidden_from_mail(world) if place == "digest" else []
                leaks += [
                    _words(asker, place, one)
                    for one in {*hidden[asker], *kept_in}
                    if one.number in names
                ]
                if place == "rows":
                    withheld += _count_withheld(world, asker, names)
        for n, asker in enumerate(chosen, 1):
            on_done(f"Trying hidden objects as {n} of {len(chosen)}")
            some = draw.sample(hidden[asker], min(probed, len(hidden[asker])))
            for thing, place, same in _probe_hidden(world, asker, some, everybody, times):
                cases["tells"] += 1
                leaks += [] if same else [_words(asker, place, thing)]
        world.close()
    return {
        "cases": cases.total(), **cases,
        "places": {"shows": len(PAGES) + 2 + len(PLACES), "tells": len(PROBES)},
        "leaks": len(leaks), "worst": leaks[:SHOWN], "withheld": withheld,
        "lookup_microseconds": {
            name: round(median(found) * 1e6) if found else None for name, found in times.items()
        },
    }  # fmt: skip


def _hidden_from_mail(world: World) -> list[Thing]:
    """What is shown to some, and told by mail to nobody."""
    return [one for one in world.things if any(x.level in NOT_MAILED for x in one.markings)]


def _count_withheld(world: World, asker: Asker, names: set[int]) -> int:
    """How many objects the asker should see and did not."""
    return sum(
        one.kind != "old" and one.number not in names and asker.sees(one.markings, one.type)
        for one in world.things
    )


def _words(asker: Asker, place: str, thing: Thing) -> str:
    levels = "+".join(sorted(one.level for one in thing.markings))
    who = asker.name or "nobody"
    return f"{place}: {who} ({asker.role}) learnt of {thing.kind} {thing.number}, {levels}"


def _list_shown(world: World, asker: Asker) -> Iterator[tuple[str, set[int]]]:
    """The objects that show, at each place that tells of many."""
    names: set[int] = set()
    after: str | None = ""
    while after is not None:
        found = world.ask(asker, "GET", f"/api/objects?limit=500&after={after}")
        names |= found.names()
        after = json.loads(found.content)["next"]
        if after:
            # A cursor may tell no more than the row on which it stands.
            names |= Answer(200, "", base64.urlsafe_b64decode(after)).names()
    yield "rows", names
    for place, path in PAGES.items():
        found = world.ask(asker, "GET", path)
        told = found.names()
        if place in ("counts", "map"):
            told |= {int(n) for n in re.findall(rb'[">]Z([0-9]{4})["<]', found.content)}
        yield place, told
    yield "events", world.wait(_events(world, asker))
    yield from sent_to(world, asker)


async def _events(world: World, asker: Asker) -> set[int]:
    reader = world.signed[asker].reader if asker.role else NOBODY

    async def at_once(_seconds: float) -> None:
        return None

    types = frozenset({"warning", "forecast", "brief", "note", "report", "incident", "indicator"})
    parts = [
        part
        async for part in stream(
            world.service, lambda: reader, (1, ""), types, looks=8, sleep=at_once
        )
    ]
    ids = b"".join(parts).decode()
    cursors = "".join(
        base64.urlsafe_b64decode(one).decode() for one in re.findall(r"^id: (\S+)", ids, re.M)
    )
    return Answer(200, ids + cursors, b"").names()


def _probe_hidden(
    world: World,
    asker: Asker,
    some: list[Thing],
    everybody: list[Asker],
    times: dict[str, list[float]],
) -> Iterator[tuple[Thing, str, bool]]:
    """For hidden objects and each place that names one: is the answer that for a missing one?"""
    missing: dict[tuple[str, str], bytes] = {}
    other = next(one for one in everybody if one.organisation != asker.organisation)
    for thing in some:
        if thing.kind == "old":
            # Its id is no secret by now; its earlier version is looked for in lists.
            continue
        world.send(other, _keys(asker, thing.number))
        for place in PROBES:
            key = (thing.type, place)
            if key not in missing:
                number = MISSING + len(missing)
                missing[key], spent = _ask(world, asker, place, thing.type, number)
                if place == "read":
                    times["missing"].append(spent)
            found, spent = _ask(world, asker, place, thing.type, thing.number)
            if place == "read":
                times["hidden"].append(spent)
            yield thing, place, found == missing[key]


def _keys(asker: Asker, number: int) -> dict[str, str]:
    """Keys that an asker uses, and before it somebody of another organisation."""
    return {name: f"{name} {asker.name} {number:020d}" for name in ("key", "sending", "branch")}


def _ask(world: World, asker: Asker, place: str, type: str, number: int) -> tuple[bytes, float]:
    """The answer at a place, without its own id and what is drawn anew, and the time it took."""
    id = id_of(type, number)
    method, path, told = PROBES[place]
    headers: dict[str, str] = {"if_match": "x"} if method == "PUT" else {}
    if told == "stix":
        told, headers = {"objects": [_indicator(id, type)]}, {"content_type": TAXII}
    elif told == "report":
        answers = {"event_date": "2026-11-21", "country": "Mali", "event_kind": "other"}
        told = {**_keys(asker, number), "answers": answers}
    elif told is not None and not isinstance(told, str):
        told = json.loads(json.dumps(told).replace("{id}", id))
    begun = time.perf_counter()
    found = world.ask(asker, method, path.replace("{id}", id), told, **headers)
    spent = time.perf_counter() - begun
    whole = b"%d\n%s\n%s" % (found.status, found.headers.encode(), found.content)
    if path == "/api/reports":
        # The tag of a receipt is made of the report's id, which was drawn just now.
        whole = whole.replace(b"etag: ", b"receipt: ")
    plain = whole.replace(id.encode(), b"ID").replace(f"{number:020d}".encode(), b"NUMBER")
    return DRAWN.sub(b"DRAWN", plain), spent


def _indicator(id: str, type: str) -> dict[str, Any]:
    """An object for its sender alone, so that it changes nothing for those who ask later."""
    at = "2026-02-01T00:00:00.000Z"
    red = next(id for id, level in TLP_2.items() if level == "RED")
    return {"type": type, "spec_version": "2.1", "id": id, "name": "mine", "created": at,
            "modified": at, "object_marking_refs": [f"marking-definition--{red}"]}  # fmt: skip
