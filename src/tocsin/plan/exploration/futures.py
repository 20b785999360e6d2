"""Two portfolios in the same futures, whose parameters are chosen and not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.errors import UsageError
from tocsin.plan.posterior import Posterior, shipped_posterior
from tocsin.plan.region.parameters import PARAMETERS, scale
from tocsin.plan.region.start.spread import Spread
from tocsin.schema.step import Tell, say_nothing

if TYPE_CHECKING:
    from tocsin.plan.compare import PortfolioRun
    from tocsin.plan.portfolios.declared import PortfolioFile
    from tocsin.plan.region.model import Begun
    from tocsin.plan.region.start.own import OwnStart

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
BLOCK = 2_048
"""Futures whose levers move by rules that are held at once: their levels by week are of each."""
NAMES = [item.name for item in PARAMETERS]


@dataclass(frozen=True)
class Contest:
    """These are two portfolios, and the region in which they meet."""

    portfolio: str
    """The one that is asked about."""
    against: str
    """The one that it is compared with."""
    plans: npt.NDArray[np.float32]
    """Their levels of each lever by week, shape (2, L, T)."""
    start: OwnStart
    """The region, and where each future of it begins."""
    posterior: Posterior | None = None
    """Joint draws of the parameters of which data tell; None: all are drawn from their priors."""
    tell: Tell = say_nothing
    """Is told how many of the futures have been played."""
    spread: Spread = field(default_factory=Spread)
    """How technology spreads, of which each future takes its own."""
    workers: Any = 1
    """Processes, or a client of Dask; the differences are the same for any number of them."""

    def difference(
        self,
        values: Floats,
        chance: npt.NDArray[np.int64],
        outcome: str,
        later: npt.NDArray[np.int64] | None = None,
    ) -> Floats:
        """Play futures under both portfolios.

        Args:
            values: a value for each of `PARAMETERS`, shape (F, Q).
            chance: a whole number that says what happens by chance, shape (F,).
            outcome: a key of `OUTCOMES`.
            later: a whole number that says how violence goes on after the first year, shape (F,);
                None: as `chance` says.

        Returns:
            The outcome of the first less that of the second over ten years, shape (F,); above 0
            the first does worse.
        """
        from tocsin.plan.compare import region_total, runs_by_name
        from tocsin.plan.region.model import WHOLE, Model
        from tocsin.plan.region.runs import play_futures

        drawn = values.T.astype(np.float32)
        self.tell("Finding the start", None)
        begun = self.start.begin(chance, drawn, seed=0, later=later)
        model = Model(paths="region") if self.ruled else WHOLE
        played = play_futures(
            chance, self.plans, begun, seed=0, values=drawn, model=model, shown=0,
            workers=self.workers,
            on_done=lambda done, of: self.tell("Playing futures", done / of),
        )  # fmt: skip
        runs = runs_by_name(played, (self.portfolio, self.against))
        totals = {name: run.totals[outcome] for name, run in runs.items()}
        for portfolio in self.ruled:
            totals[portfolio] = self._follow_rules(portfolio, outcome, chance, drawn, begun)
        one, two = (region_total(outcome, totals[name]) for name in totals)
        return np.asarray(one - two)

    @property
    def ruled(self) -> tuple[str, ...]:
        """Those of the two that have rules, which are played in each future by itself."""
        both = self.portfolio, self.against
        return tuple(name for name in both if self.start.file.find(name).rules)

    def _follow_rules(
        self, name: str, outcome: str, chance: Numbers, drawn: npt.NDArray[np.float32], begun: Begun
    ) -> Floats:
        """The outcome of a portfolio whose rules fire when they fire, block after block, since the
        levels of levers are of each future."""
        from tocsin.plan.compare import runs_by_name
        from tocsin.plan.portfolios.adapt import play_rules
        from tocsin.plan.portfolios.course import MONTHS_A_YEAR
        from tocsin.plan.region.levels import ruled_levels
        from tocsin.plan.region.model import Model
        from tocsin.plan.region.runs import play_futures, some_begun

        file, portfolio, found = self.start.file, self.start.file.find(name), []
        for first in range(0, len(chance), BLOCK):
            which = slice(first, first + BLOCK)
            self.tell("Following rules", first / len(chance))
            last: list[PortfolioRun] = []

            def play(plans: Any, which: slice = which, last: list[PortfolioRun] = last) -> Any:
                played = play_futures(
                    chance[which], plans, some_begun(begun, which), seed=0, values=drawn[:, which],
                    model=Model(paths="region"), shown=0, workers=self.workers,
                )  # fmt: skip
                last.append(runs_by_name(played, [""])[""])
                return last[-1].paths

            def levels(fired: Any, some: int = len(chance[which])) -> Any:
                return ruled_levels(file, portfolio, (), fired, some)

            play_rules(play, levels, portfolio.rules, per_year=MONTHS_A_YEAR)
            found.append(last[-1].totals[outcome])
        return np.concatenate(found)

    def tell_start(self) -> str:
        """Say in which futures the two meet, in a sentence for people."""
        if self.start.drawn is None:
            return "All futures begin at the forecast's mean: the workspace has no draws of it."
        return (
            "Each future begins at its own level and goes on in its own course, as those of "
            "`tocsin plan` do."
        )


def contest(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    portfolio: str,
    against: str | None = None,
    *,
    file: PortfolioFile | None = None,
    posterior: Posterior | None = None,
    workers: Any = 1,
    tell: Tell = say_nothing,
) -> Contest:
    """Prepare two portfolios to be compared.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty), as `plan` takes them; with
            `forecast_draws` each future has a level of its own, as those of `plan` have.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        portfolio: the name of a portfolio.
        against: the name of another; None: the status quo.
        file: the file of portfolios that holds both; None: the one that ships. Their rules fire in
            each future by itself, as those of `plan` do.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
        workers: processes that play futures, or a client of Dask.
        tell: is told, while futures are played, what part of them has been.

    Returns:
        The two, and the region that they start in.

    Raises:
        UsageError: there is no such portfolio, or both are the same.
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `plan` is not installed.
    """
    jax_for("plan")
    from tocsin.plan.portfolios import SHIPPED
    from tocsin.plan.region.levels import weekly_levels
    from tocsin.plan.region.outcomes import YEARS
    from tocsin.plan.region.start.own import read_own_start
    from tocsin.schema.vocabulary.portfolio import STATUS_QUO

    file = file or SHIPPED
    other = against or STATUS_QUO
    both = [file.find(name) for name in (portfolio, other)]
    if portfolio == other:
        raise UsageError(f"'{portfolio}' cannot be compared with itself.")
    held = posterior or shipped_posterior()
    start = read_own_start(tables, gwnos, file, posterior=held, years=YEARS, workers=workers)
    plans = weekly_levels(file, both)
    return Contest(portfolio, other, plans, start, held, tell, start.region.spread, workers)


JOINT = "calibrated together"
"""The one input that stands for all parameters of which data tell, since these are not independent
of each other: it chooses a joint draw."""


def inputs(posterior: Posterior | None, spread: Spread | None = None) -> dict[str, str]:
    """List what varies between futures, each independent of all the others.

    Args:
        posterior: joint draws of some parameters; None: all are drawn from their priors.
        spread: how technology spreads in the region, which says what its place rests on (one input
            for all that is drawn with it); None: as the parameter itself says.

    Returns:
        Names with what each rests on: the parameters that are drawn from priors, and `JOINT` where
        there are joint draws.
    """
    known = posterior.names if posterior else ()
    every = PARAMETERS if spread is None else spread.tell_basis(PARAMETERS)
    found: dict[str, str] = {item.name: item.basis for item in every if item.name not in known}
    return found | ({JOINT: "calibrated"} if posterior else {})


def scale_parameters(uniform: Floats, posterior: Posterior | None = None) -> Floats:
    """Turn numbers from 0 to 1 into values of parameters.

    Args:
        uniform: shape (F, I), a column for each of `inputs`. A design that spreads its numbers
            evenly (Sobol, a Latin hypercube) spreads them evenly over joint draws, too.
        posterior: joint draws of some parameters.

    Returns:
        Values in each parameter's unit, shape (F, Q), a column for each of `PARAMETERS`.
    """
    shares = np.zeros((len(PARAMETERS) + 1, len(uniform)))
    for place, name in enumerate(inputs(posterior)):
        shares[-1 if name == JOINT else NAMES.index(name)] = uniform[:, place]
    return scale(shares, posterior=posterior).T


def ranges(posterior: Posterior | None) -> dict[str, tuple[float, float]]:
    """Give the ends between which each parameter is drawn.

    Args:
        posterior: joint draws of some parameters.

    Returns:
        For each of `PARAMETERS` the ends of its prior, or its least and greatest draw.
    """
    found = {item.name: (float(item.low), float(item.high)) for item in PARAMETERS}
    if posterior is not None:
        low, high = posterior.draws.min(axis=0), posterior.draws.max(axis=0)
        for place, name in enumerate(posterior.names):
            found[name] = (float(low[place]), float(high[place]))
    return found
