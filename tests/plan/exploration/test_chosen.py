"""What is found can be read as a table, chosen from, and played as a file of portfolios."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tocsin.plan.exploration.archive import Bounds
from tocsin.plan.exploration.chosen import (
    found_table,
    fresh_objectives,
    portfolios_text,
    representatives,
)
from tocsin.plan.exploration.search import Found, Task
from tocsin.plan.portfolios import DEFAULT, PORTFOLIOS, SHIPPED, STATUS_QUO, read_portfolios
from tocsin.plan.portfolios.declared import Limits, Terms
from tocsin.schema.vocabulary.lever import LEVERS

TODAY = np.array([PORTFOLIOS[STATUS_QUO].get(name, 0.0) for name in LEVERS])
PLAY: Any = None
TASK = Task(
    PLAY, ("deaths",), Bounds(LEVERS, SHIPPED.levers, SHIPPED.limits, TODAY), TODAY[None], ""
)


@pytest.fixture
def found() -> Found:
    efforts = TASK.bounds.repair(np.random.default_rng(3).random((9, len(LEVERS))))
    deaths = -(np.arange(9.0) ** 2)
    return Found(efforts, np.column_stack([deaths, np.arange(9.0)]), {"deaths": -np.ones(9)})


def test_the_table_has_a_row_a_portfolio(found: Found) -> None:
    table = found_table(TASK, found)
    assert table["portfolio"].to_list()[:2] == ["found-1", "found-2"]
    assert table["cost"].is_sorted()
    assert table.row(8, named=True)["deaths"] == -64
    assert {"bound_deaths", "dialogue"} <= set(table.columns)
    assert found_table(TASK, Found(found.efforts[:0], found.objectives[:0])).is_empty()


def test_the_best_of_each_kind_and_a_compromise_are_chosen(found: Found) -> None:
    # Shortfalls of the sixth: (64 - 25) / 64 and 5 / 8, of the seventh 28 / 64 and 6 / 8.
    chosen = representatives(TASK, found)
    assert chosen == {"compromise": 5, "least-deaths": 8, "least-cost": 0}
    # The status quo is there already, and is nothing that was found.
    today = replace(found, efforts=np.where(np.arange(9)[:, None] == 0, TODAY, found.efforts))
    assert representatives(TASK, today) == {"compromise": 5, "least-deaths": 8}
    assert representatives(TASK, Found(found.efforts[:0], found.objectives[:0])) == {}


def test_what_was_chosen_is_played_in_futures_that_the_search_has_not_seen(found: Found) -> None:
    asked: list[tuple[int, int, int]] = []

    def play(efforts: Any, numbers: Any) -> dict[str, Any]:
        asked.append((len(efforts), int(numbers[0]), len(numbers)))
        # Of the status quo nobody dies; of others as many as the future's place.
        one = np.arange(len(numbers), dtype=float)
        return {"deaths": np.stack([one * bool((row != TODAY).any()) for row in efforts])}

    task = replace(TASK, play=play)
    fresh = fresh_objectives(task, found, {"compromise": 5, "least-deaths": 8}, futures=11)
    assert sorted(asked) == [(1, 10**6, 11), (2, 10**6, 11)]
    assert list(fresh) == ["compromise", "least-deaths"]
    assert fresh["compromise"].tolist() == [9.0, task.cost(found.efforts[5:6])[0]]
    assert fresh_objectives(task, found, {}) == {}


def test_what_is_written_is_read_as_portfolios_within_limits(found: Found, tmp_path: Path) -> None:
    chosen = {f"number-{place}": place for place in range(9)}
    text = DEFAULT.read_text("utf-8") + "\n" + portfolios_text(TASK, found, chosen)
    (tmp_path / "found.toml").write_text(text, "utf-8")
    read = read_portfolios(tmp_path / "found.toml")
    for name, place in chosen.items():
        efforts = [read.portfolios[f"found-{name}"].efforts.get(one, 0.0) for one in LEVERS]
        np.testing.assert_allclose(efforts, found.efforts[place], atol=6e-4)


def few(efforts: list[list[float]], costs: list[float]) -> tuple[Task, Found]:
    """Portfolios of three levers with a budget of one, none of which saves more lives."""
    names = ("force", "talks", "relief")
    bounds = Bounds(names, dict.fromkeys(names, Terms("")), Limits(budget=1.0), np.zeros(3))
    task = Task(PLAY, ("deaths",), bounds, np.zeros((1, 3)), "")
    return task, Found(np.array(efforts), np.column_stack([np.zeros(len(costs)), costs]))


def test_efforts_are_rounded_only_where_that_keeps_the_limits() -> None:
    # Rounded, the first would cost 1.001.
    task, found = few([[0.3336, 0.3336, 0.3328], [0.3334, 0.3332, 0.0]], [1.0, 0.7])
    read = tomllib.loads(portfolios_text(task, found, {"whole": 0, "short": 1}))["portfolios"]
    assert read["found-whole"]["levers"] == {"force": 0.3336, "talks": 0.3336, "relief": 0.3328}
    assert read["found-short"]["levers"] == {"force": 0.333, "talks": 0.333}
    assert read["found-short"]["label"] == "Found: short"


def test_of_equal_ones_the_first_comes_first_and_nothing_is_lost() -> None:
    task, found = few([[0.1, 0.2, 0.3], [0.0, 0.0, 0.0], [0.3, 0.2, 0.1]], [0.6, 0.0, 0.6])
    table = found_table(task, found)
    assert table.columns == ["portfolio", "deaths", "cost", "force", "talks", "relief"]
    assert table.rows() == [
        ("found-1", 0.0, 0.0, 0.0, 0.0, 0.0),
        ("found-2", 0.0, 0.6, 0.1, 0.2, 0.3),
        ("found-3", 0.0, 0.6, 0.3, 0.2, 0.1),
    ]
    # As many die under each: the least costly is the compromise, and what is in force today.
    assert representatives(task, found) == {"compromise": 1}


def test_of_those_that_are_best_in_one_way_the_best_in_the_others_is_chosen() -> None:
    task, found = few([[0.5, 0.0, 0.0]] * 4, [9.0, 8.0, 5.0, 1.0])
    deaths = np.array([0.0, 0.0, 4.0, 10.0])
    both = replace(found, objectives=np.column_stack([deaths, found.objectives[:, 1]]))
    assert representatives(task, both) == {"compromise": 2, "least-deaths": 1, "least-cost": 3}
