"""Networks that cannot be are refused with their place."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from tocsin.errors import SourceRefused, TocsinError, UsageError
from tocsin.plan.enforcement import network as module
from tocsin.plan.enforcement import read_network

RIGHT: dict[str, list[Any]] = {
    "source": ["a", "b"], "target": ["b", "c"], "capacity": [1, 2], "lawful": [0, None],
    "illicit": [None, 1], "cost": [1, None],
}  # fmt: skip


def test_empty_cells_have_their_meaning() -> None:
    network = read_network(pl.DataFrame(RIGHT), "a", "c")
    assert network.lawful.tolist() == [0, 0]
    assert network.cost.tolist() == [1, float("inf")]
    assert network.nodes == ("a", "b", "c")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"capacity": ["x", "2"]}, "row 2, column capacity"),
        ({"capacity": [1, -2]}, "row 3, column capacity"),
        ({"capacity": [1, None]}, "row 3, column capacity"),
        ({"capacity": [float("nan"), 1.0]}, "row 2, column capacity"),
        ({"cost": [1, float("inf")]}, "row 3, column cost"),
        ({"target": ["a", "c"]}, "row 2"),
        ({"source": ["a", ""]}, "row 3"),
    ],
)
def test_a_bad_cell_is_named(change: dict[str, list[Any]], place: str) -> None:
    with pytest.raises(SourceRefused) as raised:
        read_network(pl.DataFrame(RIGHT | change, strict=False), "a", "c")
    assert place in raised.value.where


@pytest.mark.parametrize(
    ("source", "sink", "words"),
    [("a", "z", "no place 'z'"), ("a", "a", "begins and ends"), ("c", "a", "No way leads")],
)
def test_ends_that_cannot_be(source: str, sink: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_network(pl.DataFrame(RIGHT), source, sink)


def test_several_places_where_flow_begins_count_as_one() -> None:
    table = pl.DataFrame(
        {"source": ["a", "b", "a", "c"], "target": ["c", "c", "b", "d"], "capacity": [1, 2, 9, 4]}
    )
    network = read_network(table, ["a", "b", "a"], "d")
    assert network.nodes == ("a + b", "c", "d")
    assert network.tail.tolist() == [0, 0, 0, 1]
    assert network.capacity.tolist() == [1, 2, 0, 4]
    assert "The flow may begin at any of a, b, which count as one place." in network.assumed
    with pytest.raises(UsageError, match="begins and ends at 'b'"):
        read_network(table, ["a", "b"], ["b", "d"])
    with pytest.raises(UsageError, match="no place 'e'"):
        read_network(table, "a", ["d", "e"])


def test_a_table_without_rows_has_no_ways() -> None:
    with pytest.raises(SourceRefused, match="has 0 ways"):
        read_network(pl.DataFrame(RIGHT).clear(), "a", "c")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(TocsinError, match="capacity"):
        read_network(pl.DataFrame(RIGHT).drop("capacity"), "a", "c")


def test_a_table_from_a_french_spreadsheet_is_read_and_said() -> None:
    table = pl.DataFrame({
        "Origine": ["Port de Côte", "Port de Côte", "Gao "], "Destination": ["Gao", "Gao", "Nord"],
        "Capacité": ["12,5", "1 200,5", "90"], "Coût": ["1", "2,5", None],
    })  # fmt: skip
    network = read_network(table, "Port de Côte", "Nord", where="voies.csv")
    assert network.capacity.tolist() == [12.5, 1200.5, 90]
    assert network.cost.tolist() == [1, 2.5, math.inf]
    said = " ".join(network.assumed)
    for part in ("'Coût' as cost", "Decimals have a comma", "same two places as a row above: 1.",
                 "no column lawful"):  # fmt: skip
        assert part in said
    # What the house itself writes takes nothing for granted.
    plain = table.rename({"Origine": "source", "Destination": "target", "Capacité": "capacity",
                          "Coût": "cost"}).with_columns(lawful=pl.lit("0"))  # fmt: skip
    assert "Headings" not in " ".join(read_network(plain, "Port de Côte", "Nord").assumed)


def test_of_several_columns_that_are_missing_the_first_is_named() -> None:
    with pytest.raises(SourceRefused, match="no column 'target'"):
        read_network(pl.DataFrame(RIGHT).drop("capacity", "target"), "a", "c")


def test_places_whose_names_look_like_numbers_keep_them() -> None:
    table = pl.DataFrame({"source": ["1,5", "2,5"], "target": ["2,5", "3,5"],
                          "capacity": ["0,5", "0,25"]})  # fmt: skip
    network = read_network(table, "1,5", "3,5")
    assert network.nodes == ("1,5", "2,5", "3,5")
    assert network.capacity.tolist() == [0.5, 0.25]


def test_one_way_is_a_network_and_too_many_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EDGES", 2)
    one = pl.DataFrame({"source": ["a"], "target": ["b"], "capacity": [1.0]})
    assert read_network(one, "a", "b").edges == 1
    assert read_network(pl.concat([one, one]), "a", "b").edges == 2
    with pytest.raises(SourceRefused, match="has 3 ways"):
        read_network(pl.concat([one] * 3), "a", "b")


def test_of_several_ways_to_themselves_the_first_is_named() -> None:
    rows = {"source": ["a", "b", "c", "a"], "target": ["b", "b", "c", "c"], "capacity": [1.0] * 4}
    with pytest.raises(SourceRefused, match="from 'b' to itself") as raised:
        read_network(pl.DataFrame(rows), "a", "c")
    assert raised.value.where == "edges, row 3"


def test_what_looks_like_a_slip_is_said_or_refused() -> None:
    rows = pl.DataFrame(
        {"source": ["S", "s", "B"], "target": ["B", "B", "E"], "capacity": [9, 4, 5],
         "illicit": [3, 4, 6], "cost": [1, 1, 1]}
    )  # fmt: skip
    said = " ".join(read_network(rows, "S", "E", where="w.csv").assumed)
    assert "The places 'S' and 's' count as two." in said
    assert "than the way can carry in 1 row of w.csv, first in row 4" in said
    with pytest.raises(SourceRefused) as raised:
        read_network(
            rows.with_columns(capacity=pl.Series([9.0, 2e12, 5.0])), "S", "E", where="w.csv"
        )
    assert raised.value.where == "w.csv, row 3, column capacity"
