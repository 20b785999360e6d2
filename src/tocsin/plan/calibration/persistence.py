"""What years were followed by: the course of levels, learnt from the record of many countries."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tocsin.plan.region.mechanisms.threat.persistence.learnt import LONG, SHORT, WAR, Learnt

Floats = npt.NDArray[np.float64]
LEAST_YEARS = 4
"""Years of record that a year needs before it to be learnt from."""
RIDGE = 1e-6
"""Added to the curvature of a likelihood, so that few cases do not make it singular."""


def memories(logs: Floats, at: int) -> Floats:
    """The mean of log(1 + deaths) over the 3 and the 20 years before one, (N, 2).

    Args:
        logs: log(1 + deaths) of whole years, nan where there was no such state, (N, Y).
        at: the column of the year.

    Returns:
        nan where none of the 20 years is known; where none of the 3 is, the mean of the 20.
    """
    found = np.full((len(logs), 2), np.nan)
    for row, past in enumerate(logs[:, max(0, at - LONG) : at]):
        known = past[np.isfinite(past)]
        if len(known):
            found[row] = known[-SHORT:].mean(), known.mean()
    return found


def pairs(logs: Floats, last: int) -> dict[str, Floats]:
    """Set each year beside the one after it.

    Args:
        logs: log(1 + deaths) of whole years, (N, Y).
        last: the last column that may be looked at.

    Returns:
        For each pair `country` (its row), `x` and `y` (both years), `short` and `long` (the means
        before the first of them).
    """
    rows = []
    for at in range(LEAST_YEARS, last):
        before = memories(logs, at)
        known = np.isfinite(logs[:, max(0, at - LONG) : at]).sum(1) >= LEAST_YEARS
        known &= np.isfinite(logs[:, at - 1 : at + 2]).all(1)
        rows += [
            (row, logs[row, at], logs[row, at + 1], *before[row]) for row in np.flatnonzero(known)
        ]
    table = np.array(rows)
    return dict(zip(("country", "x", "y", "short", "long"), table.T, strict=True))


def learn(told: dict[str, Floats]) -> Learnt:
    """Learn by what years were followed.

    Args:
        told: as `pairs` gives them.

    Returns:
        What was learnt, by logistic regressions and as the record itself.
    """
    x, y = told["x"], told["y"]
    war, after = x >= WAR, y >= WAR
    columns = np.stack([x, told["short"], told["long"]], 1)
    lasts, still = war & after, ~war & ~after
    order = np.argsort(x[lasts], kind="stable")
    return Learnt(
        ends=logistic(~after[war], columns[war]),
        begins=logistic(after[~war], columns[~war]),
        empty=logistic(y[still] == 0, columns[still]),
        deaths=x[lasts][order],
        moves=(y - x)[lasts][order],
        first=np.sort(y[~war & after]),
        after=np.sort(y[war & ~after]),
        quiet=np.sort(y[still & (y > 0)]),
        greatest=np.maximum(x, y).max(keepdims=True),
    )


def logistic(happened: npt.NDArray[np.bool_], columns: Floats) -> Floats:
    """The coefficients of a logistic regression, the constant first, by Newton's steps.

    Args:
        happened: shape (S,).
        columns: shape (S, C).

    Returns:
        Shape (C + 1,).
    """
    told = np.column_stack([np.ones(len(columns)), columns])
    found = np.zeros(told.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-told @ found))
        weight = told * (chance * (1 - chance))[:, None]
        found += np.linalg.solve(
            told.T @ weight + RIDGE * np.eye(len(found)), told.T @ (happened - chance)
        )
    return found
