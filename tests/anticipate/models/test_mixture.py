"""The mixture: a distribution whatever the network says, and counts that follow it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.models.mixture import GRID, OUTPUTS, cumulative, multiply_counts, quantiles

NUMBER = st.floats(-6, 6, width=32)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(NUMBER, min_size=OUTPUTS, max_size=OUTPUTS), st.floats(0, 10, width=32))
def test_any_outputs_give_a_distribution(outputs: list[float], level: float) -> None:
    given = np.array([outputs], np.float32), np.array([level], np.float32)
    below = np.asarray(cumulative(*given, GRID))
    assert below.shape == (1, len(GRID))
    assert (below >= 0).all()
    assert (below <= 1 + 1e-6).all()
    assert (np.diff(below) >= -1e-5).all()


@pytest.mark.slow
def test_the_chance_of_none_is_the_first_output() -> None:
    outputs = np.zeros((1, OUTPUTS), np.float32)
    outputs[0, 0] = np.log(3)
    below = np.asarray(cumulative(outputs, np.array([2.0], np.float32), np.array([0.0])))
    np.testing.assert_allclose(below, 0.75, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=len(GRID), max_size=len(GRID)))
def test_counts_follow_the_distribution(steps: list[float]) -> None:
    below = np.sort(np.array(steps))[None]
    below[0, -1] = 1.0
    found = quantiles(below, 400)[0]
    assert (np.diff(found) >= 0).all()
    assert (found == np.round(found)).all()
    for k in (0, 3, 8, 20, 40):
        # Values within a cell are rounded, at most to its lower edge.
        share = (found <= GRID[k]).mean()
        assert below[0, k] - 1 / 400 <= share + 1e-9
        assert share <= below[0, k if k < 8 else k + 1] + 1 / 400 + 1e-9


@pytest.mark.slow
def test_the_curves_are_logistic_on_the_log_scale() -> None:
    outputs = np.array([[-0.4, 0.3, -0.8, 0.5, -1.2, 0.7, -0.3], [1.0, 0, 0, -2, 3, 0.2, 2]])
    level, counts = np.array([1.5, 0.2]), np.array([0.0, 1, 4, 30, 500])
    found = np.asarray(cumulative(*(a.astype(np.float32) for a in (outputs, level)), counts))

    def sigmoid(x: float) -> float:
        return 1 / (1 + float(np.exp(-x)))

    for row, m, below in zip(outputs.tolist(), level, found, strict=True):
        quiet, weights = sigmoid(row[0]), np.exp(row[1:3]) / np.exp(row[1:3]).sum()
        for v, got in zip(counts, below, strict=True):
            some = 0.0
            for weight, place, scale in zip(weights, row[3:5], row[5:7], strict=True):
                wide = 0.1 + np.log1p(np.exp(scale + 0.5))
                at, none = (sigmoid((np.log1p(c + 0.5) - m - place) / wide) for c in (v, 0))
                some += weight * (at - none) / (1 - none + 1e-6)
            assert got == pytest.approx(quiet + (1 - quiet) * some, abs=2e-6)


def test_the_grid_holds_each_count_to_eight_and_then_quarters_of_octaves() -> None:
    assert GRID[:13].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16]
    assert GRID[-2:].tolist() == [131072, 155872]
    assert len(GRID) == 66


def test_counts_within_a_cell_are_spread_over_its_logs() -> None:
    """Half none, a tenth at each of 1, 8 and 10, and the rest between 10 and 11."""
    below = np.interp(np.arange(len(GRID)), [0, 1, 7, 8, 9, 10], [0.5, 0.6, 0.6, 0.7, 0.8, 1.0])
    found = quantiles(below[None], 1000)[0]
    counts = {value: int((found == value).sum()) for value in np.unique(found)}
    assert (counts[0], counts[1], counts[8]) == (500, 100, 100 + cell_share(8, 10, 8))
    assert counts[9] == cell_share(8, 10, 9)
    assert sum(counts.values()) == 1000
    assert found[-1] == 11
    assert counts[10] == cell_share(8, 10, 10) + 2 * cell_share(10, 11, 10)
    # A distribution that ends below 1 has its last draws in the last cell, which has no width.
    with np.errstate(divide="raise", invalid="raise"):
        short = quantiles(np.full((1, len(GRID)), 0.5), 4)[0]
    assert short.tolist() == [0, 0, GRID[-1], GRID[-1]]
    # What falls by rounding is taken as level.
    dip = below.copy()
    dip[3] -= 0.05
    assert (quantiles(dip[None], 1000)[0] == found).all()


def cell_share(low: float, high: float, value: float) -> int:
    """Of a hundred draws in a cell, those that are rounded to a count."""
    at = np.expm1(np.log1p(low) + np.log((high + 1) / (low + 1)) * (np.arange(100) + 0.5) / 100)
    return int((np.round(at) == value).sum())


LOGS = st.lists(st.floats(-2, 2), min_size=2, max_size=2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=len(GRID), max_size=len(GRID)), LOGS)
def test_counts_that_are_multiplied_are_a_distribution_and_no_factor_changes_nothing(
    steps: list[float], logs: list[float]
) -> None:
    below = np.sort(np.array(steps))[None, None].repeat(2, axis=1)
    found = multiply_counts(below, np.array([logs]))
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found, axis=-1) >= -1e-12).all()
    for here, before, log in zip(found[0], below[0], logs, strict=True):
        more = here <= before + 1e-9 if log >= 0 else here >= before - 1e-9
        assert more.all()
    assert multiply_counts(below, np.zeros((1, 2))) == pytest.approx(below, abs=1e-9)


def test_a_count_and_the_odds_of_any_are_multiplied() -> None:
    below = np.where(GRID < 1000, 0.2, 1.0)[None, None]
    found = multiply_counts(below, np.log([[0.25]]))[0, 0]
    assert found[0] == pytest.approx(0.5)  # Odds of any death were four to one.
    assert GRID[found >= 0.75][0] == pytest.approx(250, rel=0.2)


def test_where_there_is_none_for_sure_no_factor_makes_any() -> None:
    below = np.ones((1, 2, len(GRID)))
    assert (multiply_counts(below, np.array([[-2.0, 3.0]])) == 1.0).all()
