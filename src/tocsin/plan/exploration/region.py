"""The regional model as a search plays it: many portfolios in the same futures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from tocsin.base.about import VERSION
from tocsin.base.compiled import jax_for
from tocsin.plan.exploration.archive import Bounds
from tocsin.plan.exploration.search import Floats, Task
from tocsin.plan.portfolios.declared import Measure, Portfolio, PortfolioFile
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

OBJECTIVES = (
    "deaths", "displaced", "service_lost", "legitimacy_lost", "grievance", "trade_lost",
    "escalation",
)  # fmt: skip
"""Harm, displacement, services, legitimacy (grievance in a model without it), trade, escalation."""
PORTFOLIOS = 20
"""Portfolios that are played at once."""


def search_task(tables: Mapping[str, pl.DataFrame], gwnos: list[int], file: PortfolioFile) -> Task:
    """Prepare a search over the levers of a file of portfolios.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty).
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        file: the file, whose levers, limits and ceilings hold, and with whose portfolios the
            search begins.

    Returns:
        The task. Efforts are constant from the beginning; rules are for whoever edits what a
        search finds.

    Raises:
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `plan` is not installed.
    """
    jax_for("plan")
    from tocsin.plan.compare import OUTCOMES
    from tocsin.plan.model import MONTHS
    from tocsin.plan.portfolios.course import MONTHS_A_YEAR, lever_levels
    from tocsin.plan.start import read_start

    region = read_start(tables, gwnos)
    names = tuple(file.levers)
    today = file.portfolios[STATUS_QUO].efforts
    start = np.array([today.get(name, 0.0) for name in names])
    outcomes = tuple(
        name for name in OBJECTIVES
        if name in OUTCOMES and not (name == "grievance" and "legitimacy_lost" in OUTCOMES)
    )  # fmt: skip

    def levels(row: Floats) -> Any:
        measures = {name: Measure(float(one)) for name, one in zip(names, row, strict=True)}
        return lever_levels(
            Portfolio("", measures), today, file.levers, steps=MONTHS, per_year=MONTHS_A_YEAR
        )

    held = levels(start)[0]

    def play(efforts: Floats, numbers: Any) -> dict[str, Floats]:
        plans = np.stack([levels(row) for row in efforts])
        parts = []
        for first in range(0, len(plans), PORTFOLIOS):
            some = plans[first : first + PORTFOLIOS]
            filled = np.concatenate([some, np.repeat(some[-1:], PORTFOLIOS - len(some), axis=0)])
            world = (region.level, region.capability, region.border)
            parts.append(np.asarray(_player(outcomes)(filled, numbers, held, world))[: len(some)])
        seen = np.concatenate(parts).astype(np.float64)
        return {name: seen[:, place] for place, name in enumerate(outcomes)}

    every = [region.level, region.capability, region.border]
    digest = hashlib.sha256(
        b"".join([VERSION.encode(), *(one.tobytes() for one in every), repr(file).encode()])
    ).hexdigest()
    declared = np.array(
        [[one.efforts.get(name, 0.0) for name in names] for one in file.portfolios.values()]
    )
    bounds = Bounds(names, file.levers, file.limits, start)
    return Task(play, outcomes, bounds, declared, digest)


@cache
def _player(outcomes: tuple[str, ...]) -> Any:
    """The compiled program that plays portfolios in futures and adds up outcomes, (P, O, F)."""
    import jax
    import jax.numpy as jnp

    from tocsin.plan.compare import OUTCOMES
    from tocsin.plan.model import draw_parameters, future

    def one(plan: Any, number: Any, held: Any, world: Any) -> Any:
        # A future follows from its number alone, never from its place among others.
        from_priors, from_chance = jax.random.split(jax.random.fold_in(jax.random.key(7), number))
        seen = future(draw_parameters(from_priors), from_chance, plan, held, world)
        found = []
        for name in outcomes:
            how, values = OUTCOMES[name][1], seen[name]
            if values.ndim > 1:
                values = values.sum(-1) if how == "sum" else values.mean(-1)
            whole = {"last": values[-1], "sum": values.sum(), "mean": values.mean()}
            found.append(whole[how])
        return jnp.stack(found)

    by_future = jax.vmap(one, in_axes=(None, 0, None, None), out_axes=1)
    return jax.jit(jax.vmap(by_future, in_axes=(0, None, None, None)))
