"""Where the simulation starts: what the tables say of each territory now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.errors import StageNotReady, UsageError
from tocsin.plan.region.start.spread import Spread, read_spread
from tocsin.schema.geography.shapes import neighbour_shares
from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.tables.assessed.incident import with_counts
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

if TYPE_CHECKING:
    from tocsin.plan.region.calibrate import Level
    from tocsin.plan.region.model import Begun

WEEKS_A_YEAR = 52
UNSEEN = 0.1
"""Capability taken for a class of which no report tells: not seen is not absent."""
HALFWAY = 20.0
"""Expected incidents in the latest year at which capability stands at about 0.6."""


YEAR = 12
"""Months of the forecast that the status quo reproduces."""
RECORD, LATELY = 20, 3
"""Years before the forecast whose deaths say how peaceful a territory has been, and was lately."""


@dataclass(frozen=True)
class Start:
    """This is the region at month 0, with N territories and K technology classes."""

    gwnos: tuple[int, ...]
    territories: tuple[str, ...]
    level: npt.NDArray[np.float32]
    """Deaths a month, shape (N,): the mean of the forecasts for the first year."""
    capability: npt.NDArray[np.float32]
    """Between 0 and 1, shape (N, K)."""
    border: npt.NDArray[np.float32]
    """Share of each neighbour in what reaches a territory, shape (N, N), rows sum to 0 or 1."""
    spread: Spread = field(default_factory=Spread)
    """How technology spreads, where each future takes its own."""
    record: npt.NDArray[np.float32] | float = 0.0
    """Mean of log(1 + deaths a year) in the 3 and in the 20 years before, shape (N, 2), or one for
    all."""

    def begin(
        self, held: npt.NDArray[np.float32], level: Level | None = None, values: Any = None
    ) -> Begun:
        """Give the arrays in which a run begins.

        Args:
            held: the level of each lever in force, shape (L,).
            level: of each future; None: `level` for all.
            values: of each future, as `Spread.of_futures` takes them; None: no future takes a
                joint draw of how technology spreads.
        """
        from tocsin.plan.region.model import Begun

        monthly = self.level[:, None] if level is None else level.deaths.T
        weekly = (monthly * (12 / WEEKS_A_YEAR)).astype(np.float32)
        sizes = np.ones_like(weekly) if level is None else level.sizes.T
        begun = Begun(
            weekly, sizes, self.capability, self.border,
            **self.spread.of_futures(values), held=held, record=self.record,
        )  # fmt: skip
        if level is None or level.course is None:
            return begun
        swell = np.zeros_like(level.course) if level.swell is None else level.swell
        return begun._replace(
            course=level.course.transpose(0, 2, 1), swell=swell.transpose(0, 2, 1)
        )


def read_start(tables: Mapping[str, pl.DataFrame], gwnos: list[int]) -> Start:
    """Read from tables where the simulation starts.

    Territories without a forecast are left out.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty). With `diffusion_draws`
            each future takes channels and pace as they were measured together, with
            `diffusion_shares` and `diffusion_hazards` alone by intervals; with `series`
            (and `incident_series`, which counts events where no series tells) the record is that
            of the territories, else it is taken to be as the forecast's mean.
        gwnos: the Gleditsch-Ward numbers of the region's territories.

    Returns:
        Level, capability and borders of the territories that have a forecast.

    Raises:
        StageNotReady: none of the region's territories has a forecast, or a table is missing.
        UsageError: a number is no territory's or stands twice, or a forecast is no number of
            deaths.
    """
    _check_given(tables, gwnos)
    first_year = tables["forecasts"].filter(pl.col("horizon") <= 12, pl.col("gwno").is_in(gwnos))
    means = dict(first_year.group_by("gwno").agg(pl.col("mean").mean()).iter_rows())
    kept = [number for number in gwnos if number in means]
    if not kept:
        raise StageNotReady(
            "No territory of the region has a forecast.",
            remedy="Check [region.territories] in tocsin.toml against the series observed.",
        )
    return Start(
        tuple(kept),
        tuple(by_gwno(number).name for number in kept),
        np.array([means[number] for number in kept], np.float32),
        _capability(tables["adoption"], kept),
        neighbour_shares(kept),
        read_spread(tables),
        _record(tables, kept, first_year),
    )


def _check_given(tables: Mapping[str, pl.DataFrame], gwnos: list[int]) -> None:
    """Refuse territories that there are not, or twice, and forecasts that are no numbers."""
    for name in ("forecasts", "adoption"):
        if name not in tables:
            raise StageNotReady(
                f"The table '{name}' is missing, from which the model begins.",
                remedy="It may be empty, but has to be there." if name == "adoption" else "",
            )
    for place, gwno in enumerate(gwnos):
        name = by_gwno(gwno).name
        if gwno in gwnos[:place]:
            raise UsageError(f"{name} ({gwno}) stands twice among the region's territories.")
    mine = tables["forecasts"].filter(pl.col("gwno").is_in(gwnos))
    wrong = mine.filter(~(pl.col("mean").is_finite() & (pl.col("mean") >= 0)).fill_null(False))
    if wrong.height:
        row = wrong.row(0, named=True)
        raise UsageError(
            f"The forecast's mean of {row['mean']} deaths cannot be.",
            where=f"table 'forecasts', {by_gwno(row['gwno']).name} ({row['gwno']})",
        )


def first_year(
    tables: Mapping[str, pl.DataFrame], start: Start
) -> tuple[npt.NDArray[np.float64], int] | None:
    """Add up the forecast's draws over the first year, or over as many whole quarters as it has.

    Args:
        tables: `forecast_draws` among them, or not.
        start: the territories, in whose order the sums stand.

    Returns:
        Draws of the sums in deaths, shape (N, S), and the number of months; None without draws of
        every territory for a quarter at least.
    """
    draws = tables.get("forecast_draws")
    if draws is None or draws.is_empty():
        return None
    ahead = draws.filter(pl.col("gwno").is_in(start.gwnos)).with_columns(
        pl.col("month").rank("dense").over("gwno").alias("ahead")
    )
    if ahead.is_empty():
        return None
    months = min(YEAR, int(ahead["ahead"].max())) // 3 * 3  # type: ignore[arg-type]
    each = {
        gwno: np.array(part["draws"].to_list()).sum(axis=0)
        for (gwno,), part in ahead.filter(pl.col("ahead") <= months).group_by("gwno")
    }
    if set(each) != set(start.gwnos) or len({len(one) for one in each.values()}) != 1:
        return None
    return np.stack([each[gwno] for gwno in start.gwnos]), months


def _record(
    tables: Mapping[str, pl.DataFrame], gwnos: list[int], forecasts: pl.DataFrame
) -> npt.NDArray[np.float32]:
    """The mean of log(1 + deaths a year) over the 3 and the 20 twelvemonths before the forecast."""
    yearly = forecasts.group_by("gwno").agg((12 * pl.col("mean").mean()).log1p())
    found = {number: (one, one) for number, one in yearly.iter_rows()}
    series, counts = tables.get("series"), tables.get("incident_series")
    if series is not None and counts is not None:
        series = with_counts(series, counts)
    if series is not None and not series.is_empty() and "origin" in forecasts.columns:
        origin = forecasts["origin"].max()
        ago = (pl.lit(origin).dt.year() - pl.col("month").dt.year()) * 12 + (
            pl.lit(origin).dt.month() - pl.col("month").dt.month()
        )
        known = series.filter(
            pl.col("target") == forecasts["target"][0], pl.col("gwno").is_in(gwnos)
        ).with_columns(year=ago // YEAR)
        whole = (
            known.filter(pl.col("year").is_between(0, RECORD - 1))
            .group_by("gwno", "year")
            .agg(pl.col("deaths").sum(), pl.len().alias("months"))
            .filter(pl.col("months") == YEAR)
        )
        means = whole.group_by("gwno").agg(
            pl.col("deaths").sort_by("year").head(LATELY).log1p().mean().alias("lately"),
            pl.col("deaths").log1p().mean(),
        )
        found |= {number: (lately, all_of_it) for number, lately, all_of_it in means.iter_rows()}
    return np.array([found[number] for number in gwnos], np.float32)


def _capability(adoption: pl.DataFrame, gwnos: list[int]) -> npt.NDArray[np.float32]:
    """Saturating in the expected incidents a year over the time that a class was seen."""
    found = np.full((len(gwnos), len(TECHNOLOGIES)), UNSEEN, np.float32)
    years = (pl.col("last_seen") - pl.col("first_seen")).dt.total_days() / 365.25
    yearly = adoption.group_by("gwno", "technology").agg(
        (pl.col("expected") / pl.max_horizontal(years, pl.lit(1.0))).sum().alias("rate")
    )
    for gwno, technology, rate in yearly.select("gwno", "technology", "rate").iter_rows():
        if gwno in gwnos:
            level = 1 - np.exp(-rate / HALFWAY)
            found[gwnos.index(gwno), TECHNOLOGIES.index(technology)] = max(level, UNSEEN)
    return found
