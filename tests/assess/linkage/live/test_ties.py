"""Each report finds its pairs, whatever came when."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.linkage.live.ties import Ties

PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda p: p[0] != p[1]))


@given(st.lists(PAIRS, max_size=8), st.lists(st.integers(0, 40), unique=True))
def test_pairs_are_found_by_either_report(
    portions: list[list[tuple[int, int]]], rows: list[int]
) -> None:
    ties = Ties()
    for number, portion in enumerate(portions):
        left, right = np.array(portion, dtype=np.int64).reshape(-1, 2).T
        ties.add(left=left, right=right, weight=np.full(len(left), float(number)))
    listed = [(pair, number) for number, portion in enumerate(portions) for pair in portion]
    assert ties.size == len(listed)
    assert ties["weight"].tolist() == [number for _, number in listed]
    found = ties.of(np.array(rows, dtype=np.int64)).tolist()
    wanted = [n for n, (pair, _) in enumerate(listed) if set(pair) & set(rows)]
    assert sorted(found) == wanted
