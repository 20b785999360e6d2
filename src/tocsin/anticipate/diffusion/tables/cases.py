"""Cases: an organisation at risk of a first use of a technology class, and when it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.tables.covariates import (
    check_covariates,
    first_known,
    join_covariates,
    read_covariate,
    standardise_covariates,
)
from tocsin.anticipate.diffusion.tables.headings import ADOPTIONS, TIMES, arrange, with_one
from tocsin.anticipate.diffusion.tables.names import note_of_spellings, plain_names
from tocsin.anticipate.diffusion.tables.status import Bools, end_spells, read_status
from tocsin.anticipate.diffusion.tables.times import (
    Clock,
    Floats,
    empty,
    find_clock,
    find_ends,
    is_endless,
    read_times,
)
from tocsin.anticipate.diffusion.tables.window import cut_to_window, end_with_periods, find_window
from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused, StageNotReady, UsageError
from tocsin.schema.handmade import refuse_missing

Places = npt.NDArray[np.int64]
WHERE = "the table of adoptions"
PAIR, PAIRS = "pair of organisation and class", "pairs of organisation and class"


@dataclass(frozen=True)
class Cases:
    """These are the cases: a row for each organisation and class.

    All arrays have shape (n,) unless it is said otherwise; times are in units of the clock.

    Args:
        actors, technologies, territories: the names, whose numbers the arrays hold.
        actor, technology, territory: number of each case's organisation, class and territory.
        entry, exit: times between which the organisation was there, cut to the window.
        low, high: times between which the first use lies; NaN where there was none. A first use at
            or before `entry` is a seed: it exposes others but is no event.
        stays: time until which a user goes on exposing others.
        covariates: shape (n, P), each with mean 0 and standard deviation 1.
        covariate_names: the names of the P covariates.
        covariate_scales: the standard deviation that each had, in its own unit.
        start, end: the ends of the window.
        clock: how the times of the table are counted.
        notes: what was done to doubtful rows, in sentences.
        refused: rows that could not be used: `row` (from 1), `column`, `value`, `reason`.
        delay: how long first uses take until they are told; the window ends that much before the
            day of which the table tells.
        period: how long the periods are by which first uses are told, as `spread_periods` finds
            them; 0 where they are told by instant.
        until: when the month, quarter, week or year ends by which a first use is told, cut to the
            window and the exit; NaN where it is told otherwise. `low` and `high` are its beginning.
    """

    actors: tuple[str, ...]
    technologies: tuple[str, ...]
    territories: tuple[str, ...]
    actor: Places
    technology: Places
    territory: Places
    entry: Floats
    exit: Floats
    low: Floats
    high: Floats
    stays: Floats
    covariates: Floats
    covariate_names: tuple[str, ...]
    covariate_scales: tuple[float, ...]
    start: float
    end: float
    clock: Clock
    notes: tuple[str, ...]
    refused: pl.DataFrame
    delay: float = 0.0
    period: float = 0.0
    until: Floats | None = None

    @property
    def adopts(self) -> npt.NDArray[np.bool_]:
        """Tell for each case whether it has a first use, shape (n,)."""
        return np.isfinite(self.high)


def read_cases(
    table: pl.DataFrame,
    *,
    covariates: Sequence[str] = (),
    more: pl.DataFrame | None = None,
    start: float | str | None = None,
    end: float | str | None = None,
    unit: str | None = None,
) -> Cases:
    """Check a table of first uses.

    Args:
        table: `actor, technology`, and `time` or `from, to` (between which it lies); empty where
            the organisation was at risk and never took it up. Optional: `entry, exit` (when the
            organisation was there), `territory`, and numbers named in `covariates`. Columns may
            have other names of `headings.ADOPTIONS`, and texts be written as an office does. A
            column of `status.HAPPENED` may say in which rows it did not happen.
        covariates: columns of numbers that may raise or lower the rate outside the network.
        more: more of them by organisation, as `join_covariates` takes them.
        start, end: the ends of the window. Where `start` is None, the window starts at 0 for
            numbers that are not years, else at the first time in the table. Where `end` is None, it
            ends at the last time in the table.
        unit: the unit of times that are numbers: 'day', 'week', 'month' or 'year'; None: as
            `find_clock` finds it.

    Returns:
        The cases. Rows that could not be used are in `refused` with their reason, and `notes` tells
        what was done to doubtful ones.

    Raises:
        SourceRefused: a column is missing, times are of two kinds, or no row can be used.
        StageNotReady: there is no first use after the window's start, or only one organisation.
        UsageError: the window is empty or an option names no column.
    """
    own = covariates if more is None else [one for one in covariates if one not in more.columns]
    made = arrange(table, ADOPTIONS, WHERE, numbers=own, whole=["time"])
    notes = list(made.assumed)
    table, happened = read_status(made.rows, own, WHERE, notes)
    table = with_one(table, "technology", [*ADOPTIONS, *own], WHERE, notes)
    _check_columns(table)
    if more is not None:
        table, covariates = join_covariates(table, more, covariates, notes)
    covariates = check_covariates(covariates, table.columns)
    clock = find_clock([table[name] for name in TIMES if name in table.columns], unit)
    read, refused = _read_rows(
        table, clock, covariates, notes, happened=happened, ends=find_ends(made, clock)
    )
    if not len(read):
        raise SourceRefused(
            "No row has an actor, a technology and readable times.",
            where=WHERE,
            remedy=_mend(refused),
        )
    read = _one_row_each(read, covariates, notes)
    for name in ("actor", "technology"):
        notes += note_of_spellings(read[name], read[name], WHERE)
    window = find_window(read, clock, start, end, _mend(refused))
    read = cut_to_window(read, window, notes)
    standard, scales = standardise_covariates(read, covariates, notes)
    actors = tuple(read["actor"].unique().sort().to_list())
    technologies = tuple(read["technology"].unique().sort().to_list())
    territories = tuple(read["territory"].unique().sort().to_list())
    entry, gone, low, high, stays, until = (
        read[name].to_numpy().astype(np.float64)
        for name in ("entry", "exit", "low", "high", "stays", "until")
    )
    cases = Cases(
        actors,
        technologies,
        territories,
        _numbers(read["actor"], actors),
        _numbers(read["technology"], technologies),
        _numbers(read["territory"], territories),
        entry,
        gone,
        low,
        high,
        stays,
        standard,
        covariates,
        scales,
        *window,
        clock,
        tuple(notes),
        refused,
        until=until,
    )
    return _usable(cases)


def move_back(cases: Cases, delay: float) -> Cases:
    """Take first uses to be earlier than they were told, and end the window as much earlier.

    What was first used since then cannot have been told yet, so that time says nothing (right
    truncation). Who left in it is not there any more when chances are told.

    Args:
        cases: cases whose first uses are dated by when they were told.
        delay: time between a first use and its telling, in units of the clock, 0 or more.

    Returns:
        The cases, with `delay` set.

    Raises:
        StageNotReady: the window is no longer than the delay, or no first use is left after entry.
        UsageError: the delay is negative.
    """
    if delay < 0:
        raise UsageError("A delay is 0 or more.")
    if delay == 0:
        return cases
    end = cases.end - delay
    if end <= cases.start:
        raise StageNotReady("The window is no longer than the delay.")
    before = np.nextafter(end, -np.inf)

    def cut(time: Floats) -> Floats:
        return np.where(time >= cases.end, end, np.minimum(time, before))

    gone = cut(cases.exit)
    entry = np.minimum(cases.entry, gone)
    moved = {name: np.maximum(getattr(cases, name) - delay, entry) for name in ("low", "high")}
    note = (
        "First uses are taken to be earlier than they were told by the delay; chances are of a "
        "first use by then, whether or not it is told yet."
    )
    return _usable(
        replace(
            cases,
            end=end,
            entry=entry,
            exit=gone,
            stays=cut(cases.stays),
            delay=delay,
            notes=(*cases.notes, note),
            **moved,
        )
    )


def _check_columns(table: pl.DataFrame) -> None:
    times = () if "to" in table.columns else ("time",)
    remedy = "Columns are actor, technology, and time (or from, to)."
    refuse_missing(table.columns, ("actor", "technology", *times), WHERE, remedy=remedy)


def _read_rows(
    table: pl.DataFrame,
    clock: Clock,
    covariates: Sequence[str],
    notes: list[str],
    *,
    happened: Bools | None,
    ends: Floats,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    columns: dict[str, pl.Series] = {"row": pl.int_range(1, table.height + 1, eager=True)}
    wrong: list[tuple[int, str, str | None, str]] = []

    def refuse(bad: npt.NDArray[np.bool_], column: str, reason: str) -> None:
        values = table[column].cast(pl.String)
        wrong.extend((int(i) + 1, column, values[int(i)], reason) for i in np.flatnonzero(bad))

    for name in ("actor", "technology"):
        columns[name] = plain_names(table[name])
        refuse(columns[name].fill_null("").eq("").to_numpy(), name, "it is empty")
    if "territory" in table.columns:
        place = table["territory"].cast(pl.String).str.strip_chars().fill_null("")
    else:
        place = pl.Series([""] * table.height, dtype=pl.String)
    columns["territory"] = place
    for name in TIMES:
        time = np.full(table.height, np.nan)
        if name in table.columns:
            time = read_times(table[name], clock)
            refuse(np.isnan(time) & ~empty(table[name]), name, "no time can be read")
        columns[name] = pl.Series(time)
    columns["until"] = pl.Series(ends)
    backward = columns["exit"].to_numpy() < columns["entry"].to_numpy()
    if backward.any():
        refuse(backward, "exit", "it is before the entry")
    backward = columns["to"].to_numpy() < columns["from"].to_numpy()
    if backward.any():
        refuse(backward, "to", "it is before 'from'")
    for name in covariates:
        columns[f"x_{name}"] = read_covariate(table[name])
    refused = pl.DataFrame(
        wrong,
        schema={"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String},
        orient="row",
    )
    read = pl.DataFrame(columns).filter(~pl.col("row").is_in(refused["row"].implode()))
    if happened is not None:
        read = end_spells(read, happened[read["row"].to_numpy() - 1])
    read = _without_end(read, table, notes)
    exact = pl.col("time").is_not_nan()
    # An end without a start lasts from the window's start.
    read = read.with_columns(
        low=pl.when(exact).then("time").otherwise("from"),
        high=pl.when(exact).then("time").otherwise("to"),
    )
    read = read.with_columns(
        low=pl.when(pl.col("low").is_nan() & pl.col("high").is_not_nan())
        .then(pl.lit(-np.inf))
        .otherwise("low")
    )
    return read, refused.sort("row")


def _without_end(read: pl.DataFrame, table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """First uses that lie between a time and never: at risk until then, and nothing known after."""
    if not {"from", "to"} <= set(table.columns):
        return read
    place = read["row"].to_numpy() - 1
    started, untimed = read["from"].is_not_nan().to_numpy(), read["time"].is_nan().to_numpy()
    never = untimed & (is_endless(table["to"])[place] | (started & empty(table["to"])[place]))
    if not never.any():
        return read
    # An empty end after the first time of all is plainly never; else the row would say nothing.
    first = read.select(pl.min_horizontal(pl.col(*TIMES).fill_nan(None).min())).item()
    plainly = ~is_endless(table["to"])[place] & (read["from"] <= first).to_numpy()
    since, lost = pl.when(pl.Series(never)), never & ~plainly
    if lost.any():
        notes.append(
            f"{quantity(int(lost.sum()), 'row has', 'rows have')} no end, or one that never comes: "
            "no first use until 'from', after which nothing is known of them. If a first use is "
            "known to lie after 'from', write the window's end as 'to'."
        )
    until = pl.when(pl.Series(lost)).then(pl.col("from").fill_nan(None))
    return read.with_columns(
        pl.min_horizontal(pl.col("exit").fill_nan(None), until).fill_null(np.nan).alias("exit"),
        since.then(pl.lit(np.nan)).otherwise("from").alias("from"),
    )


def _mend(refused: pl.DataFrame) -> str:
    """What to mend first, where rows were refused."""
    for row, column, value, reason in refused.head(1).iter_rows():
        return (
            f"Mend the rows that were refused ({refused['row'].n_unique()}): row {row}, column "
            f"{column}, '{value}': {reason}."
        )
    return "Give the time of first use of those that took it up."


def _one_row_each(read: pl.DataFrame, covariates: Sequence[str], notes: list[str]) -> pl.DataFrame:
    """Several rows of one organisation and class: the first use lies somewhere between them."""
    both = ("actor", "technology")
    times = pl.col("low", "high", "entry", "exit", "until").fill_nan(None)
    read = read.with_columns(times)
    unlike = read.group_by(both).agg(
        pl.len(), (pl.col("low").n_unique() + pl.col("high").n_unique()).alias("kinds")
    )
    doubled = unlike.filter(pl.col("len") > 1).height
    contrary = unlike.filter(pl.col("kinds") > 2).height
    if doubled:
        notes.append(
            f"{quantity(doubled, PAIR + ' has', PAIRS + ' have')} several rows; of {contrary} they "
            "contradict each other, and the first use lies between the earliest and the latest."
        )
    moved = read.filter(pl.col("territory").n_unique().over(both) > 1)
    if places := moved.select(both).n_unique():
        notes.append(
            f"{quantity(places, PAIR + ' stands', PAIRS + ' stand')} in several territories, such "
            f"as '{moved['actor'][0]}', and the first is taken. If they are different "
            "organisations of one name, write the territory into it, in both tables."
        )
    one = read.group_by(both, maintain_order=True).agg(
        pl.col("territory").first(),
        pl.col("low", "entry").min(),
        pl.col("high", "exit", "until").max(),
        *first_known(read, covariates, both, notes),
    )
    return end_with_periods(one).sort(both)


def _numbers(column: pl.Series, names: tuple[str, ...]) -> Places:
    number = {name: place for place, name in enumerate(names)}
    return np.array([number[name] for name in column], dtype=np.int64)


def _usable(cases: Cases) -> Cases:
    if len(cases.actors) < 2:
        raise StageNotReady("There is one organisation only, so nothing can spread.")
    if not cases.adopts.any():
        raise StageNotReady(
            "There is no first use in the window, so nothing can be learnt from it.",
            remedy="Give the time of first use of those that took it up.",
        )
    if not (cases.high > cases.entry).any():
        raise StageNotReady(
            "All first uses are at their organisation's entry or the window's start: they expose "
            "others, but there is no later event to learn from."
        )
    return cases
