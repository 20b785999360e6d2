"""Rivals share one match; clusters hold one report a source unless parts say otherwise."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.linkage.clusters import Scored, agglomerate, rivalry

SOURCES = np.array([0] * 6 + [1] * 6 + [2] * 6)


@st.composite
def scored(draw: st.DrawFn) -> Scored:
    pairs = draw(
        st.dictionaries(
            st.tuples(st.integers(0, 17), st.integers(0, 17)).filter(
                lambda p: p[0] < p[1] and SOURCES[p[0]] != SOURCES[p[1]]
            ),
            st.floats(-9, 15),
            min_size=1,
        )
    )
    left, right = (np.array([p[side] for p in pairs]) for side in (0, 1))
    return Scored(left, right, np.array(list(pairs.values())))


@settings(max_examples=200, deadline=None)
@given(scored())
def test_rivals_share_one_match(pairs: Scored) -> None:
    probability = rivalry(pairs, SOURCES)
    assert ((probability >= 0) & (probability <= 1)).all()
    for row in range(18):
        for source in range(3):
            mine = ((pairs.left == row) & (SOURCES[pairs.right] == source)) | (
                (pairs.right == row) & (SOURCES[pairs.left] == source)
            )
            assert probability[mine].sum() < 1.35  # exact on trees, nearly so elsewhere


@settings(max_examples=200, deadline=None)
@given(scored(), st.sampled_from([0.2, 0.5, 0.8]))
def test_a_cluster_has_one_report_a_source(pairs: Scored, threshold: float) -> None:
    cluster, taken = agglomerate(pairs, rivalry(pairs, SOURCES), SOURCES, threshold=threshold)
    assert (cluster[pairs.left[taken]] == cluster[pairs.right[taken]]).all()
    for root in np.unique(cluster):
        inside = SOURCES[cluster == root]
        assert len(inside) == len(np.unique(inside))
