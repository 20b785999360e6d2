"""The self-exciting model, against its own simulation and against what is known of it."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.anticipate.alerts.stream.hawkes import (
    Hawkes,
    coming_counts,
    expected_counts,
    kernel_memory,
    simulate,
    tail_probability,
)

MODEL = Hawkes(background=0.6, season=(0.2, 0.1), fast=0.4, slow=0.3, half_life=3.0, dispersion=1.6)
DAYS = np.arange(730.0)


@pytest.fixture(scope="module")
def made() -> np.ndarray:
    return simulate(MODEL, np.random.default_rng(1), days=730, paths=400)


def test_the_mean_is_the_background_over_what_is_not_set_off(made: np.ndarray) -> None:
    assert made.mean() == pytest.approx(MODEL.base(DAYS).mean() / (1 - 0.7), rel=0.05)


def test_days_are_neither_under_nor_overestimated(made: np.ndarray) -> None:
    rates = np.stack([expected_counts(MODEL, row, DAYS) for row in made])
    # What came before the first day is not known here; its trace is gone after a year.
    late = slice(365, None)
    assert rates[:, late].mean() == pytest.approx(made[:, late].mean(), rel=0.02)
    spread = ((made - rates)[:, late] ** 2).mean() / rates[:, late].mean()
    assert spread == pytest.approx(MODEL.dispersion, rel=0.05)


@pytest.mark.slow
def test_a_week_ahead_has_the_mean_and_variance_that_are_said(made: np.ndarray) -> None:
    held = kernel_memory(made, MODEL.fades)[..., :-1]
    mean, variance = (found[:, 500] for found in coming_counts(MODEL, held, DAYS, 7))
    week = made[:, 500:507].sum(axis=1)
    surprise = (week - mean) / np.sqrt(variance)
    assert surprise.mean() == pytest.approx(0, abs=0.15)
    assert surprise.var() == pytest.approx(1, abs=0.25)


@pytest.mark.slow
def test_small_p_values_are_as_rare_as_they_say(made: np.ndarray) -> None:
    held = kernel_memory(made, MODEL.fades)[..., :-1]
    mean, variance = coming_counts(MODEL, held, DAYS, 1)
    p = tail_probability(made, mean, variance)[:, 365:]
    for level in (0.001, 0.01, 0.1):
        assert (p < level).mean() <= level * 1.1


def test_nothing_hangs_on_later_days(made: np.ndarray) -> None:
    bent = made[0].copy()
    bent[400:] += 9
    one, two = (expected_counts(MODEL, counts, DAYS)[:401] for counts in (made[0], bent))
    np.testing.assert_array_equal(one, two)
