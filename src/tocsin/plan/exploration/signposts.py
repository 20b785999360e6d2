"""What to watch under a portfolio, and from which value on another would have done better.

A signpost (Walker, Rahman and Cave 2001, European Journal of Operational Research 128) is looked
for among what rules can watch: a value of the second year beyond which the portfolio does worse
than a rival in the years after. Half of the futures find it and the other half measure it, so that
it is not chance made to fit. Nothing is switched here: the rival had its own course from the start,
and whether a switch helps is what a rule of the file of portfolios plays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.compare import SOURCE, lower_bound
from tocsin.plan.portfolios.rules import SIGNALS
from tocsin.plan.region.outcomes import OUTCOMES
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.compare import PortfolioRun

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
WATCHED_YEAR = (12, 24)
"""Months of which the mean is watched; what comes after them is what is asked about."""
PARTS = (0.1, 0.2, 0.3, 0.4, 0.5)
"""A value counts from which on this share of the futures lies beyond, on either side."""
FEWEST = 200
"""Futures from which on something is looked for."""
SURE = 2.326
"""Standard errors by which futures beyond must differ from the others in the measured half: one
table in a hundred would have as much by chance."""
TEXTS = {"signal": pl.String, "unit": pl.String, "above": pl.Boolean}
NUMBERS = (
    "value", "share", "p_better_beyond", "p_better_within", "mean_beyond", "mean_within",
)  # fmt: skip
"""What is empty where nothing tells."""


class _Sign(NamedTuple):
    """This is a value of a signal, and which futures lie beyond it."""

    signal: str
    above: bool
    value: float
    beyond: Marks


def signposts(runs: Mapping[str, PortfolioRun]) -> pl.DataFrame:
    """Look for what tells, under each portfolio, that another would do better in deaths.

    Args:
        runs: of each portfolio, with paths of at least three years; the status quo is among them.

    Returns:
        The table `signposts`: a row for each portfolio but the status quo and each other one; where
        nothing tells more than chance does, its signal is empty.
    """
    rows = [
        _row(name, run, rival, runs[rival])
        for name, run in runs.items()
        for rival in runs
        if name not in (STATUS_QUO, rival) and run.paths["deaths"].shape[0] >= FEWEST
    ]
    if not rows:
        return empty(TABLES["signposts"])
    types = TEXTS | dict.fromkeys(NUMBERS, pl.Float64)
    return conform(TABLES["signposts"], pl.DataFrame(rows, schema_overrides=types))


def _row(name: str, run: PortfolioRun, rival: str, other: PortfolioRun) -> dict[str, Any]:
    """The one sign that tells most in one half of the futures, as the other half has it."""
    later = slice(WATCHED_YEAR[1], None)
    change = (run.paths["deaths"] - other.paths["deaths"])[:, later].sum(axis=1)
    better = (change < 0) + 0.5 * (change == 0)
    half = np.arange(len(change)) % 2 == 0
    row = {
        "portfolio": name, "against": rival, "outcome": "deaths", "month": WATCHED_YEAR[1],
        "n_futures": int((~half).sum()), "p_better": float(better[~half].mean()), "turns": False,
        "source": SOURCE, **dict.fromkeys((*TEXTS, *NUMBERS)),
    }  # fmt: skip
    best = max(_signs(run, half), key=lambda one: _tells(better, one.beyond & half, half))
    inside, beyond = ~half & ~best.beyond, ~half & best.beyond
    if not _differs(better[inside], better[beyond]):
        return row
    p_beyond, p_within = float(better[beyond].mean()), float(better[inside].mean())
    unit = OUTCOMES[SIGNALS[best.signal]].monthly if SIGNALS[best.signal] in OUTCOMES else ""
    return row | {
        "signal": best.signal,
        "unit": unit or "share, 0 to 1",
        "above": best.above,
        "value": best.value,
        "share": float(beyond.sum() / (~half).sum()),
        "p_better_beyond": p_beyond,
        "p_better_within": p_within,
        "mean_beyond": float(change[beyond].mean()),
        "mean_within": float(change[inside].mean()),
        # The other is shown to do better there, and not only that the lead is smaller; where it
        # does better on this side too, the value is no place to switch.
        "turns": p_within >= 0.5 and lower_bound(1 - p_beyond, int(beyond.sum())) > 0.5,
    }


def _signs(run: PortfolioRun, half: Marks) -> Iterator[_Sign]:
    """All values that are looked at, from the futures of one half."""
    for signal, outcome in SIGNALS.items():
        if outcome not in run.paths:
            continue
        seen = run.paths[outcome][:, slice(*WATCHED_YEAR)].mean(axis=1)
        for part in PARTS:
            for above in (True, False):
                value = float(np.quantile(seen[half], 1 - part if above else part))
                yield _Sign(signal, above, value, seen > value if above else seen < value)


def _tells(better: Floats, beyond: Marks, half: Marks) -> float:
    """How much worse it goes beyond, in standard errors of a share of one half."""
    if beyond.sum() < PARTS[0] * half.sum() / 2:
        return -math.inf
    return float((better[half].mean() - better[beyond].mean()) * math.sqrt(beyond.sum()))


def _differs(inside: Floats, beyond: Floats) -> bool:
    """Whether it goes worse beyond than inside by more than chance makes."""
    if len(inside) < 10 or len(beyond) < 10:
        return False
    error = math.sqrt(inside.var() / len(inside) + beyond.var() / len(beyond))
    return bool(inside.mean() - beyond.mean() > max(SURE * error, 1e-12))
