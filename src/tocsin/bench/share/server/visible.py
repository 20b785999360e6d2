"""How soon does somebody else see a report, or a warning, while the server is under load?

A report is seen where a stream of live updates tells of it, as a program of an analyst hears it. A
warning is seen where it stands in the inbox of another person's browser, which asks for the list
anew when its stream says that something changed. The load comes from `wrk`, as in `load`.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tocsin.bench.share.phone import Phone, opened_browser
from tocsin.bench.share.server import postgres
from tocsin.bench.share.server.load import read_load, start_load
from tocsin.bench.share.server.servers import ANSWERS, PASSWORD, Office, prepare, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

READS, POSTS = 350, 140
"""Requests a second beside which something must be seen within two seconds."""
LATEST = 10.0
"""Seconds after which what was not seen counts as missed."""
Say = Callable[[str], None]

WATCH = """() => {
  window.seen = {};
  const look = () => {
    const text = document.getElementById("warnings").textContent;
    for (const [name] of text.matchAll(/alert-\\d+/g)) window.seen[name] ??= Date.now() / 1000;
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""
"""Notes in the page when each warning is first seen; the page's clock is this machine's."""

LISTENS = """() => document.getElementById("live_note").textContent
  === document.getElementById("live").dataset.on"""
"""Does the page say that its stream is open?"""


class Listener(threading.Thread):
    """This hears a stream of live updates, and notes when it hears of which object first."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(daemon=True)
        self._address, self._token = address, token
        self.seen: dict[str, float] = {}
        """When each object was heard of, seconds since 1970."""
        self.began = threading.Event()

    def run(self) -> None:
        """Listen until the server ends the stream, or the process ends."""
        headers = {"authorization": f"Bearer {self._token}"}
        query = {"type": "report"}
        try:
            with httpx.stream(
                "GET", f"{self._address}/api/events", params=query, headers=headers, timeout=60
            ) as answer:
                for line in answer.iter_lines():
                    self.began.set()
                    if line.startswith("data: ") and "report--" in line:
                        self.seen.setdefault(json.loads(line[6:])["id"], time.time())
        except httpx.HTTPError:
            return


def measure_visible(
    *,
    reads: float = READS,
    posts: float = POSTS,
    seconds: int = 30,
    workers: int = 2,
    on_done: Say = lambda _words: None,
) -> dict[str, Any]:
    """Send a report and a warning a second under load, and see when others see them.

    Args:
        reads: reads a second of the load.
        posts: further reports a second of the load.
        seconds: how long.
        workers: how many processes answer.
        on_done: is told before the load begins.

    Returns:
        `reads_a_second`, `posts_a_second` (of the load, as it was), and for `report` (heard by
        another program) and `warning` (in the list of another person's browser): `sent`, `missed`
        (not within `LATEST` seconds), and the seconds `p50`, `p99` and `longest` from before it was
        sent until it was seen.

    Raises:
        UsageError: PostgreSQL, wrk, Playwright or Chromium is missing.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(postgres.running(durable=True))
        office = prepare(folder / "data", url=database.url)
        server = stack.enter_context(serving(office.folder, workers=workers))
        browser = opened_browser(folder / "browser", server.address)
        page = _inbox(stack.enter_context(browser))
        listener = Listener(server.address, office.tokens[1])
        listener.start()
        listener.began.wait(LATEST)
        on_done("Sending under load")
        load = [start_load(office, server, what, rate, seconds)
                for what, rate in (("read", reads), ("post", posts))]  # fmt: skip
        sent = _send(server.address, office, seconds)
        told = [read_load(one) for one in load]
        page.wait_for_timeout(2000)
        seen = page.evaluate("window.seen")
        return {
            "seconds": seconds,
            "reads_a_second": round(told[0]["done"] / told[0]["seconds"], 1),
            "posts_a_second": round(told[1]["done"] / told[1]["seconds"], 1),
            "report": _times(sent["report"], listener.seen),
            "warning": _times(sent["warning"], seen),
        }


def _inbox(phone: Phone) -> Page:
    """The inbox of another analyst, whose stream is open."""
    page = phone.page("/sign-in?next=/")
    page.fill("#name", "analyst 0")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_selector("#warnings")
    page.evaluate(WATCH)
    page.wait_for_function(LISTENS)
    return page


def _send(address: str, office: Office, seconds: int) -> dict[str, dict[str, float]]:
    """Send a report and a warning at each second; when, by what the one who sees calls it.

    Sending ends with the load, however slow the answers are: what comes after it is seen under no
    load. What was refused, or got no answer within `LATEST`, was sent, and nobody can see it.
    """
    headers = {"authorization": f"Bearer {office.tokens[2]}"}
    sent: dict[str, dict[str, float]] = {"report": {}, "warning": {}}
    begun = time.monotonic()
    with httpx.Client(base_url=address, headers=headers, timeout=LATEST) as client:
        # The last ones must have time to be seen under load.
        for n in range(max(1, seconds - 3)):
            time.sleep(max(0.0, begun + n + 0.5 - time.monotonic()))
            if time.monotonic() > begun + seconds - 2:
                break
            key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
            body = {"key": key, "sending": sending, "branch": branch, "answers": ANSWERS}
            at = time.time()
            sent["report"][_post(client, "/api/reports", body, "report", f"lost {n}")] = at
            warning = {"type": "warning", "markings": [{"level": "GREEN"}],
                       "payload": {"level": "warning", "sentence": f"alert-{n}"}}  # fmt: skip
            at = time.time()
            _post(client, "/api/objects", warning, "id", "")
            sent["warning"][f"alert-{n}"] = at
    return sent


def _post(client: httpx.Client, path: str, body: dict[str, Any], name: str, otherwise: str) -> str:
    """Post, and give one field of the answer; something else where none came or it was refused."""
    try:
        return str(client.post(path, json=body).raise_for_status().json()[name])
    except httpx.HTTPError:
        return otherwise


def _times(sent: dict[str, float], seen: dict[str, float]) -> dict[str, Any]:
    waits = sorted(seen[one] - at for one, at in sent.items() if one in seen)
    waits = [one for one in waits if one <= LATEST]
    return {
        "sent": len(sent), "missed": len(sent) - len(waits), "p50": _quantile(waits, 0.5),
        "p99": _quantile(waits, 0.99), "longest": _quantile(waits, 1.0),
    }  # fmt: skip


def _quantile(waits: Sequence[float], share: float) -> float | None:
    """A quantile of sorted times, the next higher one; None where there is none."""
    if not waits:
        return None
    return round(waits[min(len(waits) - 1, int(share * len(waits)))], 2)
