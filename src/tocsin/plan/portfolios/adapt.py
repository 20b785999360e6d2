"""Rules in play: when each fires in each future, and the futures that follow.

A rule is worked out without a model that knows rules. Futures are played; where a rule would fire,
the levels of levers are changed from the next step on, and the same futures are played again. What
happens before a step does not depend on what is done after it, so the first firing of each round
is right, and as many rounds as there are rules, and one, give what a model would that looks at its
rules at every step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.portfolios.course import MONTHS_A_YEAR, Floats, Levels
from tocsin.plan.portfolios.declared import Rule
from tocsin.plan.portfolios.rules import SIGNALS
from tocsin.schema import TABLES, conform, empty

Seen = Mapping[str, npt.NDArray[Any]]
Fired = list[tuple[Rule, npt.NDArray[np.int64]]]
COUNTS = ("deaths", "displaced")
"""Outcomes that are counted: a rule watches their sum over the region in the latest month."""


def play_rules(
    play: Callable[[Levels], Seen],
    levels: Callable[[Fired], Levels],
    rules: Sequence[Rule],
    *,
    per_year: int,
) -> tuple[Seen, Fired]:
    """Play futures under rules.

    Args:
        play: gives the outcomes of all futures, each of shape (F, T) or (F, T, N), for levels of
            shape (T, L) or (F, T, L), with the same random numbers at every call.
        levels: gives the levels once rules hold from given steps on.
        rules: the rules.
        per_year: steps a year.

    Returns:
        The outcomes, and for each rule the step from which it holds in each future, shape (F,);
        the number of steps where it never does.
    """
    seen = play(levels([]))
    if not rules:
        return seen, []
    first = seen[SIGNALS[rules[0].signal]]
    futures, steps = first.shape[:2]
    since = np.full((len(rules), futures), steps, np.int64)
    for _ in rules:
        wished = np.stack([_fires(rule, seen, steps, per_year) for rule in rules])
        # What has fired stays fired; of the others only the earliest is known for certain.
        wished = np.where(since < steps, steps, wished)
        earliest = wished.min(axis=0)
        now = (wished == earliest) & (earliest < steps)
        if not now.any():
            break
        since = np.where(now, wished, since)
        fired = [(rule, since[place]) for place, rule in enumerate(rules)]
        seen = play(levels(fired))
    return seen, [(rule, since[place]) for place, rule in enumerate(rules)]


def _fires(rule: Rule, seen: Seen, steps: int, per_year: int) -> npt.NDArray[np.int64]:
    """The step from which a rule holds in each future: the one after the sign was complete."""
    signal = _signal(SIGNALS[rule.signal], seen, per_year)
    met = signal > rule.threshold if rule.above else signal < rule.threshold
    needed = max(round(rule.months * per_year / MONTHS_A_YEAR), 1)
    row = np.zeros(len(met), np.int64)
    found = np.full(len(met), steps, np.int64)
    for step in range(steps):
        row = np.where(met[:, step], row + 1, 0)
        found = np.where((row >= needed) & (found == steps), step + 1, found)
    return np.minimum(found, steps)


def _signal(outcome: str, seen: Seen, per_year: int) -> Floats:
    """What a rule watches, for the region, shape (F, T)."""
    values = seen[outcome].astype(np.float64)
    if outcome not in COUNTS:
        return np.asarray(values.mean(-1) if values.ndim == 3 else values)
    region = values.sum(-1) if values.ndim == 3 else values
    width = max(round(per_year / MONTHS_A_YEAR), 1)
    sums = np.cumsum(np.pad(region, ((0, 0), (width, 0))), axis=1)
    return np.asarray(sums[:, width:] - sums[:, :-width])


def rule_firings(fired: Mapping[str, Fired], steps: int, per_year: int) -> pl.DataFrame:
    """Say how often each rule fires, and when.

    Args:
        fired: for each portfolio its rules, and the step from which each holds in each future.
        steps: how many steps were played.
        per_year: steps a year.

    Returns:
        The table `rule_firings`: the share of futures, and of those in which it fires the months
        until then (5, 50 and 95 % quantiles; empty where it never fires).
    """
    rows = []
    for portfolio, some in fired.items():
        for number, (rule, since) in enumerate(some, 1):
            when = since[since < steps] * MONTHS_A_YEAR / per_year
            low, median, high = np.quantile(when, [0.05, 0.5, 0.95]) if len(when) else [None] * 3
            rows.append(
                {
                    "portfolio": portfolio,
                    "number": number,
                    "sentence": rule.sentence,
                    "signal": rule.signal,
                    "n_futures": len(since),
                    "share": len(when) / len(since),
                    "month_low": low,
                    "month_median": median,
                    "month_high": high,
                    "source": "regional model",
                }
            )
    months = dict.fromkeys(("month_low", "month_median", "month_high"), pl.Float64)
    made = pl.DataFrame(rows, schema_overrides=months) if rows else empty(TABLES["rule_firings"])
    return conform(TABLES["rule_firings"], made)
