"""The measure of a ring, on a small one."""

from __future__ import annotations

import pytest

from tocsin.bench.share.server.ring import measure_ring


@pytest.mark.slow
def test_a_small_ring_ends_alike() -> None:
    found = measure_ring(warnings=40, partitions=2)
    assert (found["warnings"], found["rests"], found["digests"], found["differences"]) == (
        40, True, 0, 0,
    )  # fmt: skip
