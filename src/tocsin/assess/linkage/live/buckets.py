"""An index over buckets of space and time that grows: `blocking`'s candidates, one by one.

Each window of `blocking` is kept as numbers sorted by bucket (cell of the window's size, place or
unit) and day. New ones wait in a short tail, which is merged into the long run when it is full.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.assess.linkage.live.growth import ranges, sorted_unique
from tocsin.assess.linkage.pairs.blocking import FAR, NAME, NEAR, UNIT, Window
from tocsin.schema.geography.distance import KM_PER_DEGREE, flat_km

DAYS = 1 << 20
"""Room for days in a bucket's number."""
EPOCH = 1 << 19
"""Added to days, which may be before 1970."""
TAIL = 16_384
"""So many new entries wait, at most."""
SPANS = ((0, 4), (4, 20), (20, 200))
"""Half lengths of reports (days) that are kept apart, so that short ones are found fast."""


class SortedRun:
    """Whole numbers and their rows, kept sorted, with new ones in a tail."""

    def __init__(self) -> None:
        self.keys = [np.empty(0, dtype=np.int64)] * 2
        self.rows = [np.empty(0, dtype=np.int64)] * 2

    def add(self, keys: np.ndarray, rows: np.ndarray) -> None:
        """Take in numbers and the rows that they belong to.

        Args:
            keys: shape (n,), whole numbers.
            rows: shape (n,), a row each.
        """
        self._merge(1, keys, rows)
        if len(self.keys[1]) > TAIL:
            self._merge(0, self.keys[1], self.rows[1])
            self.keys[1], self.rows[1] = self.keys[1][:0], self.rows[1][:0]

    def _merge(self, part: int, keys: np.ndarray, rows: np.ndarray) -> None:
        keys = np.concatenate([self.keys[part], keys])
        rows = np.concatenate([self.rows[part], rows])
        order = np.argsort(keys, kind="stable")
        self.keys[part], self.rows[part] = keys[order], rows[order]

    def between(
        self, asking: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Find the rows whose numbers lie within ranges.

        Args:
            asking: shape (n,), who asks.
            low: shape (n,), the least number of each range.
            high: shape (n,), the greatest.

        Returns:
            Who asks, and a row within the range: two arrays of one length, one entry a row found.
        """
        found = []
        for keys, rows in zip(self.keys, self.rows, strict=True):
            first = np.searchsorted(keys, low, side="left")
            count = np.searchsorted(keys, high, side="right") - first
            found.append((np.repeat(asking, count), rows[ranges(first, count)]))
        return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


class Buckets:
    """An index of rows by cell, place and unit, and day.

    >>> columns = {"day0": np.array([10, 11, 60]), "day1": np.array([10, 11, 60]),
    ...            "lat": np.full(3, 35.0), "lon": np.full(3, 37.0),
    ...            "place_id": np.full(3, 7), "adm_id": np.full(3, 1), "coarse": np.zeros(3)}
    >>> buckets = Buckets()
    >>> buckets.add(columns, np.arange(3))
    >>> buckets.earlier(columns, np.arange(3))
    (array([1]), array([0]))
    """

    def __init__(self) -> None:
        self.runs: dict[tuple[str, int], SortedRun] = {}

    def add(self, columns: Mapping[str, np.ndarray], rows: np.ndarray) -> None:
        """Take in rows, so that later ones find them.

        Args:
            columns: `day0, day1, lat, lon, place_id, adm_id, coarse`, each of shape (n,).
            rows: the rows to take in.
        """
        day0, day1 = columns["day0"][rows], columns["day1"][rows]
        middle, half = (day0 + day1) // 2, (day1 - day0 + 1) // 2
        for name, _, keys, use in _lookups(columns, rows):
            for number, (low, high) in enumerate(SPANS):
                own = use & (half >= low) & (half < high)
                run = self.runs.setdefault((name, number), SortedRun())
                run.add(keys[own] * DAYS + middle[own] + EPOCH, rows[own])

    def earlier(
        self, columns: Mapping[str, np.ndarray], rows: np.ndarray, *, back: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Find pairs of each row and a row before it, already taken in, that is near it.

        Args:
            columns: `day0, day1, lat, lon, place_id, adm_id, coarse`, each of shape (n,).
            rows: the rows that ask.
            back: find the pairs that would be near if the asking rows had happened so many days
                earlier; by these, chance is counted.

        Returns:
            The asking row and the earlier row of each pair.
        """
        if not len(rows):
            return rows, rows
        day0, day1 = columns["day0"], columns["day1"]
        lat, lon = columns["lat"], columns["lon"]
        # Asked in the order of places, neighbours are looked up side by side in memory.
        rows = rows[np.lexsort((lon[rows], np.floor(lat[rows] * 10)))]
        half = (day1[rows] - day0[rows] + 1) // 2
        middle = (day0[rows] + day1[rows]) // 2 - back
        found = []
        for name, window, keys, use in _lookups(columns, rows, around=True):
            times = len(keys) // len(rows)
            asking, reach, when = (np.tile(x, times) for x in (rows, half, middle))
            short = use & (reach < SPANS[-1][1])
            for number, (_, high) in enumerate(SPANS):
                run = self.runs.get((name, number))
                if run is None or not short.any():
                    continue
                own = keys[short] * DAYS + when[short] + EPOCH
                wide = window.days + reach[short] + high
                new, old = run.between(asking[short], own - wide, own + wide)
                gap = np.maximum(day0[new] - back, day0[old])
                gap -= np.minimum(day1[new] - back, day1[old])
                fine = (gap <= window.days) & (old < new)
                new, old = new[fine], old[fine]
                if window.km:
                    fine = flat_km(lat[new], lon[new], lat[old], lon[old]) <= window.km
                    new, old = new[fine], old[fine]
                found.append((new << 32) | old)
        both = sorted_unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        return both >> 32, both & 0xFFFFFFFF


def _lookups(
    columns: Mapping[str, np.ndarray], rows: np.ndarray, *, around: bool = False
) -> list[tuple[str, Window, np.ndarray, np.ndarray]]:
    """Run, window, buckets and whether they are of use; `around`: a row's and their neighbours."""
    lat, lon = columns["lat"][rows], columns["lon"][rows]
    known = np.isfinite(lat)
    shifts = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)] if around else [(0, 0)]
    found = []
    for name, window in (("near", NEAR), ("far", FAR)):
        keys = np.concatenate(
            [_cells(lat, lon, known, window.km / KM_PER_DEGREE, s) for s in shifts]
        )
        found.append((name, window, keys, np.tile(known, len(shifts))))
    place, unit = (columns[name][rows].astype(np.int64) for name in ("place_id", "adm_id"))
    found.append(("place", NAME, place, place >= 0))
    rough = (columns["coarse"][rows] > 0) | ~known
    # One of a pair must know no more than the unit.
    found.append(("unit" if around else "rough", UNIT, unit, (unit >= 0) & rough))
    found.append(("rough" if around else "unit", UNIT, unit, unit >= 0))
    return found


def _cells(
    lat: np.ndarray, lon: np.ndarray, known: np.ndarray, size: float, shift: tuple[int, int]
) -> np.ndarray:
    """Number of the cell of `size` degrees of latitude, moved by cells, as `blocking` has it."""
    y = np.floor(np.where(known, lat, 0) / size).astype(np.int64) + shift[1]
    wide = size / np.cos(np.clip(np.radians(np.clip(y * size, -85, 85)), -1.48, 1.48))
    x = np.floor(np.where(known, lon, 0) / wide).astype(np.int64)
    return np.asarray(y * 100_003 + x + shift[0])
