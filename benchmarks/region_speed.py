"""Territory-steps a second of the weekly regional model, beside the same functions under NumPy.

Example: python benchmarks/region_speed.py --territories 50 --portfolios 20

Needs JAX, NumPy and the standard library only, so that it runs on a machine with a GPU and little
else. The peers are the very same functions: NumPy over many futures and portfolios at once, and
NumPy one future and portfolio at a time (as a loop over runs would). Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import sys
import time
import types
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tocsin"


def enter_without_tables() -> None:
    """Let the model's modules be imported without the libraries for tables of their packages."""
    for name in ("", ".plan", ".schema"):
        package = types.ModuleType(f"tocsin{name}")
        package.__path__ = [str(SOURCE.joinpath(*name.split(".")[1:]))]
        sys.modules.setdefault(f"tocsin{name}", package)


if __name__ == "__main__":
    if "--one-thread" in sys.argv:
        os.environ["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
        os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    enter_without_tables()

import jax  # noqa: E402
import numpy as np  # noqa: E402

from tocsin.plan.region import chance, model, state  # noqa: E402
from tocsin.plan.region.chance import Noise, split_noise  # noqa: E402
from tocsin.plan.region.mechanisms.order import ORDER, OWN  # noqa: E402
from tocsin.plan.region.model import Begun, Model, advance, begin, play  # noqa: E402
from tocsin.plan.region.parameters import PARAMETERS, draw  # noqa: E402
from tocsin.schema.vocabulary.lever import LEVERS  # noqa: E402

COLUMNS = tuple((name, place) for name in ORDER for place in range(OWN[name].noise))


def region(territories: int) -> Begun:
    """A ring of territories with 20 deaths a month each."""
    border = np.zeros((territories, territories), np.float32)
    for place in range(territories):
        border[place, [(place - 1) % territories, (place + 1) % territories]] += 0.5
    one = np.ones((territories, 1), np.float32)
    return Begun(
        one * 20 * 12 / 52, one, np.full((territories, 5), 0.2, np.float32), border,
        np.array([[0.05, 0.1, 0.1], [0.25, 0.3, 0.3]], np.float32), np.ones(5, np.float32),
        np.zeros(len(LEVERS), np.float32),
    )  # fmt: skip


def plans_of(portfolios: int, weeks: int) -> np.ndarray:
    """Portfolios with efforts by chance that grow over two years."""
    efforts = np.random.default_rng(0).random((portfolios, len(LEVERS), 1))
    grown = 1 - np.exp(-np.arange(weeks) / 52)
    return (efforts * grown).astype(np.float32)[..., None]


def in_jax(args: argparse.Namespace, mechanisms: tuple[str, ...] = ORDER) -> dict[str, float]:
    """Time the compiled model, compilation apart."""
    begun, plans = region(args.territories), plans_of(args.portfolios, args.weeks)
    numbers = np.arange(args.futures)
    values = np.asarray(draw(0, numbers))
    chosen = Model(mechanisms)
    on_gpu = jax.default_backend() != "cpu"
    function = jax.jit(model._play, static_argnames="model") if on_gpu else play
    started = time.perf_counter()
    compiled = function.lower(
        0, numbers, values, plans, begun, weeks=args.weeks, model=chosen
    ).compile()
    compiling = time.perf_counter() - started
    best, processor = math.inf, math.inf
    for turn in range(args.repeats + 1):
        started, used = time.perf_counter(), time.process_time()
        compiled(
            0, numbers + turn, values, plans, begun, weeks=args.weeks
        ).totals.block_until_ready()
        if turn:
            best = min(best, time.perf_counter() - started)
            processor = min(processor, time.process_time() - used)
    steps = args.territories * args.portfolios * args.futures * args.weeks
    return {
        "compile_seconds": round(compiling, 2),
        "million_territory_steps_a_second": steps / best / 1e6,
        "million_territory_steps_a_processor_second": steps / processor / 1e6,
    }


def by_mechanism(args: argparse.Namespace) -> dict[str, float]:
    """What each mechanism costs: nanoseconds a territory-step that go when it is left out."""
    whole = 1e3 / in_jax(args)["million_territory_steps_a_processor_second"]
    found = {}
    for name in ORDER:
        rest = tuple(one for one in ORDER if one != name)
        found[name] = whole - 1e3 / in_jax(args, rest)["million_territory_steps_a_processor_second"]
    return {"all": whole, **found}


def numpy_in_place_of_jax() -> None:
    """Let the same functions compute with NumPy."""
    modules = [chance, model, state]
    modules += [sys.modules[mechanism.step.__module__] for mechanism in OWN.values()]
    for module in modules:
        if hasattr(module, "jnp"):
            module.jnp = np


def in_numpy(args: argparse.Namespace, portfolios: int, futures: int, weeks: int) -> float:
    """Million territory-steps a second under NumPy, random numbers included."""
    from statistics import NormalDist

    # Normal quantiles by a table, which is faster than any other way that NumPy has.
    table = np.array([NormalDist().inv_cdf((k + 0.5) / 4096) for k in range(4096)], np.float32)
    begun, random = region(args.territories), np.random.default_rng(0)
    levels = plans_of(portfolios, weeks)
    values = np.asarray(draw(0, np.arange(futures)))
    p = {item.name: values[place] for place, item in enumerate(PARAMETERS)}
    lifted = begun._replace(
        level=begun.level[:, None, None, :], sizes=begun.sizes[:, None, None, :],
        capability=begun.capability[:, :, None, None],
        channels=begun.channels[:, :, None, None], pace=begun.pace[None, :, None, None],
    )  # fmt: skip
    world, now = begin(p, lifted, LEVERS)
    shape = (args.territories, len(COLUMNS), 1, futures)
    started = time.perf_counter()
    for week in range(weeks):
        uniform = random.random(shape, np.float32) * np.float32(0.999999) + np.float32(5e-7)
        noise = Noise(uniform, table[(uniform * 4096).astype(np.int64)])
        lever = {name: levels[:, place, week] for place, name in enumerate(LEVERS)}
        now = advance(p, lever, world, now, split_noise(noise, COLUMNS))
    return args.territories * portfolios * futures * weeks / (time.perf_counter() - started) / 1e6


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--territories", type=int, default=50)
    parser.add_argument("--portfolios", type=int, default=20)
    parser.add_argument("--futures", type=int, default=16, help="at once; more on a GPU")
    parser.add_argument("--weeks", type=int, default=520, help="whole quarters of 13")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--by-mechanism", action="store_true", help="also the cost of each")
    parser.add_argument("--numpy", action="store_true", help="also the peers under NumPy")
    parser.add_argument("--one-thread", action="store_true", help="one thread for each library")
    args = parser.parse_args()
    told: dict[str, Any] = {
        "device": str(jax.devices()[0]), "jax": jax.__version__, **vars(args), **in_jax(args)
    }  # fmt: skip
    if args.by_mechanism:
        told["nanoseconds_by_mechanism"] = by_mechanism(args)
    if args.numpy:
        numpy_in_place_of_jax()
        with np.errstate(all="ignore"):
            told["numpy_at_once"] = in_numpy(args, args.portfolios, 64, 13)
            told["numpy_run_by_run"] = in_numpy(args, 1, 1, 52)
    told["peak_memory_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
