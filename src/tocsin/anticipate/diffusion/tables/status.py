"""Tables in which a column says whether it happened: survival data, and panels of many times.

A row is then no first use by itself. Where the column says no, the organisation had not taken the
class up at that time, and taking the row for a first use would make contagion up.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused
from tocsin.schema.vocabulary.folding import HEADINGS

HAPPENED = ("event", "status", "adopted", "adopter", "observed", "adoption")
CENSORED = ("censored",)
"""Headings of such columns; those of `CENSORED` say the opposite."""
YES = ("1", "1.0", "true", "t", "yes", "y", "oui", "sí", "si", "نعم")
NO = ("0", "0.0", "false", "f", "no", "n", "non", "لا")
SPELLS = {"time": ("stop", "tstop", "end"), "entry": ("start", "tstart")}
"""How counting processes call the two times of a row."""

Bools = npt.NDArray[np.bool_]


def read_status(
    table: pl.DataFrame, used: Iterable[str], where: str, notes: list[str]
) -> tuple[pl.DataFrame, Bools | None]:
    """Find the column that says whether it happened, if there is one.

    Args:
        table: a table of adoptions under the house's names, n rows.
        used: columns that stand for something else, such as covariates.
        where: what the table is called in errors.
        notes: takes a sentence where such a column is found.

    Returns:
        The table, in which a row's two times are called as the house calls them, and for each row
        whether it happened, shape (n,); None where no column says it.

    Raises:
        SourceRefused: such a column holds numbers of which some are neither 0 nor 1.
    """
    folded = {HEADINGS.fold(one): one for one in table.columns if one not in set(used)}
    name = next((folded[one] for one in (*HAPPENED, *CENSORED) if one in folded), None)
    timed = {"time", "to"} & set(table.columns) or set(SPELLS["time"]) & set(folded)
    if name is None or not timed or not table.height:
        return table, None
    cells = table[name].cast(pl.String).str.strip_chars().str.to_lowercase().fill_null("")
    happened, known = cells.is_in(YES).to_numpy(), cells.is_in((*YES, *NO)).to_numpy()
    if not known.all():
        odd = cells.filter(~pl.Series(known))
        numbers = odd.cast(pl.Float64, strict=False).is_not_null()
        if known.any() or numbers.all():
            row = int(np.argmin(known))
            raise SourceRefused(
                f"'{table[name][row]}' does not say whether it happened, as 0 and 1 do.",
                where=f"{where}, row {row + 2}, column {name}",
                remedy="Write 1 where it was taken up and 0 where not, or take the column out.",
            )
        return table, None
    if HEADINGS.fold(name) in CENSORED:
        happened = ~happened
    if happened.all():
        return table, None
    if not {"time", "to"} & set(table.columns):
        table = table.rename(
            {folded[word]: own for own, words in SPELLS.items() if own not in table.columns
             for word in [one for one in words if one in folded][:1]}
        )  # fmt: skip
    notes.append(
        f"The column '{name}' was taken to say whether it happened: in "
        f"{quantity(int((~happened).sum()), 'row')} it "
        "did not, until the time that stands there."
    )
    return table.drop(name), happened


def end_spells(read: pl.DataFrame, happened: Bools) -> pl.DataFrame:
    """Make one row of all rows of an organisation and class: its first use, and while it was seen.

    Args:
        read: `actor`, `technology`, and `time`, `from`, `to`, `entry`, `exit` in units of the
            clock, and `until`, when the period ends by which the time is told; NaN where nothing is
            told, n rows.
        happened: for each row whether it happened, shape (n,).

    Returns:
        A row for each organisation and class; its `time` is that of its first row in which it
        happened, its `exit` that of its last row. One whose rows begin late was not there before.
    """
    both, told_by = ["actor", "technology"], ("time", "from", "to", "until")
    told = pl.coalesce(pl.col("time", "to", "from").fill_nan(None))
    read = read.with_columns(at=told, yes=pl.Series(happened))
    times = read["at"].drop_nulls().unique().sort()
    step = float(times.diff().min() or 0.0)  # type: ignore[arg-type]
    # Rows that begin late say that it was not there before; those of the first time say so, too.
    begins = pl.col("at").min().over(both)
    # A month that is told as such begins with its first day; other times end what they stand for.
    until = pl.col("until").fill_nan(None)
    late = (begins > float(times.min() or 0.0)) & until.is_null().all().over(both)  # type: ignore[arg-type]
    since = begins - pl.when(late).then(step).otherwise(0.0)
    began = pl.when(pl.len().over(both) > 1).then(since)
    came = pl.col("at").filter(pl.col("yes")).min().over(both)
    first = pl.col("yes") & (pl.col("at") == came)
    gone = pl.coalesce(until, "at").max().over(both)
    nought = pl.lit(float("nan"))
    read = read.with_columns(
        entry=pl.coalesce(pl.col("entry").fill_nan(None).min().over(both), began).fill_null(nought),
        exit=pl.coalesce(pl.col("exit").fill_nan(None).max().over(both), gone).fill_null(nought),
        **{name: pl.when(first).then(name).otherwise(nought) for name in told_by},
        order=pl.when(first).then(0).otherwise(1),
    )
    kept = read.sort("order", maintain_order=True).unique(both, keep="first")
    return kept.sort("row").drop("at", "yes", "order")
