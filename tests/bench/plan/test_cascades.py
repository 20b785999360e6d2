"""Theory, in small: the whole measure is `tocsin bench plan`."""

from __future__ import annotations

from pathlib import Path

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


@pytest.mark.slow
def test_each_figure_has_a_key_and_a_stopped_measure_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    found = measure_cascades(size=500, networks=2, kept=kept)
    assert [found[f"critical_{layers}"] for layers in (1, 2, 3, 4)] == [1, 2.4554, 3.0891, 3.5089]
    for point in ("0.69", "0.71", "0.90"):
        one = {what: found[f"layers_4_left_{point}_{what}"] for what in ("expected", "mean")}
        assert found[f"layers_4_left_{point}_error"] == pytest.approx(
            one["mean"] - one["expected"], abs=1e-5
        )
    assert {f"layers_{layers}_jump_error" for layers in (2, 3, 4)} < set(found)
    # The last network is lost; it alone is played again, and gives the same.
    lines = kept.read_text().splitlines()
    assert len(lines) == 6 * 2 + 3
    kept.write_text("\n".join(lines[:-1]) + "\n" + lines[-1][:5])
    assert measure_cascades(size=500, networks=2, kept=kept) == found
    assert len(kept.read_text().splitlines()) == 6 * 2 + 4
