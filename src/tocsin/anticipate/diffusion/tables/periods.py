"""First uses that are told by period: many have one time, and none of these comes first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tocsin.anticipate.diffusion.tables.cases import Cases

SHARED = 0.5
"""Part of the first uses of which more have to share their time, to be told by period. In planted
worlds in which 68 % do, the network's share is nearer to the truth within periods than at one
instant; where 14 % do, it is the same (`benchmarks/diffusion_periods.py`)."""


def spread_periods(cases: Cases) -> Cases:
    """Let first uses that are told by period lie somewhere in the period that ends with their time.

    Taken at one instant, those of one period could not have exposed each other, so what passed
    between them would count as 'not by network'.

    Args:
        cases: n cases, of which some have a first use at one time and not between two.

    Returns:
        The cases, with a note, where more than `SHARED` of their first uses share their time with
        another of their class; a period is the least time between two of them. Else the same.
    """
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
