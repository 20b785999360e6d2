"""Probabilities that were too sure are drawn in, by earlier years only."""

from __future__ import annotations

import numpy as np

from tocsin.anticipate.alerts.records.recalibrate import recalibrate

YEARS = np.repeat(np.arange(2000, 2010), 12)
CLOSED = np.concatenate([YEARS[3:], [2010] * 3])


def made(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    odds = random.normal(-1, 1.5, (120, 40))
    truth = 1 / (1 + np.exp(-odds))
    said = 1 / (1 + np.exp(-(0.5 + 2 * odds)))
    return said, (random.random(truth.shape) < truth).astype(float), truth


def test_a_bent_forecast_is_straightened() -> None:
    said, event, truth = made(1)
    found = recalibrate(said, event, YEARS, CLOSED)
    late = YEARS >= 2005
    assert np.abs(found - truth)[late].mean() < 0.25 * np.abs(said - truth)[late].mean()
    first = YEARS == 2000
    assert (found[first] == said[first]).all()


def test_later_truth_changes_nothing_before() -> None:
    said, event, _ = made(2)
    other = event.copy()
    other[CLOSED >= 2006] = 0
    before = YEARS <= 2006
    one, two = (recalibrate(said, e, YEARS, CLOSED)[before] for e in (event, other))
    np.testing.assert_array_equal(one, two)


def test_order_is_kept_and_what_is_unknown_stays_so() -> None:
    said, event, _ = made(3)
    said[:, 0] = np.nan
    found = recalibrate(said, event, YEARS, CLOSED)
    assert np.isnan(found[:, 0]).all()
    row = np.argsort(said[-1, 1:])
    assert (np.diff(found[-1, 1:][row]) >= 0).all()
