"""Several processes that answer at one address, where one would be too slow.

Each has a socket of its own at the same port, among which the kernel divides who connects
(SO_REUSEPORT). This process holds all of them, so that whoever connects while a process is started
anew waits, and is not turned away.
"""

from __future__ import annotations

import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from tocsin.errors import TocsinError, UsageError

TURN = 0.5
"""Seconds after which it is looked at whether all processes are there."""
PATIENCE = 25.0
"""Seconds in which a process may end what it does, when all are stopped."""
CONTEXT: Any = multiprocessing.get_context("spawn")
"""Each process begins anew, and shares no connection with this one."""
Answer = Callable[..., None]
"""Answers on the socket `on`, until its process is told to end (SIGTERM)."""


def run_workers(answer: Answer, host: str, port: int, count: int) -> None:
    """Let several processes answer until somebody stops this one.

    One that is killed is started anew.

    Args:
        answer: what each of them runs; it must be such that it can be pickled.
        host: the address to listen at.
        port: the port.
        count: how many processes.

    Raises:
        UsageError: this system does not divide a port among processes.
        TocsinError: another program listens there, or a process ended by itself.
    """
    sockets = [_bind(host, port) for _ in range(count)]
    stop = threading.Event()
    before = {
        one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)
    }
    running = [_start(answer, one) for one in sockets]
    try:
        while not stop.wait(TURN):
            for n, process in enumerate(running):
                # One that ends by itself would do so again, and has said why.
                if process.exitcode is not None and process.exitcode >= 0:
                    raise TocsinError(
                        "A process of the server has ended.", remedy="Read what it said before."
                    )
                if process.exitcode is not None:
                    running[n] = _start(answer, sockets[n])
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()
        for one in sockets:
            one.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(answer: Answer, on: socket.socket) -> BaseProcess:
    process: BaseProcess = CONTEXT.Process(target=answer, kwargs={"on": on}, name="worker")
    process.start()
    return process


def _bind(host: str, port: int) -> socket.socket:
    if not hasattr(socket, "SO_REUSEPORT"):
        raise UsageError(
            "This system does not divide a port among processes.", where="--workers",
            remedy="Leave --workers out.",
        )  # fmt: skip
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise TocsinError(
            f"The server cannot listen at {host}:{port}.", remedy="Choose another --port."
        ) from error
    return found
