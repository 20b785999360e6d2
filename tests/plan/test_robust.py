"""The least favourable priors, against a linear programme over weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.plan.robust import flip_ratio, least_favourable


@given(st.integers(0, 12), st.integers(1, 12), st.floats(1, 9))
def test_no_weights_within_the_ratio_give_less(better: int, worse: int, ratio: float) -> None:
    from scipy.optimize import linprog

    n = better + worse
    goal = np.append(np.ones(better), np.zeros(worse)) / n
    found = linprog(goal, A_eq=np.ones((1, n)) / n, b_eq=[1.0], bounds=(1 / ratio, ratio))
    assert least_favourable(better / n, ratio) == pytest.approx(found.fun, abs=1e-7)


@given(st.floats(0.5, 0.999))
def test_at_the_flip_it_is_a_coin(share: float) -> None:
    ratio = flip_ratio(share)
    assert ratio is not None
    assert least_favourable(share, ratio) == pytest.approx(0.5, abs=1e-4)
    assert flip_ratio(1 - share) == pytest.approx(ratio, rel=1e-4)


@given(st.floats(0, 1), st.floats(1, 10), st.floats(1, 10))
def test_wider_priors_never_make_more_of_it(share: float, one: float, two: float) -> None:
    few, many = sorted((one, two))
    assert least_favourable(share, many) <= least_favourable(share, few) <= share + 1e-12
