"""The mixture: a distribution whatever the network says, and counts that follow it."""

from __future__ import annotations

import jax
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.models.mixture import GRID, OUTPUTS, cumulative, quantiles

_cumulative = jax.jit(cumulative)
NUMBER = st.floats(-6, 6, width=32)


@settings(max_examples=60, deadline=None)
@given(st.lists(NUMBER, min_size=OUTPUTS, max_size=OUTPUTS), st.floats(0, 10, width=32))
def test_any_outputs_give_a_distribution(outputs: list[float], level: float) -> None:
    given = np.array([outputs], np.float32), np.array([level], np.float32)
    below = np.asarray(_cumulative(*given, GRID))
    assert below.shape == (1, len(GRID))
    assert (below >= 0).all()
    assert (below <= 1 + 1e-6).all()
    assert (np.diff(below) >= -1e-5).all()


def test_the_chance_of_none_is_the_first_output() -> None:
    outputs = np.zeros((1, OUTPUTS), np.float32)
    outputs[0, 0] = np.log(3)
    below = np.asarray(cumulative(outputs, np.array([2.0], np.float32), np.array([0.0])))
    np.testing.assert_allclose(below, 0.75, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=len(GRID), max_size=len(GRID)))
def test_counts_follow_the_distribution(steps: list[float]) -> None:
    below = np.sort(np.array(steps))[None]
    below[0, -1] = 1.0
    found = quantiles(below, 400)[0]
    assert (np.diff(found) >= 0).all()
    assert (found == np.round(found)).all()
    for k in (0, 3, 8, 20, 40):
        # Values within a cell are rounded, at most to its lower edge.
        share = (found <= GRID[k]).mean()
        assert below[0, k] - 1 / 400 <= share + 1e-9
        assert share <= below[0, k if k < 8 else k + 1] + 1 / 400 + 1e-9
