"""The watch over a stream keeps its rate of false alarms, and sees bursts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.alerts.stream.anomaly import (
    Stream,
    alarm_threshold,
    detection_delays,
    judge_days,
    simulated_alarm_rate,
    spells,
)
from tocsin.anticipate.alerts.stream.fitting import fit
from tocsin.anticipate.alerts.stream.hawkes import YEAR, Hawkes, simulate

BUSY = Hawkes(background=2.0, season=(0.2, 0.0), fast=0.5, slow=0.2, half_life=3.0, dispersion=1.6)
THIN = Hawkes(background=0.05, season=(0.0, 0.0), fast=0.4, slow=0.3, half_life=5.0, dispersion=1.3)


@pytest.mark.slow
@pytest.mark.parametrize("model", [BUSY, THIN])
@pytest.mark.parametrize("rate", [0.5, 4.0])
def test_made_up_streams_cry_as_often_as_is_borne(model: Hawkes, rate: float) -> None:
    threshold = alarm_threshold(model, rate=rate, seed=1)
    assert simulated_alarm_rate(model, threshold, seed=2) == pytest.approx(rate, rel=0.3)


@pytest.mark.slow
def test_the_rate_holds_for_models_that_had_to_be_fitted() -> None:
    days, cut = np.arange(4 * 365.0), 3 * 365
    made = simulate(BUSY, np.random.default_rng(3), days=len(days), paths=6)
    found = fit({i: (row[:cut], days[:cut]) for i, row in enumerate(made)})
    cries = 0
    for i, row in enumerate(made):
        lowest = judge_days(found[i], row, days).lowest[cut:]
        cries += len(spells(lowest < alarm_threshold(found[i], rate=4.0, seed=i)))
    per_year = cries / (6 * (len(days) - cut) / YEAR)
    # Six years at four a year: 24 expected, and a fit is never quite the truth.
    assert 1.6 <= per_year <= 6.8


@pytest.mark.slow
def test_a_burst_is_seen_in_a_busy_stream_and_more_is_borne_more_seen() -> None:
    strict, loose = (alarm_threshold(BUSY, rate=rate, seed=1) for rate in (0.5, 6.0))
    assert strict < loose
    few, many = (detection_delays(BUSY, one, seed=2) for one in (strict, loose))
    assert np.isfinite(few).mean() > 0.8
    assert np.nanmedian(few) <= 4
    assert np.isfinite(many).mean() >= np.isfinite(few).mean()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_the_stream_and_the_batch_say_the_same(counts: list[int]) -> None:
    days = np.arange(len(counts), dtype=float)
    batch = judge_days(BUSY, np.array(counts, float), days).lowest
    stream = Stream(BUSY, 0.01, 0)
    for count, want in zip(counts, batch, strict=True):
        for _ in range(count):
            stream.incident()
        p, alarm = stream.close()
        assert p == pytest.approx(float(want), rel=1e-6, abs=1e-12)
        assert alarm == (p < 0.01)


@given(st.lists(st.booleans(), max_size=80))
def test_spells_hold_every_alarm_and_are_apart(alarm: list[bool]) -> None:
    found = spells(np.array(alarm, bool))
    assert all(any(a <= day <= b for a, b in found) for day, on in enumerate(alarm) if on)
    assert all(second[0] - first[1] > 7 for first, second in pairwise(found))
