"""Tables that cannot be are refused with their place."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.plan.networks import left_open, network, read_services

NODES = {"id": ["a", "b", "w"], "layer": ["power", "power", "water"],
         "district": ["N", "N", "S"], "people": [1, 2, 3],
         "backup_hours": [None, 1, 2]}  # fmt: skip
EDGES = {"source": ["a"], "target": ["b"], "capacity": [5]}
NEEDS = {"needs": ["w"], "needed": ["a"]}


@pytest.mark.parametrize(
    ("table", "change", "where"),
    [
        ("nodes", {"id": ["a", "a", "w"]}, "nodes, row 3"),
        ("nodes", {"people": [1, -2, 3]}, "nodes, row 3, column people"),
        ("nodes", {"people": [1, "many", 3]}, "nodes, row 3, column people"),
        ("nodes", {"layer": ["power", None, "water"]}, "nodes, row 3"),
        ("edges", {"target": ["z"]}, "edges, row 2, target"),
        ("edges", {"target": ["a"]}, "edges, row 2"),
        ("edges", {"target": ["w"]}, "edges, row 2"),
        ("edges", {"capacity": ["x"]}, "edges, row 2, column capacity"),
        ("nodes", {"people": [1, 2e10, 3]}, "nodes, row 3, column people"),
        ("dependencies", {"needed": ["z"]}, "dependencies, row 2, needed"),
        ("dependencies", {"needed": ["w"]}, "dependencies, row 2"),
    ],
)
def test_a_bad_row_is_named(table: str, change: dict[str, list[Any]], where: str) -> None:
    tables: dict[str, dict[str, Any]] = {"nodes": NODES, "edges": EDGES, "dependencies": NEEDS}
    tables[table] = tables[table] | change
    with pytest.raises(SourceRefused) as raised:
        read_services(*(pl.DataFrame(one, strict=False) for one in tables.values()))
    assert raised.value.where == where


def test_what_is_not_known_is_free() -> None:
    services = read_services(pl.DataFrame(NODES), pl.DataFrame(EDGES).drop("capacity"))
    assert services.capacity.tolist() == [float("inf")]
    assert services.backup.tolist() == [0, 1, 2]
    assert services.needs.shape == (0, 2)


@pytest.mark.parametrize(
    ("words", "known"),
    [(["1", "0", ""], [True, False, False]), (["Yes", " no", "FALSE"], [True, False, False])],
)
def test_what_is_a_source_is_said_in_several_ways(words: list[str], known: list[bool]) -> None:
    nodes = pl.DataFrame(NODES | {"supply": words})
    assert read_services(nodes, pl.DataFrame(EDGES)).supply.tolist() == known


def test_any_other_word_is_named_with_its_row() -> None:
    nodes = pl.DataFrame(NODES | {"supply": ["1", "perhaps", "0"]})
    with pytest.raises(SourceRefused, match="'perhaps'") as raised:
        read_services(nodes, pl.DataFrame(EDGES))
    assert raised.value.where == "nodes, row 3, column supply"


def test_there_may_be_as_many_components_as_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MOST_NODES", 3)
    assert read_services(pl.DataFrame(NODES), pl.DataFrame(EDGES)).nodes == 3
    for most, rows in ((2, 3), (3, 0)):
        monkeypatch.setattr(network, "MOST_NODES", most)
        with pytest.raises(SourceRefused, match=f"There are {rows} components"):
            read_services(pl.DataFrame(NODES).head(rows), pl.DataFrame(EDGES))


def test_components_of_which_nobody_says_whom_they_serve_are_counted() -> None:
    told = "nobody says how many people they serve: 2."
    nodes = pl.DataFrame(NODES).with_columns(people=pl.Series([None, " ", "0"]))
    assert any(told in line for line in left_open(read_services(nodes, pl.DataFrame(EDGES))))
    whole = left_open(read_services(pl.DataFrame(NODES), pl.DataFrame(EDGES)))
    assert not any("nobody says how many people" in line for line in whole)


def test_names_that_may_be_one_are_said_or_refused() -> None:
    nodes = pl.DataFrame(NODES | {"district": ["N", "n", "S"]})
    assert "The districts 'N' and 'n' count as two." in left_open(
        read_services(nodes, pl.DataFrame(EDGES))
    )
    with pytest.raises(SourceRefused, match="The layers 'power' and 'POW er'") as raised:
        read_services(
            pl.DataFrame(NODES | {"layer": ["power", "power", "POW er"]}), pl.DataFrame(EDGES)
        )
    assert raised.value.where == "nodes, row 4"
