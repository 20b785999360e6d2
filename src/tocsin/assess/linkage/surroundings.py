"""What chance pairs around a report, lent to new reports by the report that is most like them.

The batch counts on moved calendars how many chance pairs each report has and at which levels
(`model.Chance`). A new report is not counted: it borrows the counts of its likest neighbour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.assess.linkage import blocking
from tocsin.assess.linkage.comparisons import Comparison
from tocsin.assess.linkage.growth import grown
from tocsin.assess.linkage.link import SHIFTS
from tocsin.assess.linkage.model import POOL, TRUST_SURROUNDINGS, Chance


class Surroundings:
    """Chance pairs by report and source, and shares of levels by report."""

    def __init__(self, chance: Chance, u: Mapping[str, tuple[float, ...]]) -> None:
        expected = chance.expected / max(chance.calendars, 1)
        n = expected.shape[1]
        self.usual = float(expected.mean()) * n / max(n - 1, 1)
        self.expected = expected.astype(np.float32)
        self.gain: dict[str, np.ndarray] = {}
        for name, counts in chance.local.items():
            share = np.array(u[name], dtype=np.float32)
            mixed = counts + POOL * share
            gain = np.log2(share / (mixed / mixed.sum(axis=1, keepdims=True)))
            # By level as comparisons number them: the last level first.
            self.gain[name] = gain[:, ::-1].astype(np.float32)

    @classmethod
    def counted(
        cls,
        records: pl.DataFrame,
        levels: Sequence[Comparison],
        columns: Mapping[str, np.ndarray],
        source: np.ndarray,
    ) -> Surroundings:
        """Count chance pairs on moved calendars, as the batch did."""
        chance = Chance.empty(levels, records.height, int(source.max()) + 1)
        for shift in SHIFTS:
            pairs = blocking.candidates(records, shift=shift)
            chance.add(columns, levels, pairs, source, shift)
        return cls(chance, chance.u())

    def lend(self, rows: np.ndarray, lenders: np.ndarray, lender_source: np.ndarray) -> None:
        """Give new rows the counts of their lenders; a lender of -1 is the usual report.

        Args:
            rows: the new rows, following those there are.
            lenders: rows, shape of `rows`.
            lender_source: number of each lender's source.
        """
        size = int(rows[-1]) + 1
        none = lenders < 0
        self.expected = grown(self.expected, size)
        lent = self.expected[lenders]
        n = lent.shape[1]
        # No source was counted against itself: there the lender's mean over the others stands,
        # without its own number, which a lender that once borrowed holds too.
        mine = np.arange(len(rows)), np.minimum(lender_source, n - 1)
        lent[mine] = (lent.sum(axis=1) - lent[mine]) / max(n - 1, 1)
        lent[none] = self.usual
        self.expected[rows] = lent
        for name, gain in self.gain.items():
            self.gain[name] = grown(gain, size)
            lent = self.gain[name][lenders]
            lent[none] = 0
            self.gain[name][rows] = lent

    def bits(
        self,
        left: np.ndarray,
        right: np.ndarray,
        source: np.ndarray,
        gammas: Mapping[str, np.ndarray],
    ) -> np.ndarray:
        """Bits of pairs for their surroundings, as `Chance.traffic` and `Chance.locality`."""
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
