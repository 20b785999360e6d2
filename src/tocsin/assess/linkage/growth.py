"""Arrays that grow by doubling, so that adding is cheap on average; and sets of numbers."""

from __future__ import annotations

import numpy as np


def grown(array: np.ndarray, size: int) -> np.ndarray:
    """The array, or a longer one with the same beginning and zeros behind it.

    >>> grown(np.array([5, 6]), 3).tolist()
    [5, 6, 0, 0]
    """
    if len(array) >= size:
        return array
    longer = np.zeros((max(size, 2 * len(array)), *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


def distinct(values: np.ndarray) -> np.ndarray:
    """Sorted distinct whole numbers (faster than NumPy's `unique`, which hashes).

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    keep = np.ones(len(ordered), dtype=bool)
    keep[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[keep])
