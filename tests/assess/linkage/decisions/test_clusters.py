"""Rivals share one match; clusters hold one report a source unless parts say otherwise."""

from __future__ import annotations

import itertools

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


def _by_enumeration(pairs: Scored, source: np.ndarray) -> list[float]:
    """The probabilities over all sets of pairs in which no report has two partners in a source."""
    found, whole = np.zeros(len(pairs.left)), 0.0
    for chosen in itertools.product([False, True], repeat=len(pairs.left)):
        at = np.flatnonzero(chosen)
        spots = [(int(pairs.left[k]), int(source[pairs.right[k]])) for k in at]
        spots += [(int(pairs.right[k]), int(source[pairs.left[k]])) for k in at]
        if len(set(spots)) == len(spots):
            odds = float(np.exp2(pairs.weight[at].sum()))
            found[at] += odds
            whole += odds
    return (found / whole).tolist()


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=5), st.booleans())
def test_rivals_of_one_report_need_no_message_at_all(bits: list[float], turned: bool) -> None:
    one, others = np.zeros(len(bits), int), 1 + np.arange(len(bits))
    source = np.array([0] + [1] * len(bits))
    pairs = Scored(*((others, one) if turned else (one, others)), np.array(bits))
    exact = _by_enumeration(pairs, source)
    assert settle_rivals(pairs, source, rounds=0).tolist() == pytest.approx(exact)


@given(st.lists(st.floats(-6, 6), min_size=3, max_size=3), st.booleans())
def test_along_three_pairs_what_is_begun_with_is_exact(bits: list[float], turned: bool) -> None:
    ends = np.array([0, 1, 1]), np.array([6, 6, 7])
    pairs = Scored(*(ends[::-1] if turned else ends), np.array(bits))
    exact = _by_enumeration(pairs, SOURCES)
    assert settle_rivals(pairs, SOURCES, rounds=0).tolist() == pytest.approx(exact)


def test_reports_of_several_sources_are_no_rivals() -> None:
    """Whichever numbers reports and sources have: two pairs of four reports, and one more."""
    source = np.array([0, 1, 0, 2])
    pairs = Scored(np.array([0, 1, 0]), np.array([3, 2, 1]), np.array([1.0, 2.0, -1.0]))
    exact = _by_enumeration(pairs, source)
    assert settle_rivals(pairs, source, rounds=60).tolist() == pytest.approx(exact)
    lone = Scored(pairs.left[:2], pairs.right[:2], pairs.weight[:2])
    assert settle_rivals(lone, source).tolist() == pytest.approx([2 / 3, 4 / 5])


@given(scored(), st.data())
def test_which_of_a_pair_stands_first_means_nothing(pairs: Scored, data: st.DataObject) -> None:
    """In a live picture it is the one that came first, of whichever source."""
    size = len(pairs.left)
    turned = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    other = Scored(
        np.where(turned, pairs.right, pairs.left), np.where(turned, pairs.left, pairs.right),
        pairs.weight,
    )  # fmt: skip
    found = settle_rivals(other, SOURCES)
    assert found.tolist() == settle_rivals(pairs, SOURCES).tolist()


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=5))
def test_along_a_chain_of_rivals_it_is_the_share_of_all_matchings(bits: list[float]) -> None:
    """Reports 0, 6, 1, 7, 2, 8: each is a rival of the one after the next, and nothing is round."""
    path = [0, 6, 1, 7, 2, 8][: len(bits) + 1]
    left, right = np.array(path[:-1]), np.array(path[1:])
    pairs = Scored(np.minimum(left, right), np.maximum(left, right), np.array(bits))
    exact = _by_enumeration(pairs, SOURCES)
    assert settle_rivals(pairs, SOURCES, rounds=60).tolist() == pytest.approx(exact, abs=1e-3)


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


def test_a_part_that_is_refused_stops_no_later_one() -> None:
    """The surest is excluded by a third source; another event's part has less bits."""
    links = [(0, 1, 9.0), (1, 3, 9.0), (2, 4, 9.0), (0, 2, 8.0), (5, 6, 9.0), (5, 7, 3.0)]
    source = [0, 1, 1, 2, 2, 0, 1, 1]
    found = _joined(source, [0, 0, 2, 0, 2, 5, 5, 7], links, [3, 5])
    assert found == ([0, 0, 2, 0, 2, 5, 5, 5], [False, True])


def test_the_first_report_of_the_first_sources_has_its_best_rivals() -> None:
    pairs = Scored(np.zeros(3, int), np.array([1, 2, 3]), np.array([1.0, 3.0, 2.0]))
    kept = foremost(pairs, np.array([0, 1, 1, 1]), most=1)
    # Each of the three has no other partner, so that it is the best of its own.
    assert kept.tolist() == [True, True, True]
    crowd = Scored(np.array([0, 0, 1, 1]), np.array([2, 3, 2, 3]), np.array([4.0, 3.0, 2.0, 1.0]))
    assert foremost(crowd, np.array([0, 0, 1, 1]), most=1).tolist() == [True, True, True, False]


def _bits_to_probability(*bits: float) -> np.ndarray:
    return 1 / (1 + np.exp2(-np.array(bits)))


@pytest.mark.parametrize(
    ("third", "beside", "joined"),
    [
        # Bits of the second pair; of the pair between the others, if it was a candidate.
        (UNSEEN + 0.1, None, True),
        (UNSEEN - 0.1, None, False),
        (3.1, -3.0, True),
        (2.9, -3.0, False),
        (UNSEEN + 0.1, -UNSEEN, True),
        (UNSEEN - 0.1, -9.0, False),
        (UNSEEN + 0.1, -9.0, True),
    ],
)
def test_a_cluster_grows_where_bits_for_it_are_more_than_those_against(
    third: float, beside: float | None, joined: bool
) -> None:
    """The reports 0 and 6 are surely one event; 12 of a third source is a partner of 6."""
    told = [(0, 6, 20.0), (6, 12, third)] + ([] if beside is None else [(0, 12, beside)])
    left, right, bits = (np.array(side) for side in zip(*told, strict=True))
    cluster, taken = agglomerate(
        Scored(left, right, bits), _bits_to_probability(*bits), SOURCES, threshold=0.5
    )
    assert cluster[[0, 6, 12]].tolist() == [0, 0, 0 if joined else 12]
    inside = [0, 1] + ([2] if beside is not None else []) if joined else [0]
    assert taken.tolist() == inside
    alone = np.setdiff1d(np.arange(18), [0, 6, 12])
    assert cluster[alone].tolist() == alone.tolist()


def test_a_higher_threshold_asks_for_more_bits() -> None:
    pairs = Scored(np.array([0]), np.array([6]), np.array([2.0]))
    sure = _bits_to_probability(2.0)
    for threshold, joined in ((0.79, True), (0.8, False), (0.81, False)):
        cluster, taken = agglomerate(pairs, sure, SOURCES, threshold=threshold)
        assert (cluster[6] == 0) is np.bool_(joined)
        assert len(taken) == joined


def test_of_pairs_that_are_as_sure_the_heavier_is_joined_and_then_the_first() -> None:
    sure = np.array([0.9, 0.9])
    for weight, partner in (([1.0, 2.0], 7), ([2.0, 1.0], 6), ([1.0, 1.0], 6)):
        pairs = Scored(np.array([0, 0]), np.array([6, 7]), np.array(weight))
        cluster, _ = agglomerate(pairs, sure, SOURCES, threshold=0.5)
        assert np.flatnonzero(cluster == 0).tolist() == [0, partner]
    pairs = Scored(np.array([1, 0]), np.array([6, 6]), np.array([1.0, 1.0]))
    cluster, _ = agglomerate(pairs, sure, SOURCES, threshold=0.5)
    assert np.flatnonzero(cluster == 0).tolist() == [0, 6]


def test_two_clusters_are_joined_by_the_bits_of_all_pairs_between_them() -> None:
    """Two clusters of two sources each: two pairs between them speak for it, two were no pairs."""
    source = np.array([0, 1, 2, 3])
    for bits, joined in ((UNSEEN + 0.1, True), (UNSEEN - 0.1, False)):
        told = np.array([20.0, 20.0, bits, bits])
        pairs = Scored(np.array([0, 2, 0, 1]), np.array([1, 3, 2, 3]), told)
        cluster, _ = agglomerate(pairs, _bits_to_probability(*told), source, threshold=0.5)
        assert cluster.tolist() == ([0, 0, 0, 0] if joined else [0, 0, 2, 2])


def test_no_pair_joins_nothing() -> None:
    nothing = Scored(np.empty(0, int), np.empty(0, int), np.empty(0))
    cluster, taken = agglomerate(nothing, np.empty(0), SOURCES, threshold=0.5)
    assert cluster.tolist() == list(range(18))
    assert len(taken) == 0
    cluster, taken = agglomerate(nothing, np.empty(0), np.empty(0, int), threshold=0.5)
    assert len(cluster) == len(taken) == 0
    assert foremost(nothing, np.empty(0, int)).shape == (0,)


def test_weights_of_any_size_give_a_probability() -> None:
    pairs = Scored(np.array([0, 1]), np.array([6, 7]), np.array([900.0, -900.0]))
    assert settle_rivals(pairs, SOURCES).tolist() == pytest.approx([1.0, 0.0])


def test_a_probability_of_one_is_worth_thirty_bits_and_not_all() -> None:
    """Two clusters of three sources each: one pair between them is sure, eight were none."""
    source = np.arange(6)
    left, right = np.array([0, 0, 1, 3, 3, 4, 0]), np.array([1, 2, 2, 4, 5, 5, 3])
    weight = np.array([90.0] * 6 + [50.0])
    cluster, _ = agglomerate(Scored(left, right, weight), np.ones(7), source, threshold=0.5)
    assert cluster.tolist() == [0, 0, 0, 3, 3, 3]
    # Of two reports it is enough, whatever was against it.
    pairs = Scored(np.array([0]), np.array([3]), np.array([50.0]))
    assert agglomerate(pairs, np.ones(1), source, threshold=0.999)[0].tolist() == [0, 1, 2, 0, 4, 5]
