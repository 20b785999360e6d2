"""Theory, in small: the whole measure is `tocsin bench plan`."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.bench.plan.cascades import (
    critical,
    expected_share,
    jump,
    measure_cascades,
    working_share,
)


@pytest.mark.parametrize(
    ("layers", "degree", "left"), [(1, 3.0, 0.6), (2, 4.0, 0.8), (4, 5.0, 0.9)]
)
def test_what_works_is_what_theory_says(layers: int, degree: float, left: float) -> None:
    shares = [
        working_share(layers, degree, left, 8_000, np.random.default_rng(seed)) for seed in range(2)
    ]
    assert np.mean(shares) == pytest.approx(expected_share(layers, degree, left), abs=0.015)


def test_below_the_jump_nothing_works() -> None:
    assert working_share(4, 5.0, 0.6, 8_000, np.random.default_rng(0)) < 0.01


@pytest.mark.parametrize(("layers", "degree"), [(2, 4.0), (4, 5.0)])
@pytest.mark.slow
def test_the_jump_is_where_theory_has_it(layers: int, degree: float) -> None:
    found = [jump(layers, degree, 3_000, np.random.default_rng(seed)) for seed in range(2)]
    assert np.mean(found) == pytest.approx(critical(layers) / degree, rel=0.03)


def test_the_measure_tells_each_point() -> None:
    found = measure_cascades(size=500, networks=1)
    assert len(found["points"]) == 6
    assert [row["layers"] for row in found["jumps"]] == [2, 3, 4]
    assert found["critical"] == [1.0, 2.4554, 3.0891, 3.5089]
