"""The ledger carries doubt, and counts no state and no civilian."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tocsin.assess import assess
from tocsin.assess.adoption import CEILING, poisson_binomial


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_quantiles_are_ordered_and_bounded(p: list[float]) -> None:
    low, high = poisson_binomial(np.array(p), (0.05, 0.95))
    assert 0 <= low <= high <= len(p)


def test_equal_chances_are_the_binomial() -> None:
    found = poisson_binomial(np.full(40, 0.3), (0.05, 0.5, 0.95))
    assert found == tuple(int(binom.ppf(q, 40, 0.3)) for q in (0.05, 0.5, 0.95))


def test_the_ledger_of_the_example(seen: dict[str, pl.DataFrame]) -> None:
    found = assess(seen["reports"], seen["actors"])
    ledger, quarters = found["adoption"], found["adoption_quarters"]
    states = set(seen["actors"].filter(pl.col("kind") == "state")["actor_id"])
    assert not states & set(ledger["actor_id"])
    assert "Civilians" not in set(ledger["actor"])
    assert ledger["confidence"].max() <= CEILING
    assert (ledger["expected"] <= ledger["n_incidents"]).all()
    assert quarters["expected"].sum() == pytest.approx(ledger["expected"].sum())
    assert (quarters["low"] <= quarters["high"]).all()
