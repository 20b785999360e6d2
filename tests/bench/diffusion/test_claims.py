"""Claims are counted as the road makes them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from tocsin.bench.diffusion.claims import beside_truth, fast_shares, judge_claims
from tocsin.bench.diffusion.plants import plant_one_network

ROW = {
    "events": 100.0, "ties_true": 0.2, "ties_mean": 0.25, "ties_median": 0.24, "ties_low": 0.1,
    "ties_high": 0.3, "territory_median": 0.02, "two": 1.0, "four": 0.0, "five": 0.0,
}  # fmt: skip


def test_claims_are_parts_of_all_worlds() -> None:
    other = ROW | {"two": 0.0, "ties_low": 0.21, "ties_mean": 0.15}
    found = judge_claims(pl.DataFrame([ROW, other]))
    assert (found["claimed_by_two"], found["claimed_by_five"]) == (0.5, 0.0)
    assert found["ties_covered"] == 0.5
    assert found["ties_bias"] == pytest.approx(0.0)
    assert found["ties_absolute_error"] == pytest.approx(0.05)


@pytest.mark.slow
def test_a_world_is_fitted_fast() -> None:
    row = fast_shares(plant_one_network(2), 1)
    assert row["network_low"] <= row["network_mean"] <= row["network_high"]
    assert row["events"] == 50


def test_found_shares_stand_beside_the_true_ones() -> None:
    plant = SimpleNamespace(
        read=SimpleNamespace(channels=("tie",)), share=np.array([0.4, 0.6]), cases=None
    )
    drawn = np.column_stack([np.linspace(0.0, 1.0, 101), np.zeros(101)])
    found = beside_truth(plant, drawn)  # type: ignore[arg-type]
    assert found == pytest.approx(
        {"tie_true": 0.4, "tie_mean": 0.5, "tie_median": 0.5, "tie_low": 0.05, "tie_high": 0.95}
    )
