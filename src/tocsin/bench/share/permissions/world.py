"""A server with objects of each kind under each set of markings, asked without a network.

Each object holds a sign that no other text holds, in its content, in what was done to it and, where
its kind has them, in an earlier version and in a report. So an answer tells which objects took part
in it, wherever in it they show.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin.bench.share.permissions.people import OWNER, PLACE, Asker
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import VERBS
from tocsin.share.server.accounts import people, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import connect
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.reports import Sending, receive
from tocsin.share.server.running.app import make_app
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.asking import Service
from tocsin.share.stix.original import STIX

KINDS = ("warning", "forecast", "brief", "note", "part", "old", "report", "incident", "indicator")
"""A part has a marking of its own that allows everybody, and lies in the warning before it; an old
one is an earlier version of a warning that was released since."""
TYPES = {"part": "note", "old": "warning"}
PUBLIC = "warning--ffffffff-0000-4000-8000-000000000000"
"""A warning that everybody sees."""
LIKE = "incident--ffffffff-0000-4000-8000-000000000000"
"""An incident that everybody sees, and that all others are like."""
OPEN = 0x80000000
"""What ids of objects add to their number that everybody sees by now."""
SIGN = re.compile(r"sign-([0-9]{5})-sign|--([0-9a-f]{8})-0000-4000-8000-000000000000")
ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}


@dataclass(frozen=True)
class Thing:
    """This is an object: its number, what it is, and how it is marked."""

    number: int
    kind: str
    markings: frozenset[Marking]

    @property
    def type(self) -> str:
        """The type under which the server has it."""
        return TYPES.get(self.kind, self.kind)

    @property
    def id(self) -> str:
        """Its id, of which a part is its number; everybody sees the one of a released object."""
        return id_of(self.type, self.number + (OPEN if self.kind == "old" else 0))


def id_of(type: str, number: int) -> str:
    """Write an id that tells a number."""
    return f"{type}--{number:08x}-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Answer:
    """This is what the server answered."""

    status: int
    headers: str
    content: bytes

    def names(self) -> set[int]:
        """Give the numbers of the objects that show in it."""
        text = self.headers + self.content.decode("utf-8", "replace")
        return {int(n) if n else int(x, 16) for n, x in SIGN.findall(text)}


class World:
    """This is the server with its accounts and objects; `close` it."""

    def __init__(
        self, folder: Path, markings: Iterable[frozenset[Marking]], askers: Iterable[Asker]
    ) -> None:
        self.database = connect(folder)
        upgrade(self.database)
        plenty = ServerSettings(organisation=OWNER, requests_per_minute=10**9)
        self.service = Service(self.database, plenty, address="https://testserver")
        self.app = make_app(self.service)
        self.signed: dict[Asker, SignedIn] = {}
        self._tokens: dict[Asker, str] = {}
        self._loop = asyncio.new_event_loop()
        for asker in askers:
            if asker.role:
                self._add(asker)
        self.things: list[Thing] = []
        for marked in markings:
            for kind in KINDS:
                self._put(Thing(len(self.things) + 1, kind, marked))
        with self.database.writing() as connection:
            content = _content("warning", 0)
            clear = Audience.of(Marking("CLEAR", OWNER))
            objects.put(
                self.database, connection, Draft(PUBLIC, "warning", OWNER, clear, content, PLACE)
            )
            content = _content("incident", 0)
            objects.put(
                self.database, connection, Draft(LIKE, "incident", OWNER, clear, content, PLACE)
            )

    def _add(self, asker: Asker) -> None:
        with self.database.writing() as connection:
            place = Place(
                asker.organisation, asker.role, asker.places, asker.groups, asker.client_of
            )
            # Nobody signs in with a password here, so none is stretched.
            id = people.add(self.database, connection, asker.name, place, "-")
            row = people.account(connection, id)
            assert row is not None
            self.signed[asker] = SignedIn(people.reader_of(row), id)
            self._tokens[asker] = signing_in.issue(self.database, connection, id, frozenset(VERBS))

    def _put(self, thing: Thing) -> None:
        """Write an object, what was done to it, and beside a report the keys that sent it."""
        self.things.append(thing)
        kind, n = thing.kind, thing.number
        audience = Audience(thing.markings)
        more: dict[str, Any] = {"jurisdiction": f"Z{n:04d}"}
        clear = Audience.of(Marking("CLEAR", OWNER))
        if kind == "part":
            warning = next(one for one in reversed(self.things) if one.kind == "warning")
            audience, more = clear, more | {"parent": warning.id}
        if kind == "incident":
            report = next(one for one in reversed(self.things) if one.kind == "report")
            more = {"jurisdiction": PLACE}
            content = _content(kind, n, reports=[{"report": report.id, "probability": 1.0}])
        else:
            content = _content(kind, n)
        if kind == "indicator":
            more |= {"media_type": STIX, "alias": thing.id}
        draft = Draft(thing.id, thing.type, OWNER, audience, content, **more)
        with self.database.writing() as connection:
            kept = objects.put(self.database, connection, draft)
            by = SignedIn(next(iter(self.signed.values())).reader)
            # Of what was released, acts are shown to whoever sees the object now.
            reason = "because" if kind == "old" else _sign(n)
            record(self.database, connection, by, "mark", kept, reason=reason)
            if kind == "old":
                kept = objects.release(self.database, connection, kept, clear)
                plain = Draft(thing.id, "warning", OWNER, clear, _content("warning", 0))
                objects.put(self.database, connection, plain)

    def send(self, asker: Asker, keys: dict[str, str]) -> None:
        """Send a report that only its sender sees, with some keys.

        Args:
            asker: who sends it.
            keys: the texts that the report has as its `key`, `sending` and `branch`.
        """
        sent = Sending(keys["key"], keys["sending"], ANSWERS, branch=keys["branch"], level="RED")
        with self.database.writing() as connection:
            receive(self.database, connection, self.signed[asker], sent)

    def ask(self, asker: Asker, method: str, path: str, told: Any = None, **headers: str) -> Answer:
        """Ask the server, without a network in between."""
        given = {"host": "testserver"} | {name.replace("_", "-"): headers[name] for name in headers}
        if asker in self._tokens:
            given["authorization"] = f"Bearer {self._tokens[asker]}"
        body = b""
        if isinstance(told, bytes):
            body, given["content-type"] = told, "application/json"
        elif isinstance(told, str):
            body, given["content-type"] = told.encode(), "application/x-www-form-urlencoded"
        elif told is not None:
            body = json.dumps(told).encode()
            given.setdefault("content-type", "application/json")
        given["content-length"] = str(len(body))
        return self._loop.run_until_complete(_run(self.app, method, path, given, body))

    def token(self, asker: Asker) -> str:
        """Give the token with which an asker asks."""
        return self._tokens[asker]

    def wait(self, work: Any) -> Any:
        """Wait for something that the server does by itself."""
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        """Close the database and the loop."""
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        self.database.close()


async def _run(app: Any, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    where, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "https", "path": where, "raw_path": where.encode(), "root_path": "",
        "query_string": query.encode(), "client": ("127.0.0.1", 1), "server": ("testserver", 443),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    told: dict[str, Any] = {"content": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            told["status"], told["headers"] = message["status"], message["headers"]
        else:
            told["content"] += message.get("body", b"")

    # The server raises what it has answered with 500, for whoever runs it.
    with suppress(Exception):
        await app(scope, receive, send)
    lines = sorted(f"{name.decode()}: {value.decode()}" for name, value in told["headers"])
    return Answer(told["status"], "\n".join(lines), told["content"])


def _sign(number: int) -> str:
    return f"sign-{number:05d}-sign"


def _content(kind: str, number: int, **more: Any) -> bytes:
    """A content that pages show, with the sign in each text of it; 0: it has none."""
    sign = _sign(number) if number else "plain"
    draw = random.Random(number)
    month = {"month": "2026-12", "p05": 0.0, "p50": draw.randrange(9), "p95": 90.0, "p_any": 0.5,
             "p_25": 0.1}  # fmt: skip
    kinds: dict[str, dict[str, Any]] = {
        "forecast": {"data_to": "2026-10", "months": [month], "model": sign, "territory": sign},
        "report": {"answers": ANSWERS | {"headline": sign}, "organisation": OWNER},
        "incident": {
            "place": sign, "kind": "one-sided", "first": "2026-11-02", "last": "2026-11-02",
        },
        "indicator": {
            "type": "indicator", "spec_version": "2.1", "id": id_of("indicator", number),
            "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
            "pattern": "[a:b = 'c']", "pattern_type": "stix", "name": sign,
            "valid_from": "2026-01-01T00:00:00.000Z",
        },
    }  # fmt: skip
    told = kinds.get(kind, {"level": "warning", "sentence": sign, "territory": sign})
    return json.dumps(told | more).encode()
