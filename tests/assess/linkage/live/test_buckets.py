"""The index that grows finds the batch's candidates."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.linkage.live import buckets
from tocsin.assess.linkage.pairs.blocking import candidates


def invented(size: int, seed: int) -> pl.DataFrame:
    """Reports of two sources in a small land."""
    rng = np.random.default_rng(seed)
    day = rng.integers(0, 40, size)
    known = rng.random(size) < 0.9
    return pl.DataFrame(
        {
            "row": np.arange(size),
            "source": rng.choice(["a", "b"], size),
            "usable": np.ones(size, dtype=bool),
            "day0": day,
            "day1": day + rng.choice([0, 0, 0, 2, 12, 60], size),
            "lat": np.where(known, rng.uniform(33, 35, size), np.nan),
            "lon": np.where(known, rng.uniform(36, 38, size), np.nan),
            "place_id": rng.integers(-1, 5, size),
            "adm_id": rng.integers(-1, 3, size),
            "coarse": rng.random(size) < 0.1,
        }
    )


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.integers(2, 120), st.integers(0, 2**32), st.integers(1, 40))
def test_candidates_are_the_batches(size: int, seed: int, step: int) -> None:
    frame = invented(size, seed)
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    index = buckets.Buckets()
    found = set()
    for first in range(0, size, step):
        rows = np.arange(first, min(first + step, size))
        index.add(columns, rows)
        new, old = index.earlier(columns, rows)
        found |= set(zip(old.tolist(), new.tolist(), strict=True))
    source = frame["source"].to_list()
    found = {(a, b) for a, b in found if source[a] != source[b]}
    batch = candidates(frame)
    true = set(zip(batch.left.tolist(), batch.right.tolist(), strict=True))
    assert found <= true
    # Cells grow narrower to the north: at their rim one way of asking may miss what two find.
    assert len(true - found) <= 0.01 * len(true)


def test_a_full_tail_is_merged() -> None:
    run = buckets.SortedRun()
    keys = np.arange(buckets.TAIL + 10)[::-1]
    run.add(keys[:100], keys[:100])
    run.add(keys[100:], keys[100:])
    assert len(run.keys[1]) == 0
    asking, rows = run.between(np.array([7]), np.array([3]), np.array([5]))
    assert asking.tolist() == [7, 7, 7]
    assert rows.tolist() == [3, 4, 5]
