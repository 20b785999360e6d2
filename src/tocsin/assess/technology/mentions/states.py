"""States: which had a class by when, so that a state that had none is not taken for its user.

The table `technology_states.csv` says since which year a state could attack with a class, or that
it could not by a year, each with its source; a workspace may have its own. A state that is not in
it says nothing. Uncrewed aircraft are armed ones here: a state that only watches with them stands
by its first year of armed ones. `checked` is the day on which somebody saw the source say it; where
it is empty the source was cited from general knowledge and not opened. Such a row counts like the
others, so check it before resting anything on it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from tocsin.errors import UsageError
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

STATES_FILE = "technology_states.csv"
"""The file of a workspace that has its own table."""
SHIPPED = Path(str(files(__package__).joinpath(STATES_FILE)))
LEAST_CERTAINTY = 2
"""Rows of which we are less certain (1 to 3) do not count."""
COLUMNS = ("technology", "gwno", "state", "first_year", "as_of", "certainty", "source")


def read_states(path: Path) -> pl.DataFrame:
    """Read and check a table of states.

    Args:
        path: a CSV file with the columns `COLUMNS`: `first_year` is the first year in which the
            state could attack with the class; where it never could, it is empty and `as_of` is the
            last year of which that is known. `checked`, the day on which the source was seen, may
            be missing.

    Returns:
        The table, years and numbers as integers.

    Raises:
        UsageError: a column is missing, or a row has no source, no year or a class that is not
            known; the error names the row.
    """
    table = pl.read_csv(path, infer_schema=False)
    missing = sorted(set(COLUMNS) - set(table.columns))
    if missing:
        raise UsageError(
            f"The table of states lacks the column '{missing[0]}'.",
            where=path.name,
            remedy=f"It needs: {', '.join(COLUMNS)}.",
        )
    numbers = [
        pl.col(name).cast(pl.Int64, strict=False)
        for name in ("gwno", "first_year", "as_of", "certainty")
    ]
    if "checked" not in table.columns:
        table = table.with_columns(checked=pl.lit(None, pl.String))
    found = table.select(*COLUMNS, "checked").with_columns(numbers)
    for row, one in enumerate(found.iter_rows(named=True), 2):
        dated = (one["first_year"] is None) != (one["as_of"] is None)
        known = one["technology"] in TECHNOLOGIES and one["gwno"] and one["certainty"] in (1, 2, 3)
        if not (dated and known and one["source"]):
            raise UsageError(
                "A row of the table of states is not understood.",
                where=f"{path.name}, line {row}",
                remedy="It needs a known class, the state's Gleditsch-Ward number, either "
                "first_year or as_of, a certainty of 1 to 3 and a source.",
            )
    return found


@cache
def shipped_states() -> pl.DataFrame:
    """Return the table that ships with tocsin."""
    return read_states(SHIPPED)


def states_without(states: pl.DataFrame, technology: str, year: int) -> frozenset[int]:
    """Find the states that could not attack with a class in a year.

    Args:
        states: of `read_states`.
        technology: the class.
        year: the year.

    Returns:
        Their Gleditsch-Ward numbers.

    >>> 475 in states_without(shipped_states(), "uncrewed-aircraft", 2013)
    True
    >>> 475 in states_without(shipped_states(), "uncrewed-aircraft", 2016)
    False
    """
    sure = states.filter(
        (pl.col("technology") == technology) & (pl.col("certainty") >= LEAST_CERTAINTY)
    )
    before = sure.filter((pl.col("first_year") > year) | (pl.col("as_of") >= year))
    return frozenset(before["gwno"].to_list())
