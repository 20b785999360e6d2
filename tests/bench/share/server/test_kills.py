"""The measure of kills: once each of a server and a database over PostgreSQL, and on SQLite."""

from __future__ import annotations

import pytest

from tocsin.bench.share.server import postgres
from tocsin.bench.share.server.kills import measure_kills


@pytest.mark.release
@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_what_was_acknowledged_is_there_once() -> None:
    found = measure_kills(kills=3, each=1)
    assert found["acknowledged"] > 0
    for name in ("lost", "twice", "unlogged", "logs_broken", "refused"):
        assert found[name] == 0, name
