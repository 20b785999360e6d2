"""Candidate pairs: reports of different sources that are near in space and time.

The work grows with the number of true neighbours, not with the square of a town's reports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.linkage.names import kilometres

MANY = 150_000
"""From so many reports on, windows narrow to the budget and chance is sampled."""
BUDGET = 12
"""Candidate pairs a report that the windows aim at then."""
NARROWEST = 0.2
"""The windows' days are never cut to less than this share."""
THREADS = 2
"""Lookups at a time."""
PIECE = 50_000
"""Reports whose neighbours are looked up at a time."""


@dataclass(frozen=True)
class Window:
    """Reports within so many kilometres and days are compared."""

    km: float
    days: int


NEAR, FAR, NAME, UNIT = Window(15, 12), Window(75, 4), Window(0, 12), Window(0, 5)


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs by row number, `left < right`."""

    left: np.ndarray
    right: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def positions(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Where pairs stand among these, which are in the order of rows."""
        own = (self.left << 32) | self.right
        return np.asarray(np.searchsorted(own, (left << 32) | right))


def candidates(
    records: pl.DataFrame,
    *,
    shift: int = 0,
    narrow: float = 1.0,
    within: bool = False,
    thin: int = 1,
) -> Pairs:
    """Pairs of usable records of different sources that fall into a window of each other.

    Args:
        records: as `tocsin.assess.linkage.records.records` makes them.
        shift: days added to the right record's date: with a shift the pairs are known to be
            chance, and their number says how many chance pairs to expect.
        narrow: factor on the windows' days.
        within: pairs of one source instead, which are two events but for parts of one.
        thin: only every so many-th report stands on the right, so that a left report meets a
            sample of what it would meet.
    """
    use = records.filter("usable")
    rows = use["row"].to_numpy()
    source = use["source"].rank("dense").to_numpy()
    day0, day1 = use["day0"].to_numpy().astype(np.int64), use["day1"].to_numpy().astype(np.int64)
    lat, lon = use["lat"].to_numpy().astype(float), use["lon"].to_numpy().astype(float)
    known = np.isfinite(lat)
    sampled = (rows * 2_654_435_761) % 4_294_967_291 % thin == 0

    def accepted(left: np.ndarray, right: np.ndarray, km: float) -> np.ndarray:
        fine = (source[left] == source[right]) == within
        fine &= left != right
        if km:
            fine &= kilometres(lat[left], lon[left], lat[right], lon[right]) <= km
        return np.asarray(fine)

    tasks: list[tuple[Any, ...]] = []
    for window in (NEAR, FAR):
        days = max(round(window.days * narrow), 1)
        size = window.km / 111.2
        own, test = _cells(lat, lon, size, 0), partial(accepted, km=window.km)
        for row in (-1, 0, 1):
            # The cells west and east are the next numbers of one order: it is made once.
            other = own if row == 0 else _cells(lat, lon, size, row)
            keys = (own, known, other, known & sampled)
            tasks.append((*keys, day0, day1, days, shift, test, (-1, 0, 1)))
    for name, window in (("place_id", NAME), ("adm_id", UNIT)):
        key = use[name].fill_null(-1).to_numpy().astype(np.int64)
        chosen, everyone = key >= 0, (key >= 0) & sampled
        if name == "adm_id":
            chosen &= use["coarse"].to_numpy() | ~known
        days, test = max(round(window.days * narrow), 1), partial(accepted, km=0.0)
        tasks.append((key, chosen, key, everyone, day0, day1, days, shift, test))
    # NumPy lets go of the interpreter while it sorts and searches.
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda task: _joined(*task), tasks))
    left = rows[np.concatenate([pair[0] for pair in found])]
    right = rows[np.concatenate([pair[1] for pair in found])]
    if shift:
        return _distinct(left, right)
    return _distinct(np.minimum(left, right), np.maximum(left, right))


def narrowing(records: pl.DataFrame) -> float:
    """Factor on the windows' days with which the candidates of many reports fit the budget.

    Counted on a tenth of the reports, which make a hundredth of the pairs.
    """
    if records.height < MANY:
        return 1.0
    some = records.filter(pl.col("row") * 2_654_435_761 % 4_294_967_291 % 10 == 0)
    expected = 100 * len(candidates(some))
    return float(np.clip(BUDGET * records.height / max(expected, 1), NARROWEST, 1.0))


def _distinct(left: np.ndarray, right: np.ndarray) -> Pairs:
    both = (left.astype(np.int64) << 32) | right.astype(np.int64)
    both.sort()
    both = both[np.concatenate([[True], both[1:] != both[:-1]])] if len(both) else both
    return Pairs(both >> 32, both & 0xFFFFFFFF)


def _cells(lat: np.ndarray, lon: np.ndarray, size: float, row: int) -> np.ndarray:
    """A number of each report's cell (of `size` degrees of latitude), moved by whole rows."""
    known = np.isfinite(lat)
    with np.errstate(invalid="ignore"):
        y = np.floor(np.where(known, lat, 0) / size).astype(np.int64)
        middle = np.radians(np.clip(y * size, -85, 85))
        wide = size / np.cos(np.clip(middle, -1.48, 1.48))
        x = np.floor(np.where(known, lon, 0) / wide).astype(np.int64)
    if row:
        # The next row of cells is of another width.
        other = np.radians(np.clip((y + row) * size, -85, 85))
        wide = size / np.cos(np.clip(other, -1.48, 1.48))
        x = np.floor(np.where(known, lon, 0) / wide).astype(np.int64)
    return np.asarray((y + row) * 100_003 + x)


def _joined(  # noqa: PLR0917
    key_a: np.ndarray,
    use_a: np.ndarray,
    key_b: np.ndarray,
    use_b: np.ndarray,
    day0: np.ndarray,
    day1: np.ndarray,
    days: int,
    shift: int,
    test: Callable[[np.ndarray, np.ndarray], np.ndarray],
    moves: Sequence[int] = (0,),
) -> tuple[np.ndarray, np.ndarray]:
    """Positions (i, j) with i's key equal to j's and at most `days` between their ranges.

    `moves` are added to j's key, one after another; `test` says which of some pairs to keep.
    """
    found = []
    middle = (day0 + day1) // 2
    half = (day1 - day0 + 1) // 2
    for low, high in ((0, 4), (4, 20), (20, 200)):
        group = np.flatnonzero(use_b & (half >= low) & (half < high))
        asking = np.flatnonzero(use_a & (half < 200))
        if not len(group) or not len(asking):
            continue
        base = int(middle.min()) - 4000
        scale = int(middle.max()) - base + 8000
        least = int(key_b.min()) - 2
        keys = (key_b[group] - least) * scale + (middle[group] - base)
        order = np.argsort(keys)
        sorted_keys, order = keys[order], group[order]
        reach = days + half[asking] + high
        own = (key_a[asking] - least) * scale + (middle[asking] - shift - base)
        # Asked in order, the search walks through memory instead of jumping.
        walk = np.argsort(own)
        asking, own, reach = asking[walk], own[walk], reach[walk]
        for move in moves:
            first = np.searchsorted(sorted_keys, own - move * scale - reach, side="left")
            last = np.searchsorted(sorted_keys, own - move * scale + reach, side="right")
            found += [
                _within(
                    asking[piece], first[piece], last[piece], order, day0, day1, days, shift, test
                )
                for piece in _pieces(len(asking))
            ]
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


def _pieces(size: int) -> list[slice]:
    return [slice(start, start + PIECE) for start in range(0, size, PIECE)]


def _within(  # noqa: PLR0917
    asking: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    order: np.ndarray,
    day0: np.ndarray,
    day1: np.ndarray,
    days: int,
    shift: int,
    test: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Of each asking report and those from `first` to `last` in `order`: pairs near in time."""
    number = last - first
    left = np.repeat(asking, number)
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(number)[:-1]]), number)
    right = order[np.arange(len(left)) + starts]
    gap = np.maximum(day0[left], day0[right] + shift) - np.minimum(day1[left], day1[right] + shift)
    fine = gap <= days
    left, right = left[fine], right[fine]
    fine = test(left, right)
    return left[fine], right[fine]
