"""Ctrl-C: what stops at once stops in good order, and what cannot be interrupted ends with us."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from types import FrameType

PATIENCE = 1.5
"""Seconds that are left for an end in good order; a compilation or a query does not hear Ctrl-C."""
BEGUN = time.time()
"""When this process began, or near it."""


class Stopped(BaseException):
    """This is raised when Ctrl-C was pressed.

    It is no `KeyboardInterrupt`, because Typer would end that without our words.
    """


def stopped_words() -> str:
    """Say what is kept of what was stopped.

    Returns:
        One sentence; a second one where futures were simulated that the next run takes over.
    """
    from tocsin.base import cache

    said = "Stopped. The last good state of the workspace is kept."
    place = cache.folder("futures")
    files = () if place is None else place.glob("*.npz")
    with suppress(OSError):  # another process may clear them now
        if any(file.stat().st_mtime >= BEGUN for file in files):
            said += (
                " Futures that were simulated are kept, too: the same command goes on from them."
            )
    return f"{said}\n"


def watch_for_stop() -> None:
    """Raise `Stopped` at Ctrl-C from now on, and end the process if it is not over soon after.

    Call it once, in the main thread.

    Python hears a signal only between two of its own instructions. The system writes a byte into a
    socket at once, whatever runs, and a thread that waits for the byte speaks and counts. It is
    safe to end without good order, because what a stage writes counts only once it is written
    whole.
    """
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)
    signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, _raise)
    threading.Thread(target=_end, args=(ear, mouth), daemon=True).start()


def _raise(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not break the end in good order that the first one began.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Stopped


def _end(ear: socket.socket, _mouth: socket.socket) -> None:
    """Wait for Ctrl-C; the other end of the socket is held so that it stays open."""
    while signal.SIGINT not in ear.recv(1):
        continue
    sys.stderr.write("\nStopping …\n")
    sys.stderr.flush()
    time.sleep(PATIENCE)
    sys.stderr.write(stopped_words())
    sys.stderr.flush()
    os._exit(1)
