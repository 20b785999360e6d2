"""Under which conditions a portfolio of ours fails, in words.

Scenario discovery (Bryant and Lempert 2010, Technological Forecasting and Social Change 77) by the
patient rule induction method (Friedman and Fisher 1999, Statistics and Computing 9), as the EMA
Workbench has it. The search runs over what is not known of the world, drawn from the priors and,
where data tell, from their joint posterior; nothing is searched for on behalf of those who do harm.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.display.bounds import round_bound
from tocsin.base.iris import put_off_grammars
from tocsin.base.nearest import advice
from tocsin.errors import UsageError, require
from tocsin.plan.compare import RATIOS, flip_ratio, least_favourable, lower_bound
from tocsin.plan.exploration.futures import Contest, Floats, inputs, scale_parameters
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.prior import Parameter
from tocsin.schema.tables.planned.parameter import parameter_label

FEW = 0.02
"""Where a portfolio fails in a smaller share of futures, its worst tenth is looked at instead."""
WORST = 0.1
BOXES = 3
"""Conditions that are looked for, one after the other."""
DOUBTFUL = 0.05
"""A limit that chance could make so well with this probability is left out (quasi-p-value)."""
MOST_LIMITS = 4
LIFT = 1.3
"""A box counts where what is looked at is so many times as frequent in it as elsewhere."""
ABOVE_NOTHING = 1e-9
"""The workbench counts what is at least its threshold, so 0 would count everything."""


class Doubt(NamedTuple):
    """This is what other priors than those stated make of a share of failures."""

    share_2: float
    """The most that priors of density ratio 2 at most make of its upper bound."""
    share_4: float
    """The same of density ratio 4."""
    flips_at: float
    """The ratio up to which the order of the two is shown to hold; 1: it is not shown."""


@dataclass(frozen=True)
class Weaknesses:
    """This is where a portfolio fails."""

    share: float
    """The share of futures in which it does worse than the other."""
    doubt: Doubt
    """How large that share may be under other priors."""
    looked_at: str
    """'failures', or 'worst tenth' where there are too few of them."""
    boxes: pl.DataFrame
    """A row a limit: `box`, `parameter`, `low`, `high` (empty: no limit on that side), `unit`, and
    of the box `coverage` (the share of what is looked at that lies in it), `density` (the share of
    its futures that are looked at) and `mass` (its share of all futures)."""
    words: tuple[str, ...]
    """The same in sentences; one that says so where nothing was found."""
    futures: int
    """How many futures were played."""


def weaknesses(
    asked: Contest, *, outcome: str = "deaths", futures: int = 2_048, seed: int = 0
) -> Weaknesses:
    """Find the conditions under which a portfolio fails.

    Args:
        asked: the portfolio, and what it is compared with.
        outcome: a key of `OUTCOMES`; less is better in all of them.
        futures: how many futures are played (a Latin hypercube over the priors; parameters of
            which data tell take joint draws).
        seed: start of all random numbers.

    Returns:
        The conditions, at most three, in tables and in words. Half of the futures find them; the
        figures are those of the other half, so that they are not chance made to fit.

    Raises:
        UsageError: there is no such outcome, or there are fewer than 200 futures.
        MissingExtra: the extra `explore` is not installed.
    """
    from tocsin.plan.region.outcomes import OUTCOMES

    if outcome not in OUTCOMES:
        raise UsageError(f"There is no outcome '{outcome}'.", remedy=advice(outcome, OUTCOMES))
    if futures < 200:
        raise UsageError(f"{futures} futures are too few.", remedy="Give at least 200.")
    uniform = _hypercube(futures, len(inputs(asked.posterior)), seed)
    values = scale_parameters(uniform, asked.posterior)
    factors, took = asked.spread.name_factors(PARAMETERS, values.T)
    difference = asked.difference(values, np.arange(futures, dtype=np.int64) + seed, outcome)
    failed = difference > 0
    few = failed.mean() < FEW
    bad = difference >= np.quantile(difference, 1 - WORST) if few else failed
    boxes, words = _find_boxes(took.T, bad, asked, outcome, factors, few=bool(few))
    share = float(failed.mean())
    doubt = _doubt(share, futures)
    looked_at = "worst tenth" if few else "failures"
    said = (_headline(asked, outcome, share, doubt, futures), *words)
    return Weaknesses(share, doubt, looked_at, boxes, said, futures)


def _doubt(share: float, futures: int) -> Doubt:
    """What the least favourable priors make of the futures in which a portfolio is no worse."""
    least = lower_bound(1 - share, futures)
    most = [1 - least_favourable(least, ratio) for ratio in RATIOS]
    return Doubt(most[0], most[1], flip_ratio(share, futures))


def _headline(asked: Contest, outcome: str, share: float, doubt: Doubt, futures: int) -> str:
    """In how many futures it fails; none is a property of the priors, and is said to be."""
    pair = f"'{asked.portfolio}' does worse than '{asked.against}' ({outcome})"
    holds = f"holds up to a factor of {round_bound(doubt.flips_at, digits=3):g}"
    if share > 0.5:
        holds = f"with '{asked.portfolio}' as the worse one {holds}"
    two, four = (_most(one) for one in (doubt.share_2, doubt.share_4))
    beside = (
        f"where likelihoods are misjudged by a factor of 2 or 4, in up to {two} or {four}% (the "
        f"order of the two {holds if doubt.flips_at > 1 else 'is not shown'})."
    )
    if share == 0:
        return (
            f"In none of {futures:,} futures {pair}: by what the model assumes it fails in fewer "
            f"than {round_bound(300 / futures, most=True):g}% (the rule of three), which says "
            f"nothing of the world; {beside}"
        )
    return f"{pair} in {100 * share:.1f}% of futures that the model draws; {beside}"


def _most(share: float) -> str:
    """A share that is not exceeded, in per cent with a decimal."""
    return f"{100 * round_bound(share, most=True, decimals=3):.1f}"


def _hypercube(rows: int, columns: int, seed: int) -> Floats:
    from scipy.stats import qmc

    drawn: Floats = qmc.LatinHypercube(columns, rng=np.random.default_rng(seed)).random(rows)
    return drawn


def _find_boxes(
    values: Floats,
    bad: npt.NDArray[np.bool_],
    asked: Contest,
    outcome: str,
    factors: Sequence[Parameter] = PARAMETERS,
    *,
    few: bool,
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    half, names = len(values) // 2, [item.name for item in factors]
    units = {item.name: item.unit for item in factors}
    rows: list[dict[str, Any]] = []
    words = []
    left = np.ones(len(values), dtype=bool)
    for number in range(1, BOXES + 1):
        limits = _box(values[:half][left[:half]], bad[:half][left[:half]], names)
        if not limits:
            break
        inside = left & _inside(values, limits, names)
        test, all_bad = inside[half:], bad[half:]
        if test.sum() < 10 or all_bad.sum() == 0:
            break
        density = float(all_bad[test].mean())
        # A box that holds no more of what is looked at than any other futures explains nothing.
        if density <= LIFT * float(all_bad[left[half:]].mean()):
            break
        told = {
            "coverage": float((test & all_bad).sum() / all_bad.sum()),
            "density": density,
            "mass": float(test.mean()),
        }
        rows += [
            {"box": number, "parameter": name, **_ends(low, high), "unit": units[name]} | told
            for name, (low, high) in limits.items()
        ]
        words.append(_sentence(limits, told, asked, outcome, few=few))
        left &= ~inside
    schema = {
        "box": pl.Int64, "parameter": pl.String, "low": pl.Float64, "high": pl.Float64,
        "unit": pl.String, "coverage": pl.Float64, "density": pl.Float64, "mass": pl.Float64,
    }  # fmt: skip
    nothing = (
        f"No range of a few of the model's parameters was found in which '{asked.portfolio}' does "
        "worse much more often than elsewhere. That does not show that chance alone decides it.",
    )
    return pl.DataFrame(rows, schema=schema), tuple(words) or nothing


def _box(
    values: Floats, bad: npt.NDArray[np.bool_], names: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """The limits of the box on the path of peeling that has most of both, coverage and density."""
    pandas: Any = require("pandas", extra="explore")
    if bad.sum() < 10 or bad.all():
        return {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # Importing it tells of packages for clusters that nobody asked for.
        warnings.simplefilter("ignore")
        put_off_grammars()
        prim: Any = require("ema_workbench.analysis.prim", extra="explore")
        logging.getLogger("EMA").setLevel(logging.ERROR)
        search = prim.Prim(pandas.DataFrame(values, columns=names), bad, threshold=ABOVE_NOTHING)
        box = search.find_box()
    if box is None:
        return {}
    path = box.peeling_trajectory
    usable = path[(path["res_dim"] >= 1) & (path["res_dim"] <= MOST_LIMITS)]
    if usable.empty:
        return {}
    score = usable["coverage"] * (usable["density"] - bad.mean())
    chosen = int(score.idxmax())
    first, last = box.box_lims[0], box.box_lims[chosen]
    doubts = box.qp[chosen] if len(box.qp) > chosen else {}
    found = {}
    for name in names:
        low, high = (float(last[name].iloc[end]) for end in (0, 1))
        was = tuple(float(first[name].iloc[end]) for end in (0, 1))
        doubt = list(doubts.get(name, [np.nan, np.nan]))
        keep_low = low > was[0] and not doubt[0] > DOUBTFUL
        keep_high = high < was[1] and not doubt[1] > DOUBTFUL
        if keep_low or keep_high:
            found[name] = (low if keep_low else -np.inf, high if keep_high else np.inf)
    return found


def _inside(
    values: Floats, limits: dict[str, tuple[float, float]], names: Sequence[str]
) -> npt.NDArray[np.bool_]:
    found = np.ones(len(values), dtype=bool)
    for name, (low, high) in limits.items():
        column = values[:, names.index(name)]
        found &= (column >= low) & (column <= high)
    return found


def _ends(low: float, high: float) -> dict[str, float | None]:
    """Both ends of a limit; none where it has none on that side."""
    ends = {"low": low, "high": high}
    return {key: value if np.isfinite(value) else None for key, value in ends.items()}


def _sentence(
    limits: dict[str, tuple[float, float]],
    told: dict[str, float],
    asked: Contest,
    outcome: str,
    *,
    few: bool,
) -> str:
    parts = []
    for name, (low, high) in limits.items():
        said = f"'{parameter_label(name)}' ({name})"
        if np.isfinite(low) and np.isfinite(high):
            parts.append(f"{said} lies from {low:.3g} to {high:.3g}")
        else:
            parts.append(
                f"{said} is above {low:.3g}" if np.isfinite(low) else f"{said} is below {high:.3g}"
            )
    what = (
        f"the differences that speak most against '{asked.portfolio}' (the worst tenth)"
        if few
        else f"'{asked.portfolio}' does worse than '{asked.against}' ({outcome})"
    )
    where = "are" if few else "in"
    return (
        f"Where {' and '.join(parts)}, {what} {where} {100 * told['density']:.0f}% of futures; "
        f"{100 * told['coverage']:.0f}% of all such futures lie there, in "
        f"{100 * told['mass']:.0f}% of what the model draws."
    )
