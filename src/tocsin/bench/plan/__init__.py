"""What `plan` is measured on: each section is one function of (quick, work, say)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Say = Callable[[str], None]
Section = Callable[[bool, Path | None, Say], dict[str, Any]]
FEW = 10
"""A quick measure takes so many times fewer cases."""


def _cascades(quick: bool, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.plan.cascades import measure_cascades

    return measure_cascades(networks=50 // (FEW if quick else 1), on_done=say)


def _enforcement(quick: bool, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.plan.enforcement import measure_enforcement

    some = FEW if quick else 1
    return measure_enforcement(cases=500 // some, grids=20 // some, on_done=say)


def _search(quick: bool, work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.plan.search import measure_search

    if quick:
        return measure_search(
            evaluations=200, futures=16, seeds=3, fresh=100, work=work, on_done=say
        )
    return measure_search(work=work, on_done=say)


def _limits(quick: bool, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.plan.search import measure_ceilings, measure_limits

    some = FEW if quick else 1
    say("Offering portfolios beyond limits")
    static = measure_limits(portfolios=1_000_000 // some)
    simulated = measure_ceilings(portfolios=10_000 // some**2, fresh=100 // some)
    return {f"static_{name}": value for name, value in static.items()} | {
        f"simulated_{name}": value for name, value in simulated.items()
    }


def _indices(quick: bool, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.plan.indices import SAMPLES, measure_indices

    say("Estimating indices")
    return measure_indices(samples=SAMPLES // (16 if quick else 1))


def _region(quick: bool, _work: Path | None, say: Say) -> dict[str, Any]:
    from tocsin.bench.plan.region import measure_region

    return measure_region(futures=128 if quick else 1_024, on_done=say)


SECTIONS: dict[str, Section] = {
    "region": _region,
    "cascades": _cascades,
    "enforcement": _enforcement,
    "search": _search,
    "limits": _limits,
    "indices": _indices,
}
"""Sections of `tocsin bench plan`, in the order in which they are measured."""
