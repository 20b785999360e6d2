"""The measure of the estimator's calibration at its smallest."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.bench.plan.calibration import BORDER, SETTING, measure_calibration
from tocsin.plan.posterior import INFERRED


def test_worlds_of_the_measure_are_a_region_whose_territories_touch() -> None:
    np.testing.assert_allclose(BORDER.sum(1), 1.0)
    assert SETTING.weeks == 260


@pytest.mark.release
def test_ranks_of_fresh_worlds_stay_within_their_bands() -> None:
    found = measure_calibration(worlds=2_048, tests=64)
    assert found["runs"] == 64
    assert found["quantities"] == len(INFERRED) + 1
    assert found["outside"] <= 1
    assert all(found[f"narrower_{name}"] < 1 for name in INFERRED)
    assert found["narrower_deaths_each"] > 0.3
