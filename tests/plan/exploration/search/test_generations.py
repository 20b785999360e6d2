"""Which portfolios are played first, and which of many candidates are played next."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tocsin.plan.exploration.archive import Bounds
from tocsin.plan.exploration.search import Task, first_generation, generations
from tocsin.plan.exploration.search.generations import (
    CANDIDATES,
    POPULATION,
    _welcome,
    evolve,
    play_random,
)
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
    # The first lever is used most, the last least: no other order of levers is the same portfolio.
    old = np.sort(np.random.default_rng(2).random((30, 3)) * 0.7 + 0.3)[:, ::-1]
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


class Generations:
    """NSGA-II that asks for the same again and again, and notes what it is told."""

    made: list[Generations]

    def __init__(self, **how: Any) -> None:
        self.how, self.evaluator, self.infills = how, self, 0
        self.n_eval, self.out = 0, dict[str, Any]()
        self.asked = np.array([[0.1, 0.2, 0.0], [1.0, 1.0, 1.0]])
        self.made.append(self)

    def setup(self, problem: Any, *, seed: int, termination: Any) -> None:
        self.problem, self.seed = problem, seed

    def ask(self) -> np.ndarray:
        return self.asked

    def infill(self) -> Any:
        self.infills += 1
        return SimpleNamespace(get=lambda _: self.asked)

    def eval(self, problem: Any, some: np.ndarray) -> None:
        problem._evaluate(some, self.out)
        self.n_eval += POPULATION

    def tell(self, infills: np.ndarray) -> None:
        assert infills is self.asked


@pytest.mark.parametrize("algorithm", ["nsga2", "surrogate"])
def test_nsga_is_told_of_limits_where_nothing_is_repaired(
    algorithm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nsga2 = pytest.importorskip("pymoo.algorithms.moo.nsga2")
    monkeypatch.setattr(Generations, "made", [], raising=False)
    monkeypatch.setattr(nsga2, "NSGA2", Generations)
    monkeypatch.setattr(
        generations, "_welcome", lambda asked, some, played: asked.infill() and some
    )
    played, told = Played(task(budget=1.0), 2, None, ""), list[float]()
    asked = 2 * POPULATION
    evolve(played, asked, 5, algorithm, lambda _, share: told.append(share))
    [made] = Generations.made
    # As many generations as were asked for; the first is chosen from by nobody.
    assert (made.n_eval, told, made.seed) == (asked, [0.0, 0.5], 5)
    assert made.infills == (algorithm == "surrogate")
    problem = made.problem
    assert (problem.n_var, problem.n_obj, problem.xl.tolist()) == (3, 2, [0.0] * 3)
    assert problem.xu.tolist() == [1.0] * 3
    np.testing.assert_allclose(made.out["F"][:, -1], [0.3, 3.0])
    if algorithm == "nsga2":
        # What is above nothing crosses a limit.
        assert ((made.out["G"] > 0).tolist(), problem.n_ieq_constr) == ([[False], [True]], 1)
        assert "sampling" not in made.how
    else:
        assert ("G" in made.out, problem.n_ieq_constr) == (False, 0)
        np.testing.assert_array_equal(
            made.how["sampling"], first_generation(played.task, POPULATION, 5)
        )
        repaired = made.how["repair"]._do(problem, made.asked)
        np.testing.assert_array_equal(repaired, played.task.bounds.repair(made.asked))


def test_what_a_candidate_costs_is_known_and_the_rest_is_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("pymoo")
    given: list[np.ndarray] = []

    def chosen(expected: np.ndarray, front: np.ndarray, count: int) -> np.ndarray:
        given.append(expected)
        return np.arange(count)

    monkeypatch.setattr(generations, "expect", lambda *known: np.full((len(known[2]), 3), 7.0))
    monkeypatch.setattr(generations, "choose", chosen)
    both = replace(task(), outcomes=("deaths", "trade_lost"), play=lambda efforts, numbers: {
        name: np.ones((len(efforts), len(numbers))) for name in ("deaths", "trade_lost")
    })  # fmt: skip
    played = Played(both, 2, None, "")
    played(np.random.default_rng(2).random((3, 3)))
    asked = Asked(POPULATION, np.full(3, 0.1))
    welcome = _welcome(asked, asked.infill(), played).get("X")
    assert len(asked.made) == CANDIDATES
    assert len(given[0]) == CANDIDATES * POPULATION
    np.testing.assert_array_equal(given[0][:, :2], 7.0)
    np.testing.assert_allclose(given[0][:POPULATION, 2], welcome.sum(axis=1))
