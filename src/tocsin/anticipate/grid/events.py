"""From reported events to deaths a cell and month.

A report counts in the cell of its point where the place is known to a district or better (UCDP's
precision 1 to 3). Coarser places (a province, a stretch of border, a country, the sea) have a
point only for show: they stay out of the cells and are counted as `unplaced`, rather than heap
a province's dead on one cell. A report over several months is split by days, in whole deaths.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from tocsin.anticipate.data.panel import Panel, add_months, months_between
from tocsin.errors import StageNotReady, UsageError
from tocsin.schema.geography.prio_grid import cells_of, gid
from tocsin.schema.vocabulary.producer import producer
from tocsin.schema.vocabulary.release import newest

PLACED = 3
"""Coarsest precision of place that has a cell."""
TARGETS: dict[str, tuple[str, ...]] = {
    "ged_sb": ("state-based",),
    "ged_ns": ("non-state",),
    "ged_os": ("one-sided",),
    "ged_total": ("state-based", "non-state", "one-sided"),
}
"""Types of event that each target counts."""


COLUMNS = (
    "native_id", "source", "updated", "source_file", "gwno", "territory", "date_start", "date_end",
    "event_type", "place_prec", "latitude", "longitude", "deaths_best",
)  # fmt: skip
"""Columns of the table `reports` that are looked at."""


@dataclass(frozen=True)
class CellMonths:
    """This holds deaths by cell and month, and the deaths that could not be placed in a cell.

    `deaths` has the columns `gid, gwno, month, deaths`, with a row where there are any; `spans` has
    the months that each territory's files cover, `gwno, territory, first, last`; `unplaced` has the
    deaths that stay out of the cells, `gwno, territory, reports, deaths, share` (of all the
    territory's deaths). `later` counts the deaths that reports over several months have in months
    after their territory's files end, of which nothing else is known.
    """

    deaths: pl.DataFrame
    spans: pl.DataFrame
    unplaced: pl.DataFrame
    target: str
    later: int = 0


def as_reports(incidents: pl.DataFrame) -> pl.DataFrame:
    """Give incidents the shape of reports, each event once, however many reports tell of it.

    A territory is taken to be covered from its first incident to its last, and no further: which of
    several files a silence comes from is not known any more.

    Args:
        incidents: the table `incidents` of a workspace.

    Returns:
        The columns that `cell_months` looks at. A total of other events has no deaths.
    """
    return incidents.select(
        pl.col("incident_id").alias("native_id"),
        pl.lit("incidents").alias("source"),
        pl.lit(None, pl.String).alias("updated"),
        pl.format("incidents of {}", "gwno").alias("source_file"),
        *COLUMNS[4:],
    )


def cell_months(reports: Iterable[pl.DataFrame], target: str) -> CellMonths:
    """Add up reports to deaths by cell and month: each event once, as its newest record says.

    Args:
        reports: parts of the table `reports`, for example one a file, in any order. Of an event
            that stands in several releases or versions, the newest counts
            (`tocsin.schema.vocabulary.release`).
        target: one of `TARGETS`, the kind of deaths that are counted.

    Returns:
        Whole deaths by cell and month, and those that could not be placed.

    Raises:
        UsageError: there is no such target; or two producers tell of one territory in the same
            months, so that the same deaths would be counted twice.
        StageNotReady: no report is of that target.
    """
    if target not in TARGETS:
        raise UsageError(f"'{target}' is no target of cells.", remedy=", ".join(TARGETS))
    parts = [part.select(COLUMNS) for part in reports]
    if not any(part.height for part in parts):
        raise StageNotReady("There is no report.", remedy="Name a file of events.")
    every = pl.concat(parts)
    counted = newest(every).filter(
        pl.col("event_type").is_in(TARGETS[target]), pl.col("deaths_best").fill_null(0) > 0
    )
    _refuse_two_voices(counted)
    spans = _spans(every)
    added = _sums(counted)
    if added.is_empty():
        raise StageNotReady(f"No report counts towards {target}.", remedy="Choose another target.")
    known = added.join(spans.select("gwno", "last"), on="gwno").filter(
        pl.col("month") <= pl.col("last")
    )
    later = sum(added["deaths"].to_list()) - sum(known["deaths"].to_list())
    added = known.drop("last")
    placed = added.filter(pl.col("gid") > 0)
    return CellMonths(placed, spans, _count_unplaced(added, spans), target, later)


def grid_panel(found: CellMonths) -> Panel:
    """Make a panel of all cells; its `gwnos` are the cells, its `territories` their countries.

    A cell belongs to the territory of its centre. A cell beside a border or a coast that is no
    territory's, but in which a report lies, is a unit from its first report on, of that report's
    territory; before, nobody could know of it. A month outside a territory's files is unknown, a
    month within without a report is zero.

    Args:
        found: deaths by cell and month, from `cell_months`.

    Returns:
        A panel of N cells and T months, in the order of the cells' numbers; `deaths` is in whole
        deaths, NaN where unknown.
    """
    names: dict[int, str] = dict(found.spans.select("gwno", "territory").iter_rows())
    owner = {number: gwno for gwno in names for number in cells_of(gwno)}
    strangers: dict[int, date] = {}
    for number, gwno, month in _in_order(found.deaths):
        if number not in owner:
            owner[number], strangers[number] = gwno, month
    gids = sorted(owner)
    first, last = min(found.spans["first"]), max(found.spans["last"])
    deaths = np.full((len(gids), months_between(first, last) + 1), np.nan)
    span = {row[0]: row[1:] for row in found.spans.select("gwno", "first", "last").iter_rows()}
    for i, number in enumerate(gids):
        begins, ends = span[owner[number]]
        begins = strangers.get(number, begins)
        deaths[i, months_between(first, begins) : months_between(first, ends) + 1] = 0.0
    place = {number: i for i, number in enumerate(gids)}
    for number, month, count in found.deaths.select("gid", "month", "deaths").iter_rows():
        i, t = place[number], months_between(first, month)
        deaths[i, t] = np.nan_to_num(deaths[i, t]) + count
    months = tuple(add_months(first, step) for step in range(deaths.shape[1]))
    territories = tuple(names[owner[number]] for number in gids)
    return Panel(tuple(gids), territories, months, found.target, deaths)


def _in_order(deaths: pl.DataFrame) -> list[tuple[int, int, date]]:
    return list(deaths.sort("month", "gid", "gwno").select("gid", "gwno", "month").iter_rows())


def _refuse_two_voices(counted: pl.DataFrame) -> None:
    """Two producers that tell of one territory in the same months tell of the same deaths.

    Raises:
        UsageError: names the territory and both.
    """
    months = pl.col("date_start").dt.month_start()
    told = (
        counted.group_by("gwno", producer().alias("producer"))
        .agg(pl.col("territory").first(), months.min().alias("first"), months.max().alias("last"))
        .sort("gwno", "producer")
    )
    beside = told.join(told, on="gwno", suffix="_b", maintain_order="left_right").filter(
        pl.col("producer") < pl.col("producer_b"),
        pl.col("first") <= pl.col("last_b"),
        pl.col("first_b") <= pl.col("last"),
    )
    if beside.is_empty():
        return
    row = beside.row(0, named=True)
    raise UsageError(
        f"{row['producer']} and {row['producer_b']} both tell of {row['territory']} in the same "
        "months: their reports of the same events would be counted twice.",
        remedy="Name the files of one of them; to link both, `tocsin observe` them and run "
        "`tocsin assess`.",
    )


def _spans(reports: pl.DataFrame) -> pl.DataFrame:
    """The months that a file covers are taken for all of its territories."""
    start = pl.col("date_start").dt.month_start()
    files = reports.sort("date_start", "gwno", "territory")
    whole = files.group_by("source_file").agg(start.min().alias("first"), start.max().alias("last"))
    return (
        files.group_by("source_file", "gwno", maintain_order=True)
        .agg(pl.col("territory").last())
        .join(whole, on="source_file", maintain_order="left")
        .group_by("gwno")
        .agg(pl.col("territory").last(), pl.col("first").min(), pl.col("last").max())
        .sort("gwno")
    )


_NONE = {"gid": pl.Int64, "gwno": pl.Int64, "month": pl.Date, "deaths": pl.Int64}


def _sums(counted: pl.DataFrame) -> pl.DataFrame:
    """Deaths by cell (0 where the place is too coarse), territory and month."""
    rows = []
    columns = ("gwno", "place_prec", "latitude", "longitude", "date_start", "date_end")
    for gwno, precision, latitude, longitude, start, end, deaths in counted.select(
        *columns, "deaths_best"
    ).iter_rows():
        known = precision <= PLACED and latitude is not None
        number = gid(latitude, longitude) if known else 0
        rows += [
            (number, gwno, month, count) for month, count in split_by_month(start, end, deaths)
        ]
    keys = ["gid", "gwno", "month"]
    split_rows = pl.DataFrame(rows, schema=_NONE, orient="row")
    return split_rows.group_by(keys).agg(pl.col("deaths").sum()).sort(keys)


def split_by_month(start: date, end: date, deaths: int) -> list[tuple[date, int]]:
    """Divide the deaths of one report among its months, in proportion to the days in each.

    Args:
        start, end: the first and the last day of the report.
        deaths: whole deaths in the report.

    Returns:
        First day of the month, and whole deaths in it, for each month that gets any. They add up
        to `deaths`.

    The sum up to each month is rounded, so that it is never more than half a death from the share
    of the days so far: no part of the span gets more than its own.

    >>> split_by_month(date(2020, 1, 31), date(2020, 2, 2), 4)
    [(datetime.date(2020, 1, 1), 1), (datetime.date(2020, 2, 1), 3)]
    """
    first = start.replace(day=1)
    count = months_between(first, end) + 1
    if count == 1:
        return [(first, deaths)]
    months = [add_months(first, step) for step in range(count)]
    days = [(min(end, _month_end(month)) - max(start, month)).days + 1 for month in months]
    ends = list(itertools.accumulate(days))
    sums = [(2 * deaths * end + ends[-1]) // (2 * ends[-1]) for end in ends]
    whole = [after - before for before, after in itertools.pairwise([0, *sums])]
    return [(month, n) for month, n in zip(months, whole, strict=True) if n]


def _month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)


def _count_unplaced(added: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    total = added.group_by("gwno").agg(
        pl.col("deaths").sum().alias("all"),
        pl.col("deaths").filter(pl.col("gid") == 0).sum().alias("deaths"),
    )
    return (
        spans.select("gwno", "territory")
        .join(total, on="gwno")
        .select("gwno", "territory", "deaths", (pl.col("deaths") / pl.col("all")).alias("share"))
        .sort("gwno")
    )
