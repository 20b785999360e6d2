"""What a request costs the exchange server on SQLite: processor time, and requests a second.

A server of its own is started in an empty folder. Four senders post reports, each with a token of
its own, then read lists of the warnings that they may see, half of which are restricted, so that
reading them is logged. The processor time is the server's alone, less that of starting it.

Run: python benchmarks/server_requests.py
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import httpx

from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import VERBS
from tocsin.share.server.accounts import people, secrets, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.database import objects
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.running.opening import open_folder

SENDERS = 4
REQUESTS = 1000
WARNINGS = 20
ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}


def prepare(folder: Path) -> list[str]:
    """Make a data folder with accounts and warnings; give a token for each sender."""
    folder.mkdir()
    (folder / "server.toml").write_text('organisation = "Health"\nrequests_per_minute = 1000000\n')
    database, _ = open_folder(folder)
    tokens = []
    with database.writing() as connection:
        for n in range(SENDERS):
            place = Place("Health", "analyst")
            id = people.add(database, connection, f"sender {n}", place, secrets.stretch("x" * 12))
            tokens.append(signing_in.issue(database, connection, id, frozenset(VERBS)))
        for n in range(WARNINGS):
            level = "AMBER" if n % 2 else "GREEN"
            audience = Audience.of(Marking(level, "Health"))
            draft = Draft(f"warning--{n}", "warning", "Health", audience, b'{"level": "warning"}')
            objects.put(database, connection, draft)
    database.close()
    return tokens


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server, and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            httpx.get(f"{address}/health")
            return process, address
        except httpx.HTTPError:
            time.sleep(0.1)


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Read how long a process has kept processors busy."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def post(client: httpx.Client) -> int:
    """Send a report."""
    key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
    body = {"key": key, "sending": sending, "branch": branch, "answers": ANSWERS}
    return client.post("/api/reports", json=body).status_code


def read(client: httpx.Client) -> int:
    """Read the warnings."""
    found = client.get("/api/objects", params={"type": "warning", "limit": WARNINGS})
    return found.status_code


def measure(process: subprocess.Popen[bytes], address: str, tokens: list[str], act: object) -> dict:
    """Let all senders do something, and say what it cost."""
    wrong: list[int] = []

    def send(token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            for _ in range(REQUESTS // SENDERS):
                status = act(client)  # type: ignore[operator]
                if status >= 300:
                    wrong.append(status)

    before, began = processor_seconds(process), time.perf_counter()
    threads = [threading.Thread(target=send, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    used = processor_seconds(process) - before
    return {
        "requests": REQUESTS, "failed": len(wrong), "a_second": round(REQUESTS / seconds, 1),
        "processor_milliseconds": round(1000 * used / REQUESTS, 2),
    }  # fmt: skip


def main() -> None:
    """Measure, and print the figures as JSON."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data"
        tokens = prepare(folder)
        process, address = start(folder)
        try:
            told = {"posts": measure(process, address, tokens, post)}
            told["reads"] = measure(process, address, tokens, read)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
        database, _ = open_folder(folder)
        with database.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT count(*) FROM objects WHERE type = 'report'"
            ).scalar_one()
        database.close()
    print(json.dumps(told | {"reports_kept": rows}, indent=1))


if __name__ == "__main__":
    main()
