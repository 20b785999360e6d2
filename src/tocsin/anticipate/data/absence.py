"""Months that a history does not have: said, and taken for zero where the user says so.

A table made by adding up events has no row for a month without one. Such a history tells of months
at war only, and forecasts from it are several times too high. Whether an absent month is zero or
unknown cannot be told from the table: its maker knows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from tocsin.anticipate.data.panel import Panel
from tocsin.errors import TocsinError
from tocsin.schema.geography.territory import resolve

GAPS = 0.1
"""Above this share of absent months a history without a single zero is doubted."""


def fill_absent(history: Panel) -> Panel:
    """Put a zero in each month that is absent, while the state existed.

    Args:
        history: counts of N units and T months, NaN where a month is absent. A unit whose name is
            no state's is taken to have existed all the time.

    Returns:
        The history, in which a month is still NaN only if the state did not exist in it.
    """
    deaths = history.deaths.copy()
    months = np.array(history.months, dtype="datetime64[D]")
    for row, name in enumerate(history.territories):
        begin, end = _life(name)
        alive = np.ones(len(months), dtype=bool)
        if begin is not None:
            alive &= months >= np.datetime64(begin.replace(day=1))
        if end is not None:
            alive &= months < np.datetime64(end)
        deaths[row, alive & np.isnan(deaths[row])] = 0.0
    return replace(history, deaths=deaths)


def absence_notes(history: Panel, *, target: str) -> list[str]:
    """Say in whole sentences what a reader of a forecast must know of the absent months.

    Args:
        history: the history, up to the origin.
        target: the name of the column of counts.

    Returns:
        The sentences; an empty list if there is nothing to say.
    """
    notes, known = list[str](), ~np.isnan(history.deaths)
    between = np.zeros_like(known)
    for row, seen in enumerate(known):
        places = np.flatnonzero(seen)
        if places.size:
            between[row, places[0] : places[-1] + 1] = True
    absent = int((between & ~known).sum())
    if absent > GAPS * between.sum() and not (history.deaths == 0).any():
        notes.append(
            f"{absent:,} of {int(between.sum()):,} country-months are not in the file, and none "
            f"that is there has a {target} of zero. If months without events were left out, the "
            "forecast is far too high: say --absent zero. Now they are taken for unknown."
        )
    for name, seen, living in zip(history.territories, known, ~history.left_out(), strict=True):
        last = history.months[np.flatnonzero(seen)[-1]]
        if last < history.months[-1] and living:
            notes.append(f"{name}: its last count is of {last:%Y-%m}.")
    return notes


def _life(name: str) -> tuple[date | None, date | None]:
    try:
        unit = resolve(name)
    except TocsinError:
        return None, None
    return unit.start, unit.end
