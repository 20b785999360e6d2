"""Two portfolios in the same futures, whose parameters are chosen and not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
    from tocsin.plan.portfolios.declared import PortfolioFile
    from tocsin.plan.region.start.own import OwnStart

Floats = npt.NDArray[np.float64]
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
        from tocsin.plan.region.runs import play_futures

        drawn = values.T.astype(np.float32)
        self.tell("Finding the start", None)
        begun = self.start.begin(chance, drawn, seed=0, later=later)
        played = play_futures(
            chance, self.plans, begun, seed=0, values=drawn,
            on_done=lambda done, of: self.tell("Playing futures", done / of),
        )  # fmt: skip
        runs = runs_by_name(played, ("one", "other"))
        one, two = (region_total(outcome, runs[name].totals[outcome]) for name in runs)
        return np.asarray(one - two)

    def tell_start(self) -> str:
        """Say in which futures the two meet, in a sentence for people."""
        if self.start.drawn is None:
            return "All futures begin at the forecast's mean: the workspace has no draws of it."
        return (
            "Each future begins at its own level and goes on in its own course, as those of "
            "`tocsin plan` do; rules of portfolios are left aside."
        )


def contest(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    portfolio: str,
    against: str | None = None,
    *,
    file: PortfolioFile | None = None,
    posterior: Posterior | None = None,
    tell: Tell = say_nothing,
) -> Contest:
    """Prepare two portfolios to be compared.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty), as `plan` takes them; with
            `forecast_draws` each future has a level of its own, as those of `plan` have.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        portfolio: the name of a portfolio.
        against: the name of another; None: the status quo.
        file: the file of portfolios that holds both; None: the one that ships. Their rules are
            left aside, since they would differ from future to future.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
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
    start = read_own_start(tables, gwnos, file, posterior=held, years=YEARS)
    plans = weekly_levels(file, both)
    return Contest(portfolio, other, plans, start, held, tell, start.region.spread)


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
