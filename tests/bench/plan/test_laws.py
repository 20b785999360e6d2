"""Laws of sizes: parameters are found again, and one law is not taken for the other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.bench.plan.laws import LAWS, compare_laws, fit_power_law, fit_stretched, vuong


def stretched(random: np.random.Generator, rate: float, power: float, n: int) -> np.ndarray:
    """Whole numbers from 1 on with S(x) = exp(−rate (x^power − 1))."""
    return np.floor((1.0 + random.exponential(size=n) / rate) ** (1 / power))


def test_the_parameters_of_a_stretched_exponential_are_found() -> None:
    sizes = stretched(np.random.default_rng(1), 0.5, 0.6, 4_000)
    rate, power = fit_stretched(sizes, 1.0).parameters
    assert rate == pytest.approx(0.5, rel=0.15)
    assert power == pytest.approx(0.6, rel=0.08)


def test_laws_are_told_apart_and_few_events_are_left_out() -> None:
    random = np.random.default_rng(2)
    law = random.zipf(2.5, 800)
    bent = stretched(random, 0.05, 1.2, 800)
    named = ["law"] * 800 + ["bent"] * 800 + ["few"] * 49
    frame = pl.DataFrame(
        {"dyad_id": named, "deaths_best": [*law.astype(float), *bent, *[2.0] * 49]}
    )
    found = {row["dyad_id"]: row for row in compare_laws(frame).to_dicts()}
    assert set(found) == {"law", "bent"}
    assert found["law"]["better"] != LAWS[1]
    assert found["law"]["ratio"] > 0
    assert found["law"]["exponent"] == pytest.approx(2.5, abs=0.2)
    assert found["bent"]["better"] != LAWS[0]
    assert found["bent"]["ratio"] < 0


def test_sizes_that_are_all_alike_are_no_fault() -> None:
    alike = np.full(60, 3.0)
    law = fit_power_law(alike)
    ratio, p = vuong(law.logs, fit_stretched(alike, law.least).logs)
    assert np.isfinite([ratio, p]).all()
    assert vuong(np.zeros(5), np.zeros(5)) == (0.0, 1.0)
