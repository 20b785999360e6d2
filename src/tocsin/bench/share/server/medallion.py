"""Does `tocsin pull` get everything from OASIS's own server, while others add to it?

`medallion` (OASIS, BSD) is started as the program that its package installs; it is no dependency.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tocsin.bench.share.server.postgres import free_port
from tocsin.bench.share.server.taxii import TAXII, stix_id, stix_object
from tocsin.share.stix.original import split_objects
from tocsin.share.stix.pull import pull

ROOT, COLLECTION = "root", "11111111-1111-4111-8111-111111111111"
A_REQUEST = 50
"""Objects in one request of the writer; all of them have one time on that server."""
WHO = ("measure", "measure")


def measure_medallion(*, count: int = 2000) -> dict[str, Any]:
    """Add objects with one `modified` to a server of OASIS's while our client pulls from it.

    Args:
        count: how many objects.

    Returns:
        `medallion_objects`, and of them `medallion_lost`, `medallion_twice` and
        `medallion_refused`, and how many `medallion_pulls` there were; nothing where the program
        `medallion` is not installed.
    """
    program = shutil.which("medallion")
    if program is None:
        return {}
    with tempfile.TemporaryDirectory() as name, _running(program, Path(name)) as address:
        ids = [stix_id(n) for n in range(count)]
        writer = threading.Thread(target=_add, args=(address, ids))
        writer.start()
        out, pulls, refused = Path(name) / "pulled", 0, 0
        with httpx.Client(auth=WHO, timeout=300) as client:
            # The last pull begins after the writer has ended.
            goes_on = True
            while goes_on:
                goes_on = writer.is_alive()
                found = pull(f"{address}/collections/{COLLECTION}/", out, client=client)
                refused += len(found.refused)
                pulls += 1
        writer.join()
        kept = Counter(
            told["id"]
            for path in sorted(out.glob("page-*.json"))
            for told, _ in split_objects(path.read_bytes())[1]
        )
    return {
        "medallion_objects": count, "medallion_lost": len(set(ids) - set(kept)),
        "medallion_twice": sum(n > 1 for n in kept.values()), "medallion_refused": refused,
        "medallion_pulls": pulls,
    }  # fmt: skip


def _add(address: str, ids: list[str]) -> None:
    headers = {"content-type": TAXII, "accept": TAXII}
    with httpx.Client(auth=WHO, headers=headers, timeout=300) as client:
        for start in range(0, len(ids), A_REQUEST):
            some = {"objects": [stix_object(one) for one in ids[start : start + A_REQUEST]]}
            answer = client.post(f"{address}/collections/{COLLECTION}/objects/", json=some)
            answer.raise_for_status()


@contextmanager
def _running(program: str, folder: Path) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/{ROOT}"
    information = {"title": "measure", "versions": [TAXII], "max_content_length": 10**8}
    collection = {
        "id": COLLECTION, "title": "measure", "can_read": True, "can_write": True,
        "media_types": ["application/stix+json;version=2.1"], "objects": [], "manifest": [],
    }  # fmt: skip
    data = {
        "/discovery": {"title": "measure", "api_roots": [f"{address}/"]},
        ROOT: {"information": information, "status": [], "collections": [collection]},
    }
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend"}
    config = {
        "backend": backend | {"filename": str(folder / "data.json")},
        "users": dict([WHO]), "taxii": {"max_page_size": 100},
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    command = [program, str(folder / "config.json"), "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        while True:
            try:
                httpx.get(f"{address}/", auth=WHO, timeout=5)
                break
            except httpx.HTTPError:
                if process.poll() is not None:
                    raise AssertionError((folder / "server.log").read_text("utf-8")) from None
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()
