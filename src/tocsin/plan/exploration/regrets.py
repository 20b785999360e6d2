"""Regret by portfolio, and which parameters move a difference, from futures that were played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.compare import SOURCE, region_total
from tocsin.plan.exploration.robustness import Floats, greatest_regret, regret, satisficing
from tocsin.plan.region.outcomes import OUTCOMES
from tocsin.schema import TABLES, conform
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.compare import PortfolioRun
    from tocsin.plan.region.prior import Parameter

FIFTH = 0.2
"""A parameter is low or high in the futures in which it lies in this share of its prior."""


def regrets(runs: Mapping[str, PortfolioRun]) -> pl.DataFrame:
    """Work out what each portfolio may be regretted for, outcome by outcome.

    Args:
        runs: of each portfolio; the status quo is among them.

    Returns:
        The table `regrets`: regret against the best portfolio of the same future, on average, at
        the 90th percentile and at most, and the share of futures in which the outcome is no worse
        than the status quo's mean (McPhail et al. 2018, as in `robustness`).
    """
    rows = []
    for outcome, values in _by_outcome(runs).items():
        mean, p90, most = (
            regret(values).mean(axis=1),
            greatest_regret(values, 90),
            greatest_regret(values),
        )
        enough = satisficing(values, float(values[list(runs).index(STATUS_QUO)].mean()))
        rows += [
            {
                "portfolio": name,
                "outcome": outcome,
                "unit": OUTCOMES[outcome].unit,
                "n_futures": values.shape[1],
                "mean": float(mean[place]),
                "p90": float(p90[place]),
                "greatest": float(most[place]),
                "good_enough": float(enough[place]),
                "source": SOURCE,
            }
            for place, name in enumerate(runs)
        ]
    return conform(TABLES["regrets"], pl.DataFrame(rows))


def parameter_swings(
    runs: Mapping[str, PortfolioRun],
    parameters: Sequence[Parameter],
    values: npt.NDArray[np.float32],
) -> pl.DataFrame:
    """Say how a portfolio's difference to the status quo depends on each parameter.

    Args:
        runs: of each portfolio; the status quo is among them.
        parameters: the model's parameters.
        values: what each future drew, shape (Q, F).

    Returns:
        The table `parameter_swings`: the mean difference over all futures, and over those in which
        the parameter lies in the lowest and in the highest fifth of its draws, with the standard
        error of the latter two's difference. All others vary as their priors say, so nothing is
        held at a value that nobody knows.
    """
    rows = []
    few = max(int(values.shape[1] * FIFTH), 1)
    order = np.argsort(values, axis=1, kind="stable")
    for outcome, seen in _by_outcome(runs).items():
        base = seen[list(runs).index(STATUS_QUO)]
        for place, name in enumerate(runs):
            if name == STATUS_QUO:
                continue
            difference = seen[place] - base
            for row, parameter in enumerate(parameters):
                low, high = difference[order[row, :few]], difference[order[row, -few:]]
                rows.append(
                    {
                        "portfolio": name,
                        "against": STATUS_QUO,
                        "outcome": outcome,
                        "unit": OUTCOMES[outcome].unit,
                        "parameter": parameter.name,
                        "basis": parameter.basis,
                        "mean": float(difference.mean()),
                        "low": float(low.mean()),
                        "high": float(high.mean()),
                        "error": float(np.sqrt((low.var() + high.var()) / few)),
                        "source": SOURCE,
                    }
                )
    return conform(TABLES["parameter_swings"], pl.DataFrame(rows))


def _by_outcome(runs: Mapping[str, PortfolioRun]) -> dict[str, Floats]:
    """Each outcome of the region by portfolio and future, (P, F)."""
    first = next(iter(runs.values()))
    return {
        outcome: np.stack([region_total(outcome, run.totals[outcome]) for run in runs.values()])
        for outcome in first.totals
    }
