"""The hypervolume against areas that are known."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.exploration.search import compare_seeds, hypervolume


def test_hypervolume_against_the_exact_one() -> None:
    low, high = np.zeros(2), np.ones(2)
    assert hypervolume(np.array([[0.5, 0.5]]), low, high) == pytest.approx(0.25, abs=0.002)
    both = np.array([[0.2, 0.6], [0.6, 0.2]])
    assert hypervolume(both, low, high) == pytest.approx(2 * 0.8 * 0.4 - 0.16, abs=0.002)
    assert hypervolume(np.array([[1.0, 1.0]]), low, high) == 0.0
    six = np.full((1, 6), 0.3)
    assert hypervolume(six, np.zeros(6), np.ones(6)) == pytest.approx(0.7**6, abs=0.005)
    assert compare_seeds({"a": [both], "b": [both[:1]]}, points=4096)["a"][0] > 0
