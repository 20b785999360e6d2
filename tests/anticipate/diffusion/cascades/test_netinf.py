"""NetInf: gains by hand, by the authors' constants, and against the plain greedy choice."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.cascades.cascade import read_cascades
from tocsin.anticipate.diffusion.cascades.netinf import OUTSIDE, netinf
from tocsin.bench.diffusion.kronecker import make_cascades, make_network
from tocsin.errors import UsageError


def test_the_gain_of_an_edge_is_what_it_explains_better_than_the_outside() -> None:
    rows = [(0, "a", 0.0), (0, "b", 1.0), (1, "a", 0.0), (1, "b", 3.0)]
    table = pl.DataFrame(rows, schema=["cascade", "node", "time"], orient="row")
    found = netinf(read_cascades(table), edges=5)
    gain = 2 * -np.log(OUTSIDE) - 4.0
    assert found.rows() == [("a", "b", pytest.approx(gain), 2)]


def _plain(table: pl.DataFrame, edges: int) -> list[float]:
    """The greedy choice without laziness: all gains worked out each time."""
    cascades = [dict(c.select("node", "time").rows()) for _, c in table.group_by("cascade")]
    nodes = sorted({node for one in cascades for node in one})
    chosen: list[tuple[int, int]] = []
    gains: list[float] = []

    def worth(edges_now: list[tuple[int, int]]) -> float:
        total = 0.0
        for time in cascades:
            for node in time:
                best = [
                    -np.log(OUTSIDE) - (time[node] - time[j])
                    for j, i in edges_now
                    if i == node and j in time and time[j] < time[node]
                ]
                total += max([0.0, *best])
        return total

    for _ in range(edges):
        before = worth(chosen)
        options = [(j, i) for j in nodes for i in nodes if i != j]
        best = max(options, key=lambda one: worth([*chosen, one]))
        gains.append(worth([*chosen, best]) - before)
        chosen.append(best)
    return gains


@given(st.integers(0, 20))
def test_laziness_changes_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    network = make_network(random, power=2, edges=6)
    table = make_cascades(network, random, count=6)
    found = netinf(read_cascades(table), edges=3)
    gains = [gain for gain in _plain(table, 3) if gain > 0]
    assert found["gain"].to_list() == pytest.approx(gains)
    assert found["gain"].is_sorted(descending=True)


@pytest.mark.parametrize("asked", [{"edges": 0}, {"edges": 1, "rate": 0.0}])
def test_numbers_that_are_not_above_zero_are_told(asked: dict[str, Any]) -> None:
    table = pl.DataFrame({"cascade": [1, 1], "node": [1, 2], "time": [0, 1]})
    with pytest.raises(UsageError, match="above zero"):
        netinf(read_cascades(table), **asked)


def test_one_edge_may_be_asked_for_and_one_that_explains_little_counts() -> None:
    """What takes a little less than the log of the outside gains a little."""
    late = -np.log(OUTSIDE) - 0.25
    table = pl.DataFrame({"cascade": [1, 1], "node": ["a", "b"], "time": [0.0, late]})
    found = netinf(read_cascades(table), edges=1)
    assert found.rows() == [("a", "b", pytest.approx(0.25), 1)]
    later = table.with_columns(time=pl.Series([0.0, late + 0.5]))
    assert netinf(read_cascades(later), edges=1).is_empty()
