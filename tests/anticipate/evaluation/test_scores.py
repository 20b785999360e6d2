"""Scores against their definition; the figures computed elsewhere are in test_backtest."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from tocsin.anticipate.evaluation.scores import (
    EDGES,
    crps,
    ignorance,
    in_interval,
    interval_score,
    pit,
    pit_histogram,
    pit_in_interval,
)


@settings(deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=30), st.integers(0, 500))
def test_crps_is_its_definition(draws: list[int], truth: int) -> None:
    x = np.array(draws, float)
    expected = np.abs(x - truth).mean() - 0.5 * np.abs(x[:, None] - x[None, :]).mean()
    found = crps(x[None, :], np.array([float(truth)]))[0]
    assert found == pytest.approx(expected, abs=1e-9)


def test_unknown_truth_is_not_scored() -> None:
    draws, truth = np.zeros((2, 5)), np.array([1.0, np.nan])
    assert np.isnan(crps(draws, truth)).tolist() == [False, True]
    assert np.isnan(in_interval(draws, truth)).tolist() == [False, True]


def test_ignorance_counts_one_more_in_each_bin() -> None:
    draws = np.array([[0.0] * 600 + [1.0] * 300 + [2000.0] * 100])
    for truth, hits in ((0, 600), (2, 300), (5, 0), (1001, 100)):
        found = ignorance(draws, np.array([float(truth)]))[0]
        assert found == pytest.approx(-log2((hits + 1) / (1000 + len(EDGES))))


def test_interval_score_is_its_definition() -> None:
    draws = np.arange(101.0)[None, :]
    assert interval_score(draws, np.array([50.0]))[0] == pytest.approx(90)
    assert interval_score(draws, np.array([98.0]))[0] == pytest.approx(90 + 20 * 3)
    assert interval_score(draws, np.array([0.0]))[0] == pytest.approx(90 + 20 * 5)


@pytest.mark.slow
@pytest.mark.parametrize("mean", [0.02, 0.5, 30.0])
def test_a_calibrated_count_is_covered_at_the_level(mean: float) -> None:
    """The closed interval covers too much of small counts; the PIT covers as it should."""
    truth = np.random.default_rng(1).poisson(mean, 5_000).astype(float)
    draws = poisson.ppf((np.arange(1000) + 0.5) / 1000, mean)[None, :].repeat(5_000, axis=0)
    below, upto = pit(draws, truth)
    assert np.mean(pit_in_interval(below, upto)) == pytest.approx(0.9, abs=0.012)
    assert pit_histogram(below, upto) == pytest.approx([0.1] * 10, abs=0.02)
    if mean < 0.1:
        assert np.mean(in_interval(draws, truth)) > 0.97


def test_too_narrow_a_forecast_is_seen_at_both_ends() -> None:
    truth = np.random.default_rng(1).poisson(30.0, 5_000).astype(float)
    draws = np.full((5_000, 10), 30.0) + np.linspace(-1, 1, 10)
    found = pit_histogram(*pit(draws, truth))
    assert found[0] > 0.3
    assert found[-1] > 0.3
    assert found.sum() == pytest.approx(1)


def test_the_intervals_level_is_the_one_asked_for() -> None:
    draws = np.arange(101.0)[None, :]
    # The central half of 0 to 100 is 25 to 75; a miss costs 2 / (1 - 0.5) for each unit.
    for truth, inside, score in ((25, 1, 50), (75, 1, 50), (24, 0, 54), (77, 0, 58)):
        at = np.array([float(truth)])
        assert in_interval(draws, at, level=0.5)[0] == inside
        assert interval_score(draws, at, level=0.5)[0] == pytest.approx(score)
    assert in_interval(draws, np.array([5.0, 95.0, 4.9, 95.1])).tolist() == [1, 1, 0, 0]


def test_the_pit_of_a_count_is_an_interval() -> None:
    draws = np.array([[0.0, 0.0, 1.0, 2.0, 2.0]])
    for truth, low, high in ((0, 0, 0.4), (1, 0.4, 0.6), (2, 0.6, 1), (3, 1, 1), (-1, 0, 0)):
        below, upto = pit(draws, np.array([float(truth)]))
        assert (below[0], upto[0]) == (pytest.approx(low), pytest.approx(high))
    below, upto = pit(draws, np.array([np.nan]))
    assert np.isnan([below[0], upto[0]]).all()


@pytest.mark.parametrize(
    ("low", "high", "share"),
    [
        (0.0, 1.0, 0.9),  # the forecast says nothing: the level itself
        (0.0, 0.1, 0.5),
        (0.9, 1.0, 0.5),
        (0.0, 0.05, 0.0),
        (0.95, 1.0, 0.0),
        (0.5, 0.6, 1.0),
        (0.5, 0.5, 1.0),  # a count that no draw has is a point
        (0.05, 0.05, 1.0),
        (0.95, 0.95, 0.0),
        (0.0, 0.0, 0.0),
        (1.0, 1.0, 0.0),
    ],
)
def test_the_share_of_a_pit_in_the_central_interval(low: float, high: float, share: float) -> None:
    found = pit_in_interval(np.array([low, np.nan]), np.array([high, np.nan]))
    assert found[0] == pytest.approx(share, abs=1e-12)
    assert np.isnan(found[1])
    assert pit_in_interval(np.array([0.0]), np.array([1.0]), level=0.5)[0] == pytest.approx(0.5)


def test_a_pit_histogram_shares_each_interval_between_its_bins() -> None:
    low, high = np.array([0.0, 0.5, 1.0, np.nan]), np.array([1.0, 0.75, 1.0, np.nan])
    # A quarter of the first in each bin, all of the second in the third, the point 1 in the last.
    found = pit_histogram(low, high, bins=4)
    assert found * 3 == pytest.approx([0.25, 0.25, 1.25, 1.25])
    assert np.isnan(pit_histogram(np.array([np.nan]), np.array([np.nan]))).all()
    assert len(pit_histogram(low, high)) == 10


def test_ignorance_of_what_is_not_known_is_not_known() -> None:
    found = ignorance(np.zeros((2, 9)), np.array([np.nan, 0.0]))
    assert np.isnan(found).tolist() == [True, False]
    # Nine draws in the bin and one more, of nine and eleven bins.
    assert found[1] == pytest.approx(-log2(10 / 20))


def test_log_scores_of_unlike_shapes_keep_the_truths_shape() -> None:
    draws, truth = np.zeros((2, 3, 5)), np.arange(6.0).reshape(2, 3)
    assert crps(draws, truth) == pytest.approx(truth)
    assert ignorance(draws, truth).shape == interval_score(draws, truth).shape == (2, 3)
