"""Scores against their definition, and against figures computed elsewhere."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.panel import add_months, panel
from tocsin.anticipate.scores import covered, crps


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


@pytest.mark.parametrize(
    ("year", "last_twelve", "zero"),
    [
        (2018, 14.49, 24.08),
        (2019, 9.22, 22.64),
        (2020, 12.06, 21.89),
        (2021, 27.63, 36.77),
        (2022, 80.33, 74.47),
    ],
)
def test_figures_of_the_prediction_challenge(
    seen: dict[str, pl.DataFrame], year: int, last_twelve: float, zero: float
) -> None:
    """The challenge's two benchmarks, all 191 countries, January to December."""
    history = panel(seen["series"].filter(pl.col("target") == "ged_sb"))
    origin = date(year - 1, 10, 1)
    column = {month: t for t, month in enumerate(history.months)}
    months = [column[add_months(origin, h)] for h in range(3, 15)]
    truth = history.deaths[:, months]
    twelve = history.deaths[:, column[origin] - 11 : column[origin] + 1]
    draws = np.repeat(twelve[:, None, :], 12, axis=1)
    assert np.nanmean(crps(draws, truth)) == pytest.approx(last_twelve, abs=0.005)
    assert np.nanmean(truth) == pytest.approx(zero, abs=0.005)
