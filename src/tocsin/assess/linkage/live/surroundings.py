"""What chance pairs around a report: of the batch's, and of reports that come later.

The batch counts on moved calendars how many chance pairs each report has and at which levels
(`chance.Chance`). A new report is counted on calendars moved to the past: what comes after it
is not known yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.assess.linkage.decisions.chance import POOL, TRUST_SURROUNDINGS, Chance
from tocsin.assess.linkage.decisions.training import SHIFTS
from tocsin.assess.linkage.live.growth import grow
from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.comparisons import Comparison
from tocsin.assess.linkage.pairs.features import NONE

PAST = (29, 41, 53)
"""Days by which a new report is moved back, to see what chance alone pairs it with."""


class Surroundings:
    """The number of chance pairs by report and source, and the shares of their levels by report."""

    def __init__(
        self,
        chance: Chance,
        u: Mapping[str, tuple[float, ...]],
        day: np.ndarray,
    ) -> None:
        """Read the counts.

        Args:
            chance: counts on moved calendars.
            u: shares of levels among chance pairs.
            day: first day of each report.
        """
        known = day[day != NONE]
        self.first, last = (int(known.min()), int(known.max())) if len(known) else (0, 0)
        # On the first and the last days one half of the moved calendars is empty.
        moved = [day + way * shift for shift in SHIFTS for way in (-1, 1)]
        reached = np.mean([(one >= self.first) & (one <= last) for one in moved], axis=0)
        expected = chance.expected / max(chance.calendars, 1)
        expected /= np.maximum(reached, 1 / len(moved))[:, None]
        n = expected.shape[1]
        self.usual = float(expected.mean()) * n / max(n - 1, 1)
        self.expected = expected.astype(np.float32)
        # By level as comparisons number them: the last level first.
        self.share = {name: np.array(u[name])[::-1] for name in chance.local}
        self.gain = {
            name: _gain(counts[:, ::-1], self.share[name]) for name, counts in chance.local.items()
        }

    @classmethod
    def measure(
        cls,
        records: pl.DataFrame,
        levels: Sequence[Comparison],
        columns: Mapping[str, np.ndarray],
        source: np.ndarray,
    ) -> Surroundings:
        """Count chance pairs on moved calendars, as linking a batch does.

        Args:
            records: the batch's records.
            levels: the comparisons.
            columns: the records' columns, each of shape (n,).
            source: shape (n,), the number of each record's source.

        Returns:
            The counts of the batch.
        """
        chance = Chance.empty(levels, records.height, int(source.max()) + 1)
        for shift in SHIFTS:
            pairs = blocking.candidates(records, shift=shift)
            chance.add(columns, levels, pairs, source, shift)
        return cls(chance, chance.u(), columns["day0"])

    def count(
        self,
        rows: np.ndarray,
        calendars: Sequence[tuple[np.ndarray, np.ndarray]],
        day: np.ndarray,
        source: np.ndarray,
        levels: Callable[[np.ndarray, np.ndarray], Mapping[str, np.ndarray]],
    ) -> None:
        """Count the chance pairs of new rows, and keep the counts.

        Args:
            rows: the k new rows, following those there are.
            calendars: for each of `PAST`, new rows and the rows that chance pairs them with.
            day: shape (k,), the first day of each of `rows`, in days since 1970.
            source: the number of every row's source.
            levels: gives, for two arrays of rows, the levels of the comparisons in `gain`.
        """
        n = self.expected.shape[1]
        new, old = (np.concatenate(side) for side in zip(*calendars, strict=True))
        known = source[old] < n
        expected = _table(new[known] - rows[0], source[old[known]], (len(rows), n))
        reached = np.sum([day - back >= self.first for back in PAST], axis=0)
        expected /= np.maximum(reached, 1)[:, None]
        # Nobody knows what was usual there before the first report.
        expected[reached == 0] = self.usual
        self.expected = grow(self.expected, int(rows[-1]) + 1)
        self.expected[rows] = expected
        for name, gamma in levels(new, old).items():
            seen = gamma >= 0
            shape = len(rows), len(self.share[name])
            counts = _table(new[seen] - rows[0], gamma[seen], shape)
            self.gain[name] = grow(self.gain[name], int(rows[-1]) + 1)
            self.gain[name][rows] = _gain(counts, self.share[name])

    def bits(
        self,
        left: np.ndarray,
        right: np.ndarray,
        source: np.ndarray,
        gammas: Mapping[str, np.ndarray],
    ) -> np.ndarray:
        """Weigh the surroundings of pairs, as `Chance.traffic` and `Chance.locality` do for a
        batch.

        Args:
            left: shape (n,), the first row of each pair.
            right: shape (n,), the second.
            source: the number of every row's source.
            gammas: comparison to the level of each pair, shape (n,).

        Returns:
            Shape (n,), bits.
        """
        here = np.sqrt(
            (self._chance(left, source[right]) + 0.25) * (self._chance(right, source[left]) + 0.25)
        )
        bits = np.log2((self.usual + 0.25) / here)
        for name, gain in self.gain.items():
            seen = gammas[name] >= 0
            level = gammas[name][seen]
            bits[seen] += (gain[left[seen], level] + gain[right[seen], level]) / 2
        return np.asarray(TRUST_SURROUNDINGS * bits)

    def _chance(self, rows: np.ndarray, source: np.ndarray) -> np.ndarray:
        """A source that the batch did not know is as busy as the others together on average."""
        n = self.expected.shape[1]
        known = self.expected[rows, np.minimum(source, n - 1)]
        return np.asarray(np.where(source < n, known, self.expected[rows].mean(axis=1)))


def _table(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """How often each row and column occurs."""
    return (
        np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape) * 1.0
    )


def _gain(counts: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Bits of each level for being rarer around a report than elsewhere."""
    mixed = counts + POOL * share
    gain = np.log2(share / (mixed / mixed.sum(axis=1, keepdims=True)))
    return np.asarray(gain.astype(np.float32))
