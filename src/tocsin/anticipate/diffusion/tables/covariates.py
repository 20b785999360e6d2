"""Covariates: columns of numbers that may raise or lower the rate outside the network.

They stand in the table of adoptions, or in one of their own with a row for each organisation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.tables.headings import ADOPTIONS, TIMES, arrange
from tocsin.anticipate.diffusion.tables.names import note_of_spellings, plain_names
from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused, UsageError
from tocsin.schema.handmade import COMMA, NUMBER, POINT

WHERE = "the table of covariates"
HOLDS = f"^(?:{NUMBER.pattern}|{COMMA.pattern}|{POINT.pattern})$"
"""A cell that holds a number, however it is written."""
OUTCOME = ("actor", "technology", "territory", "time", "from", "to")
"""Columns that say who, where and when: the time of a first use cannot explain itself."""


def check_covariates(names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """Give the names once each.

    Raises:
        UsageError: there is no such column, or it is what has to be explained.
    """
    for name in names:
        if name not in columns:
            raise UsageError(f"There is no column '{name}' to take as a covariate.")
        if name in OUTCOME:
            raise UsageError(f"'{name}' says who, where or when: it is no covariate.")
    return tuple(dict.fromkeys(names))


def join_covariates(
    table: pl.DataFrame, more: pl.DataFrame, names: Sequence[str], notes: list[str]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Write numbers of organisations beside each of their rows in the table of adoptions.

    Args:
        table: the adoptions, under the house's names.
        more: a row for each organisation: `actor`, and columns of numbers. Of several rows of one
            organisation the first number that is known is taken.
        names: the covariates that are asked for, of either table; where none of them is in `more`,
            all of its columns that hold numbers are taken, too.
        notes: takes sentences on what was left out or taken for granted.

    Returns:
        The adoptions with the columns, and the names of all covariates.

    Raises:
        SourceRefused: there is no column of organisations or of numbers, or no organisation of it
            is in the table of adoptions.
        UsageError: a column is in both tables.
    """
    texts = more.select(pl.all().cast(pl.String).str.strip_chars())
    told = [one for one in more.columns if texts[one].str.contains(HOLDS).any()]
    told = [one for one in told if one not in (*OUTCOME, *TIMES)]
    made = arrange(more, {"actor": ADOPTIONS["actor"]}, WHERE, numbers=told)
    notes += made.assumed
    rows = made.rows
    if "actor" not in rows.columns:
        raise SourceRefused(
            "There is no column 'actor'.", where=WHERE, remedy="Give the organisations' names."
        )
    own = [one for one in rows.columns if one in told and one != "actor"]
    chosen = [one for one in own if one in names] or own
    if not chosen:
        raise SourceRefused("No column holds numbers.", where=WHERE)
    for one in chosen:
        if one in table.columns:
            raise UsageError(f"'{one}' is in the table of adoptions, too: which of the two?")
    key = plain_names(rows["actor"]).alias("actor")
    known = set(plain_names(table["actor"]))
    strange = sorted(set(key.drop_nulls()) - known)
    if len(strange) == key.drop_nulls().n_unique():
        raise SourceRefused("None of its organisations is in the table of adoptions.", where=WHERE)
    if strange:
        notes.append(
            f"{quantity(len(strange), 'organisation')} of {WHERE} in no row of adoptions, such as "
            f"'{strange[0]}'."
        )
    notes += note_of_spellings(strange, known, WHERE)
    read = pl.DataFrame([key, *(read_covariate(rows[one]).alias(f"x_{one}") for one in chosen)])
    first = read.group_by("actor", maintain_order=True).agg(
        first_known(read, chosen, ["actor"], notes, "organisation")
    )
    beside = table.select(plain_names(table["actor"]).alias("actor")).join(
        first, on="actor", how="left", maintain_order="left"
    )
    found = table.with_columns(beside[f"x_{one}"].alias(one) for one in chosen)
    return found, tuple(dict.fromkeys([*names, *chosen]))


def read_covariate(column: pl.Series) -> pl.Series:
    """Read numbers; what is none, or has no end, is null."""
    value = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    return value.set(~value.is_finite(), None)


def first_known(
    read: pl.DataFrame,
    names: Sequence[str],
    by: Sequence[str],
    notes: list[str],
    what: str = "case",
) -> list[pl.Expr]:
    """Of several rows of one case the first number that is known is taken; a note tells others."""
    for name in names:
        kinds = read.group_by(by).agg(pl.col(f"x_{name}").drop_nulls().n_unique().alias("kinds"))
        unlike = kinds.filter(pl.col("kinds") > 1).height
        if unlike:
            notes.append(
                f"'{name}' changes from row to row in {quantity(unlike, what)}: the first is taken."
            )
    return [pl.col(f"x_{name}").drop_nulls().first() for name in names]


def standardise_covariates(
    read: pl.DataFrame, names: Sequence[str], notes: list[str]
) -> tuple[npt.NDArray[np.float64], tuple[float, ...]]:
    """Give each column mean 0 and standard deviation 1 over cases.

    Returns:
        The columns, shape (n, P), and the standard deviation that each had, in its own unit.

    Raises:
        UsageError: a column has no numbers that differ.
    """
    columns: list[npt.NDArray[np.float64]] = []
    scales: list[float] = []
    for name in names:
        value = read[f"x_{name}"].fill_null(np.nan).to_numpy().astype(np.float64)
        missing = np.isnan(value)
        # The standard deviation of equal numbers is not 0 where their sum is rounded.
        if missing.all() or np.ptp(value[~missing]) == 0:
            raise UsageError(f"The covariate '{name}' has no numbers that differ.")
        if missing.any():
            notes.append(
                f"'{name}' is unknown for "
                f"{quantity(int(missing.sum()), 'case, which takes', 'cases, which take')} its "
                "mean."
            )
        value = np.where(missing, value[~missing].mean(), value)
        scales.append(float(value.std()))
        columns.append((value - value.mean()) / scales[-1])
    if not columns:
        return np.zeros((read.height, 0)), ()
    found = np.column_stack(columns)
    if np.linalg.matrix_rank(found) < len(columns):
        listed = ", ".join(f"'{name}'" for name in names)
        notes.append(
            f"Of {listed} one follows from the others: their effects cannot be told apart."
        )
    return found, tuple(scales)
