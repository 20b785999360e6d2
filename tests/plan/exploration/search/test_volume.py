"""The hypervolume against areas that are known."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.exploration.search import compare_seeds, hypervolume
from tocsin.plan.exploration.search.volume import box


def test_hypervolume_against_the_exact_one() -> None:
    low, high = np.zeros(2), np.ones(2)
    assert hypervolume(np.array([[0.5, 0.5]]), low, high) == pytest.approx(0.25, abs=0.002)
    both = np.array([[0.2, 0.6], [0.6, 0.2]])
    assert hypervolume(both, low, high) == pytest.approx(2 * 0.8 * 0.4 - 0.16, abs=0.002)
    assert hypervolume(np.array([[1.0, 1.0]]), low, high) == 0.0
    six = np.full((1, 6), 0.3)
    assert hypervolume(six, np.zeros(6), np.ones(6)) == pytest.approx(0.7**6, abs=0.005)
    assert compare_seeds({"a": [both], "b": [both[:1]]}, points=4096)["a"][0] > 0


def test_the_box_reaches_a_tenth_beyond_the_worst() -> None:
    low, high = box(np.array([[1.0, 5.0, 7.0], [3.0, 4.0, 7.0]]))
    assert low.tolist() == [1.0, 4.0, 7.0]
    # What is alike in all has a box of one unit.
    assert high.tolist() == pytest.approx([3.2, 5.1, 8.0])


def test_seeds_are_compared_in_one_box_of_all_that_was_found() -> None:
    good, bad = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[2.0, 2.0]])
    found = compare_seeds({"a": [good], "b": [bad, good]}, points=4096)
    # The box goes from 0 to 2.2; its corner beyond both is 1.2 * 1.2 of what each is better than.
    whole = 2 * 2.2 * 1.2 - 1.2**2
    assert found["a"] == [pytest.approx(whole / 2.2**2, abs=0.01)]
    assert found["b"] == [pytest.approx(0.2**2 / 2.2**2, abs=0.005), found["a"][0]]
