"""Cascades as arrays."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.cascades.cascade import find_pairs, read_cascades
from tocsin.errors import SourceRefused, StageNotReady, UsageError

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.floats(0, 9, allow_subnormal=False)),
    max_size=30,
)


def _table(rows: list[tuple[int, int, float]]) -> pl.DataFrame:
    schema = {"cascade": pl.Int64, "node": pl.Int64, "time": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@given(ROWS)
def test_each_node_counts_once_a_cascade_and_from_its_start(
    rows: list[tuple[int, int, float]],
) -> None:
    try:
        read = read_cascades(_table(rows), 10.0)
    except (SourceRefused, StageNotReady):
        return
    keys = list(zip(read.cascade.tolist(), read.node.tolist(), strict=True))
    assert len(keys) == len(set(keys)) == len({(c, n) for c, n, _ in rows})
    for number in set(read.cascade.tolist()):
        times = read.time[read.cascade == number]
        assert times[0] == 0.0
        assert (times[1:] >= times[:-1]).all()
    pairs = find_pairs(read)
    assert (read.cascade[pairs.first] == read.cascade[pairs.second]).all()
    assert (read.time[pairs.first] <= read.time[pairs.second]).all()
    sizes = pl.Series(read.cascade).value_counts()["count"].to_list()
    assert len(pairs.first) == sum(n * (n - 1) // 2 for n in sizes)


def test_bad_rows_are_refused_and_good_ones_kept() -> None:
    table = pl.DataFrame(
        {
            "cascade": ["1", "1", "1", "", "1", "1"],
            "node": ["a", "b", "c", "a", None, "d"],
            "time": ["0", "1.5", "soon", "1", "2", "inf"],
        }
    )
    read = read_cascades(table, 10)
    assert read.nodes == ("a", "b")
    assert read.refused["row"].to_list() == [3, 4, 5]
    assert read.notes == ("1 row has no time: its node was not reached.",)
    assert read.refused["value"].to_list() == ["soon", "", None]


def test_dates_are_counted_in_days() -> None:
    table = pl.DataFrame(
        {"cascade": ["1", "1"], "node": ["a", "b"], "time": ["2021-01-30", "2021-02-02"]}
    )
    assert read_cascades(table, 10).time.tolist() == [0.0, 3.0]


def test_what_cannot_be_a_cascade_is_refused() -> None:
    with pytest.raises(SourceRefused, match="no column 'time'"):
        read_cascades(pl.DataFrame({"cascade": [1], "node": [1]}), 1)
    # All at once is no order, and two nodes of one time are no pair.
    with pytest.raises(StageNotReady, match="nothing passed on"):
        read_cascades(pl.DataFrame({"cascade": ["a"] * 3, "node": [*"xyz"], "time": [2.0] * 3}), 9)
    with pytest.raises(StageNotReady, match="nothing passed on"):
        read_cascades(_table([(0, 0, 0.0), (0, 1, 5.0)]), 1.0)
    with pytest.raises(UsageError):
        read_cascades(_table([(0, 0, 0.0)]), 0.0)


def test_what_comes_at_the_horizon_counts_and_what_comes_later_does_not() -> None:
    rows = [(7, 1, 10.0), (7, 2, 15.0), (7, 3, 15.1), (3, 2, 0.0), (3, 1, 4.0), (3, 1, 2.0)]
    read = read_cascades(_table(rows), 5.0)
    assert read.nodes == ("1", "2", "3")
    assert read.cascade.tolist() == [0, 0, 1, 1]
    assert read.node.tolist() == [1, 0, 0, 1]
    assert read.time.tolist() == [0.0, 2.0, 0.0, 5.0]
    pairs = find_pairs(read)
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0, 2], [1, 3])
    assert pairs.strict.all()


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([0, 1, -1, -1], "2 times are -1.0, and no other is below zero"),
        ([0, 1, -1, 3], "1 time is -1.0, and"),
        ([0, 1, -1, -2], ""),
        ([-5, -1, -1, -1], ""),
        ([0, 1, 2, 0], ""),
    ],
)
def test_one_time_below_zero_may_stand_for_not_reached(times: list[int], said: str) -> None:
    rows = [(0, node, float(time)) for node, time in enumerate(times)]
    notes = read_cascades(_table(rows), 9.0).notes
    assert (said in " ".join(notes)) if said else not notes
