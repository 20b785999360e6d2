"""The tables hold what their authors counted."""

from __future__ import annotations

import numpy as np

from tocsin.bench.reliability.published import anaesthesia, random_start, role_conflict


def test_sizes() -> None:
    items, raters, labels = anaesthesia()
    assert (items.size, items.max(), raters.max(), labels.max()) == (315, 44, 4, 3)
    items, raters, labels = role_conflict()
    assert (items.size, items.max(), raters.max(), labels.max()) == (864, 215, 3, 1)
    assert np.allclose(random_start(5, 3, 1).sum(axis=1), 1)
