"""What a request of each kind costs the server on PostgreSQL, in milliseconds of a processor.

The application is asked in this process by its interface (ASGI), without uvicorn and the network,
by so many askers at one time; what is counted is this process, PostgreSQL apart. Of three rounds
the cheapest is told, since other work on a machine makes each of them dearer.

Run: python benchmarks/server_kinds.py [--requests 500] [--askers 32]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import uvloop

from tocsin.bench.share.server import postgres
from tocsin.bench.share.server.servers import ANSWERS, Office, prepare
from tocsin.share.server.running.app import make_app
from tocsin.share.server.running.opening import open_folder
from tocsin.share.server.running.serving import COLLECTED, SWITCH
from tocsin.share.server.web.asking import Service

ROUNDS = 3
DEAR = {"inbox": 40, "warning": 10, "list": 4}
"""Kinds of which so many times fewer requests are made."""
Request = tuple[str, str, bytes, bytes]
"""Method, path, query and body."""


def request_of(kind: str, office: Office, n: int) -> Request:
    """Make the n-th request of a kind."""
    ids = office.warnings
    path = {
        "open": f"/api/objects/{ids[2 * n % len(ids)]}",
        "restricted": f"/api/objects/{ids[(2 * n + 1) % len(ids)]}",
        "list": "/api/objects", "inbox": "/", "warning": f"/warnings/{ids[n % len(ids)]}",
    }  # fmt: skip
    if kind != "report":
        return "GET", path[kind], b"type=warning&limit=20" if kind == "list" else b"", b""
    key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
    told = {"key": key, "sending": sending, "branch": branch, "answers": ANSWERS}
    return "POST", "/api/reports", b"", json.dumps(told).encode()


async def ask(app: Callable[..., Awaitable[None]], token: str, wanted: Request) -> int:
    """Ask an application, and give the status of its answer."""
    method, path, query, body = wanted
    headers = [(b"host", b"here"), (b"authorization", f"Bearer {token}".encode())]
    if body:
        headers.append((b"content-type", b"application/json"))
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
        "scheme": "http", "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2), "state": {},
    }  # fmt: skip
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    return status


async def round_of(
    app: Callable[..., Awaitable[None]], office: Office, kind: str, askers: int, count: int
) -> float:
    """Ask so often by so many at one time; give milliseconds of a processor a request."""

    async def go(left: Iterator[int]) -> None:
        for n in left:
            token = office.tokens[n % len(office.tokens)]
            status = await ask(app, token, request_of(kind, office, n))
            assert status < 300, (kind, status)

    before, numbers = os.times(), iter(range(count))
    await asyncio.gather(*[go(numbers) for _ in range(askers)])
    after = os.times()
    return 1000 * (after.user + after.system - before.user - before.system) / count


async def measure(askers: int, requests: int) -> dict[str, float]:
    """Measure all kinds on a fresh server with 200 warnings, half of which are restricted."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, postgres.running(durable=True) as data:
        office = prepare(Path(folder) / "data", url=data.url, warnings=200)
        sys.setswitchinterval(SWITCH)
        database, settings = open_folder(office.folder)
        app = make_app(Service(database, settings))
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECTED)
        for kind in ("open", "restricted", "report", "list", "warning", "inbox"):
            count = max(8, requests // DEAR.get(kind, 1))
            await round_of(app, office, kind, askers, max(8, count // 10))
            rounds = [await round_of(app, office, kind, askers, count) for _ in range(ROUNDS)]
            found[kind] = round(min(rounds), 2)
        database.close()
    return found


def main() -> None:
    """Measure, and print the figures as JSON."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--requests", type=int, default=500)
    told.add_argument("--askers", type=int, default=32)
    said = told.parse_args()
    print(json.dumps(uvloop.run(measure(said.askers, said.requests)), indent=1))


if __name__ == "__main__":
    main()
