"""plan: compare portfolios of levers in the same simulated futures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from math import isfinite
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.errors import UsageError
from tocsin.plan.portfolios import (
    DEFAULT,
    PORTFOLIOS_FILE,
    SHIPPED,
    declare_efforts,
    read_portfolios,
)
from tocsin.plan.portfolios.declared import Portfolio, PortfolioFile
from tocsin.plan.portfolios.rules import check_signals
from tocsin.plan.posterior import (
    POSTERIOR_FILE,
    SHIPPED_FILE,
    Posterior,
    read_posterior,
    shipped_posterior,
)
from tocsin.schema import STAGE_TABLES, TABLES, empty
from tocsin.schema.step import Given, SideFile, Step, Tables, Tell, say_nothing
from tocsin.schema.vocabulary.lever import LEVERS as OWN
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.compare import Drawn, PortfolioRun
    from tocsin.plan.region.model import Model
    from tocsin.plan.region.runs import Played
    from tocsin.plan.region.start import Start

__all__ = ["STEP", "plan"]

MOST_FUTURES = 1_000_000
"""Futures of one comparison at most."""


def plan(
    tables: Mapping[str, pl.DataFrame],
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None = None,
    mechanisms: Sequence[str] = (),
    posterior: Posterior | None = None,
    workers: int = 1,
    tell: Tell = say_nothing,
) -> dict[str, pl.DataFrame]:
    """Simulate portfolios for ten years and compare them, future by future.

    Args:
        tables: at least the tables `forecasts` and `adoption` (which may be empty). With
            `forecast_draws` the status quo's first year has the forecast's quantiles in each
            territory; without, it starts at the forecast's mean. With `series` the record of each
            territory says how its level goes on after that year. With `diffusion_shares` and
            `diffusion_hazards` technology spreads by the channels that were measured.
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
        workers: processes; the results are the same for any number of them.
        tell: is told what is being done, and what part of it is done.

    Returns:
        The tables `portfolio_levers`, `outcomes`, `outcome_paths`, `future_paths`, `comparisons`,
        `rule_firings`, `regrets`, `parameter_swings`, and those of `effects.decision_tables`.

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
        runs_by_name,
    )
    from tocsin.plan.effects import decision_tables
    from tocsin.plan.exploration.regrets import parameter_swings, regrets
    from tocsin.plan.portfolios.adapt import rule_firings
    from tocsin.plan.portfolios.course import MONTHS_A_YEAR
    from tocsin.plan.region.outcomes import MONTHS
    from tocsin.plan.region.start import read_start

    _check_numbers(futures=futures, seed=seed, workers=workers)
    file = _check_portfolios(portfolios)
    guests = tuple(dict.fromkeys(mechanisms))
    _check_guests(guests)
    region = read_start(tables, gwnos)
    stage = _Stage(file, file.added_levers, guests, region, seed, futures, workers, tell, posterior)
    level = stage.level(tables)
    runs = runs_by_name(stage.play(stage.plans(), level, words="Simulating"), list(file.portfolios))
    fired = {}
    for name, portfolio in file.portfolios.items():
        if portfolio.rules:
            runs[name], fired[name] = stage.adapt(portfolio, level)
    for run in runs.values():
        _check_finite(run.totals, guests)
    costs = {name: terms.cost for name, terms in file.levers.items()}
    drawn = stage.drawn
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
        "parameter_swings": parameter_swings(runs, stage.model.parameters, drawn.values),
    } | decision_tables(runs, region.territories)


@dataclass(frozen=True)
class _Stage:
    """What all runs of a comparison share."""

    file: PortfolioFile
    levers: tuple[str, ...]
    guests: tuple[str, ...]
    region: Start
    seed: int
    futures: int
    workers: int
    tell: Tell
    posterior: Posterior | None

    @property
    def model(self) -> Model:
        from tocsin.plan.region.mechanisms.order import ORDER
        from tocsin.plan.region.model import Model

        return Model((*ORDER, *self.guests), (*OWN, *self.levers), "region")

    def plans(self) -> Any:
        """The level of each lever by week for all portfolios, (P, L, T)."""
        from tocsin.plan.region.levels import weekly_levels

        return weekly_levels(self.file, list(self.file.portfolios.values()), self.levers)

    def play(
        self, plans: Any, level: Any, *, weeks: int | None = None, only: int | None = None,
        words: str,
    ) -> Played:  # fmt: skip
        """Play all futures, each from its own level; of one portfolio all quarters are kept."""
        import numpy as np

        from tocsin.plan.region.levels import held_levels
        from tocsin.plan.region.outcomes import WEEKS
        from tocsin.plan.region.runs import SHOWN, play_futures

        return play_futures(
            np.arange(self.futures), plans,
            self.region.begin(held_levels(self.file, self.levers), level),
            seed=self.seed, values=self.drawn.values,
            weeks=weeks or WEEKS, model=self.model, workers=self.workers,
            shown=SHOWN if only is None else self.futures, only=only,
            on_done=lambda done, of: self.tell(words, done / of),
        )  # fmt: skip

    def level(self, tables: Mapping[str, pl.DataFrame]) -> Any:
        """The level of violence of each future: the forecast's first year, and how it goes on."""
        import numpy as np

        from tocsin.plan.portfolios.course import MONTHS_A_YEAR
        from tocsin.plan.region.calibrate import by_year, find_level, remember_level
        from tocsin.plan.region.outcomes import YEAR, YEARS
        from tocsin.plan.region.start import first_year

        drawn = first_year(tables, self.region)
        if drawn is None:
            return None
        months, place = drawn[1], list(self.file.portfolios).index(STATUS_QUO)
        plans, weeks = self.plans(), months * YEAR // MONTHS_A_YEAR

        # The first year has the level of the start whatever the course, so that one of no change
        # will do: with and without a course the model would be compiled twice.
        still = np.zeros((YEARS, self.futures, len(self.region.level)), np.float32)

        def deaths(level: Any, years: int) -> Any:
            some = weeks if years == 1 else years * YEAR
            course = still if level.course is None else level.course
            found = self.play(
                plans, level._replace(course=course), weeks=some, only=place,
                words="Finding the start",
            )  # fmt: skip
            assert found.quarters is not None
            return by_year(found.quarters, 0, months)[:years]

        values, region = self.drawn.values, self.region
        by = (region.level, region.record, drawn, values)
        find = partial(find_level, deaths, *by, model=self.model, seed=self.seed)
        if self.guests:  # what another package's mechanisms do is in no key
            return find()
        decides = repr(self.file), self.levers, region, drawn, values, self.seed
        return remember_level(decides, find)

    def adapt(self, portfolio: Portfolio, level: Any) -> tuple[PortfolioRun, Any]:
        """What came of a portfolio with rules, and when each rule fired."""
        from tocsin.plan.compare import runs_by_name
        from tocsin.plan.portfolios.adapt import play_rules
        from tocsin.plan.portfolios.course import MONTHS_A_YEAR
        from tocsin.plan.region.levels import ruled_levels

        last = []

        def play(plans: Any) -> Any:
            words = "Following rules"
            last.append(runs_by_name(self.play(plans, level, words=words), [""])[""])
            return last[-1].paths

        def levels(fired: Any) -> Any:
            return ruled_levels(self.file, portfolio, self.levers, fired, self.futures)

        _, fired = play_rules(play, levels, portfolio.rules, per_year=MONTHS_A_YEAR)
        return last[-1], fired

    @cached_property
    def drawn(self) -> Drawn:
        """What each future drew, and what each prior rests on."""
        import numpy as np

        from tocsin.plan.compare import Drawn
        from tocsin.plan.region.parameters import draw

        numbers, parameters = np.arange(self.futures), self.model.parameters
        return Drawn(
            np.asarray(
                draw(
                    self.seed, numbers, parameters, posterior=self.posterior or shipped_posterior()
                )
            ),
            tuple(item.basis for item in parameters),
        )


def _check_numbers(*, futures: Any, seed: Any, workers: Any) -> None:
    """Refuse what can be no number of futures or processes, and no seed."""
    for name, value, least, most in (
        ("futures", futures, 2, MOST_FUTURES),
        ("seed", seed, 0, 2**32 - 1),
        ("workers", workers, 1, MOST_FUTURES),
    ):
        if name == "workers" and not isinstance(value, int | float):
            continue  # an executor
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise UsageError(
                f"{value!r} cannot be the number of {name}." if name != "seed"
                else f"{value!r} cannot be a seed.",
                remedy=f"Give a whole number from {least} to {most:,}.",
            )  # fmt: skip


def _check_guests(names: Sequence[str]) -> None:
    """Refuse a mechanism that is the model's own: it acts already."""
    from tocsin.plan.region.mechanisms.order import ORDER

    for name in names:
        if name in ORDER:
            raise UsageError(
                f"'{name}' is one of the model's own mechanisms, which act in any case.",
                remedy="Name mechanisms of other packages only.",
            )


def _check_portfolios(
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None,
) -> PortfolioFile:
    """A file of portfolios of what was given; a rule that the model cannot follow is refused."""
    if portfolios is None:
        return SHIPPED
    given = isinstance(portfolios, PortfolioFile)
    file = portfolios if isinstance(portfolios, PortfolioFile) else declare_efforts(portfolios)
    if len(file.portfolios) < 2:
        raise UsageError(
            f"There is no portfolio to set beside '{STATUS_QUO}'.",
            where=file.where,
            remedy="Declare one: tocsin plan --example prints a file to start from.",
        )
    if not given:
        return file
    from tocsin.plan.region.outcomes import WATCHED

    every = (rule for one in file.portfolios.values() for rule in one.rules)
    check_signals(every, WATCHED)
    return file


def _check_finite(seen: Mapping[str, Any], mechanisms: Sequence[str]) -> None:
    from tocsin.plan.region.guests import MECHANISMS

    broken = [name for name, values in seen.items() if not isfinite(float(values.sum()))]
    if broken and mechanisms:
        others = f" (or one of {', '.join(mechanisms[1:])})" if mechanisms[1:] else ""
        raise MECHANISMS.entry(mechanisms[0]).failure(f"made '{broken[0]}' no number{others}")


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
    stage = _Stage(file, file.added_levers, (), region, settings.seed, futures, 1, given.tell, None)
    one = np.ones((futures, len(numbers)), np.float32)
    begun = region.begin(
        held_levels(file, stage.levers), Level(one, one, np.zeros((YEARS, *one.shape), np.float32))
    )
    values = np.zeros((len(stage.model.parameters), futures), np.float32)
    program = lower(stage.plans(), begun, values, seed=settings.seed, model=stage.model)
    compiling: Callable[[], object] = program.compile
    return compiling


STEP = Step(
    name="plan",
    room="plan",
    function=_plan,
    prepare=_prepare,
    reads=(
        "series",
        "incident_series",
        "forecasts",
        "forecast_draws",
        "adoption",
        "diffusion_shares",
        "diffusion_hazards",
    ),
    needs=("forecasts",),
    writes=STAGE_TABLES["plan"],
    settings=("region.gwnos", "futures"),
    seeded=True,
    cached=_is_own,
    files=(
        SideFile(PORTFOLIOS_FILE, DEFAULT, read_portfolios),
        SideFile(POSTERIOR_FILE, SHIPPED_FILE, read_posterior),
    ),
)
