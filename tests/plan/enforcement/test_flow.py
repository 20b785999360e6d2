"""The independent check: the greatest flow and the shortest way of networks that one can draw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.plan.enforcement import greatest_flow, read_network
from tocsin.plan.enforcement.flow import shortest_way
from tocsin.plan.enforcement.network import Network


def drawn(*ways: tuple[str, float, float], undirected: bool = False) -> Network:
    """A network from S to T of ways such as ('SA', capacity, length)."""
    table: dict[str, Any] = {
        "source": [way[0] for way, *_ in ways],
        "target": [way[1] for way, *_ in ways],
        "capacity": [one[1] for one in ways],
        "length": [one[2] for one in ways],
        "cost": [1.0] * len(ways),
    }
    return read_network(pl.DataFrame(table), "S", "T", undirected=undirected)


def test_what_flows_in_flows_on() -> None:
    network = drawn(("SA", 3, 1), ("SB", 4, 1), ("AT", 2, 1), ("BT", 9, 1))
    value, flows = greatest_flow(network, np.zeros(4, dtype=bool))
    assert (value, flows.tolist()) == (6.0, [2.0, 4.0, 2.0, 4.0])
    value, flows = greatest_flow(network, np.array([False, True, False, False]))
    assert (value, flows.tolist()) == (2.0, [2.0, 0.0, 2.0, 0.0])


def test_a_way_that_is_used_backwards_flows_below_nothing() -> None:
    network = drawn(("AS", 3, 1), ("TA", 2, 1), undirected=True)
    value, flows = greatest_flow(network, np.zeros(2, dtype=bool))
    assert (value, flows.tolist()) == (2.0, [-2.0, -2.0])


def test_the_shortest_way_takes_no_way_that_carries_nothing() -> None:
    network = drawn(("ST", 0, 1), ("SA", 1, 2), ("AT", 1, 3), ("AT", 1, 5))
    assert shortest_way(network, np.zeros(4, dtype=bool)) == 5.0
    assert shortest_way(network, np.array([False, False, True, False])) == 7.0
    assert shortest_way(network, np.array([False, True, False, False])) == np.inf


def test_what_carries_nothing_leads_nowhere() -> None:
    with pytest.raises(UsageError, match="No way leads"):
        drawn(("SA", 0, 1), ("AT", 1, 1))


def test_a_way_that_leads_both_ways_is_as_long_from_its_far_end() -> None:
    network = drawn(("AS", 1, 2), ("TA", 1, 3), ("TS", 1, 9), undirected=True)
    assert shortest_way(network, np.zeros(3, dtype=bool)) == 5.0
    assert shortest_way(network, np.array([True, False, False])) == 9.0


def test_what_takes_no_time_is_a_way_and_is_not_lengthened() -> None:
    network = drawn(("SA", 1, 0), ("AT", 1, 0), ("ST", 1, 4))
    assert shortest_way(network, np.zeros(3, dtype=bool)) == 0.0
    assert shortest_way(network, np.array([True, False, False])) == 4.0


def test_a_thousandth_of_a_unit_flows_as_a_unit_does() -> None:
    network = drawn(("SA", 0.003, 0.001), ("AT", 0.002, 0.002), ("SB", 0.5, 9), ("BA", 0, 9))
    value, flows = greatest_flow(network, np.zeros(4, dtype=bool))
    assert (value, flows.tolist()) == (0.002, [0.002, 0.002, 0.0, 0.0])
    assert not np.signbit([value, *flows]).any()
    # Nothing is written as 0, and not as -0, in both directions too.
    for closed in (network, replace(network, undirected=True)):
        value, flows = greatest_flow(closed, np.ones(4, dtype=bool))
        assert not np.signbit([value, *flows]).any()
    assert shortest_way(network, np.zeros(4, dtype=bool)) == 0.003


def test_a_length_is_that_of_its_ways_and_of_nothing_else() -> None:
    network = drawn(
        ("SA", 1, 1), ("AT", 1, 5_000), ("ST", 1, 10**9), ("SB", 1, 0), ("BT", 1, 9_000)
    )
    assert shortest_way(network, np.zeros(5, dtype=bool)) == 5_001.0
    assert shortest_way(network, np.array([True, False, False, False, False])) == 9_000.0
