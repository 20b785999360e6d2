"""Does anybody who pages through objects of STIX, while more are added, lose one or get one twice?

All objects have one `modified`, and come from several writers at once. Three clients page through
them meanwhile: OASIS's public one, ours, and a plain one that goes on by the time at which the last
object was added and by nothing else.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from tocsin.bench.cost import processor_seconds
from tocsin.bench.share.server.servers import Office, prepare, serving
from tocsin.share.stix.original import split_objects
from tocsin.share.stix.pull import pull

WRITERS = 3
A_REQUEST = 500
"""Objects in one request of a writer."""
PER_PAGE = 1000
STIX_TIME = "2026-11-20T08:00:00.000Z"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
"""TLP 2.0 GREEN, as OASIS has it."""
TAXII = "application/taxii+json;version=2.1"
COLLECTION = "/taxii2/shared/collections/2c9b1d3e-8f0a-4c57-9e21-6d5a7b40c1f8/"


def measure_taxii(
    *, count: int = 100_000, on_done: Callable[[str], None] = lambda _words: None
) -> dict[str, Any]:
    """Add objects with one `modified` while three clients page.

    Args:
        count: how many objects.
        on_done: is told at each step.

    The public client takes part where it is installed (`taxii2-client`).

    Returns:
        `objects`, `add_seconds`, and for each client the objects that it `lost`, had `twice`, its
        `pages`, and whether it went in a `loop`; and `server_seconds` of a processor.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        office = prepare(folder / "data", warnings=0)
        server = stack.enter_context(serving(office.folder))
        on_done("Adding objects while three clients page")
        ended, all_ids = threading.Event(), [stix_id(n) for n in range(count)]
        clients = [
            _Client(name, follow(server.address, office.tokens[0], folder), count, ended)
            for name, follow in FOLLOWERS.items()
            if name != "public" or importlib.util.find_spec("taxii2client")
        ]
        began, used = time.perf_counter(), server.processor_seconds()
        for client in clients:
            client.start()
        _add(server.address, office, all_ids)
        lasted = time.perf_counter() - began
        ended.set()
        for client in clients:
            client.join()
        used = processor_seconds(server.process.pid) - used
    return {
        "objects": count, "add_seconds": round(lasted, 1), "server_seconds": round(used, 1),
        "pages_after_seconds": round(time.perf_counter() - began - lasted, 1),
        **{client.name: client.losses(all_ids) for client in clients},
    }  # fmt: skip


def stix_id(n: int) -> str:
    """Name an object by its number."""
    return f"indicator--{uuid.uuid5(uuid.NAMESPACE_OID, f'measure {n}')}"


def stix_object(id: str) -> dict[str, Any]:
    """Make an object, which has the same `modified` as all others."""
    return {
        "type": "indicator", "spec_version": "2.1", "id": id, "created": STIX_TIME,
        "modified": STIX_TIME, "pattern": "[url:value = 'http://example.org/']",
        "pattern_type": "stix", "valid_from": STIX_TIME, "object_marking_refs": [GREEN],
    }  # fmt: skip


def _add(address: str, office: Office, ids: list[str]) -> None:
    """Add all objects, by several writers at once."""
    wrong: list[str] = []

    def write(number: int) -> None:
        headers = {
            "authorization": f"Bearer {office.tokens[number]}", "content-type": TAXII,
            "accept": TAXII,
        }  # fmt: skip
        mine = ids[number::WRITERS]
        with httpx.Client(base_url=address, headers=headers, timeout=300) as client:
            for start in range(0, len(mine), A_REQUEST):
                some = [stix_object(one) for one in mine[start : start + A_REQUEST]]
                sent = json.dumps({"objects": some}).encode()
                answer = client.post(f"{COLLECTION}objects/", content=sent)
                if answer.status_code != 202 or answer.json()["failure_count"]:
                    wrong.append(answer.text[:500])

    writers = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    if wrong:
        raise AssertionError(wrong[0])


Pages = Iterator[list[str]]
"""Identifiers on each page; an empty page where there is nothing more now."""


class _Client(threading.Thread):
    """This pages until nothing more comes after all was added."""

    def __init__(self, name: str, pages: Pages, count: int, ended: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self._pages, self._count, self._ended = pages, count, ended
        self.seen: Counter[str] = Counter()
        self.pages = 0
        self.loops = False
        self.error = ""

    def run(self) -> None:
        """Page; whoever needs far more pages than there are goes in a loop."""
        try:
            self._page()
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"[:300]

    def _page(self) -> None:
        while not self.loops:
            # What came before the page was asked for is on it, if it is the last one.
            is_last = self._ended.is_set()
            found = next(self._pages)
            self.seen.update(found)
            if found:
                self.pages += 1
                self.loops = self.seen.total() > 3 * self._count
            elif is_last:
                return
            else:
                time.sleep(0.2)

    def losses(self, ids: list[str]) -> dict[str, Any]:
        """Say what this client lost, and what it had twice."""
        return {
            "lost": len(set(ids) - set(self.seen)),
            "twice": sum(n > 1 for n in self.seen.values()),
            "pages": self.pages, "loop": self.loops, "error": self.error,
        }  # fmt: skip


def _plain(address: str, token: str, _folder: Path) -> Pages:
    """By HTTP, and on by the time at which the last object was added."""
    headers = {"authorization": f"Bearer {token}", "accept": TAXII}
    with httpx.Client(base_url=address, headers=headers, timeout=300) as client:
        after = ""
        while True:
            params = {"limit": str(PER_PAGE)} | ({"added_after": after} if after else {})
            answer = client.get(f"{COLLECTION}objects/", params=params)
            answer.raise_for_status()
            found = [one["id"] for one in answer.json().get("objects", [])]
            after = answer.headers.get("x-taxii-date-added-last", after)
            yield found


def _ours(address: str, token: str, folder: Path) -> Pages:
    """By `tocsin pull`; what it keeps is what it has seen."""
    headers = {"authorization": f"Bearer {token}"}
    known: Counter[str] = Counter()
    with httpx.Client(headers=headers, timeout=300) as client:
        while True:
            out = folder / "pulled"
            pull(f"{address}{COLLECTION}", out, client=client)
            kept = Counter(
                told["id"]
                for path in sorted(out.glob("page-*.json"))
                for told, _ in split_objects(path.read_bytes())[1]
            )
            found = kept - known
            known = kept
            yield list(found.elements())
            # Each pull reads what was kept before.
            time.sleep(2)


def _public(address: str, token: str, _folder: Path) -> Pages:
    """By OASIS's client, page by page with `next`, and then on from the last object's time."""
    peer: Any = importlib.import_module("taxii2client.v21")
    collection = peer.Collection(f"{address}{COLLECTION}", user="measure", password=token)
    after = ""
    while True:
        given = {"added_after": after} if after else {}
        found = False
        for page in peer.as_pages(collection.get_objects, per_request=PER_PAGE, **given):
            ids = [one["id"] for one in page.get("objects", [])]
            if ids:
                found = True
                yield ids
                # A page of its own tells the time, as programs that use this client do.
                last = collection.get_manifest(id=ids[-1])["objects"][-1]["date_added"]
                after = max(after, last)
        if not found:
            yield []


FOLLOWERS: dict[str, Callable[[str, str, Path], Pages]] = {
    "plain": _plain, "ours": _ours, "public": _public,
}  # fmt: skip
"""Three ways to page."""
