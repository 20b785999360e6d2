"""First uses that are told by period: many have one time, and none of these comes first.

A month, a quarter, a week or a year beside days is the period that it names. Numbers, such as waves
or years, end the period in which a first use lies: what wave 3 found came after wave 2.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.base.display.quantity import quantity

SHARED = 0.5
"""Part of the first uses of which more have to share their time, to be told by period. In planted
worlds in which 68 % do, the network's share is nearer to the truth within periods than at one
instant; where 14 % do, it is the same (`benchmarks/diffusion_periods.py`)."""


def spread_periods(cases: Cases) -> Cases:
    """Let first uses that are told by period lie somewhere in their period.

    Taken at one instant, those of one period could not have exposed each other, so what passed
    between them would count as 'not by network'.

    Args:
        cases: n cases, of which some have a first use at one time and not between two.

    Returns:
        The cases, with a note. Where `until` says when a month or a year ends, a first use lies in
        it. Of the others each lies in the period that ends with its time, where more than `SHARED`
        of them share their time with another of their class; that period is the least time between
        two of them.
    """
    cases = _within_named(cases)
    told = cases.adopts & (cases.low == cases.high) & (cases.high > cases.entry)
    both = np.column_stack([cases.technology, cases.high])[told]
    _, of, count = np.unique(both, axis=0, return_inverse=True, return_counts=True)
    times = np.unique(cases.high[told])
    if len(times) < 2 or (count[of.ravel()] > 1).mean() <= SHARED:
        return cases
    width = np.diff(times).min()
    low = np.where(told, np.maximum(cases.high - width, cases.entry), cases.low)
    note = (
        f"Most first uses share their time with another, so times are taken for periods of "
        f"{width:.4g} {cases.clock.unit}{'' if width == 1 else 's'}: each lies somewhere in the "
        "one that ends with its time. If others are meant, give 'from' and 'to'."
    )
    return replace(cases, low=low, period=float(width), notes=(*cases.notes, note))


def _within_named(cases: Cases) -> Cases:
    """First uses within the month, quarter, week or year that is told.

    Where the window begins with such a period, its first uses are users from the beginning. Nobody
    else's can lie in it, so the window begins when it is over.
    """
    if cases.until is None or not (named := cases.adopts & np.isfinite(cases.until)).any():
        return cases
    event = named & (cases.high > cases.entry)
    begins = named & (cases.high <= cases.start)
    start = max(cases.start, float(cases.until[begins].max(initial=cases.start)))
    if start >= cases.end:
        return cases
    entry = np.maximum(cases.entry, start)
    high = np.where(event, np.maximum(cases.until, cases.high), cases.high)
    low = np.where(event, np.maximum(cases.low, np.minimum(entry, high)), cases.low)
    notes = [
        f"{quantity(int(named.sum()), 'first use is', 'first uses are')} told by month, quarter, "
        "week or year: each lies somewhere in its own."
    ]
    if begins.any():
        words = quantity(int(begins.sum()), "first use is", "first uses are")
        notes.append(
            f"{words} of the period with which the window begins: they are users from the "
            f"beginning, and events count from {cases.clock.write(start)}."
        )
    return replace(
        cases, start=start, entry=entry, exit=np.maximum(cases.exit, entry), low=low, high=high,
        notes=(*cases.notes, *notes),
    )  # fmt: skip
