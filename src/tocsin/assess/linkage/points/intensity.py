"""How many reports chance alone puts near a report: counted on other days, around each report.

Reports of two sources that are many days apart tell of two events. How many of those lie within so
many kilometres of a report says how many chance brings there in a day: much in a town that is told
of daily, little in the desert (the intensity of a point process; Diggle 2013, Statistical Analysis
of Spatial and Spatio-Temporal Point Patterns).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.blocking import Window
from tocsin.schema.geography.distance import flat_km

RADII = np.array([0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 25.0, 50.0, 90.0])
"""Kilometres: the rings in which reports are counted. Two points within the first are one."""
AREAS = np.pi * np.diff(RADII**2, prepend=0)
"""Square kilometres of each ring without the smaller ones."""
FEW = 20.0
"""Pairs in a ring of which it is supposed that they lie anywhere in it."""
LOCAL = 4.0
"""What holds around all reports weighs as much as so many reports around one."""
TOGETHER = 6
"""Days up to which two reports may be of one event, where the calendar is long enough."""
APART = 60
"""Days beyond which reports no longer say how much happens at a place now."""
NEARBY = np.array([0.05, 1.5, 6.0, 25.0])
"""Kilometres: rings in which reports of one source tell how closely events follow each other."""
STEADY = 30.0
"""Pairs of one source of which it is supposed that they are as far apart in time as any."""
ENOUGH = 8_000_000
"""Pairs on other days that are counted; of more, a sample of the reports stands for all."""

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Intensity:
    """What chance brings near each report, in reports a square kilometre and day."""

    expected: np.ndarray
    """Shape (n, sources, rings): reports of a source in each ring around a report."""
    days: np.ndarray
    """Shape (n, sources): in so many days of the source's calendar."""
    burst: np.ndarray
    """Shape (rings of `NEARBY`, days): how many times as many there are so many days apart."""
    size: np.ndarray
    """Shape (sources,): usable reports."""
    apart: blocking.Pairs
    """Pairs near each other on other days, which tell of two events."""

    def bits(
        self, left: np.ndarray, right: np.ndarray, source: np.ndarray, km: np.ndarray
    ) -> np.ndarray:
        """Compute how many reports chance brings to where the right report of each pair lies.

        The surroundings of both reports tell it; those of the right one speak of the left one's
        source, and are scaled to its own.

        Args:
            left, right: shape (P,), rows.
            source: shape (n,), the number of each report's source.
            km: shape (P,), kilometres between the two.

        Returns:
            Shape (P,), log2 of reports of the right one's source a square kilometre and day.
        """
        a, b = source[left], source[right]
        there = self._density(right, a, km) + np.log2(self.size[b] / self.size[a])
        return np.asarray((self._density(left, b, km) + there) / 2)

    def bursts(self, km: np.ndarray, days: np.ndarray) -> np.ndarray:
        """Return how many times as many reports there are so near and so few days apart.

        Args:
            km: shape (P,), kilometres.
            days: shape (P,), whole days from 0 on.

        Returns:
            Shape (P,), factors of at least 1.
        """
        ring = np.minimum(np.searchsorted(NEARBY, km), len(NEARBY) - 1)
        return np.asarray(self.burst[ring, np.minimum(days, self.burst.shape[1] - 1)])

    def _density(self, row: np.ndarray, other: np.ndarray, km: np.ndarray) -> np.ndarray:
        ring = np.minimum(np.searchsorted(RADII, km), len(RADII) - 1)
        room = AREAS[ring] * self.days[row, other]
        return np.asarray(np.log2(self.expected[row, other, ring] / room))


def count_chance(rows: pl.DataFrame, source: np.ndarray) -> Intensity:
    """Count what chance brings near each report.

    Args:
        rows: n records.
        source: shape (n,), the number of each record's source.

    Returns:
        The counts, smoothed.
    """
    use = rows["usable"].to_numpy()
    day = ((rows["day0"] + rows["day1"]) // 2).fill_null(0).to_numpy().astype(np.int64)
    lat, lon = rows["lat"].to_numpy().astype(float), rows["lon"].to_numpy().astype(float)

    def km_of(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return flat_km(lat[one], lon[one], lat[other], lon[other])

    sources = int(source.max()) + 1
    first, last = _calendars(day, source, use)
    length = int((last - first).max()) + 1
    near = min(TOGETHER, length // 4)
    far = min(APART, max(length, near + 1))
    wide, town = (Window(float(ring[-1]), far) for ring in (RADII, NEARBY))
    some = blocking.candidates(rows.filter(blocking.in_sample(pl.col("row"), 10)), windows=(wide,))
    thin = 1 if rows.height < 1_000 else int(np.ceil(100 * len(some) / ENOUGH)) or 1
    pairs = blocking.candidates(rows, windows=(wide,), thin=thin)
    lag = np.abs(day[pairs.left] - day[pairs.right])
    apart = (lag > near) & (lag <= far)
    left, right = pairs.left[apart], pairs.right[apart]
    ring = np.searchsorted(RADII, km_of(left, right))
    counts = np.zeros((rows.height, sources, len(RADII) + 1), dtype=np.float32)
    for own, other in ((left, right), (right, left))[: 2 if thin == 1 else 1]:
        np.add.at(counts, (own, source[other], ring), thin)
    days = np.zeros((rows.height, sources))
    for low, high in ((day + near + 1, day + far), (day - far, day - near - 1)):
        begin, end = (np.maximum(low[:, None], first), np.minimum(high[:, None], last))
        days += np.maximum(end - begin + 1, 0)
    bursts = _bursts(blocking.candidates(rows, windows=(town,), within=True, thin=thin), day, km_of,
                     _open_days(day, source, use, far), near)  # fmt: skip
    size = np.bincount(source[use], minlength=sources).astype(float)
    expected = _smooth(counts[:, :, :-1].cumsum(axis=2))
    some = blocking.Pairs(left[: ENOUGH // 10], right[: ENOUGH // 10])
    return Intensity(expected, np.maximum(days, 1.0), bursts, np.maximum(size, 1.0), some)


def _calendars(
    day: np.ndarray, source: np.ndarray, use: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last day of each source."""
    own = [day[use & (source == one)] for one in range(int(source.max()) + 1)]
    return (
        np.array([days.min() if len(days) else 0 for days in own]),
        np.array([days.max() if len(days) else 0 for days in own]),
    )


def _smooth(counts: np.ndarray) -> np.ndarray:
    """Expected reports in each ring without the smaller ones, from the widest ring inwards.

    The share of a ring's reports that lie in the next smaller ring is, for each report, drawn to
    the share for all reports together, and that to the share of the ground.
    """
    whole = counts.sum(axis=(0, 1)).astype(float)
    ground = (RADII[:-1] / RADII[1:]) ** 2
    shares = (whole[:-1] + FEW * ground) / (whole[1:] + FEW)
    within = np.empty(counts.shape)
    within[:, :, -1] = counts[:, :, -1] + 0.5
    for ring in range(len(RADII) - 2, -1, -1):
        share = (counts[:, :, ring] + LOCAL * shares[ring]) / (counts[:, :, ring + 1] + LOCAL)
        within[:, :, ring] = within[:, :, ring + 1] * share
    return np.asarray(np.diff(within, axis=2, prepend=0))


def _open_days(day: np.ndarray, source: np.ndarray, use: np.ndarray, far: int) -> np.ndarray:
    """How many pairs of one source could be 0 … far days apart, did the days not matter."""
    found = np.zeros(far + 1)
    for one in range(int(source.max()) + 1):
        mine = day[use & (source == one)]
        if len(mine):
            length = float(mine.max() - mine.min() + 1)
            found += len(mine) ** 2 * np.maximum(length - np.arange(far + 1), 0) / length**2
    found[0] /= 2
    return found


def _bursts(
    pairs: blocking.Pairs, day: np.ndarray, km_of: Distance, could: np.ndarray, near: int
) -> np.ndarray:
    """How many times as many pairs of one source there are so many days apart, by ring."""
    lag = np.abs(day[pairs.left] - day[pairs.right])
    ring = np.searchsorted(NEARBY, km_of(pairs.left, pairs.right))
    fine = (lag < len(could)) & (ring < len(NEARBY))
    seen = np.zeros((len(NEARBY), len(could)))
    np.add.at(seen, (ring[fine], lag[fine]), 1)
    rate = seen[:, near + 1 :].sum(axis=1) / max(float(could[near + 1 :].sum()), 1e-9)
    found = (seen + STEADY) / (rate[:, None] * could + STEADY)
    return np.asarray(np.maximum(found, 1.0))
