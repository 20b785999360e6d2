"""Weeks become months of one length, and no week is lost."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.region.outcomes import QUARTER, month_weights


@pytest.mark.parametrize("quarters", [1, 4, 7])
def test_each_week_goes_to_its_months_once(quarters: int) -> None:
    found = month_weights(quarters * QUARTER)
    assert found.shape == (3 * quarters, quarters * QUARTER)
    np.testing.assert_allclose(found.sum(0), 1.0, atol=1e-6)
    np.testing.assert_allclose(found.sum(1), QUARTER / 3, atol=1e-5)
    # The fifth week lies partly in the first month.
    assert found[0, :6].tolist() == pytest.approx([1, 1, 1, 1, 1 / 3, 0], abs=1e-6)
