"""Scores put together are the means of their rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.evaluation.breakdown import GROUPS, breakdown, pits

N = 40
RANDOM = np.random.default_rng(1)
ROWS = pl.DataFrame(
    {
        "window": [2018, 2019] * (N // 2),
        "model": ["m"] * N,
        "benchmark": [False] * N,
        "horizon": list(range(3, 13)) * 4,
        "region": ["Africa", "Europe", "Europe", "Americas"] * 10,
        "case": ["onset", "quiet"] * 20,
        **{name: RANDOM.random(N) for name in ("crps", "crps_log", "ign", "mis")},
        "covered": RANDOM.integers(0, 2, N).astype(float),
        "pit_low": np.linspace(0, 0.9, N),
        "pit_high": np.linspace(0.1, 1.0, N),
    }
)


@pytest.mark.parametrize("by", [None, *GROUPS])
def test_groups_add_up_to_the_whole(by: str | None) -> None:
    found = breakdown(ROWS, by)
    assert found["n"].sum() == N
    assert (found["crps"] * found["n"]).sum() / N == pytest.approx(ROWS["crps"].mean())
    pooled = breakdown(ROWS, by, pooled=True)
    assert "window" not in pooled.columns
    assert pooled["n"].sum() == N


def test_the_pit_histogram_is_a_distribution() -> None:
    found = pits(ROWS)
    assert found.group_by("window").agg(pl.col("share").sum())["share"].to_list() == pytest.approx(
        [1, 1]
    )
