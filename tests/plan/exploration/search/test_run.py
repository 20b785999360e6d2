"""The search on a toy whose answers are known: limits, ceilings, seeds, and stops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.exploration.archive import Bounds, non_dominated
from tocsin.plan.exploration.search import (
    COST,
    Found,
    Task,
    first_generation,
    search,
)
from tocsin.plan.exploration.search.generations import Algorithm
from tocsin.plan.portfolios.declared import Limits, Terms

NAMES = ("force", "talks", "relief", "waste")
LEVERS = {
    "force": Terms("", coercive=True, civil_harm=1.0), "talks": Terms("", protective=True),
    "relief": Terms("", protective=True), "waste": Terms(""),
}  # fmt: skip
TODAY = np.array([0.2, 0.2, 0.0, 0.0])
LIMITS = Limits(budget=2.0, proportionality=1.0, simulated={"deaths": 1.0})


class Toy:
    """Talks and relief help, force helps some and hurts trade; each future weighs them anew."""

    def __init__(self) -> None:
        self.calls, self.numbers = 0, list[np.ndarray]()
        self.stop_after = 10**9

    def __call__(self, efforts: np.ndarray, numbers: np.ndarray) -> dict[str, np.ndarray]:
        self.calls += len(efforts)
        self.numbers.append(numbers)
        if self.calls > self.stop_after:
            raise KeyboardInterrupt
        weight = np.stack([np.random.default_rng(int(n)).random(5) for n in numbers])
        force, talks, relief, _ = efforts.T[:, :, None]
        deaths = 10 - 2 * weight[:, 0] * np.sqrt(talks) - weight[:, 1] * relief
        deaths = deaths - (3 * weight[:, 2] - 1.2) * force + weight[:, 3]
        return {"deaths": deaths, "trade_lost": force * weight[:, 4] + 0.0 * talks}


def task(toy: Toy, limits: Limits = LIMITS) -> Task:
    bounds = Bounds(NAMES, LEVERS, limits, TODAY)
    return Task(toy, ("deaths", "trade_lost"), bounds, TODAY[None], "toy")


@pytest.fixture(scope="module")
def found() -> Found:
    return search(task(Toy()), evaluations=240, futures=30, seed=1, fresh=200)


@pytest.mark.slow
def test_what_is_found_keeps_limits_and_ceilings_and_is_a_front(found: Found) -> None:
    bounds = task(Toy()).bounds
    assert 5 <= len(found.efforts) <= found.looked_at == 240
    assert bounds.within(found.efforts).all()
    assert (found.bounds["deaths"] <= 0).all()
    assert non_dominated(found.objectives).all()
    assert task(Toy()).objectives == ("deaths", "trade_lost", COST)
    np.testing.assert_allclose(found.objectives[:, 2], found.efforts.sum(axis=1))
    # Few pay much for what does nothing, and something is better than today.
    assert np.median(found.efforts[:, 3]) < 0.2
    assert found.objectives[:, 0].min() < -0.2


@pytest.mark.slow
def test_a_ceiling_is_held_on_futures_that_the_search_has_not_seen() -> None:
    strict = replace(LIMITS, simulated={"deaths": 0.5})
    none = search(task(Toy(), strict), evaluations=80, futures=10, fresh=100)
    assert len(none.efforts) == 0
    assert none.dropped > 0


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", ["surrogate", "nsga2", "random"])
def test_the_same_seed_finds_the_same_also_after_a_stop(algorithm: str, tmp_path: Path) -> None:
    asked = {"evaluations": 120, "futures": 5, "seed": 3, "algorithm": algorithm, "fresh": 0}
    whole = search(task(Toy()), **asked)  # type: ignore[arg-type]
    toy = Toy()
    toy.stop_after = 70
    with pytest.raises(KeyboardInterrupt):
        search(task(toy), work=tmp_path, **asked)  # type: ignore[arg-type]
    again = Toy()
    resumed = search(task(again), work=tmp_path, **asked)  # type: ignore[arg-type]
    assert resumed.efforts.tobytes() == whole.efforts.tobytes()
    assert resumed.objectives.tobytes() == whole.objectives.tobytes()
    assert again.calls < 121
    # What was played to its end is read, and nothing is played or searched again.
    idle = Toy()
    read = search(task(idle), work=tmp_path, **asked)  # type: ignore[arg-type]
    assert read.efforts.tobytes() == whole.efforts.tobytes()
    assert read.objectives.tobytes() == whole.objectives.tobytes()
    assert idle.calls == 0
    other = search(task(Toy()), **(asked | {"seed": 4}))  # type: ignore[arg-type]
    assert other.efforts.tobytes() != whole.efforts.tobytes()


def test_the_start_holds_what_was_declared_and_lies_within_limits() -> None:
    some = first_generation(task(Toy()), 40, 0)
    np.testing.assert_array_equal(some[0], TODAY)
    assert task(Toy()).bounds.within(some).all()
    assert ((some == 0).sum(axis=1) >= 2).any()


@pytest.mark.parametrize(("algorithm", "plays"), [("random", 50), ("nsga2", 80)])
def test_what_is_kept_is_searched_once_and_progress_is_told(
    algorithm: Algorithm, plays: int, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {"evaluations": 50, "futures": 3, "algorithm": algorithm}
    told: list[tuple[str, float | None]] = []
    toy = Toy()
    first = search(task(toy), **asked, work=tmp_path, fresh=0, tell=lambda *said: told.append(said))
    # What is drawn by chance is as many as were asked for; generations are played to their end.
    assert toy.calls == plays + 1
    assert first.looked_at == 50
    assert [part for _, part in told] == [0.0, 0.8, None]
    idle = Toy()
    again = search(task(idle), **asked, work=tmp_path, fresh=0)
    assert idle.calls == 0
    assert again.efforts.tobytes() == first.efforts.tobytes()


def test_ceilings_are_held_on_other_futures_than_those_of_the_search() -> None:
    toy = Toy()
    search(task(toy), evaluations=40, futures=100, algorithm="random", fresh=100)
    searched, fresh = toy.numbers[0], toy.numbers[-1]
    assert len(searched) == len(fresh) == 100
    assert set(searched).isdisjoint(fresh)


@pytest.mark.parametrize("asked", [{"evaluations": 39}, {"evaluations": 40, "futures": 1}])
def test_too_little_is_refused(asked: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="too few"):
        search(task(Toy()), **asked)  # type: ignore[arg-type]


def test_of_the_front_all_is_found_or_dropped_and_each_has_its_bound() -> None:
    asked: dict[str, Any] = {"evaluations": 40, "futures": 2, "seed": 5, "algorithm": "random"}
    # Fewer deaths than nearly all have: some that are found fine here are not in other futures.
    strict = replace(LIMITS, simulated={"deaths": 0.95})
    found = search(task(Toy(), strict), **asked, fresh=50)
    free = search(task(Toy(), strict), **asked, fresh=0)
    assert (free.dropped, dict(free.bounds)) == (0, {})
    assert found.dropped > 0
    assert len(found.efforts) > 0
    assert len(found.efforts) + found.dropped == len(free.efforts)
    assert len(found.bounds["deaths"]) == len(found.efforts) == len(found.objectives)
    assert (found.bounds["deaths"] <= 0).all()
