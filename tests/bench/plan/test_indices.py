"""Indices of published functions are found, and a broken estimate is caught."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.bench.plan.indices import (
    deviations,
    discover_box,
    ishigami,
    ishigami_indices,
    measure_indices,
    morris_order,
    sobol_g,
    sobol_g_indices,
    sobol_g_variance,
)


def test_closed_forms_are_those_published() -> None:
    first, total = ishigami_indices()
    np.testing.assert_allclose(first, [0.3139, 0.4424, 0.0], atol=1e-4)
    np.testing.assert_allclose(total, [0.5576, 0.4424, 0.2437], atol=1e-4)
    assert sobol_g_variance() == pytest.approx(0.19347, abs=5e-6)
    x = np.random.default_rng(0).random((200_000, 6))
    assert sobol_g(x).var() == pytest.approx(0.19347, abs=0.003)
    first, total = sobol_g_indices()
    assert first.sum() < 1 < total.sum()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "bounds", "known"),
    [(ishigami, (-np.pi, np.pi), ishigami_indices()), (sobol_g, (0.0, 1.0), sobol_g_indices())],
)
def test_indices_lie_within_three_standard_errors_and_broken_ones_do_not(
    function: object, bounds: tuple[float, float], known: tuple[np.ndarray, np.ndarray]
) -> None:
    _, right, _ = deviations(function, bounds, known, samples=2**12)  # type: ignore[arg-type]
    _, wrong, _ = deviations(function, bounds, known, samples=2**12, broken=True)  # type: ignore[arg-type]
    assert right.max() < 3
    assert wrong.max() > 10


@pytest.mark.slow
def test_morris_puts_the_inputs_of_g_in_the_order_of_their_coefficients() -> None:
    assert morris_order(sobol_g, (0.0, 1.0), 6)[:3] == [2, 3, 1]


@pytest.mark.release
def test_prim_finds_what_the_study_of_renewable_energy_found() -> None:
    found = discover_box()
    assert (found["futures"], found["of_interest"]) == (882, 89)
    # In words: dear and scarce biomass, and demand that gives way little.
    assert {"Total biomass", "Biomass backstop price", "Demand elasticity"} <= set(found["limited"])
    assert found["coverage"] > 0.7
    assert found["density"] > 0.7


@pytest.mark.release
def test_the_whole_measure_at_full_size() -> None:
    found = measure_indices()
    for name in ("ishigami", "sobol_g"):
        assert found[f"{name}_standard_errors"] < 3
        assert found[f"{name}_broken_standard_errors"] > 10
        assert found[f"{name}_broken_caught"]
    assert found["sobol_g_variance"] == pytest.approx(found["sobol_g_variance_known"], rel=0.01)
