"""What is left when the server, or its database, is killed in the middle of its work?

Senders post reports, and send again what had no receipt, as a phone does, while the server or the
database is killed at a random moment with signal 9 and started anew. Afterwards every report that
was acknowledged is there once, and the log of acts is whole and tells of each.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from tocsin.bench.kept import run_seeds
from tocsin.bench.share.server import postgres
from tocsin.bench.share.server.servers import ANSWERS, Office, Server, prepare, serving
from tocsin.share.audit import verify
from tocsin.share.server.database.tables import acts, objects, submissions
from tocsin.share.server.running.logbook import keep_log, open_key
from tocsin.share.server.running.opening import open_folder

SENDERS = 4
KILLED = ("server", "database", "sqlite server")
"""What is killed: the server over PostgreSQL, PostgreSQL itself, the server over SQLite."""
EACH = 5
"""Kills of one server: to make a database and start a server costs more than to kill it."""
AGAIN = 0.1
"""Seconds until who had no answer tries again."""
PATIENCE = 120.0
"""Seconds in which a sending must have its receipt."""


class Sender(threading.Thread):
    """This posts reports one after another, each again and again until it has its receipt."""

    def __init__(self, address: str, token: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._address, self._token, self._stop_sending = address, token, stop
        self.receipts: dict[str, str] = {}
        """The report of each sending that was acknowledged."""
        self.broken: str = ""

    def run(self) -> None:
        """Send until told to stop, and then until the last one has its receipt."""
        headers = {"authorization": f"Bearer {self._token}"}
        # A client of its own for each try would cost so much that the server starts late.
        with httpx.Client(base_url=self._address, headers=headers, timeout=20) as client:
            while not self._stop_sending.is_set() and not self.broken:
                key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
                body = {"key": key, "sending": sending, "branch": branch, "answers": ANSWERS}
                until = time.monotonic() + PATIENCE
                while sending not in self.receipts and not self.broken:
                    self._send(client, sending, body)
                    if time.monotonic() > until:
                        self.broken = "no receipt"

    def _send(self, client: httpx.Client, sending: str, body: dict[str, Any]) -> None:
        try:
            answer = client.post("/api/reports", json=body)
        except httpx.HTTPError:
            time.sleep(AGAIN)
            return
        if answer.status_code == 201:
            self.receipts[sending] = answer.json()["report"]
        elif answer.status_code < 500:
            self.broken = answer.text
        else:
            time.sleep(AGAIN)


def measure_kills(
    *,
    kills: int = 50,
    each: int = EACH,
    work: Path | None = None,
    on_done: Callable[[str], None] = lambda _words: None,
) -> dict[str, Any]:
    """Kill a server or its database at random moments under load.

    Args:
        kills: how many.
        each: how many of them in one run, before something else is killed.
        work: a folder in which what came of them is kept; None: nowhere.
        on_done: is told after each run.

    Returns:
        `kills`, `acknowledged` (reports), `lost`, `twice`, `unlogged` (acknowledged reports of
        which no act tells), `logs_broken`, `refused` (senders that were turned away), and
        `longest_away`, the longest time in seconds until the server answered again.
    """

    runs = [min(each, kills - begun) for begun in range(0, kills, each)]

    def one(run: int) -> dict[str, Any]:
        found = _run(run, KILLED[run % len(KILLED)], runs[run])
        on_done(f"Killed {sum(runs[: run + 1])} of {kills}")
        return found

    # A row is one run, and tells how often it killed.
    rows = run_seeds(one, range(len(runs)), work / f"kills-{kills}-{each}.jsonl" if work else None)
    totals: Counter[str] = Counter()
    for row in rows:
        totals.update({name: value for name, value in row.items() if name != "away"})
    names = ("kills", "acknowledged", "lost", "twice", "unlogged", "logs_broken", "refused")
    return {
        **{name: totals[name] for name in names},
        "longest_away": round(max(row["away"] for row in rows), 1),
    }  # fmt: skip


def _run(run: int, which: str, kills: int) -> dict[str, Any]:
    """Kill one server, or its database, at several moments while reports are sent without end."""
    rng = random.Random(run)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = None
        if not which.startswith("sqlite"):
            database = stack.enter_context(postgres.running(durable=True))
        url = database.url if database is not None else ""
        office = prepare(folder / "data", url=url, analysts=SENDERS, warnings=1)
        server = stack.enter_context(serving(office.folder))
        stop = threading.Event()
        senders = [Sender(server.address, token, stop) for token in office.tokens]
        for sender in senders:
            sender.start()
        away = 0.0
        for _ in range(kills):
            time.sleep(rng.uniform(0.2, 2.0))
            began = time.perf_counter()
            if which == "database" and database is not None:
                database.kill()
            else:
                server.kill()
            _wait(server)
            away = max(away, time.perf_counter() - began)
        time.sleep(rng.uniform(0.1, 0.5))
        stop.set()
        for sender in senders:
            sender.join()
        told = _left(office, senders)
    broken = sum(bool(one.broken) for one in senders)
    return told | {"kills": kills, "away": away, "refused": broken}


def _wait(server: Server) -> None:
    """Wait until the server answers, and its database too."""
    until = time.monotonic() + PATIENCE
    with httpx.Client(base_url=server.address, timeout=5) as client:
        while time.monotonic() < until:
            try:
                if client.get("/health").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(AGAIN)
    raise AssertionError("The server does not answer any more.")


def _left(office: Office, senders: list[Sender]) -> dict[str, int]:
    """Hold what is kept to what was acknowledged."""
    receipts = {key: report for one in senders for key, report in one.receipts.items()}
    database, settings = open_folder(office.folder)
    keep_log(database, open_key(office.folder, settings.organisation))
    with database.reading() as connection:
        sent = sa.select(submissions.c.object)
        kept = Counter(connection.execute(sent).scalars())
        first = sa.select(objects.c.id).where(objects.c.type == "report", objects.c.version == 1)
        made = Counter(connection.execute(first).scalars())
        logged = sa.select(acts.c.object).where(acts.c.verb == "report")
        told = Counter(connection.execute(logged).scalars())
        whole = verify(connection).whole
    database.close()
    reports = list(receipts.values())
    return {
        "acknowledged": len(receipts),
        "lost": sum(not kept[one] or not made[one] for one in reports),
        "twice": len(reports) - len(set(reports)) + sum(kept[one] > 1 for one in reports),
        "unlogged": sum(not told[one] for one in reports),
        "logs_broken": int(not whole),
    }
