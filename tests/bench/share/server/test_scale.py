"""Partitions, listeners and a replica are measured, on few rows."""

from __future__ import annotations

import pytest

from share.server import postgres
from tocsin.bench.share.server.scale import READS, measure_scale


@pytest.mark.release
@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_a_replica_has_all_that_was_committed_and_takes_nothing() -> None:
    found = measure_scale(rows=2_000, reads=20)
    for table in ("plain", "divided"):
        assert set(found["partitions"][table]) == {"added", "left", *READS}
        assert all(one > 0 for one in found["partitions"][table].values())
    assert found["listeners"]["woken_longest_ms"] > 0
    assert (found["replica"]["commits"], found["replica"]["lost"]) == (20, 0)
    assert "read-only transaction" in found["replica"]["refuses"]
