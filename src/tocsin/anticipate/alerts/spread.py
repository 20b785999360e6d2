"""First use of a technology in a territory, and what its neighbours' use says of it.

At every month, a territory that is covered (its incidents were read for a year, so silence
means something) and in which the class was not yet seen has a chance of first use in the
months ahead. The chance a month is a frequency: first uses so far over months at risk so far,
apart for territories with and without a neighbour that was seen with the class, drawn towards
a prior where there is little to count. Only what was known at the month is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.records.evidence import Evidence
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.panel import Matrix, add_months, months_between
from tocsin.anticipate.diffusion.region.picture import COVERED
from tocsin.schema.geography.shapes import neighbours

SURE = 0.5
"""A class counts as seen once it is likelier than not that one use was real."""
PRIOR_RATE = 0.01
PRIOR_MONTHS = 24.0
"""A first use in a hundred months, with the weight of two years. An assumption."""


@dataclass(frozen=True)
class Spread:
    """This tells who was seen with a class, month by month.

    `covered`, `seen` and `beside` are matrices of shape (T months, N territories) of true and
    false.
    """

    months: tuple[date, ...]
    gwnos: tuple[int, ...]
    territories: tuple[str, ...]
    covered: np.ndarray
    seen: np.ndarray
    beside: np.ndarray
    """Whether a covered neighbour was seen with it."""


def spread(technology: str, quarters: pl.DataFrame, incidents: pl.DataFrame) -> Spread | None:
    """Find out when one class was seen in which of the territories whose incidents were read.

    Args:
        technology: the class, as it is called in `quarters`.
        quarters: the table `adoption_quarters`. A quarter counts as known when it is over.
        incidents: the table `incidents`, which says which months of a territory are covered.

    Returns:
        The months and territories, or None if there is no incident.
    """
    if incidents.is_empty():
        return None
    held = incidents.group_by("gwno").agg(
        pl.col("territory").first(),
        pl.col("date_start").min().alias("first"),
        pl.col("date_start").max().alias("last"),
    ).sort("gwno")  # fmt: skip
    first, last = (
        _month(held["first"].min()),  # type: ignore[arg-type]
        _month(held["last"].max()),  # type: ignore[arg-type]
    )
    months = tuple(add_months(first, i) for i in range(months_between(first, last) + 1))
    gwnos = tuple(held["gwno"].to_list())
    shape = (len(months), len(gwnos))
    covered, seen, beside = (np.zeros(shape, bool) for _ in range(3))
    for i, (begun, ended) in enumerate(held.select("first", "last").iter_rows()):
        covered[months_between(first, begun) + COVERED : months_between(first, ended) + 1, i] = True
    since = seen_since(technology, quarters)
    for i, gwno in enumerate(gwnos):
        if gwno in since:
            seen[max(0, months_between(first, since[gwno])) :, i] = True
    for i, gwno in enumerate(gwnos):
        near = [j for j, other in enumerate(gwnos) if other in neighbours(gwno)]
        beside[:, i] = seen[:, near].any(axis=1)
    return Spread(months, gwnos, tuple(held["territory"].to_list()), covered, seen, beside)


def spread_evidence(rule: Rule, found: Spread) -> Evidence:
    """Gather the evidence on a rule about technology: its probability and its outcome, by month.

    The probability that the class is first used within the rule's months is 1 - (1 - m) ** within,
    with m the frequency of first use a month so far (see the top of this module). The reference
    is the same without regard to neighbours.

    Args:
        rule: a rule of the kind 'first-use' or 'neighbour'.
        found: who was seen with the class, by month.

    Returns:
        Matrices of shape (T months, N territories); NaN where a territory is not covered by
        incidents, where the class is in use already, or where the outcome is not known yet.
    """
    at_risk = found.covered & ~found.seen
    newly = np.zeros_like(found.seen)
    newly[1:] = found.seen[1:] & ~found.seen[:-1] & at_risk[:-1]
    rates = [_rate(newly, at_risk, found.beside == near) for near in (False, True)]
    monthly = np.where(found.beside, rates[1][:, None], rates[0][:, None])
    pooled = _rate(newly, at_risk, np.ones_like(found.beside))[:, None] + 0.0 * monthly
    applies = at_risk & (found.beside if rule.kind == "neighbour" else True)
    return Evidence(
        rule,
        found.months,
        found.gwnos,
        found.territories,
        np.where(applies, 1 - (1 - monthly) ** rule.within, np.nan),
        np.where(applies, _came(found, rule.within), np.nan),
        np.where(applies, 1 - (1 - pooled) ** rule.within, np.nan),
    )


def _rate(newly: np.ndarray, at_risk: np.ndarray, kind: np.ndarray) -> Matrix:
    """Chance a month at each month, from what happened up to it."""
    before = np.zeros_like(at_risk)
    before[1:] = at_risk[:-1] & kind[:-1]
    hits = np.cumsum((newly & before).sum(axis=1))
    exposed = np.cumsum(before.sum(axis=1))
    return np.asarray((hits + PRIOR_RATE * PRIOR_MONTHS) / (exposed + PRIOR_MONTHS))


def _came(found: Spread, within: int) -> Matrix:
    """1 where seen so many months on, 0 where not, NaN where it is not covered until then."""
    months = len(found.months)
    event = np.full(found.seen.shape, np.nan)
    if within < months:
        later, watched = found.seen[within:], found.covered[within:]
        event[:-within] = np.where(later, 1.0, np.where(watched, 0.0, np.nan))
    return event


def seen_since(technology: str, quarters: pl.DataFrame) -> dict[int, date]:
    """Tell when it became likelier than not that armed groups used a class in a territory.

    Args:
        technology: the class, as it is called in `quarters`.
        quarters: the table `adoption_quarters`.

    Returns:
        By Gleditsch-Ward number the last month of the quarter; without territories that never were.
    """
    mine = quarters.filter(pl.col("technology") == technology)
    by = mine.group_by("gwno", "quarter").agg(pl.col("expected").sum()).sort("gwno", "quarter")
    sure = by.with_columns(
        (1 - (-pl.col("expected").cum_sum().over("gwno")).exp()).alias("chance")
    ).filter(pl.col("chance") > SURE)
    first = sure.group_by("gwno").agg(pl.col("quarter").min())
    # Known at the end of the quarter, so in its last month.
    return {gwno: add_months(quarter, 2) for gwno, quarter in first.iter_rows()}


def _month(day: date) -> date:
    return day.replace(day=1)
