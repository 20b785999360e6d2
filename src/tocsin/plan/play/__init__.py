"""Play portfolios as the stage does: from the forecast's first year on, each future by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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
from tocsin.plan.portfolios.protocols import check_triggers
from tocsin.plan.portfolios.rules import check_signals
from tocsin.plan.posterior import (
    POSTERIOR_FILE,
    SHIPPED_FILE,
    Posterior,
    read_posterior,
    shipped_posterior,
)
from tocsin.schema.step import Reference, SideFile, Tell, say_nothing
from tocsin.schema.vocabulary.lever import LEVERS as OWN
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.compare import Drawn, PortfolioRun
    from tocsin.plan.portfolios.adapt import Fired
    from tocsin.plan.region.model import Model
    from tocsin.plan.region.runs import Played
    from tocsin.plan.region.runs.kept import Kept
    from tocsin.plan.region.start import Start

READS = (
    "series", "incident_series", "forecasts", "forecast_draws", "adoption", "diffusion_shares",
    "diffusion_hazards", "diffusion_draws",
)  # fmt: skip
"""Tables from which a step that plays portfolios begins."""


def check_protocols(path: Path, rules: Callable[[], Collection[str]]) -> None:
    """Refuse a protocol of a file whose trigger is no rule of alerts.

    Args:
        path: a file of portfolios.
        rules: gives the names of the rules; it is asked only where the file has protocols.

    Raises:
        UsageError: the file is not understood, or a trigger is no rule.
    """
    file = read_portfolios(path)
    if file.protocols:
        check_triggers(file, rules())


FILES = (
    SideFile(
        PORTFOLIOS_FILE,
        DEFAULT,
        read_portfolios,
        refers=Reference("alerts", "alert_rules", "rule", check_protocols),
    ),
    SideFile(POSTERIOR_FILE, SHIPPED_FILE, read_posterior),
)
"""Side files on which it depends."""
ALL = slice(None)
MOST_FUTURES = 1_000_000
"""Futures of one comparison at most."""


class Runs(NamedTuple):
    """This is what came of portfolios that were played."""

    stage: Stage
    runs: dict[str, PortfolioRun]
    fired: dict[str, Fired]
    """Of portfolios with rules: when each of them fired."""


def play_portfolios(
    tables: Mapping[str, pl.DataFrame],
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None = None,
    mechanisms: Sequence[str] = (),
    posterior: Posterior | None = None,
    workers: Any = 1,
    start_of: PortfolioFile | None = None,
    keep: Kept | None = None,
    tell: Tell = say_nothing,
) -> Runs:
    """Play portfolios for ten years in the same futures.

    Args:
        tables: as `plan` takes them, like all that follows but `start_of`.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        futures: how many are played.
        seed: start of all random numbers.
        portfolios: a file of portfolios, or efforts by lever.
        mechanisms: names of mechanisms of other packages.
        posterior: of the calibrated parameters.
        workers: processes, or a client of Dask.
        start_of: a file with the same status quo, by which the start of each future may have been
            found and kept before.
        keep: where what is played is kept until all is (`tocsin.plan.region.runs.kept`), so that a
            run that was stopped goes on. Where another package's mechanisms act nothing is kept,
            since what they do stands in no name.
        tell: is told what is being done.

    Returns:
        What came of each portfolio.

    Raises:
        StageNotReady, UsageError, PluginFailed, MissingExtra: as `plan` does.
    """
    jax_for("plan")
    from tocsin.plan.compare import runs_by_name

    stage, level = set_stage(
        tables, gwnos=gwnos, futures=futures, seed=seed, portfolios=portfolios,
        mechanisms=mechanisms, posterior=posterior, workers=workers, start_of=start_of, keep=keep,
        tell=tell,
    )  # fmt: skip
    file = stage.file
    runs = runs_by_name(stage.play(stage.plans(), level, words="Simulating"), list(file.portfolios))
    fired = {}
    for name, portfolio in file.portfolios.items():
        if portfolio.rules:
            runs[name], fired[name] = stage.adapt(portfolio, level)
    for run in runs.values():
        check_finite(run.totals, stage.guests)
    return Runs(stage, runs, fired)


def set_stage(
    tables: Mapping[str, pl.DataFrame],
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None,
    mechanisms: Sequence[str],
    posterior: Posterior | None,
    workers: Any,
    start_of: PortfolioFile | None = None,
    keep: Kept | None = None,
    tell: Tell = say_nothing,
) -> tuple[Stage, Any]:
    """Check what is asked for, and find where each future begins.

    Args:
        tables, gwnos, futures, seed, portfolios, mechanisms, posterior, workers, start_of, keep,
            tell: as `play_portfolios` takes them.

    Returns:
        What all runs share, and the level of violence of each future.

    Raises:
        StageNotReady, UsageError, PluginFailed, MissingExtra: as `plan` does.
    """
    from tocsin.plan.region.start import read_start

    _check_numbers(futures=futures, seed=seed, workers=workers)
    file = _check_portfolios(portfolios)
    guests = tuple(dict.fromkeys(mechanisms))
    _check_guests(guests)
    region = read_start(tables, gwnos)
    stage = Stage(
        file, file.added_levers, guests, region, seed, futures, workers, tell, posterior,
        None if guests else keep,
    )  # fmt: skip
    begins = stage if start_of is None else replace(stage, file=start_of)
    return stage, begins.level(tables)


@dataclass(frozen=True)
class Stage:
    """This is what all runs of a comparison share."""

    file: PortfolioFile
    levers: tuple[str, ...]
    guests: tuple[str, ...]
    region: Start
    seed: int
    futures: int
    workers: Any
    tell: Tell
    posterior: Posterior | None
    keep: Kept | None = None

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
        words: str, which: slice = ALL, yearly: bool = False,
    ) -> Played:  # fmt: skip
        """Play all futures or some, each from its own level; of one portfolio all quarters are
        kept. With `yearly`, paths are of each territory, by year."""
        import numpy as np

        from tocsin.plan.region.levels import held_levels
        from tocsin.plan.region.outcomes import WEEKS
        from tocsin.plan.region.runs import SHOWN, play_futures, some_begun

        held, values = held_levels(self.file, self.levers), self.drawn.values
        return play_futures(
            np.arange(self.futures)[which], plans,
            some_begun(self.region.begin(held, level, values), which),
            seed=self.seed, values=values[:, which], weeks=weeks or WEEKS,
            model=self.model._replace(paths="territories") if yearly else self.model,
            workers=self.workers, keep=None if yearly else self.keep, yearly=yearly,
            shown=SHOWN if only is None else self.futures, only=only,
            on_done=lambda done, of: self.tell(words, done / of),
        )  # fmt: skip

    def level(self, tables: Mapping[str, pl.DataFrame]) -> Any:
        """The level of violence of each future: the forecast's first year, and how it goes on."""
        from tocsin.plan.region.calibrate import find_level, play_years, remember_level
        from tocsin.plan.region.start import first_year

        drawn = first_year(tables, self.region)
        if drawn is None:
            return None
        plans, place = self.plans(), list(self.file.portfolios).index(STATUS_QUO)

        def play(level: Any, weeks: int) -> Any:
            words = "Finding the start"
            return self.play(plans, level, weeks=weeks, only=place, words=words).quarters

        def deaths(level: Any, years: int) -> Any:
            return play_years(play, level, years, months=drawn[1])

        values, region = self.drawn.values, self.region
        by = (region.level, region.record, drawn, values)
        find = partial(find_level, deaths, *by, model=self.model, seed=self.seed)
        if self.guests:  # what another package's mechanisms do is in no key
            return find()
        decides = repr(self.file), self.levers, region, drawn, values, self.seed
        return remember_level(decides, find)

    def adapt(
        self, portfolio: Portfolio, level: Any, which: slice = ALL
    ) -> tuple[PortfolioRun, Any]:
        """What came of a portfolio with rules, and when each rule fired."""
        from tocsin.plan.compare import runs_by_name
        from tocsin.plan.portfolios.adapt import play_rules
        from tocsin.plan.portfolios.course import MONTHS_A_YEAR
        from tocsin.plan.region.levels import ruled_levels

        last = []

        def play(plans: Any) -> Any:
            words = "Following rules"
            played = self.play(plans, level, words=words, which=which)
            last.append(runs_by_name(played, [""])[""])
            return last[-1].paths

        def levels(fired: Any) -> Any:
            some = len(range(self.futures)[which])
            return ruled_levels(self.file, portfolio, self.levers, fired, some)

        _, fired = play_rules(play, levels, portfolio.rules, per_year=MONTHS_A_YEAR)
        return last[-1], fired

    @cached_property
    def drawn(self) -> Drawn:
        """What each future drew, and what each prior rests on."""
        import numpy as np

        from tocsin.plan.compare import Drawn
        from tocsin.plan.region.parameters import draw

        numbers, parameters = np.arange(self.futures), self.model.parameters
        values = np.asarray(
            draw(self.seed, numbers, parameters, posterior=self.posterior or shipped_posterior())
        )
        rests = self.region.spread.tell_basis(parameters)
        return Drawn(values, tuple(item.basis for item in rests))


def _check_numbers(*, futures: Any, seed: Any, workers: Any) -> None:
    """Refuse what can be no number of futures or processes, and no seed."""
    for name, value, least, most in (
        ("futures", futures, 2, MOST_FUTURES),
        ("seed", seed, 0, 2**32 - 1),
        ("workers", workers, 1, MOST_FUTURES),
    ):
        if name == "workers" and hasattr(value, "submit"):
            continue  # processes that run already, or a client of Dask
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


def check_finite(seen: Mapping[str, Any], mechanisms: Sequence[str]) -> None:
    """Refuse what is no number of some outcome, where another package's mechanism can have made it.

    Args:
        seen: arrays by outcome.
        mechanisms: names of mechanisms of other packages.

    Raises:
        PluginFailed: one of them made something that is no number.
    """
    from tocsin.plan.region.guests import MECHANISMS

    broken = [name for name, values in seen.items() if not isfinite(float(values.sum()))]
    if broken and mechanisms:
        others = f" (or one of {', '.join(mechanisms[1:])})" if mechanisms[1:] else ""
        raise MECHANISMS.entry(mechanisms[0]).failure(f"made '{broken[0]}' no number{others}")
