"""What still works: invariants of cascades."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.cascades import coupled
from tocsin.plan.networks import read_services, supplied, working


def chain() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """A power line of three with a source, and a pump that needs its end."""
    nodes = pl.DataFrame({
        "id": ["s", "a", "b", "pump"], "layer": ["power"] * 3 + ["water"],
        "district": ["North", "North", "South", "South"], "people": [0, 100, 50, 50],
        "backup_hours": [0, 0, 0, 4], "supply": [True, False, False, True],
    })  # fmt: skip
    edges = pl.DataFrame({"source": ["s", "a"], "target": ["a", "b"], "capacity": [None, None]})
    needs = pl.DataFrame({"needs": ["pump"], "needed": ["b"]})
    return nodes, edges, needs


def test_a_failure_spreads_along_lines_and_needs() -> None:
    services = read_services(*chain())
    whole = np.array([True, False, True, True])
    assert working(services, whole).tolist() == [True, False, False, False]
    assert working(services, np.ones(4, bool)).all()
    assert supplied(services, whole).tolist() == [True, False, False, True]


SEEDS = st.integers(0, 10**6)


@settings(max_examples=30)
@given(SEEDS, st.floats(0, 1), st.floats(0, 1))
def test_more_failures_never_help(seed: int, one: float, two: float) -> None:
    rng = np.random.default_rng(seed)
    services = coupled(2, 3.0, 60, rng)
    # In a layer without sources the largest part counts, and which is largest may change.
    services.supply[rng.random(services.nodes) < 0.1] = True
    chance = rng.random(services.nodes)
    few, many = sorted((one, two))
    less = working(services, chance >= many)
    more = working(services, chance >= few)
    assert not (less & ~more).any()


@settings(max_examples=30)
@given(SEEDS, st.floats(0, 0.6))
def test_what_works_supports_itself(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    services = coupled(3, 3.0, 40, rng)
    whole = rng.random(services.nodes) >= share
    works = working(services, whole)
    assert not (works & ~whole).any()
    assert works[services.needs[works[services.needs[:, 0]], 1]].all()
    assert (supplied(services, works) == works).all()
