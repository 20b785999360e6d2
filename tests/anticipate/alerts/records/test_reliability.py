"""A forecast that is right lies within its consistency intervals; one that is not, does not."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.anticipate.alerts.records.reliability import reliability


def share_inside(bend: float, stretch: int, seed: int) -> float:
    random = np.random.default_rng(seed)
    p = random.random((120, 60))
    came = np.repeat(random.random((120 // stretch, 60)), stretch, axis=0)
    rows = reliability(p, (came < p**bend).astype(float), stretch=stretch, seed=1)
    inside = [r["consistent_low"] <= r["frequency"] <= r["consistent_high"] for r in rows]
    return sum(inside) / len(inside)


@pytest.mark.slow
def test_the_intervals_hold_nine_in_ten_of_a_right_forecast() -> None:
    for stretch in (1, 6):
        held = np.mean([share_inside(1.0, stretch, seed) for seed in range(12)])
        assert 0.82 <= held <= 0.97


def test_a_wrong_forecast_falls_out() -> None:
    assert share_inside(3.0, 6, 0) < 0.5


def test_bins_hold_every_case() -> None:
    p = np.array([[0.0, 1.0, 0.25, np.nan], [0.009, 0.999, np.nan, 0.5]])
    rows = reliability(p, np.zeros((2, 4)), stretch=1, seed=0)
    assert sum(row["n"] for row in rows) == 6
    assert reliability(p, np.full((2, 4), np.nan), stretch=1, seed=0) == []
