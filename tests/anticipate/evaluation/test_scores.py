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
    covered,
    crps,
    ignorance,
    interval_score,
    pit,
    pit_covered,
    pit_histogram,
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
    assert np.isnan(covered(draws, truth)).tolist() == [False, True]


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


@pytest.mark.parametrize("mean", [0.02, 0.5, 30.0])
def test_a_calibrated_count_is_covered_at_the_level(mean: float) -> None:
    """The closed interval covers too much of small counts; the PIT covers as it should."""
    truth = np.random.default_rng(1).poisson(mean, 5_000).astype(float)
    draws = poisson.ppf((np.arange(1000) + 0.5) / 1000, mean)[None, :].repeat(5_000, axis=0)
    below, upto = pit(draws, truth)
    assert np.mean(pit_covered(below, upto)) == pytest.approx(0.9, abs=0.012)
    assert pit_histogram(below, upto) == pytest.approx([0.1] * 10, abs=0.02)
    if mean < 0.1:
        assert np.mean(covered(draws, truth)) > 0.97


def test_too_narrow_a_forecast_is_seen_at_both_ends() -> None:
    truth = np.random.default_rng(1).poisson(30.0, 5_000).astype(float)
    draws = np.full((5_000, 10), 30.0) + np.linspace(-1, 1, 10)
    found = pit_histogram(*pit(draws, truth))
    assert found[0] > 0.3
    assert found[-1] > 0.3
    assert found.sum() == pytest.approx(1)
