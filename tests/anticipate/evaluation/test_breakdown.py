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


def test_scores_are_means_and_coverage_has_two_readings() -> None:
    rows = ROWS.head(4).with_columns(
        pl.lit(2018).alias("window"),
        pl.Series("covered", [1.0, 1.0, 1.0, 0.0]),
        pl.Series("pit_low", [0.0, 0.0, 0.5, 0.96]),
        pl.Series("pit_high", [1.0, 0.1, 0.5, 1.0]),
    )
    found = breakdown(rows)
    assert found.columns == [
        "window", "model", "benchmark", "n", "crps", "crps_log", "ign", "mis", "coverage",
        "pit_coverage",
    ]  # fmt: skip
    assert found["n"].to_list() == [4]
    assert found["coverage"][0] == 0.75
    assert found["pit_coverage"][0] == pytest.approx((0.9 + 0.5 + 1.0 + 0.0) / 4)
    for metric in ("crps", "crps_log", "ign", "mis"):
        assert found[metric][0] == pytest.approx(rows[metric].mean())
    assert breakdown(rows, "case").columns[3] == "case"
    assert breakdown(rows, "case")["n"].to_list() == [2, 2]


def test_the_pits_bins_are_named_by_their_lower_edge() -> None:
    rows = ROWS.head(2).with_columns(
        pl.lit(2018).alias("window"),
        pl.Series("pit_low", [0.0, 0.75]),
        pl.Series("pit_high", [0.5, 1.0]),
    )
    found = pits(rows, bins=4)
    assert found["bin"].to_list() == [0.0, 0.25, 0.5, 0.75]
    assert found["share"].to_list() == [0.25, 0.25, 0.0, 0.5]
    assert found.select("window", "model").unique().rows() == [(2018, "m")]
    assert pits(rows)["bin"].to_list() == pytest.approx([i / 10 for i in range(10)])


def test_groups_stand_in_the_order_of_their_rows() -> None:
    names = [(window, f"model {n}") for n in range(9, 0, -1) for window in (2019, 2015, 2021, 2018)]
    rows = pl.concat(
        ROWS.head(2).with_columns(pl.lit(window).alias("window"), pl.lit(model).alias("model"))
        for window, model in names
    )
    assert pits(rows).select("window", "model").unique(maintain_order=True).rows() == names
    assert breakdown(rows).select("window", "model").rows() == names
