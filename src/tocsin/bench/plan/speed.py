"""How fast the regional model is: the whole, each mechanism, and the least that is possible.

Needs JAX, NumPy and the standard library only, so that it runs on a machine with a GPU and little
else (benchmarks/region_speed.py).
"""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from tocsin.plan.region import model as region_model
from tocsin.plan.region.chance import Noise
from tocsin.plan.region.mechanisms.order import ORDER, OWN
from tocsin.plan.region.model import Begun, Model, advance, begin, play
from tocsin.plan.region.parameters import PARAMETERS, draw
from tocsin.plan.region.runs import chunk_size, play_futures
from tocsin.plan.region.start.spread import Spread
from tocsin.plan.region.state import State, World
from tocsin.schema.vocabulary.lever import LEVERS

Floats = npt.NDArray[np.float32]
DRAWN = {name: OWN[name].noise for name in ORDER if OWN[name].noise}
"""How many random numbers each mechanism takes."""


class Size(NamedTuple):
    """This is what is played at once. The whole chunk of a run has this size, too."""

    territories: int = 50
    portfolios: int = 20
    futures: int = 16
    weeks: int = 520
    """Whole quarters of 13."""

    @property
    def steps(self) -> int:
        """Territory-steps."""
        return self.territories * self.portfolios * self.futures * self.weeks


def ring(territories: int) -> Begun:
    """A ring of territories with 20 deaths a month each."""
    border = np.zeros((territories, territories), np.float32)
    for place in range(territories):
        border[place, [(place - 1) % territories, (place + 1) % territories]] += 0.5
    one = np.ones((territories, 1), np.float32)
    return Begun(
        one * 20 * 12 / 52, one, np.full((territories, 5), 0.2, np.float32), border,
        **Spread().of_futures(), held=np.zeros(len(LEVERS), np.float32),
    )  # fmt: skip


def growing_plans(portfolios: int, weeks: int) -> Floats:
    """Portfolios with efforts by chance that grow over two years, (P, L, T, 1)."""
    efforts = np.random.default_rng(0).random((portfolios, len(LEVERS), 1))
    grown = 1 - np.exp(-np.arange(weeks) / 52)
    return np.asarray((efforts * grown)[..., None], np.float32)


def measure_model(
    size: Size, mechanisms: tuple[str, ...] = ORDER, repeats: int = 2
) -> dict[str, float]:
    """Time the compiled model, compilation apart.

    Args:
        size: what is played.
        mechanisms: which act.
        repeats: how often; the fastest counts.

    Returns:
        Seconds of compilation, and million territory-steps a second, and a second of a processor.
    """
    begun, plans = ring(size.territories), growing_plans(size.portfolios, size.weeks)
    numbers = np.arange(size.futures)
    values = np.asarray(draw(0, numbers))
    on_gpu = jax.default_backend() != "cpu"
    function = jax.jit(region_model._play, static_argnames="model") if on_gpu else play
    started = time.perf_counter()
    compiled = function.lower(
        0, numbers, values, plans, begun, weeks=size.weeks, model=Model(mechanisms)
    ).compile()
    compiling = time.perf_counter() - started
    best, processor = math.inf, math.inf
    for turn in range(repeats + 1):
        started, used = time.perf_counter(), time.process_time()
        compiled(
            0, numbers + turn, values, plans, begun, weeks=size.weeks
        ).totals.block_until_ready()
        if turn:
            best = min(best, time.perf_counter() - started)
            processor = min(processor, time.process_time() - used)
    return {
        "compile_seconds": round(compiling, 2),
        "million_territory_steps_a_second": size.steps / best / 1e6,
        "million_territory_steps_a_processor_second": size.steps / processor / 1e6,
    }


def measure_ensemble(size: Size, workers: int = 2) -> dict[str, float]:
    """Time many futures on several processes, as a plan plays them, and what the target would take.

    Args:
        size: what is played, futures being all of them.
        workers: processes, whose start is part of what is timed. A run of one chunk for each comes
            first, so that they find the model compiled.

    Returns:
        Territory-steps, seconds, seconds of all processors, million territory-steps a second, the
        minutes that 5.2 billion territory-steps take at that rate (where fewer are played, that is
        more than they would, since processes start once only), and the most memory that all
        processes can have had at once, in GiB.
    """
    begun, plans = ring(size.territories), growing_plans(size.portfolios, size.weeks)[..., 0]

    def run(futures: int) -> tuple[float, float]:
        started, used = time.perf_counter(), _children_seconds()
        play_futures(np.arange(futures), plans, begun, seed=0, weeks=size.weeks, workers=workers)
        return time.perf_counter() - started, _children_seconds() - used

    run(workers * chunk_size(size.territories, size.portfolios))
    seconds, processors = run(size.futures)
    return {
        "ensemble_futures": size.futures,
        "ensemble_territory_steps": size.steps,
        "ensemble_seconds": seconds,
        "ensemble_processor_seconds": processors,
        "ensemble_million_territory_steps_a_second": size.steps / seconds / 1e6,
        "billion_5_2_minutes_at_most": 5.2e9 / size.steps * seconds / 60,
        "ensemble_peak_gib": peak_gib() + workers * peak_gib(resource.RUSAGE_CHILDREN),
    }


def _children_seconds() -> float:
    """Seconds of processors that processes which have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_mechanisms(size: Size, repeats: int = 2) -> dict[str, float]:
    """Find what each mechanism costs: nanoseconds a territory-step of a model of it alone.

    What goes when one is left out of the whole tells nothing, since XLA then joins the others in
    another way: without one of them the rest can take half as long again.

    Args:
        size: what is played.
        repeats: how often; the fastest counts.

    Returns:
        Nanoseconds of a processor by the name of a mechanism, beyond those of a model of none; of
        none, and of all of them together, which is less than their sum, since numbers of the state
        that several read are fetched once.
    """

    def nanoseconds(names: tuple[str, ...]) -> float:
        found = measure_model(size, names, repeats)
        return 1e3 / found["million_territory_steps_a_processor_second"]

    # The first program that a process runs is slower than it will be.
    none = min(nanoseconds(()) for _ in range(2))
    alone = {name: nanoseconds((name,)) - none for name in ORDER}
    return {"none": none, "all": nanoseconds(ORDER), **alone}


@cache
def drawn_parameters(futures: int) -> dict[str, Floats]:
    """Draw the parameters of futures, (F,) each."""
    values = np.asarray(draw(0, np.arange(futures)))
    return {item.name: values[place] for place, item in enumerate(PARAMETERS)}


def begin_ring(size: Size, p: Mapping[str, Any]) -> tuple[World, State]:
    """Begin a ring of territories with given parameters, under JAX or NumPy."""
    begun = ring(size.territories)
    lifted = begun._replace(
        level=begun.level[:, None, None, :], sizes=begun.sizes[:, None, None, :],
        capability=begun.capability[:, :, None, None],
        channels=begun.channels[:, :, None, :], pace=begun.pace[None, :, None, :],
    )  # fmt: skip
    return begin(p, lifted, LEVERS)


def measure_floor(size: Size) -> dict[str, float]:
    """Find the least time that this machine's processor could need for a territory-step.

    Arithmetic: the operations of one week as XLA counts them before it optimises, an exponential
    or root as one, at the rate of a large matrix product. Memory: each number of the state read
    once and written once a week, at the rate of a copy that a second-level cache holds.

    Args:
        size: of the week that is counted.

    Returns:
        Operations and bytes a territory-step, the machine's two rates on one core, and the two
        least times in nanoseconds.
    """
    p: Any = drawn_parameters(size.futures)
    world, first = begin_ring(size, p)
    cells = size.territories * size.portfolios * size.futures
    wide = State(
        *(jnp.broadcast_to(one, (*one.shape[:2], size.portfolios, size.futures)) for one in first)
    )
    lever: Any = dict.fromkeys(LEVERS, np.full((size.portfolios, 1), 0.5, np.float32))
    half = {
        name: jnp.full((size.territories, count, 1, size.futures), 0.5)
        for name, count in DRAWN.items()
    }
    noises = {name: Noise(one, one) for name, one in half.items()}
    counted: Any = jax.jit(advance).lower(p, lever, world, wide, noises).cost_analysis()
    operations = (counted["flops"] + counted.get("transcendentals", 0.0)) / cells
    numbers = sum(one.size for one in wide) / cells
    square = np.random.default_rng(0).random((1024, 1024), np.float32)
    product = 2 * 1024**3 / _fastest(lambda: square @ square, 5)
    row = np.ones(48 * 1024, np.float32)
    other = np.empty_like(row)
    copied = 2 * row.nbytes / _fastest(lambda: np.copyto(other, row), 200)
    return {
        "operations_a_step": operations,
        "state_bytes_a_step": 8 * numbers,
        "product_gigaflops": product / 1e9,
        "copy_gigabytes_a_second": copied / 1e9,
        "arithmetic_floor_nanoseconds": operations / product * 1e9,
        "memory_floor_nanoseconds": 8 * numbers / copied * 1e9,
    }


def _fastest(function: Callable[[], object], turns: int) -> float:
    best = math.inf
    for _ in range(turns):
        started = time.process_time()
        function()
        best = min(best, time.process_time() - started)
    return best


def peak_gib(of: int = resource.RUSAGE_SELF) -> float:
    """The most memory that this process had, or the largest of those that have ended, in GiB."""
    return resource.getrusage(of).ru_maxrss / 2**20
