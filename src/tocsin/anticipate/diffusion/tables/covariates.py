"""Covariates: columns of numbers that may raise or lower the rate outside the network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.errors import UsageError

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


def read_covariate(column: pl.Series) -> pl.Series:
    """Read numbers; what is none, or has no end, is null."""
    value = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    return value.set(~value.is_finite(), None)


def first_known(
    read: pl.DataFrame, names: Sequence[str], by: Sequence[str], notes: list[str]
) -> list[pl.Expr]:
    """Of several rows of one case the first number that is known is taken; a note tells others."""
    for name in names:
        kinds = read.group_by(by).agg(pl.col(f"x_{name}").drop_nulls().n_unique().alias("kinds"))
        unlike = kinds.filter(pl.col("kinds") > 1).height
        if unlike:
            notes.append(f"'{name}' changes from row to row in {unlike} cases: the first is taken.")
    return [pl.col(f"x_{name}").drop_nulls().first() for name in names]


def standardise_covariates(
    read: pl.DataFrame, names: Sequence[str], notes: list[str]
) -> npt.NDArray[np.float64]:
    """Give each column mean 0 and standard deviation 1 over cases; shape (n, P).

    Raises:
        UsageError: a column has no numbers that differ.
    """
    columns: list[npt.NDArray[np.float64]] = []
    for name in names:
        value = read[f"x_{name}"].fill_null(np.nan).to_numpy().astype(np.float64)
        missing = np.isnan(value)
        # The standard deviation of equal numbers is not 0 where their sum is rounded.
        if missing.all() or np.ptp(value[~missing]) == 0:
            raise UsageError(f"The covariate '{name}' has no numbers that differ.")
        if missing.any():
            notes.append(f"'{name}' is unknown for {missing.sum()} cases, which take its mean.")
        value = np.where(missing, value[~missing].mean(), value)
        columns.append((value - value.mean()) / value.std())
    if not columns:
        return np.zeros((read.height, 0))
    found = np.column_stack(columns)
    if np.linalg.matrix_rank(found) < len(columns):
        listed = ", ".join(f"'{name}'" for name in names)
        notes.append(
            f"Of {listed} one follows from the others: their effects cannot be told apart."
        )
    return found
