"""Sobol indices against a sum whose shares are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration.futures import Contest
from tocsin.plan.exploration.sensitivity import sensitivity
from tocsin.plan.region.parameters import PARAMETERS

NOTHING: Any = ("mine", "status quo", None, None)


class Sum(Contest):
    """Two of the excitation, one of the decay, and one of chance: shares 4, 1 and 1 of 6."""

    def difference(self, values: Any, chance: Any, outcome: str) -> Any:
        names = [item.name for item in PARAMETERS]
        low = np.array([item.low for item in PARAMETERS])
        high = np.array([item.high for item in PARAMETERS])
        unit = (values - low) / (high - low)
        by_name = {name: unit[:, place] for place, name in enumerate(names)}
        return 2 * by_name["excitation"] + by_name["decay"] + chance / 2**30


@pytest.mark.slow
def test_the_shares_of_a_sum_are_found() -> None:
    found = sensitivity(Sum(*NOTHING), samples=2048)
    first = dict(found.indices.select("input", "first").iter_rows())
    total = dict(found.indices.select("input", "total").iter_rows())
    for shares in (first, total):
        assert shares["excitation"] == pytest.approx(4 / 6, abs=0.03)
        assert shares["decay"] == pytest.approx(1 / 6, abs=0.03)
        assert shares["chance"] == pytest.approx(1 / 6, abs=0.03)
        assert shares["memory"] == pytest.approx(0, abs=0.01)
    kinds = dict(found.kinds.select("kind", "total").iter_rows())
    assert kinds["calibrated"] == pytest.approx(4 / 6, abs=0.03)
    assert kinds["judgement"] == pytest.approx(1 / 6, abs=0.03)


@pytest.mark.parametrize("samples", [0, 7, 100])
def test_samples_are_a_power_of_two(samples: int) -> None:
    with pytest.raises(UsageError, match="power of two"):
        sensitivity(Sum(*NOTHING), samples=samples)
