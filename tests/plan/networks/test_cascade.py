"""What still works: invariants of cascades."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.cascades import couple_layers
from tocsin.plan.networks import Supply, find_working, read_services


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
    assert find_working(services, whole).tolist() == [True, False, False, False]
    assert find_working(services, np.ones(4, bool)).all()
    assert Supply(services).of(whole).tolist() == [True, False, False, True]


SEEDS = st.integers(0, 10**6)


@settings(max_examples=30)
@given(SEEDS, st.floats(0, 1), st.floats(0, 1))
def test_more_failures_never_help(seed: int, one: float, two: float) -> None:
    rng = np.random.default_rng(seed)
    services = couple_layers(2, 3.0, 60, rng)
    # In a layer without sources the largest part counts, and which is largest may change.
    services.supply[rng.random(services.nodes) < 0.1] = True
    chance = rng.random(services.nodes)
    few, many = sorted((one, two))
    less = find_working(services, chance >= many)
    more = find_working(services, chance >= few)
    assert not (less & ~more).any()


@settings(max_examples=30)
@given(SEEDS, st.floats(0, 0.6))
def test_what_works_supports_itself(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    services = couple_layers(3, 3.0, 40, rng)
    whole = rng.random(services.nodes) >= share
    works = find_working(services, whole)
    assert not (works & ~whole).any()
    assert works[services.needs[works[services.needs[:, 0]], 1]].all()
    assert (Supply(services).of(works) == works).all()


@pytest.mark.slow
@settings(max_examples=25)
@given(SEEDS, st.sampled_from([0.0, 0.1]))
def test_what_is_remembered_is_what_would_be_found_anew(seed: int, fed: float) -> None:
    """Few come and go from one question to the next, as from hour to hour."""
    rng = np.random.default_rng(seed)
    services = couple_layers(2, 1.5, 60, rng)
    services.supply[rng.random(services.nodes) < fed] = True
    supply, works = Supply(services), rng.random(services.nodes) < 0.5
    asked = []
    for _ in range(30):
        works = works.copy()
        come = rng.integers(0, services.nodes, rng.integers(0, 4))
        works[come] = rng.random() < 0.8
        asked.append(works if not asked or rng.random() < 0.9 else asked[rng.integers(len(asked))])
    for one in asked:
        assert supply.of(one).tolist() == Supply(services).of(one).tolist()
