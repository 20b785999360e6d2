"""Candidate pairs: reports of different sources that are near in space and time.

The work grows with the number of true neighbours, not with the square of a town's reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.linkage.pairs.comparisons import THREADS
from tocsin.schema.geography.distance import KM_PER_DEGREE, flat_km

MANY = 150_000
"""From so many reports on, windows narrow to the budget and chance is sampled."""
BUDGET = 12
"""Candidate pairs a report that the windows aim at then."""
NARROWEST = 0.2
"""The windows' days are never cut to less than this share."""
NEAREST = 40.0
"""Kilometres to less than which the far window is never cut. Fewer of those far away leave days to
the rest: on earlier events, F1 is better for it (docs/decisions/0023-scale-of-linkage.md)."""
SHARES = 4
"""Parts in which pairs are put into order."""
PIECE = 50_000
"""Reports whose neighbours are looked up at a time."""


@dataclass(frozen=True)
class Window:
    """The greatest distance in kilometres and in days at which two reports are compared."""

    km: float
    days: int


NEAR, FAR, NAME, UNIT = Window(15, 12), Window(75, 4), Window(0, 12), Window(0, 5)


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs by row number: two arrays of shape (P,), with `left < right` in each pair."""

    left: np.ndarray
    right: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def at(self, chosen: np.ndarray | slice) -> Pairs:
        """Return some of the pairs.

        Args:
            chosen: positions, a mask of shape (P,), or a slice.

        Returns:
            The pairs, in the order of `chosen`.
        """
        return Pairs(self.left[chosen], self.right[chosen])

    def positions(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Find where some pairs stand among these pairs, which must be in the order of rows.

        Args:
            left: shape (n,), the smaller row of each pair that is looked for.
            right: shape (n,), the larger row. Each pair must be among these.

        Returns:
            Shape (n,), positions.
        """
        own = (self.left << 32) | self.right
        return np.asarray(np.searchsorted(own, (left << 32) | right))


@dataclass(frozen=True)
class Points:
    """Usable reports as arrays: source, first and last day since 1970, degrees north and east."""

    source: np.ndarray
    day0: np.ndarray
    day1: np.ndarray
    lat: np.ndarray
    lon: np.ndarray

    def at(self, chosen: np.ndarray) -> Points:
        """Return some of the reports.

        Args:
            chosen: positions, shape (k,), or a mask of shape (n,).

        Returns:
            Arrays of shape (k,).
        """
        return Points(*(values[chosen] for values in vars(self).values()))


@dataclass(frozen=True)
class Lookup:
    """One search: reports that ask, reports that answer, keys that must agree, and a window."""

    window: Window
    own: np.ndarray
    asks: np.ndarray
    other: np.ndarray
    answers: np.ndarray
    moves: Sequence[int] = (0,)
    """Added to the answering report's key, one after another."""
    twice: bool = True
    """Where nothing is moved every pair turns up twice: keep it both ways."""


def candidates(
    records: pl.DataFrame,
    *,
    shift: int = 0,
    narrow: float = 1.0,
    within: bool = False,
    thin: int = 1,
    windows: Sequence[Window] = (),
) -> Pairs:
    """Find the pairs of usable records of different sources that lie within a window of each
    other.

    Args:
        records: as `tocsin.assess.linkage.records.records.records` makes them.
        shift: days added to the right record's date: with a shift the pairs are known to be
            chance, and their number says how many chance pairs to expect.
        narrow: factor on the windows' days, and on the far one's kilometres.
        within: pairs of one source instead, which are two events but for parts of one.
        thin: only every so many-th report stands on the right, so that a left report meets a
            sample of what it would meet.
        windows: look in these alone, as they are, and not at names of places and units.

    Returns:
        The pairs, each once, in the order of rows. With a shift, `left` is the one whose date
        stays.
    """
    use = records.filter("usable")
    rows = use["row"].to_numpy()
    points = Points(
        use["source"].rank("dense").to_numpy(),
        *(use[name].to_numpy().astype(np.int32) for name in ("day0", "day1")),
        *(use[name].to_numpy().astype(float) for name in ("lat", "lon")),
    )
    answers = use.select(in_sample(pl.col("row"), thin)).to_series().to_numpy()
    both_ways = bool(shift) or thin > 1
    known = np.isfinite(points.lat)
    tasks = []
    for wide in windows or (FAR, NEAR):
        km = max(wide.km * narrow, min(wide.km, NEAREST))
        window = wide if windows else Window(km, max(round(wide.days * narrow), 1))
        size = window.km / KM_PER_DEGREE
        own = _cells(points, size, 0)
        # A pair whose cells differ is met from one side; from both where the sides differ.
        tasks.append(Lookup(window, own, known, own, known & answers,
                            (-1, 0, 1) if both_ways else (0, 1), both_ways))  # fmt: skip
        for row in (-1, 1) if both_ways else (1,):
            other = _cells(points, size, row)
            tasks.append(Lookup(window, own, known, other, known & answers, (-1, 0, 1)))
    for name, wide in (("place_id", NAME), ("adm_id", UNIT)) if not windows else ():
        key = use[name].fill_null(-1).to_numpy().astype(np.int64)
        chosen, everyone = key >= 0, (key >= 0) & answers
        if name == "adm_id":
            chosen &= use["coarse"].to_numpy() | ~known
        window = Window(0, max(round(wide.days * narrow), 1))
        tasks.append(Lookup(window, key, chosen, key, everyone, (0,),
                            both_ways or name == "adm_id"))  # fmt: skip
    # NumPy lets go of the interpreter while it sorts and searches.
    with ThreadPoolExecutor(THREADS) as pool:
        work = partial(_join, rows, points, shift=shift, within=within)
        found = list(pool.map(work, tasks))
        # By shares of the left reports, two at a time: smaller sorts, and less memory.
        shares = list(pool.map(_distinct, zip(*found, strict=True)))
    return Pairs(*(np.concatenate(side) for side in zip(*shares, strict=True)))


def narrowing(records: pl.DataFrame) -> float:
    """Choose the factor on the windows with which the candidates of many reports fit the budget.

    Pairs are counted on a tenth of the reports, which make a hundredth of the pairs.

    Args:
        records: as `candidates` takes them.

    Returns:
        A factor of at most 1; 1 where the reports are few.
    """
    if records.height < MANY:
        return 1.0
    some = records.filter(in_sample(pl.col("row"), 10))
    expected = 100 * len(candidates(some))
    return float(np.clip(BUDGET * records.height / max(expected, 1), NARROWEST, 1.0))


def in_sample(row: pl.Expr, thin: int) -> Any:
    """Tell whether a row belongs to a sample of rows that is mixed over sources and days.

    Args:
        row: the column of row numbers.
        thin: one row in so many is taken.

    Returns:
        An expression of booleans; or an array, if `row` is one.
    """
    return scatter(row) % thin == 0


def scatter(number: Any) -> Any:
    """Map whole numbers, in an array or a column, to an order that has nothing to do with
    theirs.
    """
    return number * 2_654_435_761 % 4_294_967_291


def _distinct(found: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Left and right rows of packed pairs, in order, each pair once."""
    both = np.concatenate(found)
    both.sort()
    both = both[np.diff(both, prepend=-1) > 0]
    return both >> 32, both & 0xFFFFFFFF


def _cells(points: Points, size: float, row: int) -> np.ndarray:
    """A number of each report's cell (of `size` degrees of latitude), moved by whole rows."""
    known = np.isfinite(points.lat)
    with np.errstate(invalid="ignore"):
        y = np.floor(np.where(known, points.lat, 0) / size).astype(np.int64) + row
        # As wide as `size` is where degrees are shortest in this row of cells and the next.
        furthest = np.minimum(np.maximum(np.abs(y - 1), np.abs(y + 2)) * size, 85)
        wide = size / np.cos(np.radians(furthest))
        x = np.floor(np.where(known, points.lon, 0) / wide).astype(np.int64)
    return np.asarray(y * 100_003 + x)


HALVES = (0, 1, 4, 20, 200)
"""Half of a report's days: those of a like length are looked up together."""


def _join(
    rows: np.ndarray, points: Points, task: Lookup, *, shift: int, within: bool
) -> list[np.ndarray]:
    """Packed pairs of asking and answering reports that the lookup finds, by shares of the left."""
    found: list[list[np.ndarray]] = [[np.empty(0, dtype=np.int64)] for _ in range(SHARES)]
    end = int(rows.max(initial=0)) + 1
    bounds: list[int] = [end * x // SHARES << 32 for x in range(SHARES + 1)]
    middle = (points.day0 + points.day1).astype(np.int64) // 2
    half = (points.day1 - points.day0 + 1) // 2
    asking = np.flatnonzero(task.asks & (half < HALVES[-1]))
    if not len(asking) or not task.answers.any():
        return [np.concatenate(share) for share in found]
    base = int(middle.min()) - 4000
    scale = int(middle.max()) - base + 8000
    least = int(task.other.min()) - 2
    own = (task.own[asking] - least) * scale + (middle[asking] - shift - base)
    # Asked in order, the search walks through memory instead of jumping.
    walk = np.argsort(own)
    asking, own = asking[walk], own[walk]
    asked = points.at(asking)
    for low, high in pairwise(HALVES):
        group = np.flatnonzero(task.answers & (half >= low) & (half < high))
        if not len(group):
            continue
        keys = (task.other[group] - least) * scale + (middle[group] - base)
        order = np.argsort(keys)
        keys, group = keys[order], group[order]
        answering = points.at(group)
        reach = task.window.days + half[asking] + (high - 1)
        for move in task.moves:
            first = np.searchsorted(keys, own - move * scale - reach, side="left")
            last = np.searchsorted(keys, own - move * scale + reach, side="right")
            for start in range(0, len(asking), PIECE):
                piece = slice(start, start + PIECE)
                one, two = _fitting(
                    asked, answering, piece, first[piece], last[piece], task.window,
                    shift=shift, within=within,
                )  # fmt: skip
                one, two = rows[asking[one]], rows[group[two]]
                keep = one < two if move == 0 and not task.twice else one != two
                one, two = one[keep], two[keep]
                if not shift:
                    one, two = np.minimum(one, two), np.maximum(one, two)
                both = (one << 32) | two
                for share, low_, high_ in zip(found, bounds, bounds[1:], strict=False):
                    share.append(both[(both >= low_) & (both < high_)])
    return [np.concatenate(share) for share in found]


def _fitting(  # noqa: PLR0917
    asked: Points,
    answering: Points,
    piece: slice,
    first: np.ndarray,
    last: np.ndarray,
    window: Window,
    *,
    shift: int,
    within: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Of a piece of the asked and those from `first` to `last` that answer: pairs that fit.

    Returns:
        Positions among the asked and among the answering.
    """
    number = last - first
    one = np.repeat(np.arange(piece.start, piece.start + len(number), dtype=np.int32), number)
    starts = np.repeat((first - np.cumsum(number) + number).astype(np.int32), number)
    two = starts + np.arange(len(one), dtype=np.int32)
    gap = np.maximum(asked.day0[one], answering.day0[two] + shift)
    gap -= np.minimum(asked.day1[one], answering.day1[two] + shift)
    fine = (gap <= window.days) & ((asked.source[one] == answering.source[two]) == within)
    one, two = one[fine], two[fine]
    if window.km:
        a, b = asked, answering
        fine = flat_km(a.lat[one], a.lon[one], b.lat[two], b.lon[two]) <= window.km
        one, two = one[fine], two[fine]
    return one, two
