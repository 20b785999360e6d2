"""Days and months that one source swapped: 3 May for 5 March, in all its rows or in some.

A spreadsheet that reads another country's days swaps those that it can, and leaves the others. If
many reports of a source have a partner in place and day only once their day and month are swapped,
far more than days dealt out anew would have, then they were.

Where calendars were found to stand apart, days may have been swapped as the file writes them or as
they stand beside the other sources: the calendar in which more rows find a partner is the one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tocsin.assess.linkage.habits.regions import some_regions
from tocsin.assess.linkage.habits.shifts import RINGS
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.blocking import Window
from tocsin.assess.linkage.records.dates import iso
from tocsin.base.display.quantity import quantity
from tocsin.errors import require
from tocsin.schema.geography.distance import flat_km

LATE = 1
"""Days by which two reports of one event may differ here."""
DEALS = 20
"""How often days are dealt out anew, to see what chance brings; a fifth as often for many rows."""
ROWS = 3
"""Rows beyond chance that must have a partner only when swapped."""
SURE = 1e-4
"""The probability that chance brings as many must be less, in each ring (a Poisson law)."""
ALL = 0.25
"""Where no more than this share of them has a partner unswapped, all that can be are swapped."""
FAR = 0.5
"""The logarithm of how much fewer reports lie near days that stand where none of the time is."""
FEW = 5_000
"""Rows up to which days are dealt out anew as often."""
SEED = 20_21


@dataclass(frozen=True)
class Swap:
    """A source whose days and months seem to be swapped."""

    source: int
    ring: int
    rows: float
    """Rows beyond chance that have a partner only so."""
    whole: bool
    """Whether all rows that can be swapped are."""
    calendar: int
    """Days that are added to the records' days before day and month are swapped."""


def swap_back(rows: pl.DataFrame, back: np.ndarray) -> tuple[pl.DataFrame, list[str]]:
    """Swap day and month of the rows that were swapped, and say so.

    Args:
        rows: n records of two sources or more.
        back: shape (n,), by how many days each stands earlier than its file says, after
            calendars that stand apart were aligned.

    Returns:
        The records with `day0` and `day1` mended; and a sentence for each source concerned.
    """
    said: list[str] = []
    names = rows["source"].unique().sort().to_list()
    source = (rows["source"].rank("dense") - 1).to_numpy().astype(np.int64)
    calendars = sorted(set(back.tolist()) | {0}, key=lambda days: (abs(days), days))
    for _ in names:
        others = {days: _swap_days(rows, days) for days in calendars}
        found = [
            swap
            for one in range(len(names))
            if (swap := _find_best(rows, source, others, one)) is not None
        ]
        if not found:
            break
        plausible = {swap: _plausible(rows, source, others[swap.calendar], swap) for swap in found}
        worst = min(found, key=lambda swap: (*plausible[swap], -swap.source))
        other = others[worst.calendar]
        wrong = _rows(rows, source, other, worst)
        if not len(wrong):
            break
        day = rows["day0"].to_numpy().copy()
        first = int(wrong[0])
        told, meant = (int(days[first] + back[first]) for days in (day, other))
        example = f"{iso(told)} becomes {iso(meant)}"
        day[wrong] = other[wrong]
        rows = rows.with_columns(
            pl.Series(name, np.where(np.isin(np.arange(rows.height), wrong), day, rows[name]))
            .cast(pl.Int32)
            for name in ("day0", "day1")
        )  # fmt: skip
        late, _, apart = plausible[worst]
        known = len(names) > 2 or not late or apart < -FAR
        rest = "" if known else f", or of {names[1 - worst.source]}, and the two cannot tell which"
        said.append(
            f"Day and month are swapped in {quantity(len(wrong), 'row')} of "
            f"{names[worst.source]}{rest} (id "
            f"{rows['id'][int(wrong[0])]}: {example}), since other reports of the place agree only "
            "so; they are compared swapped back."
        )
    return rows, said


def _swap_days(rows: pl.DataFrame, calendar: int) -> np.ndarray:
    """Each row's day with day and month swapped, -1 where that is no other day.

    They are swapped in a calendar that stands so many days later than the records' days.
    """
    day = (pl.col("day0") + calendar).cast(pl.Date)
    can = (
        pl.col("usable")
        & (pl.col("day0") == pl.col("day1"))
        & (day.dt.day() <= 12)
        & (day.dt.day() != day.dt.month())
    )
    other = pl.date(day.dt.year(), day.dt.day(), day.dt.month()).cast(pl.Int32)
    found = rows.select(pl.when(can.fill_null(False)).then(other).otherwise(-1).alias("o"))
    swapped = found["o"].fill_null(-1).to_numpy().astype(np.int64)
    return np.where(swapped >= 0, swapped - calendar, -1)


def _partners(rows: pl.DataFrame, asked: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Shape (n, rings): whether each of the asked rows has a report near it on such a day."""
    moved = rows.with_columns(
        pl.when(pl.Series(asked)).then(pl.Series(day)).otherwise(name).cast(pl.Int32).alias(name)
        for name in ("day0", "day1")
    )
    pairs = blocking.candidates(moved, windows=(Window(float(RINGS[-1]), LATE),))
    at = np.searchsorted(rows["row"].to_numpy(), np.stack([pairs.left, pairs.right]))
    lat, lon = rows["lat"].to_numpy().astype(float), rows["lon"].to_numpy().astype(float)
    ring = np.searchsorted(RINGS, flat_km(lat[at[0]], lon[at[0]], lat[at[1]], lon[at[1]]))
    found = np.zeros((rows.height, len(RINGS) + 1), dtype=bool)
    found[at[0], ring] = True
    found[at[1], ring] = True
    return np.asarray(np.maximum.accumulate(found[:, :-1], axis=1) & asked[:, None])


def _find_best(
    rows: pl.DataFrame, source: np.ndarray, others: Mapping[int, np.ndarray], one: int
) -> Swap | None:
    """What a source has swapped, in the calendar in which most rows find a partner."""
    found = [
        replace(swap, calendar=days)
        for days, other in others.items()
        if (swap := _find(rows, source, other, one)) is not None
    ]
    return max(found, key=lambda swap: swap.rows, default=None)


def _find(rows: pl.DataFrame, source: np.ndarray, other: np.ndarray, one: int) -> Swap | None:
    """Whether a source has swapped days: rows with a partner only so, against days dealt anew."""
    some = some_regions(rows)
    row = some["row"].to_numpy()
    asked = (source[row] == one) & (other[row] >= 0)
    if asked.sum() < ROWS:
        return None
    day = some["day0"].fill_null(0).to_numpy().astype(np.int64)
    hits = _partners(some, asked, other[row])
    if not hits.any():
        return None
    rng = np.random.default_rng(SEED)
    chance, chance_now = np.zeros(len(RINGS)), np.zeros(len(RINGS))
    place = np.flatnonzero(asked)
    deals = DEALS if some.height < FEW else DEALS // 5
    for _ in range(deals):
        # No row is dealt its own day: a few rows that were swapped would make up their own chance.
        dealt = rng.permutation(place)
        for days, total in ((other[row], chance), (day, chance_now)):
            mixed = days.copy()
            mixed[dealt] = days[np.roll(dealt, 1)]
            np.add(total, _partners(some, asked, mixed).sum(axis=0) / deals, out=total)
    now = _partners(some, asked, day)
    # A row that has a partner as it stands needs no other day.
    only = (hits & ~now).sum(axis=0)
    excess = only - chance
    tail = require("scipy.special", extra="assess").pdtrc(only - 1, chance + 1 / deals)
    fine = (tail < SURE) & (excess >= ROWS) & (excess >= chance)
    if not fine.any():
        return None
    ring = int(np.where(fine, excess, 0).argmax())
    plain = float(now.sum(axis=0)[ring] - chance_now[ring])
    return Swap(one, ring, float(excess[ring]), plain <= ALL * float(excess[ring]), 0)


def _rows(rows: pl.DataFrame, source: np.ndarray, other: np.ndarray, swap: Swap) -> np.ndarray:
    """The rows of a source that are to be swapped."""
    asked = (source == swap.source) & (other >= 0)
    if swap.whole:
        return np.flatnonzero(asked)
    day = rows["day0"].fill_null(0).to_numpy().astype(np.int64)
    only = _partners(rows, asked, other) & ~_partners(rows, asked, day)
    return np.flatnonzero(only[:, swap.ring])


def _plausible(
    rows: pl.DataFrame, source: np.ndarray, other: np.ndarray, swap: Swap
) -> tuple[bool, int, float]:
    """How ill a source's days fit as they stand: of two that disagree, the worse is swapped.

    Days after the twelfth of a month cannot be swapped: a source without any was swapped whole.
    Then counts how many reports have a partner afterwards, and whether the days lie far from all.
    """
    wrong = np.isin(np.arange(rows.height), _rows(rows, source, other, swap))
    stands = rows["day0"].fill_null(0).to_numpy().astype(np.int64)
    everyone = rows["usable"].to_numpy()
    after = _partners(rows, everyone, np.where(wrong, other, stands)) if rows.height < FEW else None
    late = float((other[source == swap.source] < 0).mean())
    day = np.sort(stands[everyone])

    def near(days: np.ndarray) -> float:
        found = np.searchsorted(day, days + 20) - np.searchsorted(day, days - 20)
        return float(np.log(found + 1.0).mean()) if len(days) else 0.0

    return (
        late >= 0.1,
        0 if after is None else -int(after[:, swap.ring].sum()),
        near(stands[wrong]) - near(other[wrong]),
    )
