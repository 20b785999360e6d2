"""Live updates: each change once, after a broken line too, and nothing of what is hidden."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from share.server.conftest import Hands, Site
from tocsin.share.server.access.reader import NOBODY
from tocsin.share.server.api.answers import place_of
from tocsin.share.server.api.live import BEAT, END, Ask, stream
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.web.limits import Slots

TYPES = frozenset({"warning"})


def heard(
    site: Site, ask: Ask, steps: list[Callable[[], object]], *, after: tuple[int, str] = (0, "")
) -> tuple[bytes, list[float]]:
    """What a stream says while something happens between its looks, and how long it sleeps."""
    slept: list[float] = []
    waiting = list(steps)

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds))
        if waiting:
            waiting.pop(0)()

    async def whole() -> bytes:
        # A clock that stands still: how long this machine takes is no matter of the stream.
        vars(asyncio.get_running_loop())["time"] = lambda: 0.0
        found = stream(site.service, ask, after, TYPES, looks=len(steps) + 1, sleep=sleep)
        return b"".join([part async for part in found])

    return asyncio.run(whole()), slept


def told(stream: bytes) -> list[dict[str, Any]]:
    lines = stream.decode().splitlines()
    return [json.loads(one.removeprefix("data: ")) for one in lines if one.startswith("data: ")]


def test_each_change_is_told_once_and_after_a_broken_line_too(site: Site) -> None:
    site.put("warning--0", "CLEAR")
    steps: list[Callable[[], object]] = [
        lambda: site.put("warning--1", "CLEAR"),
        lambda: site.put("note--2", "CLEAR"),
        lambda: site.put("warning--0", "CLEAR", payload=b'{"a": 1}'),
        lambda: site.put("warning--1", "CLEAR", deleted=True),
    ]
    said, _ = heard(site, lambda: NOBODY, steps)
    found = [(one["id"], one["deleted"]) for one in told(said)]
    assert found == [("warning--1", False), ("warning--0", False), ("warning--1", True)]
    first = next(one for one in said.decode().splitlines() if one.startswith("id: "))
    again = site.client().get(
        "/api/events", params={"type": "none"}, headers={"last-event-id": "no place"}
    )
    assert again.status_code == 422
    later, _ = heard(site, lambda: NOBODY, [], after=place_of(first.removeprefix("id: ")))
    assert [one["id"] for one in told(later)] == ["warning--0", "warning--1"]


@pytest.mark.slow
def test_hidden_rows_change_no_byte_and_no_moment(fresh: Path, tmp_path: Path) -> None:
    answers = []
    for whole in (True, False):
        folder = tmp_path / str(whole)
        folder.mkdir()
        shutil.copy(fresh, folder / SQLITE_FILE)
        hands = Hands()
        site = Site(connect(folder, clock=hands))
        reader = site.account("Ama", "Interior").reader

        def step(n: int, site: Site = site, hands: Hands = hands, whole: bool = whole) -> None:
            hands.move(seconds=1)
            if n % 5 == 0:
                site.put(f"warning--{n}", "GREEN")
            elif whole:
                site.put(f"warning--{n}", "AMBER")

        steps = [lambda n=n: step(n) for n in range(2 * BEAT)]
        answers.append(heard(site, lambda reader=reader: reader, steps))
        site.database.close()
    assert answers[0] == answers[1]
    assert len(told(answers[0][0])) == 6


def test_a_session_that_ended_ends_the_stream(site: Site) -> None:
    reader = site.account("Ama").reader
    asked = iter([reader, reader, None])
    said, _ = heard(site, lambda: next(asked), [lambda: site.put("warning--1"), lambda: None])
    assert said.endswith(END)
    assert [one.get("id") for one in told(said)] == ["warning--1", None]


@pytest.mark.slow
def test_over_http_a_token_that_is_revoked_ends_it(site: Site) -> None:
    site.account("Ama")
    headers = {"authorization": site.client("Ama").headers["authorization"]}
    client = TestClient(site.app, base_url="https://testserver", headers=headers)
    id = headers["authorization"].split("_")[1]
    with client.stream("GET", "/api/events") as answer:
        parts = answer.iter_bytes()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert next(parts) == b"retry: 3000\n\n"
        site.client("Ama").delete(f"/api/tokens/{id}")
        assert b"".join(parts).endswith(END)


def test_who_leaves_before_the_first_byte_keeps_no_place(site: Site) -> None:
    site.account("Ama")
    client = site.client("Ama")
    site.service.streams = Slots(of_one=1)
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": "GET", "path": "/api/events", "raw_path": b"/api/events", "query_string": b"",
        "scheme": "https", "server": ("testserver", 443), "client": ("testclient", 1),
        "headers": [(b"authorization", client.headers["authorization"].encode())],
    }  # fmt: skip

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def unheard(_message: object) -> None:
        await asyncio.sleep(0)

    for _ in range(2):
        asyncio.run(site.app(dict(scope), gone, unheard))
    assert not site.service.streams._taken


def test_who_has_all_places_is_told_to_wait(site: Site) -> None:
    site.account("Ama")
    site.service.streams = Slots(of_one=0)
    refused = site.client("Ama").get("/api/events")
    assert refused.status_code == 429
    assert refused.headers["retry-after"]


def test_nobody_takes_all_places() -> None:
    slots = Slots(most=3, of_one=2)
    assert [slots.take("a") for _ in range(3)] == [True, True, False]
    assert [slots.take("b") for _ in range(2)] == [True, False]
    slots.give_back("a")
    assert slots.take("b")
