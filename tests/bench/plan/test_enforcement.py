"""The measure in small."""

from __future__ import annotations

import pytest

from tocsin.bench.plan.enforcement import measure_enforcement


@pytest.mark.slow
def test_published_cases_and_brute_force_agree() -> None:
    found = measure_enforcement(cases=10, grids=0)
    assert found["flow_by_cuts"] == [80, 10, 0]
    assert found["way_by_cuts"] == [5, 17]
    assert found["cases_equal"] == 10
