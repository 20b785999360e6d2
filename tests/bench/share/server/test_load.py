"""The measures of load, with little of it."""

from __future__ import annotations

import shutil

import pytest

from tocsin.bench.share.server import postgres
from tocsin.bench.share.server.load import measure_load, measure_writes

WRK = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


@WRK
@pytest.mark.release
def test_little_load_on_sqlite_is_borne() -> None:
    found = measure_writes(rate=10, seconds=3)
    assert found["posts_a_second"] > 0
    for name in ("refused", "broken", "lost", "locked"):
        assert found[name] == 0, name


@WRK
@pytest.mark.release
@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_little_load_on_postgresql_is_borne() -> None:
    found = measure_load(reads=10, posts=5, seconds=3, steps=())
    for name in ("refused", "broken", "lost", "unlogged"):
        assert found[name] == 0, name
    assert len(found["memory"]) > 10
    assert min(found["memory"]) > 20
