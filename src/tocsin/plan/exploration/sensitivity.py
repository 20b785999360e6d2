"""Which parameters move an answer, and how much of its spread is judgement.

Sobol indices (Sobol 2001, Mathematics and Computers in Simulation 55; estimators of Saltelli et al.
2010, Computer Physics Communications 181), by SALib. What happens by chance is one more input, so
that the shares of parameters and of chance can be told apart, and how violence goes on after the
forecast's first year is another. Parameters that are drawn jointly
from a posterior are one input together: they are not independent, and indices of each alone would
not add up to shares of the spread (grouping: Jacques, Lavergne and Devictor 2006, Reliability
Engineering and System Safety 91; indices of dependent inputs: Kucherenko, Tarantola and Annoni
2012, Computer Physics Communications 183).

Where a few futures differ far more than all others, shares of the variance are those futures' own
and their intervals are wide. Shares of the variance of ranks stand beside: they answer another
question, of which future is worse and not by how much, and make inputs look more as if each acted
by itself (Saltelli and Sobol 1995, Reliability Engineering and System Safety 50).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.base.nearest import advice
from tocsin.errors import UsageError, require
from tocsin.plan.exploration.futures import Contest, Floats, inputs, scale_parameters

CHANCE = "chance"
"""The name of the input that stands for what happens by chance: from week to week, and with it
which place of the forecast a future has in its first year."""
LATER = "years after the first"
"""The name of the input that stands for how violence goes on after the forecast's first year."""
UNKNOWN = (LATER, CHANCE)
"""Inputs that are no parameters, in the order of a design's last columns."""
SMALL = 0.1
"""Of a share below this nobody asks whether its interval is wider than itself."""


@dataclass(frozen=True)
class Sensitivity:
    """This is what moves the difference between two portfolios."""

    indices: pl.DataFrame
    """A row an input, the most influential first: `input` (a parameter, `chance`, `LATER`, or
    `JOINT` for all parameters that are drawn jointly), `kind` (judgement, literature, calibrated,
    or as the input's name), `first` and `total` (shares of the variance), and `ranked` (the total
    share of the variance of ranks, which a few extreme futures do not decide), with the half
    widths `first_error`, `total_error` and `ranked_error` of their 95 % intervals; and
    `ranked_first`, the first share of ranks, with its error."""
    kinds: pl.DataFrame
    """The same for each kind as a whole: `kind`, the shares and their errors."""
    outcome: str
    """The outcome."""
    mean: float
    """The mean difference, in the outcome's unit."""
    spread: float
    """Its standard deviation over futures."""

    @property
    def is_known(self) -> bool:
        """Whether the total shares of kinds are larger than their errors, where they are any."""
        some = self.kinds.filter(pl.col("total") > SMALL)
        return bool((some["total_error"] < some["total"]).all())


def sensitivity(
    asked: Contest, *, outcome: str = "deaths", samples: int = 128, seed: int = 0
) -> Sensitivity:
    """Work out Sobol indices of the difference between two portfolios.

    Args:
        asked: the portfolios.
        outcome: a key of `OUTCOMES`.
        samples: base samples, a power of two; for each of them a future is played for each
            parameter, and some more.
        seed: start of all random numbers.

    Returns:
        Indices by input and by kind.

    Raises:
        UsageError: there is no such outcome, or the number of samples is no power of two.
        MissingExtra: SALib is not installed.
    """
    from tocsin.plan.region.outcomes import OUTCOMES

    if outcome not in OUTCOMES:
        raise UsageError(f"There is no outcome '{outcome}'.", remedy=advice(outcome, OUTCOMES))
    if samples < 8 or samples & (samples - 1):
        raise UsageError(f"{samples} is no power of two.", remedy="Give 64, 128 or 256.")
    varied = inputs(asked.posterior, asked.spread)
    names, kinds = list(varied), list(varied.values())
    each, played = _indices(asked, outcome, samples, seed, [*names, *UNKNOWN])
    whole, _ = _indices(asked, outcome, samples, seed, [*kinds, *UNKNOWN])
    kind_by_name = dict(zip([*names, *UNKNOWN], [*kinds, *UNKNOWN], strict=True))
    frame = pl.DataFrame(each).with_columns(
        kind=pl.col("input").replace_strict(kind_by_name, return_dtype=pl.String)
    )
    return Sensitivity(
        frame.select("input", "kind", *(name for name in each[0] if name != "input")).sort(
            "total", descending=True
        ),
        pl.DataFrame(whole).rename({"input": "kind"}).sort("total", descending=True),
        outcome,
        float(played.mean()),
        float(played.std()),
    )


def _indices(
    asked: Contest, outcome: str, samples: int, seed: int, groups: list[str]
) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Indices of each group of inputs, and the differences that were played."""
    sampler = require("SALib.sample.sobol", extra="explore")
    analyzer = require("SALib.analyze.sobol", extra="explore")
    from scipy.stats import rankdata

    problem = {
        "num_vars": len(groups),
        "names": [f"x{number}" for number in range(len(groups))],
        "bounds": [[0.0, 1.0]] * len(groups),
        "groups": groups,
    }
    drawn = sampler.sample(problem, samples, calc_second_order=False, seed=seed)
    played = play_design(asked, drawn, outcome)
    plain, ranked = (
        _analyze(analyzer, problem, values, seed) for values in (played, rankdata(played))
    )
    rows = [
        {
            "input": name,
            "first": float(plain["S1"][place]),
            "first_error": float(plain["S1_conf"][place]),
            "total": float(plain["ST"][place]),
            "total_error": float(plain["ST_conf"][place]),
            "ranked": float(ranked["ST"][place]),
            "ranked_error": float(ranked["ST_conf"][place]),
            "ranked_first": float(ranked["S1"][place]),
            "ranked_first_error": float(ranked["S1_conf"][place]),
        }
        for place, name in enumerate(dict.fromkeys(groups))
    ]
    return rows, played


def play_design(asked: Contest, drawn: Floats, outcome: str) -> Floats:
    """Play the futures of a design.

    Args:
        asked: the portfolios.
        drawn: numbers from 0 to 1, a column for each of `inputs` and of `UNKNOWN`.
        outcome: a key of the model's outcomes.

    Returns:
        The difference of the two portfolios in each row.
    """
    values = scale_parameters(drawn[:, : -len(UNKNOWN)], asked.posterior)
    later, chance = (drawn[:, -len(UNKNOWN) :].T * 2**30).astype(np.int64)
    return asked.difference(values, chance, outcome, later)


def _analyze(analyzer: Any, problem: dict[str, Any], values: np.ndarray, seed: int) -> Any:
    with warnings.catch_warnings():
        # A group that moves nothing divides 0 by 0, and SALib tells of it.
        warnings.simplefilter("ignore")
        return analyzer.analyze(
            problem, values, calc_second_order=False, seed=seed, print_to_console=False
        )
