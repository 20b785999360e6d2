"""Pairs of reports that were weighed, found by either report: a store that only grows.

The pairs of one report that came together lie side by side (a run); each run knows the one
before it. So the pairs of many reports are read with a few NumPy calls, however many they are.
"""

from __future__ import annotations

import numpy as np

from tocsin.assess.linkage.live.growth import grow, ranges, unique_in_order

COLUMNS = {
    "left": np.int64, "right": np.int64, "weight": float, "deaths": float, "alone_left": float,
    "alone_right": float, "probability": float, "sure": float, "linked": bool,
}  # fmt: skip
"""What is kept of a pair of reports: `probability` beside its rivals, `sure` also as parts."""


class Ties:
    """A growing list of pairs of rows, in which the pairs of each row are found fast.

    >>> ties = Ties()
    >>> ties.add(left=np.array([0, 0]), right=np.array([1, 2]))
    >>> ties.add(left=np.array([1]), right=np.array([2]))
    >>> sorted(ties.of(np.array([1, 2])).tolist())
    [0, 1, 2]
    """

    def __init__(self) -> None:
        self.size = 0
        self.columns = {name: np.empty(0, dtype=kind) for name, kind in COLUMNS.items()}
        # Of runs: where each begins in `listed`, its length, and its row's run before it (or -1).
        self.listed = np.empty(0, dtype=np.int64)
        self.runs = np.empty((0, 3), dtype=np.int64)
        self.runs_size = 0
        self.last = np.empty(0, dtype=np.int64)
        self.stamp = np.empty(0, dtype=np.int64)

    def __getitem__(self, name: str) -> np.ndarray:
        """A column of all pairs, shape (size,): a view, so that it can be written to."""
        return self.columns[name][: self.size]

    def add(self, **values: np.ndarray) -> None:
        """Add pairs to the list.

        Args:
            values: columns of `COLUMNS` by name, each of shape (n,), `left` and `right` among
                them; those that are not given are zero.
        """
        n = len(values["left"])
        if not n:
            return
        first, self.size = self.size, self.size + n
        for name, column in self.columns.items():
            self.columns[name] = grow(column, self.size)
            self.columns[name][first : self.size] = values.get(name, 0)
        self.stamp = grow(self.stamp, self.size)
        both = np.concatenate([values["left"], values["right"]])
        order = np.argsort(both, kind="stable")
        self.listed = grow(self.listed, 2 * self.size)
        self.listed[2 * first : 2 * self.size] = first + order % n
        ordered = both[order]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        rows = ordered[starts]
        known = len(self.last)
        # Runs are counted from one, so that the zeros behind a grown array mean none.
        self.last = grow(self.last, int(rows[-1]) + 1) if rows[-1] >= known else self.last
        begin, self.runs_size = self.runs_size, self.runs_size + len(rows)
        self.runs = grow(self.runs, self.runs_size)
        new = self.runs[begin : self.runs_size]
        new[:, 0] = 2 * first + starts
        new[:, 1] = np.diff(np.append(starts, 2 * n))
        new[:, 2] = self.last[rows]
        self.last[rows] = np.arange(begin, self.runs_size) + 1

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Find the pairs that hold one of some rows.

        Args:
            rows: shape (k,), whole numbers.

        Returns:
            Positions in the columns, each once, in no particular order.
        """
        runs = self.last[rows[rows < len(self.last)]]
        found = []
        while len(runs := runs[runs > 0]):
            found.append(self.runs[runs - 1])
            runs = found[-1][:, 2]
        if not found:
            return np.empty(0, dtype=np.int64)
        starts, counts, _ = np.concatenate(found).T
        return unique_in_order(self.listed[ranges(starts, counts)], self.stamp)
