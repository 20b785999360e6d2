"""The peers take the very same step as the model."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.bench.plan.peers import NumpyRun, measure_mesa, measure_workbench, numpy_in_place_of_jax
from tocsin.bench.plan.speed import Size
from tocsin.plan.region import state


@pytest.mark.slow
def test_numpy_steps_the_same_region() -> None:
    before = vars(state)["jnp"]
    with numpy_in_place_of_jax():
        assert vars(state)["jnp"] is np
        run = NumpyRun(Size(3, 2, 8, 13))
        for _ in range(13):
            run.step()
        assert isinstance(run.state.toll, np.ndarray)
        assert run.state.toll.shape == (3, 1, 2, 8)
        assert np.isfinite(run.state.toll).all()
        assert run.state.toll.sum() > 0
    assert vars(state)["jnp"] is before


@pytest.mark.release
def test_other_frameworks_run_it() -> None:
    pytest.importorskip("mesa")
    assert measure_mesa(weeks=2, territories=2) > 0
    assert measure_workbench(Size(2, 1, 1, 13), scenarios=2) > 0
