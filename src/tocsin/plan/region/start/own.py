"""Where a future begins by itself, whatever other futures are played beside it.

A comparison finds the levels of all its futures together (`tocsin.plan.region.calibrate`): the one
with the most deaths gets the forecast's highest quantile. Designs over parameters, searches and
exercises play futures in any company, or one alone, and what a future is must not hang on the
others. So it gets the quantile at its rank among reference futures, which are drawn as those of a
comparison are; over many futures both come to the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.posterior import Posterior, shipped_posterior
from tocsin.plan.region.start import Start, first_year, read_start
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.portfolios.declared import PortfolioFile
    from tocsin.plan.region.calibrate import Level
    from tocsin.plan.region.model import Begun

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
REFERENCE = 2_048
"""Futures among which each has its rank."""
APART = 2**30
"""The number of the first of them, above those of futures that are asked for."""
BLOCK = 2_048
"""Futures whose levels are found at once, so that memory is bounded."""
MOST_KEPT = 1_000_000
"""Futures × territories × years (and one) of levels that are kept for another time, 8 bytes each:
more would push out of the cache what other fits keep there."""


@dataclass(frozen=True)
class OwnStart:
    """This is what decides where each future of a region begins."""

    region: Start
    """The region, at the mean of its forecast."""
    file: PortfolioFile
    """Holds the status quo."""
    posterior: Posterior
    """Joint draws of the parameters of which data tell."""
    drawn: tuple[Doubles, int] | None
    """Draws of the forecast's sum over the first months, (N, S), and how many months; None: all
    futures begin at the mean."""
    years: int
    """How many years are played, 3 or more; the levels of so many are found."""
    workers: Any = 1
    """Processes, or a client of Dask; levels are the same for any number of them."""

    def begin(
        self, numbers: Numbers, values: Floats, *, seed: int, later: Numbers | None = None
    ) -> Begun:
        """Give the arrays in which futures begin.

        Args:
            numbers: what happens by chance in each, whole numbers of shape (F,).
            values: a value for each of the model's parameters, (Q, F).
            seed: start of all random numbers.
            later: what happens by chance to the course of the years after the first, whole numbers
                of shape (F,); None: as `numbers` say.

        Returns:
            Where they begin; the same for a future in any company.
        """
        from tocsin.plan.region.calibrate import remember_level
        from tocsin.plan.region.levels import held_levels

        held = held_levels(self.file)
        if self.drawn is None:
            return self.region.begin(held, values=values)
        decides = (
            repr(self.file.portfolios[STATUS_QUO]), repr(self.file.levers), self.region, self.drawn,
            self.posterior, self.years, numbers, values, seed, later,
        )  # fmt: skip
        chance = numbers, numbers if later is None else later
        if values.shape[1] * len(self.region.level) * (1 + self.years) > MOST_KEPT:
            level = self._find(chance, values, seed)
        else:
            level = remember_level(decides, lambda: self._find(chance, values, seed))
        return self.region.begin(held, level, values)

    def _find(self, chance: tuple[Numbers, Numbers], values: Floats, seed: int) -> Level:
        """The level of each future, block after block."""
        from tocsin.plan.region.calibrate import Level

        reference = self._reference(seed)
        parts = []
        for first in range(0, values.shape[1], BLOCK):
            some = slice(first, first + BLOCK)
            both = chance[0][some], chance[1][some]
            parts.append(self._find_block(both, values[:, some], seed, reference))
        return Level(
            np.concatenate([one.deaths for one in parts]),
            np.concatenate([one.sizes for one in parts]),
            np.concatenate([np.asarray(one.course) for one in parts], axis=1),
            np.concatenate([np.asarray(one.swell) for one in parts], axis=1),
        )

    def _find_block(
        self, chance: tuple[Numbers, Numbers], values: Floats, seed: int, reference: Floats
    ) -> Level:
        from tocsin.plan.region.calibrate import find_level
        from tocsin.plan.region.chance import draw_ties
        from tocsin.plan.region.model import Model

        assert self.drawn is not None
        numbers, later = chance
        ties = draw_ties(numbers, len(self.region.level), seed=seed)
        return find_level(
            lambda level, years: self._deaths(numbers, values, level, years, seed),
            self.region.level, self.region.record, self.drawn, values,
            model=Model(paths="region"), seed=seed, numbers=later,
            shares=lambda seen: shares_among(reference, seen, ties), years=self.years,
        )  # fmt: skip

    def _reference(self, seed: int) -> Floats:
        """Deaths of the first months in the reference futures at one level, sorted, (R, N)."""
        from tocsin.plan.region.calibrate import begin_common
        from tocsin.plan.region.parameters import draw

        numbers = np.arange(REFERENCE, dtype=np.int64) + APART
        values = np.asarray(draw(seed, numbers, posterior=self.posterior))
        common = begin_common(self.region.level, REFERENCE)
        return np.sort(self._deaths(numbers, values, common, 1, seed)[0], axis=0)

    def _deaths(
        self, numbers: Numbers, values: Floats, level: Level, years: int, seed: int
    ) -> Floats:
        """Deaths under the status quo over so many years, (years, F, N)."""
        from tocsin.plan.region.calibrate import play_years
        from tocsin.plan.region.levels import held_levels, weekly_levels
        from tocsin.plan.region.model import Model
        from tocsin.plan.region.runs import play_futures

        assert self.drawn is not None
        plans = weekly_levels(self.file, [self.file.portfolios[STATUS_QUO]])
        held = held_levels(self.file)

        def play(level: Level, weeks: int) -> Floats | None:
            return play_futures(
                numbers, plans, self.region.begin(held, level, values), seed=seed, values=values,
                weeks=weeks, model=Model(paths="region"), shown=len(numbers), workers=self.workers,
            ).quarters  # fmt: skip

        return play_years(play, level, years, months=self.drawn[1])


def read_own_start(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    file: PortfolioFile,
    *,
    posterior: Posterior | None = None,
    years: int,
    workers: Any = 1,
) -> OwnStart:
    """Read from tables where each future of a region begins.

    Args:
        tables: as `read_start` takes them, and `forecast_draws`; without these all futures begin at
            the mean of the forecast.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        file: the file of portfolios that holds the status quo.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
        years: how many years will be played.
        workers: processes, or a client of Dask.

    Returns:
        What decides where each begins.

    Raises:
        StageNotReady, UsageError: as `read_start` does.
    """
    region = read_start(tables, gwnos)
    held = posterior or shipped_posterior()
    return OwnStart(region, file, held, first_year(tables, region), years, workers)


def shares_among(reference: Floats, seen: Floats, ties: Doubles) -> Doubles:
    """Tell which share of reference futures has fewer deaths than each future.

    Args:
        reference: deaths of R futures, sorted along the first axis, (R, N).
        seen: deaths of F futures, (F, N).
        ties: the place of each future among those with as many deaths, from 0 to 1, (F, N).

    Returns:
        Shares above 0 and below 1, (F, N), spread evenly where `seen` is drawn as `reference` is.

    >>> shares_among(np.float32([[0], [0], [5]]), np.float32([[0], [4]]), np.array([[0.75], [0.5]]))
    array([[0.5       ],
           [0.66666667]])
    """
    found, half = np.empty(seen.shape), 0.5 / len(reference)
    for place in range(seen.shape[1]):
        below, upto = (
            np.searchsorted(reference[:, place], seen[:, place], side) for side in ("left", "right")
        )
        found[:, place] = (below + ties[:, place] * (upto - below)) / len(reference)
    return np.clip(found, half, 1 - half)
