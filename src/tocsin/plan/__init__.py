"""plan: compare portfolios of levers in the same simulated futures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.plan.play import FILES, READS, Stage, play_portfolios
from tocsin.plan.play.labelled import dataset
from tocsin.plan.portfolios import (
    PORTFOLIOS_FILE,
    read_portfolios,
)
from tocsin.plan.portfolios.declared import PortfolioFile
from tocsin.plan.posterior import (
    POSTERIOR_FILE,
    Posterior,
    read_posterior,
)
from tocsin.schema import STAGE_TABLES, TABLES, empty
from tocsin.schema.step import Given, Step, Tables, Tell, say_nothing

__all__ = ["STEP", "dataset", "plan"]


def plan(
    tables: Mapping[str, pl.DataFrame],
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None = None,
    mechanisms: Sequence[str] = (),
    posterior: Posterior | None = None,
    workers: Any = 1,
    tell: Tell = say_nothing,
) -> dict[str, pl.DataFrame]:
    """Simulate portfolios for ten years and compare them, future by future.

    Args:
        tables: at least the tables `forecasts` and `adoption` (which may be empty). With
            `forecast_draws` the status quo's first year has the forecast's quantiles in each
            territory; without, it starts at the forecast's mean. With `series` the record of each
            territory says how its level goes on after that year. With `diffusion_draws` each
            future takes one joint draw of the channels' shares and of the pace of each technology
            class; with `diffusion_shares` and `diffusion_hazards` alone, shares within intervals.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        futures: how many futures are simulated for each portfolio. Each future has its own
            parameters and chance, the same for every portfolio (common random numbers).
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        portfolios: a file of portfolios (`tocsin.plan.portfolios.read_portfolios`), or for each
            name the effort (0 to 1) by lever; a lever may be another package's. None stands for
            the portfolios that ship. The status quo is always among them.
        mechanisms: names of mechanisms of other packages, in the order in which they act, after the
            model's own.
        posterior: of the calibrated parameters (`tocsin.plan.calibration.calibrate`); None: the
            one that ships with tocsin.
        workers: processes; the results are the same for any number of them. Or a client of Dask
            (`distributed.Client`), whose workers have the same tocsin, libraries and kind of
            processor as this machine. What was simulated is kept until the simulation ends, so
            that the same call goes on where one was stopped.
        tell: is told what is being done, and what part of it is done.

    Returns:
        The tables `portfolio_levers`, `outcomes`, `outcome_paths`, `future_paths`, `comparisons`,
        `rule_firings`, `regrets`, `parameter_swings`, and those that answer what who decides asks:
        when, for whom, and what to watch (`comparison_years`, `comparison_territories`,
        `signposts`).

    Raises:
        StageNotReady: no territory of the region has a forecast.
        UsageError: there is no such lever, mechanism or territory, an effort lies outside 0 to 1,
            nothing stands beside the status quo, a rule watches what the model does not give, or
            a number cannot be. Nothing is played before.
        PluginFailed: a lever or mechanism of another package failed.
        MissingExtra: the extra `plan` is not installed.
    """
    jax_for("plan")
    from tocsin.plan.compare import (
        comparisons,
        future_paths,
        outcome_paths,
        outcomes,
        portfolio_levers,
    )
    from tocsin.plan.effects import comparison_territories, comparison_years
    from tocsin.plan.exploration.regrets import parameter_swings, regrets
    from tocsin.plan.exploration.signposts import signposts
    from tocsin.plan.portfolios.adapt import rule_firings
    from tocsin.plan.portfolios.course import MONTHS_A_YEAR
    from tocsin.plan.region.outcomes import MONTHS
    from tocsin.plan.region.runs.kept import keeping

    with keeping() as keep:
        played = play_portfolios(
            tables, gwnos=gwnos, futures=futures, seed=seed, portfolios=portfolios,
            mechanisms=mechanisms, posterior=posterior, workers=workers, keep=keep, tell=tell,
        )  # fmt: skip
    stage, runs, fired = played
    file, region, drawn = stage.file, stage.region, stage.drawn
    costs = {name: terms.cost for name, terms in file.levers.items()}
    return {
        "portfolio_levers": portfolio_levers(
            {name: portfolio.efforts for name, portfolio in file.portfolios.items()}, costs
        ),
        "outcomes": outcomes(runs, region, drawn),
        "outcome_paths": outcome_paths(runs),
        "future_paths": future_paths(runs, region),
        "comparisons": comparisons(runs, drawn),
        "rule_firings": rule_firings(fired, MONTHS, MONTHS_A_YEAR),
        "regrets": regrets(runs),
        "parameter_swings": parameter_swings(
            runs, *region.spread.name_factors(stage.model.parameters, drawn.values)
        ),
        "comparison_years": comparison_years(runs),
        "comparison_territories": comparison_territories(runs, region.territories),
        "signposts": signposts(runs),
    }


def _plan(tables: Tables, given: Given) -> Tables:
    settings = given.settings
    return plan(
        tables,
        gwnos=settings.region.gwnos,
        futures=settings.futures,
        seed=settings.seed,
        portfolios=read_portfolios(given.files[PORTFOLIOS_FILE]),
        posterior=read_posterior(given.files[POSTERIOR_FILE]),
        workers=given.asked.get("workers", 1),
        tell=given.tell,
    )


def _is_own(given: Given) -> bool:
    """Is each lever of the portfolios tocsin's own, whose code is in the key of what is kept?"""
    return not read_portfolios(given.files[PORTFOLIOS_FILE]).added_levers


def _prepare(given: Given) -> Callable[[], object]:
    """Prepare to compile the regional model, as if every territory of the region had a forecast."""
    jax_for("plan")
    import numpy as np

    from tocsin.plan.region.calibrate import Level
    from tocsin.plan.region.levels import held_levels
    from tocsin.plan.region.outcomes import YEARS
    from tocsin.plan.region.runs import lower
    from tocsin.plan.region.start import read_start

    settings, file = given.settings, read_portfolios(given.files[PORTFOLIOS_FILE])
    numbers, futures = settings.region.gwnos, settings.futures
    forecasts = pl.DataFrame({"gwno": numbers, "horizon": 1, "mean": 1.0})
    region = read_start({"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}, numbers)
    stage = Stage(file, file.added_levers, (), region, settings.seed, futures, 1, given.tell, None)
    one = np.ones((futures, len(numbers)), np.float32)
    values = np.zeros((len(stage.model.parameters), futures), np.float32)
    level = Level(one, one, np.zeros((YEARS, *one.shape), np.float32))
    begun = region.begin(held_levels(file, stage.levers), level, values)
    program = lower(stage.plans(), begun, values, seed=settings.seed, model=stage.model)
    compiling: Callable[[], object] = program.compile
    return compiling


STEP = Step(
    name="plan",
    room="plan",
    function=_plan,
    prepare=_prepare,
    reads=READS,
    needs=("forecasts",),
    writes=tuple(name for name in STAGE_TABLES["plan"] if name != "portfolio_parts"),
    settings=("region.gwnos", "futures"),
    seeded=True,
    cached=_is_own,
    files=FILES,
)
