"""Weeks become months of one length, and no week is lost."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.region import model
from tocsin.plan.region.outcomes import QUARTER, SUMS, month_weights


@pytest.mark.parametrize("quarters", [1, 4, 7])
def test_each_week_goes_to_its_months_once(quarters: int) -> None:
    found = month_weights(quarters * QUARTER)
    assert found.shape == (3 * quarters, quarters * QUARTER)
    np.testing.assert_allclose(found.sum(0), 1.0, atol=1e-6)
    np.testing.assert_allclose(found.sum(1), QUARTER / 3, atol=1e-5)
    # The fifth week lies partly in the first month.
    assert found[0, :6].tolist() == pytest.approx([1, 1, 1, 1, 1 / 3, 0], abs=1e-6)


def test_weeks_of_a_quarter_add_up_to_months_or_have_their_mean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two in each week: a month has four and a third of them. NumPy stands for JAX."""
    monkeypatch.setattr(model, "jnp", np)
    for more in ((), (4,), (2, 3)):
        found = model._monthly(np.full((13, len(SUMS), *more), 2.0))  # type: ignore[arg-type]
        assert found.shape == (3, len(SUMS), *more)
        for place, adds in enumerate(SUMS):
            np.testing.assert_allclose(found[:, place], 26 / 3 if adds else 2.0, rtol=1e-6)
