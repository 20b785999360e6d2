"""Stylised facts: progress curves, laws of sizes, and the part of an S that is seen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.bench.plan.facts import (
    FACTS,
    facts_of,
    measure_facts,
    progress,
    spread_of_first_uses,
)
from tocsin.observe import example_files, observe
from tocsin.plan.calibration.summaries import Watched
from tocsin.plan.posterior import shipped_posterior


@pytest.mark.parametrize("b", [-0.3, 0.01, 0.7])
def test_the_exponent_of_a_progress_curve_is_found(b: float) -> None:
    """Johnson et al. (2011): τ_n = τ_1 n^(−b)."""
    gaps = 50.0 * np.arange(1, 60) ** (-b)
    assert progress(np.concatenate([[0.0], np.cumsum(gaps)])) == pytest.approx(b)
    assert np.isnan(progress(np.arange(10.0)))
    # Where every day has an attack, days cannot tell whether they come faster.
    assert np.isnan(progress(np.arange(100.0)))


def test_facts_of_data_and_worlds_have_the_same_names() -> None:
    random = np.random.default_rng(1)
    touching = np.array([[0, 1], [1, 0]], np.float32)
    one = Watched(
        random.poisson(2.0, (104, 2)).astype(float), np.array([3.0, 20.0, 40.0]), touching
    )
    found = facts_of([one, one])
    assert set(found) == set(FACTS)
    assert all(len(values) == 2 for values in found.values())
    assert found["share_large"][0] == pytest.approx(2 / 3)
    # Chance alone makes neither echoes nor progress.
    assert abs(found["echo_1"][0]) < 0.2
    assert abs(found["progress"][0]) < 0.2


def test_only_the_lower_half_of_an_s_has_its_middle_beyond_the_data() -> None:
    when = np.arange(2000, 2021)
    whole = 100 / (1 + np.exp(-(when - 2010) / 2.0))
    years = np.repeat(when, np.diff(np.round(whole), prepend=0).astype(int)).tolist()
    found = spread_of_first_uses(years)
    assert found["middle"] == pytest.approx(2010, abs=1.0)
    assert found["logistic"] < found["line"] / 10
    assert spread_of_first_uses([one for one in years if one <= 2008])["middle"] > 2007


@pytest.mark.release
def test_the_example_has_a_row_for_each_region_and_fact() -> None:
    events = [path for path in example_files() if path.name.startswith("ucdp_ged")]
    found = measure_facts(
        observe(events)["reports"],
        {"Syria": (652,)},
        shipped_posterior(),
        until=date(2018, 1, 1),
        worlds=64,
    )
    # One territory has no neighbours, and violence on each day has no progress curve.
    assert found.height == len(FACTS) - 3
    assert (found["model_low"] <= found["model_high"]).all()
