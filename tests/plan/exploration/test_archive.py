"""Nothing is archived that crosses a limit or is dominated; repair never leaves the limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.exploration.archive import Bounds, keep, meets_ceilings, non_dominated, sign_test
from tocsin.plan.portfolios import PORTFOLIOS, SHIPPED, STATUS_QUO
from tocsin.plan.portfolios.declared import Limits, Need, Terms
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


def few(**limits: Any) -> Bounds:
    """Three levers, of which two are in force today."""
    names = ("force", "talks", "relief")
    return Bounds(names, dict.fromkeys(names, Terms("")), Limits(**limits), np.array([0.2, 0.2, 0]))


def test_a_repair_moves_as_far_as_limits_ask_and_no_further() -> None:
    # Half of the way from today to all that is wanted costs as much as is there.
    [half] = few(budget=1.7).repair(np.ones((1, 3)))
    np.testing.assert_allclose(half, [0.6, 0.6, 0.5])
    # The places on the way lie a twentieth apart.
    [near] = few(budget=2.9).repair(np.ones((1, 3)))
    np.testing.assert_allclose(near, [0.96, 0.96, 0.95])
    # What is no number is what is in force; the others stay as they are.
    [one] = few().repair(np.array([[np.nan, 0.3, 0.1]]))
    np.testing.assert_allclose(one, [0.2, 0.3, 0.1])
    [whole] = few().repair(np.array([[1.5, 0.3, -0.1]]))
    np.testing.assert_allclose(whole, [1.0, 0.3, 0.0])
    [kept] = few(keep=("talks",)).repair(np.array([[0.9, 0.0, 0.1]]))
    np.testing.assert_allclose(kept, [0.9, 0.2, 0.1])
    [ends] = few(least={"relief": 0.0}, most={"force": 0.5}).repair(np.array([[0.9, 0.1, 0.1]]))
    np.testing.assert_allclose(ends, [0.5, 0.1, 0.1])


def test_a_lever_that_lacks_what_it_needs_is_taken_back_alone() -> None:
    bounds = few(needs=(Need("force", 0.3, {"talks": 0.5}),))
    asked = np.array([[0.9, 0.4, 0.7], [0.9, 0.5, 0.7], [0.1, 0.4, 0.7]])
    np.testing.assert_allclose(bounds.repair(asked)[:, 0], [0.3, 0.9, 0.1])
    np.testing.assert_array_equal(bounds.repair(asked)[:, 1:], asked[:, 1:])


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


def test_how_a_front_is_thinned_hangs_on_no_unit() -> None:
    efforts, share = np.zeros((101, 3)), np.linspace(0, 1, 101)
    front = np.column_stack([share, 1 - share])
    kept = keep(efforts, front, few(), most=10)
    assert 5 <= len(kept) <= 10
    assert np.diff(kept).max() <= 25  # all of the front is represented
    other = front * [1e-3, 1e3] + [5, -7]
    np.testing.assert_array_equal(keep(efforts, other, few(), most=10), kept)
    # Only one: that nearest to what is best in every way.
    assert keep(efforts, front, few(), most=1).tolist() == [50]
    # A way in which all are equal does not hinder.
    flat = np.column_stack([front, np.full(101, 3.0)])
    np.testing.assert_array_equal(keep(efforts, flat, few(), most=10), kept)


def test_the_bound_of_a_ceiling_is_that_of_student() -> None:
    base = np.array([[7.0, 5.0, 6.0, 9.0]])
    lower = {1.0: base - [[1.0, 2.0, 3.0, 4.0]], 0.0: base}
    _, bounds = meets_ceilings(
        lambda some: {"deaths": np.concatenate([lower[float(row[0])] for row in some])},
        np.ones((1, 1)), np.zeros(1), {"deaths": 1.0},
    )  # fmt: skip
    # 2.353 is the 95 % point of Student's t with three degrees of freedom.
    [bound] = bounds["deaths"]
    assert bound == pytest.approx(-2.5 + 2.3534 * np.sqrt(5 / 3) / 2, abs=1e-4)


def test_the_bounds_of_all_portfolios_and_ceilings_hold_at_once() -> None:
    base = np.array([[8.0, 4.0, 6.0, 10.0]])

    def play(efforts: np.ndarray) -> dict[str, np.ndarray]:
        lower = base - efforts[:, :1] * [[1.0, 2.0, 3.0, 4.0]]
        return {"deaths": lower, "trade_lost": 2 * lower}

    ceilings = {"deaths": 0.5, "trade_lost": 1.0}
    efforts = np.array([[1.0], [2.0]])
    fine, bounds = meets_ceilings(play, efforts, np.zeros(1), ceilings)
    # 4.1765 is the 98.75 % point of Student's t with three degrees of freedom.
    error = np.array([lower.std(ddof=1) for lower in play(efforts)["deaths"] - base / 2]) / 2
    np.testing.assert_allclose(bounds["deaths"], [3.5 - 2.5, 3.5 - 5] + 4.1765 * error, rtol=1e-4)
    trade = [-5.0, -10.0] + 4.1765 * np.array([2.0, 4.0]) * np.sqrt(5 / 3) / 2
    np.testing.assert_allclose(bounds["trade_lost"], trade, rtol=1e-3)
    # One ceiling that is crossed is enough.
    assert (bounds["trade_lost"] > 0).tolist() == [True, True]
    assert not fine.any()


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


def test_a_front_that_just_fits_is_kept_whole_and_of_a_box_the_nearest_to_its_best_corner() -> None:
    # At 18 boxes a side the second and the third lie in one, 9 to the right and 1 up.
    near, far = [9.52 / 18, 1.02 / 18], [9.02 / 18, 1.8 / 18]
    front = np.array([[0.0, 1.0], near, far, [1.0, 0.0]])
    assert keep(np.zeros((4, 3)), front, few(), most=4).tolist() == [0, 1, 2, 3]
    assert keep(np.zeros((4, 3)), front, few(), most=3).tolist() == [0, 1, 3]
    turned = front[[0, 2, 1, 3]]
    assert keep(np.zeros((4, 3)), turned, few(), most=3).tolist() == [0, 2, 3]
    # What is not known in one way is not kept, however good it is in the others.
    front[1] = [-np.inf, 0.0]
    assert keep(np.zeros((4, 3)), front, few(), most=4).tolist() == [0, 2, 3]
