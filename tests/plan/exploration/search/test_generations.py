"""Which portfolios are played first, and which of many candidates are played next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tocsin.plan.exploration.archive import Bounds
from tocsin.plan.exploration.search import Task, first_generation
from tocsin.plan.exploration.search.generations import POPULATION, _welcome, play_random
from tocsin.plan.exploration.search.task import Played
from tocsin.plan.portfolios.declared import Limits, Terms

NAMES = ("force", "talks", "relief")
TODAY = np.array([0.1, 0.2, 0.0])


def play(efforts: np.ndarray, numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Nothing saves any life."""
    return {"deaths": np.full((len(efforts), len(numbers)), 9.0)}


def task(declared: np.ndarray = TODAY[None], **limits: Any) -> Task:
    bounds = Bounds(NAMES, dict.fromkeys(NAMES, Terms("")), Limits(**limits), TODAY)
    return Task(play, ("deaths",), bounds, declared, "")


def test_the_first_are_those_declared_as_far_as_there_is_room() -> None:
    declared = np.random.default_rng(0).random((5, 3))
    np.testing.assert_array_equal(first_generation(task(declared), 3, 0), declared[:3])
    some = first_generation(task(declared), 300, 0)
    np.testing.assert_array_equal(some[:5], declared)
    # Of the others some have hardly any lever and some have all, and these any effort.
    used = (some[5:] > 0).mean(axis=1)
    assert (used == 0).mean() > 0.1
    assert (used == 1).mean() > 0.1
    assert some[5:].max() > 0.95
    assert (first_generation(task(declared), 300, 1)[5:] != some[5:]).any()


@pytest.mark.parametrize("evaluations", [50, 80])
def test_draws_are_as_many_as_asked_for_within_limits_and_spread(evaluations: int) -> None:
    asked = task(budget=1.0)
    played = Played(asked, 2, None, "")
    play_random(played, evaluations, 3, None)
    efforts, _ = played.table()
    assert len(efforts) == evaluations
    assert asked.bounds.within(efforts).all()
    assert efforts.sum(axis=1).min() < 0.2
    assert efforts.sum(axis=1).max() > 0.9


class Asked:
    """An algorithm that makes candidates; the cheapest of all is among them."""

    def __init__(self, each: int, cheapest: np.ndarray) -> None:
        self.rng, self.each, self.cheapest = np.random.default_rng(1), each, cheapest
        self.made: list[np.ndarray] = []

    def infill(self) -> Any:
        rows = 0.3 + 0.7 * self.rng.random((self.each, 3))
        if len(self.made) == 3:
            rows[0] = self.cheapest
        self.made.append(rows)
        return SimpleNamespace(get=lambda _: rows)


def test_of_many_candidates_those_are_welcome_that_add_something_and_were_not_played() -> None:
    pytest.importorskip("pymoo")
    played = Played(task(), 2, None, "")
    old = np.random.default_rng(2).random((30, 3)) * 0.7 + 0.3
    played(old)
    # All save as many lives, so that the cheapest is best; what was played is not played again.
    asked = Asked(POPULATION, np.array([0.1, 0.1, 0.1]))
    first = asked.infill()
    asked.made[0][:30] = old
    found = _welcome(asked, first, played).get("X")
    np.testing.assert_array_equal(found[0], asked.cheapest)
    assert len(np.unique(found, axis=0)) == POPULATION
    made = {row.tobytes() for row in np.concatenate(asked.made)}
    assert {row.tobytes() for row in found} <= made - {row.tobytes() for row in old}
    # Where hardly any candidate is new, there is nothing to choose from.
    few = Asked(4, asked.cheapest)
    some = few.infill()
    assert _welcome(few, some, played) is some
