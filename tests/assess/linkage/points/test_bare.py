"""Two sources have nothing to compare but points where they say nothing else, both."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.points.bare import bare_pairs

ROWS = 300


def columns(**told: np.ndarray) -> dict[str, np.ndarray]:
    names = ("place_id", "best", "a_fine", "b_fine", "type_fine")
    nothing = {name: np.full(ROWS, -1) for name in names}
    return {**nothing, "located": np.ones(ROWS, dtype=int), **told}


@pytest.mark.parametrize("column", ["place_id", "best", "a_fine", "b_fine", "type_fine"])
def test_what_both_say_can_be_compared(column: str) -> None:
    source = np.repeat([0, 1, 2], 100)
    pairs = Pairs(np.arange(200), np.arange(200) + 100)
    told = np.where(source < 2, 3, -1)
    bare = bare_pairs(columns(**{column: told}), ("type",), pairs, source)
    # The first source and the second both say it; the second and the third do not.
    assert not bare[:100].any()
    assert bare[100:].all()
    assert bare_pairs(columns(), ("type",), pairs, source).all()


def test_a_pair_without_a_point_is_not_weighed_by_points() -> None:
    source = np.repeat([0, 1, 2], 100)
    pairs = Pairs(np.arange(200), np.arange(200) + 100)
    located = np.where(np.arange(ROWS) == 5, -1, 1)
    bare = bare_pairs(columns(located=located), (), pairs, source)
    assert np.flatnonzero(~bare).tolist() == [5]
