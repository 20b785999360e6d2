"""Nothing is archived that crosses a limit or is dominated; repair never leaves the limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.exploration.archive import Bounds, keep, meets_ceilings, non_dominated, sign_test
from tocsin.plan.portfolios import PORTFOLIOS, SHIPPED, STATUS_QUO
from tocsin.plan.portfolios.declared import Limits
from tocsin.schema.vocabulary.lever import LEVERS

TODAY = np.array([PORTFOLIOS[STATUS_QUO].get(name, 0.0) for name in LEVERS])
TIGHT = Limits(**(vars(SHIPPED.limits) | {"budget": 3.0, "most": {"export-control": 0.5}}))
BOUNDS = Bounds(LEVERS, SHIPPED.levers, TIGHT, TODAY)


@given(st.integers(0, 10**6))
def test_of_many_out_of_bounds_none_is_kept(seed: int) -> None:
    rng = np.random.default_rng(seed)
    efforts = rng.uniform(-0.5, 1.5, (500, len(LEVERS)))
    efforts[rng.random(efforts.shape) < 0.05] = np.nan
    outside = ~BOUNDS.within(efforts)
    assert outside.sum() > 400
    # Out of bounds they look the best of all.
    objectives = np.where(outside[:, None], -1e9, rng.random((500, 3)))
    kept = keep(efforts, objectives, BOUNDS)
    assert not outside[kept].any()


@given(st.integers(0, 10**6))
def test_a_repaired_portfolio_keeps_all_limits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wild = rng.uniform(-1, 2, (100, len(LEVERS)))
    wild[0, 0], wild[1, 1] = np.nan, np.inf
    fixed = BOUNDS.repair(wild)
    assert BOUNDS.within(fixed).all()
    # What keeps them already is left as it is.
    np.testing.assert_array_equal(BOUNDS.repair(fixed), fixed)


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_the_front_is_what_no_other_is_better_than(seed: int, columns: int) -> None:
    values = np.random.default_rng(seed).integers(0, 5, (40, columns)).astype(float)
    front = non_dominated(values)
    for row in range(40):
        better = (values <= values[row]).all(axis=1) & (values < values[row]).any(axis=1)
        twin = (values[:row] == values[row]).all(axis=1).any()
        assert front[row] == (not better.any() and not twin)


@pytest.mark.slow
def test_a_front_that_is_too_long_is_thinned_and_stays_a_front() -> None:
    rng = np.random.default_rng(1)
    efforts = BOUNDS.repair(rng.random((3_000, len(LEVERS))))
    angle = rng.dirichlet([1.0] * 3, 3_000)
    kept = keep(efforts, angle, BOUNDS, most=100)
    assert 20 <= len(kept) <= 100
    assert non_dominated(angle[kept]).all()
    assert (np.diff(kept) > 0).all()


def test_a_ceiling_is_met_with_its_upper_bound() -> None:
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 1, 1_000)

    def play(efforts: np.ndarray) -> dict[str, np.ndarray]:
        own = rng.normal(0, 1, (len(efforts), 1_000)) * efforts[:, :1]
        return {"deaths": 100 + noise + own - 10 * efforts[:, :1] * (efforts[:, 1:2] - 0.5)}

    better, worse, same = [1.0, 0.6], [1.0, 0.4], [0.0, 0.0]
    chancy = [1.0, 0.502]  # its mean is better by a fraction of its error
    four, today = np.array([better, worse, same, chancy]), np.zeros(2)
    fine, bounds = meets_ceilings(play, four, today, {"deaths": 1.0})
    assert fine.tolist() == [True, False, True, False]
    assert bounds["deaths"][2] == 0
    assert not meets_ceilings(play, np.array([better]), today, {"deaths": 0.5})[0].any()
    assert meets_ceilings(play, np.zeros((0, 2)), today, {"deaths": 1.0})[0].shape == (0,)


def test_the_sign_test_by_hand() -> None:
    assert sign_test([1, 1, 1], [0, 0, 0]) == pytest.approx(1 / 8)
    assert sign_test([1, 1, 0, 5], [0, 0, 1, 5]) == pytest.approx(4 / 8)
    assert sign_test([1.0], [1.0]) == 1.0
