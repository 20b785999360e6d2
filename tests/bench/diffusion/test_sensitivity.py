"""What is hidden from the fit is known to the bench, and is set beside the answer."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.diffusion.plants import Plant, plant_on_ties
from tocsin.bench.diffusion.sensitivity import (
    CHANCES,
    cut_ties,
    detect_late,
    hide_ties,
    judge_cuts,
    judge_delay,
)


@pytest.fixture(scope="module")
def plant(network: pl.DataFrame) -> Plant:
    return plant_on_ties(network, 3, share=0.4, events=40)


@pytest.mark.slow
def test_hidden_ties_lower_the_share_and_the_prior_raises_it(plant: Plant) -> None:
    row = hide_ties(plant, 1)
    assert row["ties_plain"] < row["ties_mean"]
    assert row["ties_low"] <= row["ties_mean"] <= row["ties_high"]


@pytest.mark.slow
def test_a_cut_saves_something_and_no_more_than_comes(plant: Plant) -> None:
    row = cut_ties(plant, 1)
    assert 0 < row["ties_true"] < row["baseline"]
    assert row["ties_low"] <= row["ties_mean"] <= row["ties_high"]


@pytest.mark.slow
def test_both_ways_with_a_delay_are_asked_of_the_same_year(plant: Plant) -> None:
    row = detect_late(plant, 1)
    came = [sum(row[f"{name}_came_{b}"] for b in range(CHANCES)) for name in ("known", "ignored")]
    assert came[0] == came[1]
    assert sum(row[f"known_told_{b}"] for b in range(CHANCES)) > 0


def test_cuts_are_judged_in_parts_of_the_baseline() -> None:
    row = {"baseline": 10.0, "ties_true": 2.0, "ties_mean": 2.5, "ties_low": 1.0, "ties_high": 3.0}
    off = row | {"ties_mean": 4.0, "ties_low": 3.0, "ties_high": 5.0}
    found = judge_cuts(pl.DataFrame([row, off]))
    assert found["bias_of_baseline"] == pytest.approx(0.125)
    assert (found["within_a_tenth"], found["covered"]) == (0.5, 0.5)


def test_forecasts_that_come_true_have_a_slope_of_one() -> None:
    row = {"ties_true": 0.2, "ties_mean": 0.2, "ties_low": 0.1, "ties_high": 0.3}
    for name, factor in (("known", 1.0), ("ignored", 0.5)):
        for b in range(CHANCES):
            told = 0.0 if b < 10 else 100 * 10 ** ((b - 20) / 5)
            row |= {f"{name}_n_{b}": 100.0 * (b >= 10), f"{name}_told_{b}": told}
            row[f"{name}_came_{b}"] = factor * told
    found = judge_delay(pl.DataFrame([row]))
    assert found["known_slope"] == pytest.approx(1.0)
    assert found["known_slope_low"] == found["known_slope_high"] == pytest.approx(1.0)
    assert found["ignored_slope"] == found["ignored_ratio"] == pytest.approx(0.5)
