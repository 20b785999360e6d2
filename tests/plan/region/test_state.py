"""Small functions of the state, on plain arrays."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.region import state


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy does what JAX does, and need not be compiled."""
    monkeypatch.setattr(state, "jnp", np)


def test_an_index_is_a_factor_of_one_at_its_start_and_within_bounds_beyond() -> None:
    value = np.array([0.0, 0.125, 0.2, 0.5, 0.75, 1.0])
    found = [state.relative(value), state.relative(value, 0.5), state.relative(value, 0.5, 1.25)]  # type: ignore[arg-type]
    expected = [[0.25, 0.25, 0.4, 1, 1.5, 1.5], [0.5, 0.5, 0.5, 1, 1.5, 1.5],
                [0.5, 0.5, 0.5, 1, 1.25, 1.25]]  # fmt: skip
    np.testing.assert_allclose(found, expected)
    np.testing.assert_array_equal(state.index(value * 2 - 0.5), np.clip(value * 2 - 0.5, 0, 1))  # type: ignore[arg-type]


def test_columns_add_up_to_one_column_and_have_one_mean() -> None:
    table = np.array([[1.0, 2.0, 6.0], [0.0, -1.0, 4.0]])
    np.testing.assert_array_equal(state.total(table), [[9.0], [3.0]])  # type: ignore[arg-type]
    np.testing.assert_allclose(state.average(table), [[3.0], [1.0]])  # type: ignore[arg-type]


def test_the_logarithm_is_that_of_the_library_to_single_precision() -> None:
    """About the root of a half, where the polynomial is longest, and at every power of two."""
    near, far = np.linspace(0.7, 1.42, 4001), np.geomspace(1e-30, 1e30, 4001)
    for values in (near.astype(np.float32), far.astype(np.float32)):
        found = state.log(values)  # type: ignore[arg-type]
        expected = np.log(values.astype(np.float64))
        np.testing.assert_allclose(found, expected, rtol=2e-7, atol=1e-7)
    with np.errstate(all="ignore"):
        assert np.isnan(state.log(np.array([0.0, -1.0], np.float32))).all()  # type: ignore[arg-type]
