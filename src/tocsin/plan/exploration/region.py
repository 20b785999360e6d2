"""The regional model as a search plays it: many portfolios in the same futures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.base.about import VERSION
from tocsin.base.cache import code
from tocsin.base.compiled import jax_for
from tocsin.plan.exploration.archive import Bounds
from tocsin.plan.exploration.search import Floats, Task
from tocsin.plan.portfolios.declared import Measure, Portfolio, PortfolioFile
from tocsin.plan.posterior import Posterior, shipped_posterior
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.region.model import Begun

OBJECTIVES = (
    "deaths", "displaced", "service_lost", "legitimacy_lost", "grievance", "trade_lost",
    "escalation",
)  # fmt: skip
"""Harm, displacement, services, legitimacy (grievance in a model without it), trade, escalation."""
PORTFOLIOS = 20
"""Portfolios that are played at once."""
YEARS = 3
"""How far a search looks ahead, in which levers of all delays have come to act."""
SEED = 7
"""Sets the futures of a search apart from those of a comparison."""


def search_task(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    file: PortfolioFile,
    *,
    posterior: Posterior | None = None,
    workers: Any = 1,
) -> Task:
    """Prepare a search over the levers of a file of portfolios.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty), as `contest` takes them.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        file: the file, whose levers, limits and ceilings hold, and with whose portfolios the
            search begins.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
        workers: processes that play futures, or a client of Dask.

    Returns:
        The task. Efforts are constant from the beginning; rules are for whoever edits what a
        search finds.

    Raises:
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `plan` is not installed.
    """
    jax_for("plan")
    from tocsin.plan.compare import region_total
    from tocsin.plan.region import levels
    from tocsin.plan.region.levels import held_levels, weekly_levels
    from tocsin.plan.region.outcomes import OUTCOMES, YEAR
    from tocsin.plan.region.parameters import draw
    from tocsin.plan.region.runs import play_futures
    from tocsin.plan.region.start.own import read_own_start

    held = posterior or shipped_posterior()
    own = read_own_start(tables, gwnos, file, posterior=held, years=YEARS, workers=workers)
    region = own.region
    names = tuple(file.levers)
    today = file.portfolios[STATUS_QUO].efforts
    start = np.array([today.get(name, 0.0) for name in names])
    outcomes = tuple(
        name for name in OBJECTIVES
        if name in OUTCOMES and not (name == "grievance" and "legitimacy_lost" in OUTCOMES)
    )  # fmt: skip

    weeks = YEARS * YEAR
    begins: dict[bytes, Begun] = {}

    def begin(numbers: Any, drawn: Any) -> Begun:
        """Where futures begin, found once for all portfolios that meet in them."""
        which = np.asarray(numbers)
        if which.tobytes() not in begins:
            begins[which.tobytes()] = own.begin(which, drawn, seed=SEED)
        return begins[which.tobytes()]

    def play(efforts: Floats, numbers: Any) -> dict[str, Floats]:
        some = [
            Portfolio("", {name: Measure(float(one)) for name, one in zip(names, row, strict=True)})
            for row in efforts
        ]
        plans = weekly_levels(file, some, weeks=weeks)
        drawn = np.asarray(draw(SEED, numbers, posterior=held))
        begun = begin(numbers, drawn)
        parts: dict[str, list[Floats]] = {name: [] for name in outcomes}
        for first in range(0, len(plans), PORTFOLIOS):
            part = plans[first : first + PORTFOLIOS]
            filled = np.concatenate([part, np.repeat(part[-1:], PORTFOLIOS - len(part), axis=0)])
            played = play_futures(
                numbers, filled, begun, seed=SEED, values=drawn, weeks=weeks, workers=workers
            )
            for name in outcomes:
                values = played.totals[list(OUTCOMES).index(name), :, : len(part)]
                parts[name].append(region_total(name, np.moveaxis(values, 0, -1)))
        return {name: np.concatenate(some) for name, some in parts.items()}

    every = [*region.begin(held_levels(file)), region.spread.draws, held.draws]
    if own.drawn is not None:
        every += own.drawn
    digest = _digest(code(Path(levels.__file__).parent), every, file)
    declared = np.array(
        [[one.efforts.get(name, 0.0) for name in names] for one in file.portfolios.values()]
    )
    bounds = Bounds(names, file.levers, file.limits, start)
    return Task(play, outcomes, bounds, declared, digest)


def _digest(model: str, every: Sequence[Any], file: PortfolioFile) -> str:
    """What changes with the model's code, with the numbers that a search rests on, and its file."""
    numbers = (np.asarray(one).tobytes() for one in every)
    content = [VERSION.encode(), model.encode(), *numbers, repr(file).encode()]
    return hashlib.sha256(b"".join(content)).hexdigest()
