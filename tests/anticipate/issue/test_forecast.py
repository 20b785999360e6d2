"""Forecasts: seeded, summarised as drawn, none for a state that is no more."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate import anticipate
from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.issue.forecast import (
    PERSISTENCE,
    _courses,
    _greatest_quarter,
    _within_record,
    forecast,
)
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.errors import StageNotReady

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def few(seen: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return seen["series"].filter(
        pl.col("target") == "ged_sb", pl.col("gwno").is_in([652, 482, 395, 626])
    )


@pytest.mark.slow
def test_same_seed_same_bits(few: pl.DataFrame) -> None:
    one = anticipate(few, horizon=3, draws=100, seed=1)
    two = anticipate(few.sample(fraction=1, shuffle=True, seed=2), horizon=3, draws=100, seed=1)
    assert all(one[name].equals(two[name]) for name in one)
    other = anticipate(few, horizon=3, draws=100, seed=2)
    assert not other["forecast_draws"].equals(one["forecast_draws"])
    # The seed is the start of the networks' random numbers too, not of the draws' order alone.
    assert not other["forecasts"].equals(one["forecasts"])


@pytest.mark.slow
def test_the_summary_is_that_of_the_draws(few: pl.DataFrame) -> None:
    found = anticipate(few, horizon=4, draws=200, seed=1)
    joined = found["forecast_draws"].join(found["forecasts"], on=["gwno", "month"])
    assert joined.height == found["forecasts"].height == 4 * 4
    for row in joined.to_dicts():
        assert sum(row["draws"]) / 200 == pytest.approx(row["mean"])
        assert sum(x >= 25 for x in row["draws"]) / 200 == pytest.approx(row["p_25"])
        each = np.quantile(row["draws"], [0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
        assert each == [row[name] for name in ("p05", "p25", "p50", "p75", "p95")]


@pytest.mark.slow
def test_what_takes_long_to_import_waits_until_it_is_needed() -> None:
    """A fit that is kept needs no JAX, and no forecaster all of SciPy's distributions."""
    code = (
        "import sys, tocsin.anticipate.issue.forecast, tocsin.anticipate.models.registry; "
        "print([one for one in ('jax', 'scipy.stats', 'scipy.signal') if one in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_forecast_without_a_track_record(few: pl.DataFrame) -> None:
    with pytest.raises(StageNotReady, match="scored"):
        anticipate(few.filter(pl.col("month").dt.year() >= 2022), horizon=3, draws=100, seed=1)


def test_the_old_name_of_a_parameter_goes_on_working(few: pl.DataFrame) -> None:
    given = {"draws": 100, "seed": 1, "model": "zero-inflated"}
    one = anticipate(few, horizon=2, **given)  # type: ignore[arg-type]
    with pytest.warns(DeprecationWarning, match="horizon"):
        two = anticipate(few, horizons=2, **given)  # type: ignore[call-arg, arg-type]
    assert all(one[name].equals(two[name]) for name in one)
    with pytest.raises(TypeError, match="both given"):
        anticipate(few, horizon=2, horizons=2, **given)  # type: ignore[call-arg, arg-type]


def test_months_hang_together_by_a_unit_s_counts_and_not_by_its_name() -> None:
    names, months = ("a", "b", "c"), tuple(date(2020, month, 1) for month in range(1, 13))
    deaths = np.random.default_rng(4).poisson(9.0, (3, 12)).astype(float)

    def drawn(order: list[int], called: tuple[str, ...]) -> dict[str, list[list[float]]]:
        past = Panel((1, 2, 3), called, months, "n", deaths[order])
        _, table = forecast(past, "m", negative_binomial, horizon=4, draws=50, seed=1)
        rows = table.sort("month").group_by("territory").agg("draws")
        return dict(zip(rows["territory"], rows["draws"].to_list(), strict=True))

    one, two = drawn([0, 1, 2], names), drawn([2, 0, 1], ("z", "x", "y"))
    assert [two["x"], two["y"], two["z"]] == [one["a"], one["b"], one["c"]]
    assert one["a"] != one["b"]


def test_three_months_are_seldom_more_than_any_three_on_record() -> None:
    random = np.random.default_rng(3)
    deaths = random.poisson(5.0, (4, 200)).astype(float)
    deaths[0, 100] = 1000.0
    greatest = _greatest_quarter(deaths)
    assert greatest == max(np.convolve(row, np.ones(3), "valid").max() for row in deaths)
    courses = np.where(random.random((6, 1000)) < 0.3, random.integers(900, 3000, (6, 1000)), 4.0)
    found = _within_record(courses, greatest)
    totals, before = (
        np.lib.stride_tricks.sliding_window_view(x, 3, axis=0).sum(-1) for x in (found, courses)
    )
    assert totals.max() <= 2 * greatest
    assert ((totals > greatest).mean(axis=1) <= 1 / 200).all()
    assert (found <= courses).all()
    assert (found == np.round(found)).all()
    # A month changes only where some three months around it were too many.
    beyond = np.pad((before > greatest).T, [(0, 0), (2, 2)])
    near = np.lib.stride_tricks.sliding_window_view(beyond, 3, axis=1).any(-1).T
    assert (found[~near] == courses[~near]).all()
    assert (_within_record(courses[:1], greatest) <= 2 * greatest).all()
    # Within the record nothing changes, nor where the record is too short to say.
    assert _within_record(courses, 10_000.0) is courses
    assert _greatest_quarter(deaths[:1, :50]) == np.inf
    assert _greatest_quarter(deaths[:, :2]) == np.inf


def test_the_ranks_of_a_draw_hang_together_over_its_months() -> None:
    ranks = _courses(np.random.default_rng(1), 3, 4000)
    assert (np.sort(ranks, axis=1) == np.arange(4000)).all()
    # Of a Gaussian copula with this correlation Spearman's is 6 / π times arcsin of its half.
    wanted = 6 / np.pi * np.arcsin(PERSISTENCE / 2)
    assert np.corrcoef(ranks)[np.triu_indices(3, 1)] == pytest.approx(wanted, abs=0.04)
