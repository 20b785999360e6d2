"""Summaries are numbers whatever was seen, and move with what they are named after."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.plan.calibration.summaries import Watched, exponent, names, summarise

TOUCHING = np.array([[0, 1], [1, 0]], np.float32)
APART = np.zeros((2, 2), np.float32)


def told(counts: np.ndarray, sizes: np.ndarray, border: np.ndarray = APART) -> dict[str, float]:
    called = names(counts.shape[1], bordered=bool(border.any()))
    found = summarise(Watched(counts.astype(float), sizes.astype(float), border))
    return dict(zip(called, found.tolist(), strict=True))


@given(
    arrays(np.int64, (104, 2), elements=st.integers(0, 500)),
    st.lists(st.integers(1, 5_000), max_size=30),
    st.booleans(),
)
def test_they_are_finite_whatever_was_seen(
    counts: np.ndarray, sizes: list[int], touching: bool
) -> None:
    found = told(counts, np.array(sizes), TOUCHING if touching else APART)
    assert all(np.isfinite(value) for value in found.values())


def test_a_region_without_an_incident_has_them_too() -> None:
    found = told(np.zeros((104, 2)), np.empty(0), TOUCHING)
    assert all(np.isfinite(value) for value in found.values())
    assert found["weeks_without"] == 1.0
    assert found["log_events"] == 0.0


def test_the_number_of_incidents_is_told() -> None:
    found = told(np.full((104, 2), 3), np.ones(624))
    assert found["log_events"] == pytest.approx(np.log(625))


@pytest.mark.parametrize("alpha", [2.2, 2.5, 3.0])
def test_the_exponent_of_a_power_law_is_found(alpha: float) -> None:
    """Clauset, Shalizi and Newman (2009), appendix D: rounded from half below the least."""
    random = np.random.default_rng(3)
    sizes = np.floor(9.5 * (1 - random.random(20_000)) ** (-1 / (alpha - 1)) + 0.5)
    assert exponent(sizes) == pytest.approx(alpha, abs=0.04)
    # With few events the answer keeps near the value that is put in.
    assert exponent(sizes[:1], steady=50.0) == pytest.approx(2.5, abs=0.1)
    assert np.isnan(exponent(np.array([1.0])))


def test_echoes_scatter_and_neighbours_are_told() -> None:
    random = np.random.default_rng(4)
    alone = random.poisson(4.0, (260, 2))
    wave = np.exp(np.sin(np.arange(260) / 12))[:, None]
    moving = random.poisson(4.0 * wave * np.ones(2))
    calm, lively = (told(counts, np.ones(1), TOUCHING) for counts in (alone, moving))
    assert abs(calm["echo_4"]) < 0.15
    assert lively["echo_4"] > 0.4
    assert lively["log_scatter_13"] > calm["log_scatter_13"] + 1.0
    assert lively["near_4"] > 0.7
    assert abs(calm["near_4"]) < 0.4


def test_a_steady_series_has_no_peak_no_shift_and_no_echo() -> None:
    found = told(np.full((104, 2), 3), np.array([5, 5]))
    for name in ("log_peak", "log_shift", "echo_1", "weeks_without"):
        assert found[name] == pytest.approx(0.0, abs=1e-12)
    assert found["log_size"] == found["log_largest"] == pytest.approx(np.log(5.0))


def test_the_weight_of_a_neighbour_is_that_by_which_its_past_month_is_followed() -> None:
    months = np.random.default_rng(5).uniform(0.0, 3.0, (66, 2))
    months[1:, 0] = 0.5 + 0.4 * months[:-1, 1]
    counts = np.expm1(np.repeat(months, 4, axis=0))
    found = told(counts, np.ones(1), np.array([[0, 1], [0, 0]], np.float32))
    assert found["near_weight"] == pytest.approx(0.4, rel=0.01)
    assert found["near_before"] > 0.8


def test_levels_scatter_and_shifts_have_the_values_of_their_definitions() -> None:
    # Nothing in the first half and 0 and 4 by turns in the second, in one territory of two.
    counts = np.zeros((104, 2))
    counts[53::2, 0] = 4.0
    found = told(counts, np.empty(0))
    assert found["log_level_0"] == pytest.approx(np.log(1.0 + 1 / 104))
    assert found["log_level_1"] == pytest.approx(np.log(1 / 104))
    # A week has the mean 1 and the variance 3; a territory without any incident scatters by 0.
    assert found["log_scatter_1"] == pytest.approx(np.log(3.1 / 1.1) / 2)
    # Blocks of 26 weeks have 0, 0, 52 and 52.
    assert found["log_scatter_26"] == pytest.approx(np.log((26.0**2 + 0.1) / 26.1) / 2)
    assert found["log_shift"] == pytest.approx(np.log(2.02 / 0.02) / 2)
    assert found["log_peak"] == pytest.approx(np.log(5.0 / 2.0) / 2)
    assert (found["log_size"], found["exponent"], found["log_largest"]) == (0.0, 2.5, 0.0)


def test_the_exponent_of_a_few_sizes_by_hand() -> None:
    logs = np.log(10 / 9.5) + np.log(20 / 9.5)
    sizes = np.array([1.0, 9.0, 10.0, 20.0])
    assert exponent(sizes) == pytest.approx(1 + 2 / logs)
    # Three more events of an exponent of 2.5 have logs of 1 / 1.5 each.
    assert exponent(sizes, steady=3.0) == pytest.approx(1 + 5 / (logs + 2))
    assert exponent(sizes, least=21.0, steady=3.0) == pytest.approx(2.5)
    # As many are added as there are, and one is enough.
    assert exponent(sizes, steady=2.0) == pytest.approx(1 + 4 / (logs + 2 / 1.5))
    assert exponent(sizes, least=20.0) == pytest.approx(1 + 1 / np.log(20 / 19.5))
    found = told(np.ones((104, 2)), sizes)
    assert found["log_size"] == pytest.approx(np.log(10.0))
    assert found["log_largest"] == pytest.approx(np.log(20.0))
    assert found["exponent"] == pytest.approx(1 + 7 / (logs + 5 / 1.5))
    assert told(np.ones((104, 2)), sizes[3:])["log_size"] == pytest.approx(np.log(20.0))


def test_echoes_are_correlations_with_the_weeks_before() -> None:
    # By turns 0 and 4 in one territory, and always 2 in the other, which has no echo.
    counts = np.full((104, 2), 2.0)
    counts[:, 0] = np.tile([0.0, 4.0], 52)
    found = told(counts, np.empty(0))
    assert [found[f"echo_{lag}"] for lag in (1, 2, 4, 8, 16, 32)] == pytest.approx(
        [-0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    )
    assert found["weeks_without"] == 0.25


def test_neighbours_that_are_alike_move_at_once_and_none_before_the_other() -> None:
    counts = np.repeat(np.random.default_rng(6).poisson(3.0, (264, 1)), 3, axis=1)
    counts[:, 2] = np.arange(264) % 7  # it touches nobody, and does not count
    border = np.zeros((3, 3), np.float32)
    border[0, 1] = border[1, 0] = 1.0
    found = told(counts, np.empty(0), border)
    assert (found["near_4"], found["near_13"]) == (pytest.approx(1.0), pytest.approx(1.0))
    assert found["near_before"] == pytest.approx(0.0, abs=1e-12)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def test_the_echo_of_two_incidents_in_two_years_is_a_correlation_like_any_other() -> None:
    counts = np.zeros((104, 2))
    counts[[30, 34], 0] = 1.0
    counts[[50, 58], 1] = [1.0, 2.0]
    found, logs = told(counts, np.empty(0)), np.log1p(counts)
    for lag in (1, 2, 4, 8, 16, 32):
        each = [correlation(logs[lag:, place], logs[:-lag, place]) for place in (0, 1)]
        assert found[f"echo_{lag}"] == pytest.approx(np.mean(each))


def test_neighbours_are_compared_by_months_and_quarters_and_by_what_they_follow() -> None:
    counts = np.random.default_rng(7).poisson([0.3, 2.0], (118, 2)).astype(float)
    found, logs = told(counts, np.empty(0), TOUCHING), np.log1p(counts)
    months, quarters = (
        np.stack([logs[at : at + weeks].mean(0) for at in range(0, 118 // weeks * weeks, weeks)])
        for weeks in (4, 13)
    )
    assert found["near_4"] == pytest.approx(correlation(*months.T))
    assert found["near_13"] == pytest.approx(correlation(*quarters.T))
    one, other = months.T
    follows, leads = correlation(one[1:], other[:-1]), correlation(one[:-1], other[1:])
    # What one has before the other, the other has after it.
    assert found["near_before"] == pytest.approx(0.0, abs=1e-12)
    alone = told(counts, np.empty(0), np.array([[0, 1], [0, 0]], np.float32))
    assert alone["near_before"] == pytest.approx(follows - leads)
    # A ridge of 0.1 is as good as two observations of the root of 0.1 that were followed by none.
    past = np.column_stack([np.ones(len(one) - 1), one[:-1], other[:-1]])
    seen = np.concatenate([past, np.sqrt(0.1) * np.eye(3)[1:]])
    weight = np.linalg.lstsq(seen, np.append(one[1:], [0.0, 0.0]), rcond=None)[0][2]
    assert alone["near_weight"] == pytest.approx(weight)
