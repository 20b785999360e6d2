"""A series as a matrix: territories × months, NaN where a state did not yet exist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.moved import old_name
from tocsin.errors import StageNotReady
from tocsin.schema.vocabulary.release import newest_series

Matrix = npt.NDArray[np.float64]
REPORTING_MONTHS = 12
"""A unit without a count in so many of the latest months is left out of a forecast."""


@dataclass(frozen=True)
class Panel:
    """This holds the counts of one target: `deaths[i, t]` is that of unit i in month t.

    `deaths` has the shape (N, T), in deaths a month, and is NaN where a count is unknown. `gwnos`
    and `territories` are the numbers and names of the N units, `months` the first days of the T
    months.

    `taught_by` is the history that a model learns from, where it is not this one: a forecast
    that asks 'what if' changes what is known, not what was learned.
    """

    gwnos: tuple[int, ...]
    territories: tuple[str, ...]
    months: tuple[date, ...]
    target: str
    deaths: Matrix
    taught_by: Panel | None = None

    def left_out(self) -> npt.NDArray[np.bool_]:
        """Find out which units are not forecast because they no longer report.

        A unit is left out where none of the last `REPORTING_MONTHS` months has a count.

        Returns:
            True where a unit is left out, shape (N,).
        """
        return np.asarray(np.isnan(self.deaths[:, -REPORTING_MONTHS:]).all(axis=1))

    @old_name("tocsin.anticipate.data.panel.Panel.left_out")
    def living(self) -> npt.NDArray[np.bool_]:
        """Find the units that `left_out` does not name, shape (N,); it is an old name."""
        return ~self.left_out()

    def order_units(self) -> tuple[Panel, npt.NDArray[np.int64]]:
        """Put the units into an order that follows from their counts alone.

        A model that draws random numbers unit by unit then gives the same whatever the units are
        called and in whichever order they came.

        Returns:
            The panel in that order, and which row of this one each of its rows is, shape (N,).
        """
        rows = order_of_counts(self.deaths)
        panel = replace(
            self,
            gwnos=tuple(self.gwnos[i] for i in rows),
            territories=tuple(self.territories[i] for i in rows),
            deaths=self.deaths[rows],
        )
        return panel, rows

    def upto(self, month: date) -> Panel:
        """Give the panel as it was known at the end of a month, without units not yet seen then.

        Args:
            month: the first day of the last month that is kept.

        Returns:
            A panel with fewer months, and perhaps fewer units.
        """
        width = sum(one <= month for one in self.months)
        seen = ~np.isnan(self.deaths[:, :width]).all(axis=1)
        keep = np.flatnonzero(seen).tolist()
        return Panel(
            tuple(self.gwnos[i] for i in keep),
            tuple(self.territories[i] for i in keep),
            self.months[:width],
            self.target,
            self.deaths[keep, :width],
        )


def order_of_counts(deaths: Matrix) -> npt.NDArray[np.int64]:
    """Sort units by their counts, whatever they are called; equal units keep their order.

    Args:
        deaths: deaths a month, shape (N, T).

    Returns:
        Rows of `deaths` in that order, shape (N,).

    >>> order_of_counts(np.array([[3.0, 0.0], [0.0, 0.0]])).tolist()
    [1, 0]
    """
    rows = sorted(range(len(deaths)), key=lambda row: deaths[row].tobytes())
    return np.array(rows, dtype=np.int64)


def panel(series: pl.DataFrame) -> Panel:
    """Make a panel without gaps in its months from the table `series`, of one target.

    If several data sets give a count, the newest statement counts.

    Args:
        series: the table `series`.

    Returns:
        The panel; NaN where a month has no count.

    Raises:
        StageNotReady: there is no row, or there are several targets.
    """
    series = newest_series(series) if "source" in series.columns else series
    targets = series["target"].unique().to_list()
    if len(targets) != 1:
        raise StageNotReady(f"One target is forecast at a time; here are {len(targets)}.")
    first, last = _day(series["month"].min()), _day(series["month"].max())
    count = months_between(first, last) + 1
    months = tuple(add_months(first, step) for step in range(count))
    units = series.sort("month").group_by("gwno").agg(pl.col("territory").last()).sort("gwno")
    row = {gwno: i for i, gwno in enumerate(units["gwno"].to_list())}
    deaths = np.full((len(row), count), np.nan)
    for gwno, month, value in series.select("gwno", "month", "deaths").iter_rows():
        deaths[row[gwno], months_between(first, month)] = value
    return Panel(tuple(row), tuple(units["territory"].to_list()), months, targets[0], deaths)


def add_months(month: date, step: int) -> date:
    """Give the first day of the month that lies so many months on.

    Args:
        month: any day of a month.
        step: how many months on; negative numbers go back.

    >>> add_months(date(2021, 11, 1), 2)
    datetime.date(2022, 1, 1)
    """
    index = month.year * 12 + month.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """Count how many months `last` lies after `first`; the days of the month do not matter.

    Args:
        first, last: any days of the two months.
    """
    return (last.year - first.year) * 12 + last.month - first.month


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise StageNotReady("The series has no months.", remedy="Observe a country-month series.")
    return value
