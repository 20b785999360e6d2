"""The measure of the regional model at its smallest."""

from __future__ import annotations

import pytest

from tocsin.bench.plan.region import measure_region


@pytest.mark.release
def test_common_chance_saves_futures() -> None:
    found = measure_region(futures=64)
    assert found["common_chance_median"] > 2
    assert found["common_chance_least"] > 1
    assert found["million_territory_steps_a_second"] > 0
