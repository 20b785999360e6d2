"""Spellings are joined to the commonest name that is near enough, wherever it lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from tocsin.assess.linkage.names.folding import join_spellings
from tocsin.schema.geography.distance import flat_km

NAME = st.text(st.sampled_from("abr"), min_size=2, max_size=9)
SPOT = st.one_of(
    st.none(), st.tuples(st.floats(-80, 80), st.floats(-179, 179)),
    st.tuples(st.floats(7.8, 8.2), st.floats(11.8, 12.2)),
)  # fmt: skip


def _slowly(names: list[str], counts: list[int], points: np.ndarray) -> list[int]:
    order = sorted(range(len(names)), key=lambda i: (-counts[i], names[i]))
    root = list(range(len(names)))
    for place, index in enumerate(order):
        best, found = 0, -1
        for other in order[:place]:
            far = flat_km(*points[index], *points[other]) > 30
            if min(len(names[index]), len(names[other])) < 4 or far:
                continue
            score = int(fuzz.ratio(names[index], names[other], score_cutoff=80) + 0.5)
            if score > best:
                best, found = score, other
        if found >= 0:
            root[index] = root[found]
    return root


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAME, st.tuples(st.integers(1, 5), SPOT), min_size=1, max_size=12))
def test_names_are_joined_as_a_look_at_every_pair_would(
    drawn: dict[str, tuple[int, tuple[float, float] | None]],
) -> None:
    names, counts = list(drawn), [count for count, _ in drawn.values()]
    points = np.array([spot or (np.nan, np.nan) for _, spot in drawn.values()])
    roots = join_spellings(names, counts, points=points, least=80)
    assert roots == _slowly(names, counts, points)
    anywhere = np.full_like(points, np.nan)
    assert join_spellings(names, counts, least=80) == _slowly(names, counts, anywhere)


def test_a_name_is_joined_to_the_one_that_it_abbreviates() -> None:
    assert join_spellings(["free army of nowhere", "faon", "other"], [5, 2, 1], initials=True) == [
        0,
        0,
        2,
    ]
