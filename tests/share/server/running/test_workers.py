"""Several processes at one port: one that is killed is there again, and all end in good order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
import time

import pytest

from tocsin.bench.cost import descendants
from tocsin.bench.share.server.postgres import free_port
from tocsin.errors import TocsinError
from tocsin.share.server.running import workers
from tocsin.share.server.running.workers import run_workers


def echo(on: socket.socket) -> None:
    """Say who one is to whoever connects."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    on.listen()
    while True:
        found, _ = on.accept()
        with found:
            found.sendall(str(os.getpid()).encode())


def refuse(on: socket.socket) -> None:
    """End at once."""


def ask(port: int) -> int:
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as found:
                return int(found.recv(100))
        except (OSError, ValueError):
            time.sleep(0.05)
    pytest.fail("nobody answers")


@pytest.fixture(autouse=True)
def forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test defines cannot be imported by a process that begins anew."""
    monkeypatch.setattr(workers, "CONTEXT", multiprocessing.get_context("fork"))


@pytest.mark.slow
def test_one_that_is_killed_is_there_again() -> None:
    port, found = free_port(), []

    def look() -> None:
        try:
            first = ask(port)
            os.kill(first, signal.SIGKILL)
            found.extend([first, ask(port)])
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=look)
    thread.start()
    run_workers(echo, "127.0.0.1", port, 1)
    thread.join()
    first, second = found
    assert first != second
    assert second not in descendants(os.getpid())


def test_one_that_ends_by_itself_ends_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "TURN", 0.05)
    with pytest.raises(TocsinError, match="ended"):
        run_workers(refuse, "127.0.0.1", free_port(), 1)


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(TocsinError, match="cannot listen"):
            run_workers(echo, "127.0.0.1", other.getsockname()[1], 2)
