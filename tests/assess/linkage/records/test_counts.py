"""Counts of deaths as linkage reads them."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.linkage.records.counts import death_counts


@pytest.mark.parametrize(
    ("cell", "low", "best", "high"),
    [
        ("7", 7, 7, 7), ("10-20", 10, 15, 20), ("1,204", 1204, 1204, 1204),
        ("1 204", 1204, 1204, 1204), ("1,204,567", 1_204_567, 1_204_567, 1_204_567),
        ("၁၂", 12, 12, 12), ("١٢", 12, 12, 12), ("aucun", 0, 0, 0), ("three", 3, 3, 3),
        ("au moins 7", 7, 7, 7), ("3 morts", 3, 3, 3), (">10", 10, 10, 10),
        ("dozens", None, None, None), (None, None, None, None),
    ],
)  # fmt: skip
def test_a_count_as_people_write_it(
    cell: str | None, low: int | None, best: int | None, high: int | None
) -> None:
    rows = pl.DataFrame({"killed": [cell]}, schema={"killed": pl.String})
    found = death_counts(rows, {"deaths_best": "killed"})
    assert tuple(found[name][0] for name in ("low", "best", "high")) == (low, best, high)
