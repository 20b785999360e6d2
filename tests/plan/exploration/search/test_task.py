"""What has been played: each portfolio once, also over a stop."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tocsin.plan.exploration.archive import Bounds
from tocsin.plan.exploration.search.task import Found, Played, Task
from tocsin.plan.portfolios.declared import Limits, Terms

LEVERS = {"talks": Terms("", cost=2.0), "relief": Terms("", cost=3.0)}
EFFORTS = np.array([[0.5, 0.0], [0.0, 1.0], [0.5, 0.0]])


class Model:
    """Talks save lives, in ten futures alike."""

    def __init__(self) -> None:
        self.played: list[list[float]] = []

    def __call__(self, efforts: np.ndarray, numbers: np.ndarray) -> dict[str, np.ndarray]:
        self.played += efforts.tolist()
        return {"deaths": 9 - 4 * efforts[:, :1] + 0 * numbers}

    def task(self) -> Task:
        today = np.zeros(2)
        bounds = Bounds(tuple(LEVERS), LEVERS, Limits(), today)
        return Task(self, ("deaths",), bounds, today[None], "")


def test_each_portfolio_is_played_once_against_the_status_quo(tmp_path: Path) -> None:
    model = Model()
    played = Played(model.task(), 10, tmp_path / "new", "one")
    assert not played.recall(1)
    assert played(EFFORTS[:2]).tolist() == [[-2.0, 1.0], [0.0, 3.0]]
    assert played(EFFORTS[1:]).tolist() == [[0.0, 3.0], [-2.0, 1.0]]
    assert model.played == [[0.0, 0.0], *EFFORTS[:2].tolist()]
    for table, rows in zip(played.table(), (EFFORTS[:2], played(EFFORTS[:2])), strict=True):
        np.testing.assert_array_equal(table, rows)
    # Another run finds them kept, in their order, and plays nothing.
    idle = Model()
    later = Played(idle.task(), 10, tmp_path / "new", "one")
    assert not later.recall(3)
    assert later.recall(2)
    for table, rows in zip(later.table(), played.table(), strict=True):
        np.testing.assert_array_equal(table, rows)
    assert not idle.played


def test_of_nothing_that_was_found_nothing_was_looked_at() -> None:
    none = Found(np.zeros((0, 2)), np.zeros((0, 2)))
    assert (none.looked_at, none.dropped, dict(none.bounds)) == (0, 0, {})
