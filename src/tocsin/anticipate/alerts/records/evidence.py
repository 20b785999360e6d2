"""The evidence on a rule: what was forecast and what came, by origin and territory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from tocsin.anticipate.alerts.records.replay import PastForecast
from tocsin.anticipate.alerts.rules import triggers
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.panel import Matrix, Panel, add_months

PRIOR = 10.0
"""Cases that the reference starts from, at the overall frequency."""


@dataclass(frozen=True)
class Evidence:
    """This holds what was forecast of the event of a rule, and whether the event came.

    `probability`, `event` (1 or 0) and `reference` are matrices of shape (T origins, N
    territories), NaN where nothing can be said.

    `reference` is the forecast to beat: how often the event came in earlier cases of the same kind
    (its months just past held the event, or did not), known at the origin.
    """

    rule: Rule
    origins: tuple[date, ...]
    gwnos: tuple[int, ...]
    territories: tuple[str, ...]
    probability: Matrix
    event: Matrix
    reference: Matrix

    @property
    def years(self) -> np.ndarray:
        """This is the year of the month after each origin, into which it looks, shape (T,)."""
        return np.array([o.year + (o.month == 12) for o in self.origins])

    @property
    def closed(self) -> np.ndarray:
        """This is the year in which the last month that each origin looks into ends, shape (T,)."""
        return np.array([add_months(o, self.rule.within).year for o in self.origins])


def gather_evidence(
    rules: Iterable[Rule], history: Panel, replayed: Iterable[PastForecast]
) -> list[Evidence]:
    """Gather the evidence on rules about deaths, from one replay of forecasts for all of them.

    Args:
        rules: rules about deaths.
        history: all counts, from which it is seen whether an event came.
        replayed: forecasts from past origins, as `replay` yields them.

    Returns:
        One `Evidence` for each rule, in the order of the rules, with a row for each origin. It is
        of all territories, also for a rule about some of them: its event is the same everywhere,
        and one country alone has too few cases to learn from.
    """
    rules, said = list(rules), []
    place = {gwno: i for i, gwno in enumerate(history.gwnos)}
    chances: list[list[Matrix]] = [[] for _ in rules]
    for one in replayed:
        said.append(one.origin)
        units = [place[gwno] for gwno in one.known.gwnos]
        for i, rule in enumerate(rules):
            row = np.full(len(history.gwnos), np.nan)
            row[units] = triggers.probability(rule, one.known, one.draws)
            chances[i].append(row)
    columns = [history.months.index(origin) for origin in said]
    found = []
    for rule, rows in zip(rules, chances, strict=True):
        every = np.stack(
            [triggers.outcome(rule, history.deaths, c) for c in range(len(history.months))]
        )
        reference = _reference(rule, every)[columns]
        found.append(
            Evidence(
                rule,
                tuple(said),
                history.gwnos,
                history.territories,
                np.stack(rows),
                every[columns],
                reference,
            )
        )
    return found


def _reference(rule: Rule, every: Matrix) -> Matrix:
    """Frequency of the event so far, apart for cases that follow an event and that do not.

    Args:
        every: shape (T months, N), whether the event came after each month.
    """
    months = len(every)
    k = rule.within
    past = np.full(every.shape, np.nan)
    past[k:] = every[:-k] if k < months else every[:0]
    after = np.nan_to_num(past) > 0
    cases, hits = np.zeros((2, months)), np.zeros((2, months))
    for kind in (0, 1):
        mine = (after == bool(kind)) & ~np.isnan(every)
        cases[kind] = mine.sum(axis=1)
        hits[kind] = np.nansum(np.where(mine, every, 0.0), axis=1)
    # A case is closed, and may be learnt from, only when its months are over.
    closed_cases, closed_hits = _drop_open_windows(cases, k), _drop_open_windows(hits, k)
    overall = (closed_hits.sum(0) + 0.5) / (closed_cases.sum(0) + 1.0)
    rate = (closed_hits + PRIOR * overall) / (closed_cases + PRIOR)
    chosen: Matrix = np.where(after, rate[1][:, None], rate[0][:, None])
    return chosen


def _drop_open_windows(counts: Matrix, months: int) -> Matrix:
    total = np.cumsum(counts, axis=1)
    found = np.zeros_like(total)
    if months < total.shape[1]:
        found[:, months:] = total[:, :-months]
    return found
