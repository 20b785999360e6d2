"""What chance alone pairs: counted on moved calendars, near each report and over all.

Where the dates of one side are moved by weeks, no pair tells of one event; what is paired then
is due to chance, and says how much a pair on the true calendar is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import Comparison, in_pieces, levels_of

TRUST_SURROUNDINGS = 0.5
LOCAL = ("place", "actors", "type")
"""Comparisons whose levels chance hits more often in some places than in others."""
POOL = 12.0
"""Chance pairs of the whole picture that a report's own chance pairs are mixed with."""


@dataclass
class Chance:
    """The number of pairs that chance alone makes, counted on moved calendars."""

    size: int
    """Reports."""
    expected: np.ndarray
    """Shape (reports, sources): chance pairs of each report with each source."""
    counts: dict[str, np.ndarray]
    """Comparison to counts of its levels (the first level first), all reports."""
    local: dict[str, np.ndarray]
    """Comparison to counts by report and level, shape (reports, levels)."""
    calendars: int = 0
    times: np.ndarray | None = None
    """Counts of the levels of time between reports of one source."""

    @classmethod
    def empty(cls, compared: Sequence[Comparison], size: int, sources: int) -> Chance:
        """Make a count to which nothing has been added yet.

        Args:
            compared: the comparisons whose levels are counted.
            size: how many reports there are.
            sources: how many sources there are.

        Returns:
            The count, all of zeros.
        """
        return cls(
            size,
            np.zeros((size, sources), dtype=np.float32),
            {one.name: np.zeros(len(one.levels)) for one in compared},
            {
                one.name: np.zeros((size, len(one.levels)), dtype=np.float32)
                for one in compared
                if one.name in LOCAL
            },
        )

    def add(
        self,
        values: Mapping[str, np.ndarray],
        compared: Sequence[Comparison],
        pairs: Pairs,
        source: np.ndarray,
        shift: int,
        *,
        thin: int = 1,
    ) -> None:
        """Count the pairs of one moved calendar, on which every pair is due to chance.

        Args:
            values: columns of the reports, each of shape (n,).
            compared: the comparisons whose levels are counted.
            pairs: the pairs that are near each other on the moved calendar.
            source: shape (n,), the number of each report's source.
            shift: by how many days the right report's dates are moved.
            thin: only every `thin`-th report stands on the right. Then the count of the left report
                stands for so many times as many, and the right one's is left out.
        """
        self.calendars += 1
        n = self.expected.shape[1]
        sides = [(pairs.left, pairs.right), (pairs.right, pairs.left)][: 2 if thin == 1 else 1]
        for one, two in sides:
            flat = np.bincount(one * n + source[two], minlength=self.size * n)
            self.expected += flat.reshape(self.size, n).astype(np.float32) * (thin / len(sides))
        gammas = levels_of(values, compared, pairs.left, pairs.right, shift=shift)
        for comparison in compared:
            gamma = gammas[comparison.name]
            seen = np.flatnonzero(gamma >= 0)
            levels = len(comparison.levels)
            level = levels - 1 - gamma[seen].astype(np.int64)
            self.counts[comparison.name] += np.bincount(level, minlength=levels)
            if comparison.name in self.local:
                for rows in (pairs.left[seen], pairs.right[seen]):
                    flat = np.bincount(rows * levels + level, minlength=self.size * levels)
                    self.local[comparison.name] += flat.reshape(self.size, levels)

    def u(self) -> dict[str, tuple[float, ...]]:
        """Return the share of each level among chance pairs.

        Returns:
            Comparison to the shares of its levels, the first level first; each sums to 1.
        """
        found = {name: shares(found) for name, found in self.counts.items()}
        if self.times is not None and self.times.sum() > 200:
            found["time"] = shares(self.times)
        return found

    def add_within(self, values: Mapping[str, np.ndarray], time: Comparison, pairs: Pairs) -> None:
        """Count how close in time two events of one source fall.

        Violence comes in bursts: two events of one town are nearer in time than moved
        calendars say, and a source's own reports show by how much.

        Args:
            values: columns of the reports, each of shape (n,).
            time: the comparison of days.
            pairs: pairs of reports of one source.
        """
        gamma = levels_of(values, [time], pairs.left, pairs.right)[time.name]
        self.times = np.bincount(gamma[gamma >= 0], minlength=len(time.levels))[::-1].astype(float)

    def traffic(self, pairs: Pairs, source: np.ndarray) -> np.ndarray:
        """Weigh how many chance pairs the surroundings of each pair hold.

        Where much happens, two reports meet by chance more often, and a pair says less.

        Args:
            pairs: P pairs.
            source: shape (n,), the number of each report's source.

        Returns:
            Shape (P,), bits.
        """
        expected = self.expected / max(self.calendars, 1)
        here = np.sqrt(
            (expected[pairs.left, source[pairs.right]] + 0.25)
            * (expected[pairs.right, source[pairs.left]] + 0.25)
        )
        usual = float(expected.mean()) * expected.shape[1] / max(expected.shape[1] - 1, 1)
        return np.asarray(TRUST_SURROUNDINGS * np.log2((usual + 0.25) / here))

    def locality(
        self, pairs: Pairs, gammas: Mapping[str, np.ndarray], u: Mapping[str, tuple[float, ...]]
    ) -> np.ndarray:
        """Weigh how often chance hits the levels of each pair near by.

        Args:
            pairs: P pairs.
            gammas: comparison to the level of each pair, shape (P,).
            u: comparison to the share of each level among all chance pairs.

        Returns:
            Shape (P,), bits.
        """
        bits = np.zeros(len(pairs))
        for name, counts in self.local.items():
            share = np.array(u[name], dtype=np.float32)
            mixed = counts + POOL * share
            gain = np.log2(share / (mixed / mixed.sum(axis=1, keepdims=True)))
            in_pieces(len(pairs), partial(_add_gains, bits, gain, gammas[name], pairs))
        return TRUST_SURROUNDINGS * bits


def _add_gains(
    bits: np.ndarray, gain: np.ndarray, gamma: np.ndarray, pairs: Pairs, piece: slice
) -> None:
    """Add what the levels of a piece of the pairs gain on both sides."""
    seen = gamma[piece] >= 0
    level = gain.shape[1] - 1 - gamma[piece][seen].astype(np.int64)
    left, right = pairs.left[piece][seen], pairs.right[piece][seen]
    bits[piece][seen] += (gain[left, level] + gain[right, level]) / 2


def shares(counts: np.ndarray) -> tuple[float, ...]:
    """Turn counts into shares that sum to 1; a level that was never seen gets a little.

    Args:
        counts: shape (levels,).

    Returns:
        The shares, in the same order.
    """
    smooth = counts + 0.5
    return tuple(round(float(x), 9) for x in smooth / smooth.sum())
