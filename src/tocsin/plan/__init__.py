"""plan: compare portfolios of levers in the same simulated futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import isfinite
from typing import Any

import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.plan.portfolios import (
    DEFAULT,
    PORTFOLIOS_FILE,
    SHIPPED,
    declare_efforts,
    read_portfolios,
)
from tocsin.plan.portfolios.declared import PortfolioFile
from tocsin.plan.portfolios.rules import check_signals
from tocsin.schema import STAGE_TABLES
from tocsin.schema.step import Given, SideFile, Step, Tables
from tocsin.schema.vocabulary.lever import LEVERS as OWN
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

__all__ = ["STEP", "plan"]


def plan(
    tables: Mapping[str, pl.DataFrame],
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None = None,
    mechanisms: Sequence[str] = (),
    workers: int = 1,
) -> dict[str, pl.DataFrame]:
    """Simulate portfolios for three years and compare them, future by future.

    Args:
        tables: at least the tables `forecasts` and `adoption` (which may be empty). With
            `forecast_draws` the status quo's first year has the forecast's quantiles in each
            territory; without, it starts at the forecast's mean.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        futures: how many futures are simulated for each portfolio. Each future has its own
            parameters and chance, the same for every portfolio (common random numbers).
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        portfolios: a file of portfolios (`tocsin.plan.portfolios.read_portfolios`), or for each
            name the effort (0 to 1) by lever; a lever may be another package's. None stands for
            the portfolios that ship. The status quo is always among them.
        mechanisms: names of mechanisms of other packages, in the order in which they act.
        workers: how many portfolios are simulated side by side; the results are the same.

    Returns:
        The tables `portfolio_levers`, `outcomes`, `outcome_paths`, `comparisons` and
        `rule_firings`.

    Raises:
        StageNotReady: no territory of the region has a forecast.
        UsageError: there is no such lever or mechanism, an effort lies outside 0 to 1, or a rule
            watches what the model does not give.
        PluginFailed: a lever or mechanism of another package failed.
        MissingExtra: the extra `plan` is not installed.
    """
    jax = jax_for("plan")
    import numpy as np

    from tocsin.plan.calibrate import Level, calibrate_level
    from tocsin.plan.compare import comparisons, outcome_paths, outcomes, portfolio_levers
    from tocsin.plan.model import MONTHS, Added, simulate
    from tocsin.plan.portfolios.adapt import play_rules, rule_firings
    from tocsin.plan.portfolios.course import MONTHS_A_YEAR, Levels, lever_levels
    from tocsin.plan.start import first_year, read_start

    file = _checked(portfolios)
    today = file.portfolios[STATUS_QUO].efforts
    added = Added(_added_levers(file), tuple(dict.fromkeys(mechanisms)))
    region = read_start(tables, gwnos)
    keys = jax.random.split(jax.random.key(seed), futures)
    course = partial(
        lever_levels, today=today, levers=file.levers, steps=MONTHS, per_year=MONTHS_A_YEAR,
        others=added.levers,
    )  # fmt: skip
    still = course(file.portfolios[STATUS_QUO])
    baseline = still[0]

    def play(levels: Levels, level: Level) -> dict[str, Any]:
        world = (level, region.capability, region.border)
        found = simulate(keys, levels, baseline, world, added)
        return {outcome: np.asarray(values) for outcome, values in found.items()}

    drawn = first_year(tables, region)
    start = partial(play, still)
    level = (
        calibrate_level(lambda one: start(one)["deaths"], region.level, *drawn, futures)
        if drawn
        else region.level
    )

    def one(name: str) -> tuple[Any, Any]:
        portfolio = file.portfolios[name]
        seen, fired = play_rules(
            partial(play, level=level),
            lambda fired: course(portfolio, fired=fired),
            portfolio.rules,
            per_year=MONTHS_A_YEAR,
        )
        _check_finite(seen, added.mechanisms)
        return seen, fired

    with ThreadPoolExecutor(max(workers, 1)) as pool:
        played = dict(zip(file.portfolios, pool.map(one, file.portfolios), strict=True))
    runs = {name: seen for name, (seen, _) in played.items()}
    costs = {name: terms.cost for name, terms in file.levers.items()}
    return {
        "portfolio_levers": portfolio_levers(
            {name: portfolio.efforts for name, portfolio in file.portfolios.items()}, costs
        ),
        "outcomes": outcomes(runs, region),
        "outcome_paths": outcome_paths(runs),
        "comparisons": comparisons(runs),
        "rule_firings": rule_firings(
            {name: fired for name, (_, fired) in played.items()}, MONTHS, MONTHS_A_YEAR
        ),
    }


def _checked(
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None,
) -> PortfolioFile:
    """A file of portfolios of what was given; a rule that the model cannot follow is refused."""
    if portfolios is None:
        return SHIPPED
    if not isinstance(portfolios, PortfolioFile):
        return declare_efforts(portfolios)
    from tocsin.plan.compare import OUTCOMES

    every = (rule for one in portfolios.portfolios.values() for rule in one.rules)
    check_signals(every, OUTCOMES)
    return portfolios


def _added_levers(file: PortfolioFile) -> tuple[str, ...]:
    """The levers of other packages that portfolios name, in the order of their names."""
    named = {lever for one in file.portfolios.values() for lever in one.measures}
    named |= {
        lever for one in file.portfolios.values() for rule in one.rules for lever, _ in rule.actions
    }
    own = {name for name, terms in file.levers.items() if terms.acts_as}
    return tuple(sorted(named - set(OWN) - own))


def _check_finite(seen: Mapping[str, Any], mechanisms: Sequence[str]) -> None:
    from tocsin.plan.mechanisms import MECHANISMS

    broken = [name for name, values in seen.items() if not isfinite(float(values.sum()))]
    if broken and mechanisms:
        others = f" (or one of {', '.join(mechanisms[1:])})" if mechanisms[1:] else ""
        raise MECHANISMS.entry(mechanisms[0]).failed(f"made '{broken[0]}' no number{others}")


def _plan(tables: Tables, given: Given) -> Tables:
    settings = given.settings
    return plan(
        tables,
        gwnos=settings.region.gwnos,
        futures=settings.futures,
        seed=settings.seed,
        portfolios=read_portfolios(given.files[PORTFOLIOS_FILE]),
        workers=given.asked.get("workers", 1),
    )


STEP = Step(
    name="plan",
    room="plan",
    function=_plan,
    reads=("forecasts", "forecast_draws", "adoption"),
    needs=("forecasts",),
    writes=STAGE_TABLES["plan"],
    settings=("region.gwnos", "futures"),
    seeded=True,
    files=(SideFile(PORTFOLIOS_FILE, DEFAULT, read_portfolios),),
)
