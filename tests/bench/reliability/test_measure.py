"""What the benchmark measures, on one small world."""

from __future__ import annotations

import pytest

from tocsin.bench.reliability.measure import published_results, recovery


@pytest.mark.slow
def test_published_results_are_reproduced() -> None:
    for row in published_results():
        assert row["found"] == pytest.approx(row["published"], abs=0.005)


@pytest.mark.slow
def test_better_than_its_peers() -> None:
    found = recovery(seeds=(1,), size=800)
    assert found["whole"] < found["majority"]
    assert found["error"] < min(found["error_mean"], found["error_alpha"])
    assert found["copier_found"] == 1.0
    assert found["accused_wrongly"] == 0.0
