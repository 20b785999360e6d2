"""The box and the line are mapped onto each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.calibration.inferred import BOX, PLACES, to_box, to_line
from tocsin.plan.posterior import INFERRED
from tocsin.plan.region.parameters import PARAMETERS


@given(st.lists(st.floats(0.001, 0.999), min_size=len(BOX), max_size=len(BOX)))
def test_there_and_back(shares: list[float]) -> None:
    values = (BOX[:, 0] + (BOX[:, 1] - BOX[:, 0]) * np.array(shares))[None]
    np.testing.assert_allclose(to_box(to_line(values)), values, rtol=1e-6)


def test_nothing_on_the_line_leaves_the_box() -> None:
    far = np.array([[-60.0] * len(BOX), [60.0] * len(BOX)])
    assert (to_box(far) >= BOX[:, 0] - 1e-9).all()
    assert (to_box(far) <= BOX[:, 1] + 1e-9).all()


def test_what_lies_on_the_edge_of_the_box_or_beyond_it_is_far_out_on_the_line() -> None:
    low, high = BOX.T
    ends = to_line(np.stack([low - 1.0, low, (low + high) / 2, high, high + 1.0]))
    far = np.log(1e6 - 1)
    expected = np.repeat([[-far], [-far], [0.0], [far], [far]], len(BOX), axis=1)
    np.testing.assert_allclose(ends, expected, atol=1e-9)


def test_places_are_those_of_the_names() -> None:
    assert tuple(PARAMETERS[place].name for place in PLACES) == tuple(INFERRED)
