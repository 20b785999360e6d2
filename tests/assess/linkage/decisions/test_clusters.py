"""Rivals share one match; clusters hold one report a source unless parts say otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement import agree
from tocsin.assess.linkage.decisions.clusters import (
    UNSEEN,
    Scored,
    agglomerate,
    foremost,
    join_parts,
    settle_rivals,
)

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


def test_no_pair_at_all_has_no_rival() -> None:
    nothing = Scored(np.empty(0, int), np.empty(0, int), np.empty(0))
    assert settle_rivals(nothing, SOURCES).shape == (0,)
    assert settle_rivals(nothing, np.empty(0, int)).shape == (0,)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(scored())
def test_rivals_share_one_match(pairs: Scored) -> None:
    probability = settle_rivals(pairs, SOURCES)
    assert ((probability >= 0) & (probability <= 1)).all()
    for row in range(18):
        for source in range(3):
            mine = ((pairs.left == row) & (SOURCES[pairs.right] == source)) | (
                (pairs.right == row) & (SOURCES[pairs.left] == source)
            )
            assert probability[mine].sum() < 1.35  # exact on trees, nearly so elsewhere


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(scored(), st.sampled_from([0.2, 0.5, 0.8]))
def test_a_cluster_has_one_report_a_source(pairs: Scored, threshold: float) -> None:
    cluster, taken = agglomerate(pairs, settle_rivals(pairs, SOURCES), SOURCES, threshold=threshold)
    assert (cluster[pairs.left[taken]] == cluster[pairs.right[taken]]).all()
    for root in np.unique(cluster):
        inside = SOURCES[cluster == root]
        assert len(inside) == len(np.unique(inside))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(scored(), st.sampled_from([0.2, 0.5, 0.8]), st.data())
def test_parts_join_no_more_than_they_explain(
    pairs: Scored, threshold: float, data: st.DataObject
) -> None:
    cluster, taken = agglomerate(pairs, settle_rivals(pairs, SOURCES), SOURCES, threshold=threshold)
    free = sorted(set(range(len(pairs.left))) - set(taken.tolist()))
    chosen = data.draw(st.lists(st.sampled_from(free), unique=True) if free else st.just([]))
    further = np.array(sorted(chosen), dtype=np.int64)
    wide, hold = join_parts(cluster, pairs, further, SOURCES)
    links = [*taken.tolist(), *further[hold].tolist()]
    edges = [(int(pairs.left[p]), int(pairs.right[p])) for p in links]
    agree(edges, dict(enumerate(wide.tolist())), lambda row: SOURCES[row])


def _one_by_one(pairs: Scored, probability: np.ndarray, threshold: float) -> list[int]:
    """The surest pair first, each decided with the clusters as they then are."""
    order = np.lexsort((pairs.right, pairs.left, -pairs.weight, -probability))
    clean = np.clip(probability, 1e-9, 1 - 1e-9)
    bits = np.maximum(np.log2(clean / (1 - clean)), -UNSEEN)
    spots = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    told = dict(zip(spots, bits.tolist(), strict=True))
    cluster = list(range(len(SOURCES)))
    for position in order[probability[order] >= threshold].tolist():
        one, two = (cluster[int(side[position])] for side in (pairs.left, pairs.right))
        first, second = ([x for x, c in enumerate(cluster) if c == y] for y in (one, two))
        if one == two or {SOURCES[x] for x in first} & {SOURCES[y] for y in second}:
            continue
        total = sum(told.get((min(x, y), max(x, y)), -UNSEEN) for x in first for y in second)
        if total > np.log2(threshold / (1 - threshold)):
            cluster = [min(one, two) if c in (one, two) else c for c in cluster]
    return cluster


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(scored(), st.sampled_from([0.2, 0.5, 0.8]))
def test_clusters_joined_many_at_a_time_are_those_joined_one_by_one(
    pairs: Scored, threshold: float
) -> None:
    probability = settle_rivals(pairs, SOURCES)
    cluster, _ = agglomerate(pairs, probability, SOURCES, threshold=threshold)
    assert cluster.tolist() == _one_by_one(pairs, probability, threshold)


@settings(max_examples=60, deadline=None)
@given(scored(), st.integers(1, 4))
def test_a_pair_is_kept_that_is_among_the_best_of_either_report(pairs: Scored, most: int) -> None:
    expected = np.zeros(len(pairs.left), dtype=bool)
    for own, other in ((pairs.left, pairs.right), (pairs.right, pairs.left)):
        for place in range(len(own)):
            rivals = (own == own[place]) & (SOURCES[other] == SOURCES[other[place]])
            before = pairs.weight > pairs.weight[place]
            before |= (pairs.weight == pairs.weight[place]) & (np.arange(len(own)) < place)
            expected[place] |= (rivals & before).sum() < most
    assert foremost(pairs, SOURCES, most=most).tolist() == expected.tolist()


def _joined(
    source: list[int], cluster: list[int], links: list[tuple[int, int, float]], further: list[int]
) -> tuple[list[int], list[bool]]:
    """What becomes of clusters; the links are pairs with their bits, `further` some of them."""
    left, right, bits = (np.array(side) for side in zip(*links, strict=True))
    found, hold = join_parts(
        np.array(cluster), Scored(left, right, bits), np.array(further), np.array(source)
    )
    return found.tolist(), hold.tolist()


def test_a_part_joins_the_cluster_of_the_whole() -> None:
    assert _joined([0, 1, 1], [0, 0, 2], [(0, 1, 9.0), (0, 2, 8.0)], [1]) == ([0, 0, 0], [True])
    # And where the parts stand before the whole.
    assert _joined([0, 0, 1], [0, 1, 0], [(0, 2, 9.0), (1, 2, 8.0)], [1]) == ([0, 0, 0], [True])


def test_parts_that_a_third_source_tells_as_two_events_stay_apart() -> None:
    links = [(0, 1, 9.0), (1, 3, 9.0), (2, 4, 9.0), (0, 2, 8.0)]
    assert _joined([0, 1, 1, 2, 2], [0, 0, 2, 0, 2], links, [3]) == ([0, 0, 2, 0, 2], [False])


def test_of_parts_that_exclude_each_other_the_surest_is_joined() -> None:
    """The 2 brings a report of the third source with it, and so does the 5."""
    links = [(0, 1, 9.0), (2, 4, 9.0), (0, 2, 3.0), (0, 5, 7.0)]
    found = _joined([0, 1, 1, 2, 2, 2], [0, 0, 2, 3, 2, 5], links, [2, 3])
    assert found == ([0, 0, 2, 3, 2, 0], [False, True])
