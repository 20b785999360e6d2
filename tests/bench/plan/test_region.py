"""The measure of the regional model at its smallest."""

from __future__ import annotations

import pytest

from tocsin.bench.plan.region import measure_region
from tocsin.plan.region.outcomes import OUTCOMES


@pytest.mark.release
def test_common_chance_saves_futures() -> None:
    found = measure_region(futures=1_024)
    assert found["common_chance_median"] > 2
    # With parameters held only chance differs, and common random numbers save more.
    assert found["common_chance_parameters_held_median"] > found["common_chance_median"]
    # Half of the differences are of parameters, over which the means of a hypercube hardly vary.
    assert found["common_chance_and_hypercubes_median"] > 1.5 * found["common_chance_median"]
    assert found["common_chance_least_of"].split(",")[0] in OUTCOMES
    assert found["common_chance_least"] > 1
    assert found["million_territory_steps_a_second"] > 0
