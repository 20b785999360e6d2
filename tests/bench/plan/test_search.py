"""The measure of the search at its smallest; figures in documents come from larger runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.bench.plan.search import measure_ceilings, measure_limits, measure_search


@pytest.mark.slow
def test_of_portfolios_beyond_static_limits_none_is_archived() -> None:
    assert measure_limits(portfolios=100_000) == {"offered": 100_000, "archived": 0}


@pytest.mark.release
def test_the_search_is_compared_seed_by_seed(tmp_path: Path) -> None:
    asked = {"evaluations": 40, "futures": 4, "seeds": 1, "fresh": 20}
    found = measure_search(work=tmp_path, **asked)  # type: ignore[arg-type]
    assert 0 < found["hypervolume_surrogate"] < 1
    assert 0 <= found["ahead_of_random"] <= 1
    assert found["archived"] == 0 or found["archived_greatest_bound_deaths"] <= 0
    # What is kept in the folder gives the same again, without playing.
    assert measure_search(work=tmp_path, **asked) == found  # type: ignore[arg-type]


@pytest.mark.release
def test_none_passes_that_crosses_a_ceiling() -> None:
    assert measure_ceilings(portfolios=40, fresh=20) == {"offered": 40, "passed": 0}
