"""Every parameter has a prior, a unit, a source and a basis; what is drawn belongs to its name."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.region.parameters import PARAMETERS, Parameter, draw


def test_each_is_complete() -> None:
    assert len({item.name for item in PARAMETERS}) == len(PARAMETERS)
    for item in PARAMETERS:
        assert item.low < item.high
        assert item.unit
        assert item.source
    assert {item.basis for item in PARAMETERS} == {"judgement", "literature", "calibrated"}


@pytest.mark.slow
def test_draws_are_uniform_over_the_prior_and_belong_to_future_and_name() -> None:
    whole = np.asarray(draw(4, np.arange(400)))
    low = np.array([item.low for item in PARAMETERS])[:, None]
    high = np.array([item.high for item in PARAMETERS])[:, None]
    unit = (whole - low) / (high - low)
    assert ((unit >= -1e-5) & (unit <= 1 + 1e-5)).all()
    assert (np.abs(unit.mean(1) - 0.5) < 5 * (1 / 12 / 400) ** 0.5).all()
    some = (Parameter("another", 0.0, 1.0, "share", "assumption"), PARAMETERS[3])
    few = np.asarray(draw(4, np.array([7, 2]), some))
    np.testing.assert_array_equal(few[1], whole[3, [7, 2]])
    assert (np.asarray(draw(5, np.arange(400))) != whole).mean() > 0.9
