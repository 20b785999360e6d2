"""Journeys of a reporter with a bad line: is any report lost, or counted twice?

A journey is a row of steps drawn from a seed: reports are written; the line goes and comes; answers
are lost after the server has done its work; a hotel answers in its place; tabs are opened, closed
and loaded again; the browser is killed; the server's pages are updated; a PIN locks the device; and
some devices still hold what the first version of the form kept.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.bench.kept import Row, read_kept, run_seeds
from tocsin.bench.share.phone import Phone, Server, opened

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

PIN = "lion 4 river"
SENDING = "**/api/reports"
MOST = 9
"""Steps of a journey, at most."""
PHONES = 4
"""Phones that go their journeys at one time: a journey waits for five eighths of its time."""
TRIES = 8
"""How often the reporter presses 'send' at the end, at most."""
FIRST_VERSION = """reports => new Promise((resolve, reject) => {
  const gone = indexedDB.deleteDatabase("tocsin");
  gone.onsuccess = () => {
    if (!reports.length) { resolve(); return; }
    const asked = indexedDB.open("tocsin", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("queue", { keyPath: "sending" });
    asked.onsuccess = () => {
      const step = asked.result.transaction("queue", "readwrite");
      const queue = step.objectStore("queue");
      reports.forEach((body, at) => queue.put({ sending: body.sending, body, at }));
      step.oncomplete = () => { asked.result.close(); resolve(); };
    };
  };
  gone.onerror = gone.onblocked = () => reject(new Error("in use"));
})"""
"""Puts a device into the state in which the first version of the form left it, or into none."""
HELD = """new Promise((resolve, reject) => {
  const asked = indexedDB.open("tocsin");
  asked.onsuccess = () => {
    const count = asked.result.transaction("queue").objectStore("queue").count();
    count.onsuccess = () => { asked.result.close(); resolve(count.result); };
  };
  asked.onerror = () => reject(asked.error);
})"""


@dataclass
class Journey:
    """This is one journey: who goes it, and what was promised on the way."""

    server: Server
    phone: Phone
    rng: random.Random
    name: str
    pin: str = ""
    """The PIN of the device; empty: it goes without one."""
    tabs: list[Page] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Headlines of reports of which the form said that they are kept."""
    maybe: list[str] = field(default_factory=list)
    """Headlines of reports that a kill met before the form said so."""
    steps: list[str] = field(default_factory=list)

    @property
    def tab(self) -> Page:
        """One of the open tabs."""
        return self.rng.choice(self.tabs)

    def headline(self) -> str:
        """Make a headline that no other report has."""
        return f"{self.name} {len(self.kept) + len(self.maybe)}"


def begin(journey: Journey) -> None:
    """Empty the device, perhaps leave it as the first version did, and open the form."""
    page = journey.phone.page("/static/bell.svg")
    old = []
    for _ in range(journey.rng.choice([0, 0, 0, 1, 2])):
        headline = journey.headline()
        journey.kept.append(headline)
        drawn = {
            name: f"{journey.rng.getrandbits(128):032x}" for name in ("key", "sending", "branch")
        }
        answers = {
            "headline": headline, "country": "Mali", "event_kind": "one_sided",
            "event_date": _today(),
        }  # fmt: skip
        old.append(
            drawn | {"place": 1, "trunk": 0, "level": "AMBER", "blur": "", "withhold": False,
                     "answers": answers}
        )  # fmt: skip
    page.evaluate(FIRST_VERSION, old)
    page.close()
    first = journey.phone.form(journey.server.session())
    journey.tabs = [first]
    if journey.pin:
        first.fill("#pin", journey.pin)
        first.fill("#again", journey.pin)
        first.click("#choose button")
    else:
        first.click("#without")
    first.locator("#desk").wait_for()
    first.evaluate("navigator.serviceWorker.ready.then(() => true)")


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def _open(journey: Journey, page: Page) -> None:
    """Give the PIN where the form asks for it."""
    page.locator("#desk:visible, #unlock:visible").first.wait_for()
    if page.locator("#unlock").is_visible():
        if journey.rng.random() < 0.2:
            page.fill("#unlock_pin", "not the PIN")
            page.click("#unlock button")
            page.wait_for_function(
                "() => document.getElementById('status').textContent.includes('Tries left')"
            )
        page.fill("#unlock_pin", journey.pin)
        page.click("#unlock button")
        page.locator("#desk").wait_for()


def _fill(journey: Journey, page: Page) -> str:
    headline = journey.headline()
    _open(journey, page)
    page.select_option("#event_kind", "one_sided")
    told = {"country": "Mali", "event_date": _today(), "headline": headline}
    for name, value in told.items():
        page.fill(f"#{name}", value)
    return headline


def write(journey: Journey) -> None:
    """Write a report, with one tap or two."""
    page = journey.tab
    headline = _fill(journey, page)
    if journey.rng.random() < 0.3:
        page.dblclick("#keep")
    else:
        page.click("#keep")
    # The form is empty again once the report lies on the disk.
    page.wait_for_function("() => document.getElementById('headline').value === ''")
    journey.kept.append(headline)


def write_and_kill(journey: Journey) -> None:
    """Write a report, and let the battery die within half a second of the tap."""
    page = journey.tab
    journey.maybe.append(_fill(journey, page))
    page.evaluate("setTimeout(() => document.getElementById('keep').click(), 0); true")
    page.wait_for_timeout(journey.rng.choice([0, 5, 20, 60, 200, 500]))
    kill(journey)


def kill(journey: Journey) -> None:
    """Kill the browser, start it again, and open the form; the session is gone with it."""
    journey.phone.kill()
    journey.phone.start()
    journey.tabs = [journey.phone.form(journey.server.session())]


def reload(journey: Journey) -> None:
    """Load a tab again, whatever it is doing."""
    page = journey.tab
    page.reload(wait_until="commit")
    _open(journey, page)


def second_tab(journey: Journey) -> None:
    """Open a second tab, or close one."""
    if len(journey.tabs) > 1:
        journey.tabs.pop(journey.rng.randrange(len(journey.tabs))).close()
    else:
        page = journey.phone.page("/report/en")
        journey.tabs.append(page)
        _open(journey, page)


def send(journey: Journey) -> None:
    """Press 'send' in every tab at once."""
    for page in journey.tabs:
        page.evaluate("document.getElementById('send').click()")


def line(journey: Journey) -> None:
    """Lose the line, do something without it, and find it again."""
    journey.phone.context.set_offline(True)
    journey.rng.choice([write, reload, send, second_tab])(journey)
    journey.phone.context.set_offline(False)


def fault(journey: Journey) -> None:
    """Let something go wrong with the next sending, and write or send."""
    page, kind = journey.tab, journey.rng.choice(list(FAULTS))
    journey.steps.append(kind)
    page.route(SENDING, FAULTS[kind], times=1)
    journey.rng.choice([write, send])(journey)
    page.wait_for_timeout(journey.rng.choice([0, 50, 300]))


def lock(journey: Journey) -> None:
    """Lock the device, where it has a PIN, and open it again."""
    page = journey.tab
    _open(journey, page)
    if journey.pin:
        page.click("#lock")
        # The desk is seen for a moment longer.
        page.locator("#unlock").wait_for()
        _open(journey, page)


def update(journey: Journey) -> None:
    """Update the server's pages, and load a tab again, so that the worker is replaced."""
    journey.server.update()
    reload(journey)


def _lose(route: Route) -> None:
    """The server has done its work, and its answer never comes."""
    with contextlib.suppress(Exception):
        route.fetch()
        route.abort("timedout")


def _halve(route: Route) -> None:
    """The server has done its work, and half of its answer comes."""
    with contextlib.suppress(Exception):
        told = route.fetch().text()
        route.fulfill(status=200, body=told[: len(told) // 2], content_type="application/json")


def _empty(route: Route) -> None:
    """The server has done its work, and its answer comes without a body."""
    with contextlib.suppress(Exception):
        route.fetch()
        route.fulfill(status=200, body="")


def _hotel(route: Route) -> None:
    with contextlib.suppress(Exception):
        route.fulfill(status=200, body="<html>Accept the terms</html>", content_type="text/html")


def _busy(route: Route) -> None:
    with contextlib.suppress(Exception):
        route.fulfill(status=503, body="")


def _break(route: Route) -> None:
    with contextlib.suppress(Exception):
        route.abort("connectionreset")


FAULTS: dict[str, Callable[[Any], None]] = {
    "lost answer": _lose, "half an answer": _halve, "empty answer": _empty, "hotel": _hotel,
    "busy": _busy, "broken line": _break,
}  # fmt: skip
STEPS: dict[str, tuple[Callable[[Journey], None], int]] = {
    "write": (write, 6), "fault": (fault, 8), "line": (line, 5), "reload": (reload, 3),
    "second tab": (second_tab, 3), "send": (send, 2), "lock": (lock, 2), "update": (update, 1),
    "kill": (kill, 1), "write and kill": (write_and_kill, 2),
}  # fmt: skip
"""What happens on a journey, and how often beside the others."""


def finish(journey: Journey) -> int:
    """Find the line again, sign in, and press 'send' until nothing waits.

    Returns:
        Reports that still wait.
    """
    journey.phone.context.set_offline(False)
    for page in journey.tabs:
        page.close()
    page = journey.phone.form(journey.server.session())
    _open(journey, page)
    left = 1
    for _ in range(TRIES):
        page.evaluate("document.getElementById('send').click()")
        with contextlib.suppress(Exception):
            page.wait_for_function(
                "() => document.querySelectorAll('#queue li').length === 0", timeout=4000
            )
        left = int(page.evaluate(HELD))
        if not left:
            break
    page.close()
    return left


def go(server: Server, phone: Phone, seed: int, *, most: int = MOST) -> Row:
    """Go one journey.

    Args:
        server: the server.
        phone: the phone, of which nothing but the browser's profile is kept between journeys.
        seed: start of all that is drawn by chance.
        most: steps of the journey, at most; half of them at least.

    Returns:
        `reports` (that the form said are kept), `lost` and `twice` (headlines), `waiting` (that
        were not sent at the end), and the names of the `steps`.
    """
    rng = random.Random(seed)
    journey = Journey(server, phone, rng, f"journey {seed}", PIN if rng.random() < 0.5 else "")
    begin(journey)
    names, weights = list(STEPS), [weight for _, weight in STEPS.values()]
    for name in rng.choices(names, weights, k=rng.randrange(most // 2, most + 1)):
        journey.steps.append(name)
        STEPS[name][0](journey)
    waiting = finish(journey)
    came = server.reports()
    return {
        "reports": len(journey.kept), "waiting": waiting, "steps": journey.steps,
        "lost": [one for one in journey.kept if not came[one]],
        "twice": [one for one in (*journey.kept, *journey.maybe) if came[one] > 1],
    }  # fmt: skip


def measure_offline(
    *,
    journeys: int = 1000,
    seed: int = 0,
    most: int = MOST,
    phones: int = PHONES,
    path: Path | None = None,
    on_done: Callable[[int], None] = lambda _seed: None,
) -> dict[str, Any]:
    """Measure whether a bad line loses reports, or counts them twice.

    Args:
        journeys: how many journeys are gone.
        seed: the first journey's seed; each further one has the next.
        most: steps of a journey, at most.
        phones: how many are gone at one time, each on a phone and a server of its own.
        path: where each journey's result is kept, so that a run goes on where it broke off.
        on_done: told after each journey.

    Returns:
        `journeys`, `reports` (kept by the form), `lost`, `twice`, `waiting` (counts), `steps` (how
        often each was made), and `worst`, the seeds of journeys that lost, doubled or kept one.
    """
    seeds = range(seed, seed + journeys)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        kept = path or Path(folder) / "kept.jsonl"
        left = [one for one in seeds if one not in read_kept(kept)]

        def on_phone(n: int) -> list[Row]:
            def journey(one: int) -> Row:
                return go(server, phone, one, most=most)

            mine: Sequence[int] = left[n::phones]
            if not mine:
                return []
            with opened(Path(folder) / str(n)) as (server, phone):
                return run_seeds(journey, mine, kept, on_done)

        with ThreadPoolExecutor(phones) as pool:
            list(pool.map(on_phone, range(phones)))
        found = read_kept(kept)
    rows = [found[one] for one in seeds]
    made = [name for row in rows for name in row["steps"]]
    return {
        "journeys": len(rows),
        "reports": sum(row["reports"] for row in rows),
        **{name: sum(len(row[name]) for row in rows) for name in ("lost", "twice")},
        "waiting": sum(row["waiting"] for row in rows),
        "steps": {name: made.count(name) for name in sorted(set(made))},
        "worst": [
            one for one, row in zip(seeds, rows, strict=True)
            if row["lost"] or row["twice"] or row["waiting"]
        ],
    }  # fmt: skip
