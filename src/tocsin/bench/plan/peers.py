"""The regional model in other hands: NumPy at once, run by run under EMA Workbench, and Mesa.

All call the very same functions of the mechanisms, with NumPy in JAX's place.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import NormalDist
from typing import Any

import numpy as np

from tocsin.base.iris import put_off_grammars
from tocsin.bench.plan.speed import (
    DRAWN,
    Size,
    begin_ring,
    drawn_parameters,
    growing_plans,
)
from tocsin.errors import require
from tocsin.plan.region import chance, model, state
from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.order import OWN
from tocsin.plan.region.model import advance
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.schema.vocabulary.lever import LEVERS

# Normal quantiles by a table, which is faster than any other way that NumPy has.
_TABLE = np.array([NormalDist().inv_cdf((k + 0.5) / 4096) for k in range(4096)], np.float32)


@contextmanager
def numpy_in_place_of_jax() -> Iterator[None]:
    """Let the mechanisms compute with NumPy, its own logarithm included."""
    modules: list[Any] = [chance, model, state]
    modules += [sys.modules[one.step.__module__] for one in OWN.values()]
    before = [
        (module, name, getattr(module, name))
        for module in modules
        for name in ("jnp", "log")
        if hasattr(module, name)
    ]
    for module, name, _ in before:
        setattr(module, name, np if name == "jnp" else np.log)
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


class NumpyRun:
    """This is a run that NumPy steps, week by week, with random numbers of its own."""

    def __init__(self, size: Size, p: dict[str, Any] | None = None) -> None:
        self.size = size
        self.p: Any = drawn_parameters(size.futures) if p is None else p
        self.world, self.state = begin_ring(size, self.p)
        self.levels = growing_plans(size.portfolios, size.weeks)
        self.random = np.random.default_rng(0)
        self.week = 0

    def step(self) -> None:
        """Move on by a week."""
        size = self.size
        shape = (size.territories, sum(DRAWN.values()), 1, size.futures)
        uniform = self.random.random(shape, np.float32) * np.float32(0.999999) + np.float32(5e-7)
        ends = np.cumsum([*DRAWN.values()])[:-1]
        normal = _TABLE[(uniform * 4096).astype(np.int64)]
        parts = zip(DRAWN, np.split(uniform, ends, 1), np.split(normal, ends, 1), strict=True)
        noises: Any = {name: Noise(one, other) for name, one, other in parts}
        lever: Any = {name: self.levels[:, k, self.week] for k, name in enumerate(LEVERS)}
        self.state = advance(self.p, lever, self.world, self.state, noises)
        self.week += 1


def measure_numpy(size: Size) -> float:
    """Million territory-steps a second of NumPy with many futures and portfolios at once."""
    with numpy_in_place_of_jax():
        run = NumpyRun(size)
        run.step()
        started = time.process_time()
        for _ in range(size.weeks - 1):
            run.step()
        used = time.process_time() - started
    return size.steps * (size.weeks - 1) / size.weeks / used / 1e6


def measure_workbench(size: Size, scenarios: int = 2) -> float:
    """Million territory-steps a second of NumPy run by run, under EMA Workbench's evaluator.

    Args:
        size: territories and weeks of a run.
        scenarios: how many runs; each draws all parameters from their priors.
    """
    put_off_grammars()
    workbench: Any = require("ema_workbench", extra="explore")
    logging.getLogger("EMA").setLevel(logging.ERROR)
    alone = size._replace(portfolios=1, futures=1)

    def play(**values: float) -> dict[str, float]:
        run = NumpyRun(
            alone, {name: np.array([value], np.float32) for name, value in values.items()}
        )
        for _ in range(alone.weeks):
            run.step()
        return {"toll": float(np.sum(run.state.toll))}

    region = workbench.Model("region", function=play)
    region.uncertainties = [
        workbench.RealParameter(one.name, one.low, one.high) for one in PARAMETERS
    ]
    region.outcomes = [workbench.ScalarOutcome("toll")]
    with numpy_in_place_of_jax():
        started = time.process_time()
        with workbench.SequentialEvaluator(region) as evaluator:
            evaluator.perform_experiments(scenarios=scenarios, log_progress=True)
        used = time.process_time() - started
    return alone.steps * scenarios / used / 1e6


def measure_mesa(weeks: int = 26, territories: int = 5) -> float:
    """Million territory-steps a second of Mesa, where each territory is an agent.

    An agent takes the same step as the model, for itself alone: it asks no neighbours, which is in
    Mesa's favour. So the cost of a territory-step does not depend on how many there are.

    Args:
        weeks: how many are played.
        territories: how many agents there are.
    """
    mesa: Any = require("mesa", extra="peers")
    alone = Size(1, 1, 1, weeks)

    class Territory(mesa.Agent):  # type: ignore[misc]
        def __init__(self, world: Any) -> None:
            super().__init__(world)
            self.run = NumpyRun(alone)

        def step(self) -> None:
            self.run.step()

    class Region(mesa.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(seed=0)
            Territory.create_agents(self, territories)

        def step(self) -> None:
            self.agents.shuffle_do("step")

    with numpy_in_place_of_jax():
        region = Region()
        started = time.process_time()
        for _ in range(weeks):
            region.step()
        used = time.process_time() - started
    return weeks * territories / used / 1e6


def measure_peers(size: Size, quick: bool = False) -> dict[str, float]:
    """Measure all three, in million territory-steps a second of a processor.

    Args:
        size: territories, portfolios and futures; peers play fewer weeks of it.
        quick: whether they play very few.
    """
    weeks = 4 if quick else 13
    at_once = size._replace(futures=4 * size.futures, weeks=weeks)
    return {
        "numpy_at_once": measure_numpy(at_once),
        "workbench_run_by_run": measure_workbench(size._replace(weeks=2 * weeks)),
        "mesa": measure_mesa(weeks=2 * weeks),
    }
