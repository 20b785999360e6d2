"""What is counted of a simulated region, and how weeks become months and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import jax

    from tocsin.plan.region.state import State

QUARTER = 13
"""Weeks of a quarter; a year has four, and a month is a third of one."""
YEAR = 4 * QUARTER
"""Weeks of a year of the model."""
YEARS = 10
WEEKS = YEARS * YEAR
MONTHS = YEARS * 12


class Outcome(NamedTuple):
    """This is one thing that is counted. Less of it is better."""

    unit: str
    """Of the whole run."""
    how: str
    """How weeks become one number: 'sum', 'mean' or 'last'. Sums are added up over territories,
    the others averaged."""
    monthly: str
    """The unit of a month."""


OUTCOMES = {
    "deaths": Outcome("deaths in 10 years", "sum", "deaths a month"),
    "displaced": Outcome("people in 10 years", "sum", "people a month"),
    "service_lost": Outcome("% of essential services", "mean", "% of essential services"),
    "capability": Outcome("mean level, 0 to 1", "last", "mean level, 0 to 1"),
    "grievance": Outcome("index, 0 to 1 (0.5 today)", "mean", "index, 0 to 1 (0.5 today)"),
    "legitimacy_lost": Outcome("index, 0 to 1 (0.5 today)", "mean", "index, 0 to 1 (0.5 today)"),
    "escalation": Outcome("rungs, 0 to 3", "mean", "rungs, 0 to 3"),
    "trade_lost": Outcome("% of lawful trade", "mean", "% of lawful trade"),
}
"""Outcomes by name."""
REGIONAL = ("trade_lost",)
"""What is counted for the region only."""
WATCHED = (*OUTCOMES, "attribution_confidence")
"""What arrays hold, in this order: the outcomes, and what rules can watch beside them."""
SUMS = np.array([name in OUTCOMES and OUTCOMES[name].how == "sum" for name in WATCHED])
LAST = np.array([name in OUTCOMES and OUTCOMES[name].how == "last" for name in WATCHED])


def observe(state: State) -> list[jax.Array]:
    """What is counted in a week, in the order of `WATCHED`: (N, 1), or (1, 1) for the region."""
    from tocsin.plan.region.state import average

    return [
        state.deaths,
        state.fled,
        100.0 * (1.0 - average(state.service)),
        average(state.capability),
        state.grievance,
        1.0 - state.legitimacy,
        state.rung,
        state.trade_lost,
        state.attribution,
    ]


def month_weights(weeks: int) -> npt.NDArray[np.float32]:
    """The part of each week in each month: a year has 52 weeks, and its months are of one length.

    Args:
        weeks: of the run.

    Returns:
        Shape (months, weeks); columns sum to 1 where weeks are whole months.

    >>> [round(float(one), 2) for one in month_weights(13).sum(axis=1)]
    [4.33, 4.33, 4.33]
    """
    months = weeks * 12 // YEAR
    edges = np.arange(months + 1) * YEAR / 12
    low = np.maximum(edges[:-1, None], np.arange(weeks))
    high = np.minimum(edges[1:, None], np.arange(1, weeks + 1))
    return np.asarray(np.maximum(high - low, 0.0), np.float32)


def by_year(monthly: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Turn months into years, each outcome in the way in which it is counted.

    Args:
        monthly: shape (M, O, …), an outcome for each of `WATCHED`, whole years of months.

    Returns:
        Shape (M / 12, O, …): the sum of the year, its mean, or its last month.
    """
    years = monthly.reshape(-1, 12, *monthly.shape[1:])
    found = np.empty((len(years), *monthly.shape[1:]), np.float32)
    found[:, SUMS] = years[:, :, SUMS].sum(axis=1, dtype=np.float64)
    found[:, LAST] = years[:, -1, LAST]
    rest = ~(SUMS | LAST)
    found[:, rest] = years[:, :, rest].mean(axis=1, dtype=np.float64)
    return found
