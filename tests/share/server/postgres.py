"""A real PostgreSQL for tests, where Debian's is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tocsin.bench.share.server import postgres

programs = postgres.programs


@contextmanager
def running() -> Iterator[str]:
    """Start a server with an empty database, and yield its address; stop and remove it after."""
    with postgres.running() as found:
        yield found.url
