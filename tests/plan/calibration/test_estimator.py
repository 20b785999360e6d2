"""An estimator finds the posterior of a model whose posterior is known."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.calibration.estimator import Estimator, train
from tocsin.plan.calibration.inferred import BOX, to_box, to_line
from tocsin.plan.calibration.simulate import Worlds


def test_a_region_unlike_all_worlds_is_told() -> None:
    estimator = Estimator((), np.zeros(3), np.ones(3))
    assert estimator.outside(np.array([0.5, -7.0, 1.0])) == 7.0


@pytest.mark.release
def test_the_posterior_of_a_normal_model_is_found_and_training_is_reproducible() -> None:
    """Logits have the prior of uniform numbers; each is seen once, with normal noise."""
    random = np.random.default_rng(1)
    truth = BOX[:, 0] + (BOX[:, 1] - BOX[:, 0]) * random.random((8_192, len(BOX)))
    noise = 0.3
    seen = to_line(truth) + noise * random.standard_normal(truth.shape)
    estimator = train(Worlds(truth, seen), seed=1, flows=4)
    at = np.zeros(len(BOX))
    drawn = to_line(estimator.sample(at, draws=2_000, seed=2))
    np.testing.assert_allclose(drawn.mean(0), at, atol=noise / 2)
    np.testing.assert_allclose(drawn.std(0), noise, rtol=0.3)
    middle = to_box(at[None])[0]
    assert (np.abs(estimator.sample(at, draws=500, seed=3).mean(0) - middle) < 0.1 * middle).all()
    again = train(Worlds(truth, seen), seed=1, flows=4)
    np.testing.assert_array_equal(
        again.sample(at, draws=9, seed=2), estimator.sample(at, draws=9, seed=2)
    )
