"""Ranks are judged by bands that hold for the whole curve and for all quantities."""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.bench.ranks import band, judge_ranks, rank


def test_a_rank_lies_where_the_value_does_and_ties_are_broken_by_chance() -> None:
    random = np.random.default_rng(1)
    drawn = np.arange(99.0)
    assert 0.5 <= rank(49.5, drawn, random) <= 0.51
    assert rank(-1.0, drawn, random) < 0.01
    assert rank(99.0, drawn, random) >= 0.99
    tied = [rank(0.0, np.zeros(99), random) for _ in range(300)]
    assert min(tied) < 0.05
    assert max(tied) > 0.95


def test_even_ranks_leave_the_band_as_often_as_is_said_and_others_nearly_always() -> None:
    random = np.random.default_rng(2)
    low, high = band(60, 0.1)
    grid = np.arange(1, len(low) + 1) / len(low)

    def leaves(values: np.ndarray) -> bool:
        curve = np.searchsorted(np.sort(values), grid, side="right") / 60
        return bool(((curve < low - 1e-9) | (curve > high + 1e-9)).any())

    even = np.mean([leaves(random.random(60)) for _ in range(800)])
    assert 0.03 <= even <= 0.13
    assert np.mean([leaves(random.beta(4, 4, 60)) for _ in range(50)]) > 0.9


def test_a_quantity_whose_ranks_pile_up_is_told() -> None:
    random = np.random.default_rng(3)
    rows = pl.DataFrame(
        {
            "rank_even": random.random(80),
            "rank_high": random.random(80) ** 0.3,
        }
    )
    found = judge_ranks(rows)
    assert found["outside"] == 1.0
    assert found["off_high"] > found["band"] > found["off_even"]
