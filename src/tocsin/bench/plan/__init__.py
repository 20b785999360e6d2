"""What `plan` is measured on: each section is one function of how it is measured."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tocsin.base.cache import code
from tocsin.bench.cost import measure_cost
from tocsin.bench.kept import run_seeds
from tocsin.schema.step import in_words

Say = Callable[[str], None]


class Ask(NamedTuple):
    """How a section is measured."""

    quick: bool
    """Whether fewer cases are enough."""
    work: Path | None
    """A folder in which results are kept, so that a bench that was stopped goes on, within a
    section, too, where it is long (networks, grids, portfolios, searches, worlds); None: nowhere.
    """
    say: Say
    """Is told what is done."""
    workers: int = 1
    """Processes, for sections that play many things that do not hang on each other."""


Section = Callable[[Ask], dict[str, Any]]
FEW = 10
"""A quick measure takes so many times fewer cases."""


def _cascades(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.cascades import measure_cascades

    path = _path("cascades", ask.quick, ask.work, "networks-")
    if ask.quick:
        return measure_cascades(
            size=20_000, networks=5, kept=path, on_done=ask.say, workers=ask.workers
        )
    return measure_cascades(kept=path, on_done=ask.say, workers=ask.workers)


def _enforcement(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.enforcement import measure_enforcement

    some, path = FEW if ask.quick else 1, _path("enforcement", ask.quick, ask.work, "cases-")
    return measure_enforcement(cases=500 // some, grids=20 // some, kept=path, on_done=ask.say)


def _search(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.search import measure_search

    if ask.quick:
        return measure_search(
            evaluations=120,
            futures=16,
            seeds=3,
            fresh=100,
            work=ask.work,
            on_done=ask.say,
            workers=ask.workers,
        )
    return measure_search(work=ask.work, on_done=ask.say, workers=ask.workers)


def _limits(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.search import measure_ceilings, measure_limits

    some = FEW if ask.quick else 1
    ask.say("Offering portfolios beyond limits")
    static = measure_limits(portfolios=1_000_000 // some)
    simulated = measure_ceilings(
        portfolios=10_000 // some**2, fresh=100 // some,
        kept=_path("limits", ask.quick, ask.work, "offers-"), on_done=ask.say,
        workers=ask.workers,
    )  # fmt: skip
    return {f"static_{name}": value for name, value in static.items()} | {
        f"simulated_{name}": value for name, value in simulated.items()
    }


def _indices(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.indices import SAMPLES, measure_indices

    ask.say("Estimating indices")
    return measure_indices(samples=SAMPLES // (16 if ask.quick else 1))


def _region(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.region import measure_region

    return measure_region(futures=4_096 if ask.quick else 8_192, on_done=ask.say)


def _speed(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.peers import measure_peers
    from tocsin.bench.plan.speed import (
        Size,
        measure_ensemble,
        measure_floor,
        measure_mechanisms,
        measure_model,
    )

    size = Size(weeks=52 if ask.quick else 520)
    ask.say("Timing the model")
    found: dict[str, Any] = measure_model(size)
    rate = found["million_territory_steps_a_processor_second"]
    ask.say("Timing NumPy, EMA Workbench and Mesa")
    for name, peer in measure_peers(size, ask.quick).items():
        found |= {f"{name}_million_a_processor_second": peer, f"times_{name}": rate / peer}
    floor = measure_floor(size)
    least = max(floor["arithmetic_floor_nanoseconds"], floor["memory_floor_nanoseconds"])
    found |= floor | {"fraction_of_floor_reached": least * rate / 1e3}
    ask.say("Timing several processes")
    # The whole: 10,000 futures of 20 portfolios in 50 territories are 5.2 billion steps.
    found |= measure_ensemble(
        size._replace(futures=64 if ask.quick else 10_000), max(ask.workers, 2)
    )
    if not ask.quick:
        ask.say("Timing each mechanism")
        each = measure_mechanisms(Size(weeks=52))
        found |= {f"nanoseconds_{name}": cost for name, cost in each.items()}
    return found


def measure_section(name: str, ask: Ask) -> dict[str, Any]:
    """Measure one section, or take what was kept of it under the same code.

    Args:
        name: one of `SECTIONS`.
        ask: how.

    Returns:
        Figures by their names, with what the section cost (`measure_cost`); of one that was
        stopped and went on, what it cost from there.
    """
    kept = _path(name, ask.quick, ask.work)
    return run_seeds(lambda _seed: measure_cost(partial(SECTIONS[name], ask)), [0], kept)[0]


def _path(name: str, quick: bool, work: Path | None, part: str = "") -> Path | None:
    """Where results are kept: under a name that changes with the code that is measured."""
    if work is None:
        return None
    state = code(Path(__file__).resolve().parents[2] / "plan")[:12]
    return work / f"{name}{'-quick' if quick else ''}-{part}{state}.jsonl"


def _calibration(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.calibration import measure_calibration

    if ask.quick:
        return measure_calibration(worlds=2_048, tests=64, work=ask.work, tell=in_words(ask.say))
    return measure_calibration(work=ask.work, tell=in_words(ask.say))


def _years(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.years import measure_years
    from tocsin.plan.posterior import shipped_posterior

    if ask.quick:
        return measure_years(
            choice=(),
            report=(2019,),
            futures=64,
            posterior=shipped_posterior(),
            work=ask.work,
            tell=in_words(ask.say),
        )
    return measure_years(posterior=shipped_posterior(), work=ask.work, tell=in_words(ask.say))


def _courses(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.courses import measure_courses

    if ask.quick:
        return measure_courses(early=(), late=(2019,), work=ask.work, tell=in_words(ask.say))
    return measure_courses(work=ask.work, tell=in_words(ask.say))


def _decades(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.courses import measure_decades
    from tocsin.bench.plan.courses.decades import REGIONS
    from tocsin.plan.posterior import shipped_posterior

    # Each region has another number of territories, and the model is compiled for each anew.
    regions = dict(list(REGIONS.items())[:1]) if ask.quick else REGIONS
    return measure_decades(
        regions=regions,
        futures=64 if ask.quick else 512,
        posterior=shipped_posterior(),
        tell=in_words(ask.say),
    )


def _facts(ask: Ask) -> dict[str, Any]:
    from tocsin.bench.plan.facts import measure_example_facts

    return measure_example_facts(worlds=64 if ask.quick else 256, tell=in_words(ask.say))


SECTIONS: dict[str, Section] = {
    "speed": _speed,
    "region": _region,
    "cascades": _cascades,
    "enforcement": _enforcement,
    "search": _search,
    "limits": _limits,
    "indices": _indices,
    "calibration": _calibration,
    "courses": _courses,
    "decades": _decades,
    "years": _years,
    "facts": _facts,
}
"""Sections of `tocsin bench plan`, in the order in which they are measured."""
