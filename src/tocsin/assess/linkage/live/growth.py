"""Arrays that grow by doubling, so that adding is cheap on average; sets and ranges of numbers."""

from __future__ import annotations

import numpy as np


def grow(array: np.ndarray, size: int) -> np.ndarray:
    """Return an array with room for more entries.

    Args:
        array: shape (n, …).
        size: how many entries it must hold.

    Returns:
        The array itself, if it is long enough; else a longer one with the same beginning and
        zeros behind it.

    >>> grow(np.array([5, 6]), 3).tolist()
    [5, 6, 0, 0]
    """
    if len(array) >= size:
        return array
    longer = np.zeros((max(size, 2 * len(array)), *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


def sorted_unique(values: np.ndarray) -> np.ndarray:
    """Sort whole numbers and keep each once (faster than NumPy's `unique`, which hashes).

    Args:
        values: shape (n,), whole numbers.

    Returns:
        The distinct numbers, in rising order.

    >>> sorted_unique(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    keep = np.ones(len(ordered), dtype=bool)
    keep[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[keep])


def unique_in_order(values: np.ndarray, stamp: np.ndarray) -> np.ndarray:
    """Keep each number once, without sorting: the last of each, in the order given.

    Args:
        values: shape (n,), whole numbers from 0.
        stamp: room to write in: an array of whole numbers longer than the largest value.

    Returns:
        The distinct numbers.

    >>> unique_in_order(np.array([3, 1, 3]), np.empty(4, dtype=np.int64)).tolist()
    [1, 3]
    """
    order = np.arange(len(values))
    stamp[values] = order
    return np.asarray(values[stamp[values] == order])


def ranges(starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the numbers from each start on, one range after the other.

    Args:
        starts: shape (n,), the first number of each range.
        counts: shape (n,), how many numbers each range has.

    Returns:
        Shape (sum of `counts`,), whole numbers.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    moved = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    return np.asarray(moved + np.arange(len(moved)))
