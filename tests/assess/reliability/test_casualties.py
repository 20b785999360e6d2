"""Fused deaths: what they must do whatever the counts are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.reliability.casualties import Counts, Habits, fuse_counts, habits

PLAIN = Habits(np.zeros(6), np.full(6, 0.2), np.full(6, 0.9))
ranges = st.tuples(st.integers(0, 500), st.integers(0, 200), st.integers(0, 800)).map(
    lambda parts: (parts[0], parts[0] + parts[1], parts[0] + parts[1] + parts[2])
)


def counts(said: list[tuple[float, float, float]], voice: list[float] | None = None) -> Counts:
    """Counts of one item, one source each."""
    n = len(said)
    low, best, high = (np.array([one[k] for one in said], float) for k in range(3))
    own = np.ones(n) if voice is None else np.array(voice)
    return Counts(np.zeros(n, int), np.arange(n), low, best, high, own, np.full(n, 0.9))


def of(said: list[tuple[float, float, float]], voice: list[float] | None = None) -> np.ndarray:
    return fuse_counts(counts(said, voice), PLAIN, 1)[0][0]


def width(quantiles: np.ndarray) -> float:
    return float(np.log1p(quantiles[4]) - np.log1p(quantiles[0]))


@given(ranges)
def test_one_range_passes_through(said: tuple[int, int, int]) -> None:
    found = of([said])
    assert (found[0], found[2], found[4]) == said


@settings(deadline=None)
@given(st.lists(ranges, min_size=1, max_size=6))
def test_quantiles_are_ordered_and_never_negative(said: list) -> None:
    found = of(said)
    assert (np.diff(found) >= -1e-9).all()
    assert found[0] >= 0


@settings(deadline=None)
@given(st.lists(ranges, min_size=2, max_size=6))
def test_within_what_the_sources_allow_where_they_agree(said: list) -> None:
    if max(low for low, _, _ in said) <= min(high for _, _, high in said):
        found = of(said)
        assert found[0] >= min(low for low, _, _ in said) - 1e-9
        assert found[4] <= max(high for _, _, high in said) + 1e-9


@settings(deadline=None)
@given(st.lists(ranges, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_order_does_not_matter(said: list, random: object) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert of(said) == pytest.approx(of(shuffled), rel=1e-6, abs=1e-6)


@settings(deadline=None)
@given(st.lists(ranges, min_size=1, max_size=4), st.integers(1, 3))
def test_copies_do_not_narrow(said: list, copies: int) -> None:
    voice = [1.0] * len(said) + [0.1] * copies
    repeated = of([*said, *[said[0]] * copies][:6], voice[:6])
    assert np.array_equal(repeated, of(said))


def test_disagreement_widens() -> None:
    near, apart, far = (of([(10, 10, 10), (n, n, n)]) for n in (10, 20, 60))
    assert width(near) < width(apart) < width(far)
    assert far[0] < 20 < far[4]
    assert far[4] > 40


def test_a_third_source_settles_it() -> None:
    torn, settled = of([(10, 10, 10), (60, 60, 60)]), of([(10, 10, 10), (60, 60, 60), (11, 11, 11)])
    assert width(settled) < width(torn)
    assert 8 < settled[2] < 14


def test_no_count_gives_nothing() -> None:
    nothing = Counts(*(np.empty(0, int),) * 2, *(np.empty(0),) * 5)
    quantiles, number, _ = fuse_counts(nothing, PLAIN, 2)
    assert np.isnan(quantiles).all()
    assert number.tolist() == [0, 0]
    assert habits(nothing, 2).bias.tolist() == [0.0, 0.0]


def test_who_counts_too_few_is_found_out() -> None:
    rng = np.random.default_rng(5)
    truth = rng.lognormal(3, 1, 800)
    bias, spread = np.array([0.0, 0.1, -0.5]), np.array([0.1, 0.2, 0.4])
    item, who = (grid.ravel() for grid in np.indices((800, 3)))
    best = np.expm1(np.log1p(truth)[item] + bias[who] + rng.normal(0, 1, item.size) * spread[who])
    known = habits(
        Counts(item, who, best, best, best, np.ones(item.size), np.full(item.size, 0.9)), 3
    )
    # Only differences can be seen.
    assert np.diff(known.bias) == pytest.approx(np.diff(bias), abs=0.06)
    assert known.spread == pytest.approx(spread, abs=0.1)
