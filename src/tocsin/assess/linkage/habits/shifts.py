"""Calendars of two sources that stand a constant number of days apart.

How many days lie between near reports of two sources has a peak where they tell of one event. If
the peak stands away from zero, and hardly anything stands at zero, then one calendar is moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
import polars as pl

from tocsin.assess.linkage.habits.regions import some_regions
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.blocking import Window
from tocsin.schema.geography.distance import flat_km

FURTHEST = 40
"""Days up to which a shift is looked for."""
RINGS = np.array([0.05, 0.2, 0.8, 3.0, 10.0])
"""Kilometres: pairs are counted within each, since nobody knows how far sources displace."""
BESIDE = 5
"""Days around a peak that are not taken for what chance brings."""
PAIRS = 8.0
"""Pairs beyond chance that a peak must have."""
SURE = 6.0
"""Standard deviations of chance by which the peak must stand out, of so many days and rings."""
BARE = 2.0
"""How many times as many pairs the peak must have as the same day has."""


@dataclass(frozen=True)
class Peak:
    """Where near reports of two sources agree best."""

    days: int
    """Days by which the second source's reports are later."""
    pairs: float
    """Pairs beyond chance there."""
    moved: bool
    """Whether the peak stands away from zero, beyond doubt."""


def find_moves(rows: pl.DataFrame) -> tuple[np.ndarray, list[str]]:
    """Find the sources whose calendar stands apart, and say so.

    Args:
        rows: n records of two sources or more.

    Returns:
        Shape (n,), by how many days each record is to be moved back so that calendars agree; and a
        sentence for each source that is to be moved.
    """
    names = rows["source"].unique().sort().to_list()
    source = (rows["source"].rank("dense") - 1).to_numpy().astype(np.int64)
    peaks = find_peaks(rows, source)
    if not any(peak.moved for peak in peaks.values()):
        return np.zeros(rows.height, dtype=np.int64), []
    moves, said = _moves(peaks, names, np.bincount(source, minlength=len(names)))
    return moves[source], said


def move_back(rows: pl.DataFrame, back: np.ndarray) -> pl.DataFrame:
    """Move the days of records to earlier ones.

    Args:
        rows: n records.
        back: shape (n,), by how many days.

    Returns:
        The records, with `day0` and `day1` moved.
    """
    by_row = pl.Series(back).cast(pl.Int32)
    return rows.with_columns((pl.col(name) - by_row).alias(name) for name in ("day0", "day1"))


def find_peaks(rows: pl.DataFrame, source: np.ndarray) -> dict[tuple[int, int], Peak]:
    """Find, for each two sources, by how many days their near reports differ.

    Args:
        rows: n records.
        source: shape (n,), the number of each record's source.

    Returns:
        The peak of each two sources that have one.
    """
    some = some_regions(rows)
    pairs = blocking.candidates(some, windows=(Window(float(RINGS[-1]), FURTHEST),))
    day = rows["day0"].fill_null(0).to_numpy().astype(np.int64)
    lat, lon = rows["lat"].to_numpy().astype(float), rows["lon"].to_numpy().astype(float)
    one, two = pairs.left, pairs.right
    lag = day[two] - day[one]
    ring = np.searchsorted(RINGS, flat_km(lat[one], lon[one], lat[two], lon[two]))
    found = {}
    for a, b in combinations(range(int(source.max()) + 1), 2):
        mine = (source[one] == a) & (source[two] == b) & (np.abs(lag) <= FURTHEST)
        counts = np.zeros((len(RINGS) + 1, 2 * FURTHEST + 1))
        np.add.at(counts, (ring[mine], lag[mine] + FURTHEST), 1)
        peak = _peak(counts[:-1].cumsum(axis=0))
        if peak is not None:
            found[a, b] = peak
    return found


def _peak(counts: np.ndarray) -> Peak | None:
    """The peak of counts by ring and day, where one stands out."""
    best: tuple[float, Peak] | None = None
    days = np.arange(-FURTHEST, FURTHEST + 1)
    for ring in counts:
        top = int(np.argmax(ring - np.abs(days) * 1e-6))
        away = np.abs(days - days[top]) > BESIDE
        # Calendars of a month overlap less where they are moved further: days without pairs at the
        # far end would make chance look rare.
        near = away & (np.abs(days) <= 2 * BESIDE + np.abs(days[top]))
        chance = float(max(ring[away].mean(), ring[near].mean()))
        excess = float(ring[top]) - chance
        sure = excess / sqrt(chance + 1)
        if excess < PAIRS or sure < SURE or (best is not None and sure <= best[0]):
            continue
        same = max(float(ring[FURTHEST]) - chance, 0.0)
        moved = bool(days[top] != 0 and excess >= BARE * max(same, 1.0))
        best = sure, Peak(int(days[top]), excess, moved)
    return best[1] if best else None


def _moves(
    peaks: Mapping[tuple[int, int], Peak], names: list[str], size: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """By how many days each source is moved, from the surest peaks on, and what is said of it."""
    moves = np.zeros(len(names), dtype=np.int64)
    group = list(range(len(names)))
    told: dict[int, str] = {}
    for (a, b), peak in sorted(peaks.items(), key=lambda item: (-item[1].pairs, item[0])):
        if group[a] == group[b]:
            continue
        days = peak.days if peak.moved else 0
        # The group with fewer reports is moved to the other.
        mine, other = ([at for at, of in enumerate(group) if of == group[one]] for one in (a, b))
        back = size[mine].sum() < size[other].sum()
        change = moves[a] + days - moves[b]
        for at in mine if back else other:
            moves[at] += -change if back else change
            group[at] = group[b] if back else group[a]
        if days:
            many = "1 day" if abs(days) == 1 else f"{abs(days)} days"
            told[a if back else b] = (
                f"The days of {names[b]} stand {many} {'later' if days > 0 else 'earlier'} than "
                f"those of {names[a]} in most reports that agree in place; they are compared as if "
                "they did not."
            )
    return moves, [told[at] for at in sorted(told)]
