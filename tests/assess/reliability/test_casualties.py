"""Fused deaths: what they must do whatever the counts are."""

from __future__ import annotations

from dataclasses import replace

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


# Against the same rules written count by count ------------------------------------------------

Z90 = 1.6449
SEVERAL = Counts(
    item=np.array([0, 0, 0, 1, 1, 2, 2, 3, 4, 4]),
    who=np.array([0, 1, 2, 0, 1, 1, 2, 0, 0, 2]),
    low=np.array([5.0, 8, 2, 40, 20, 0, 3, 7, 100, 10]),
    best=np.array([6.0, 9, 3, 50, 25, 1, 3, 9, 120, 30]),
    high=np.array([9.0, 9, 8, 90, 31, 2, 9, 9, 180, 35]),
    voice=np.array([1.0, 0.9, 0.5, 1, 0.8, 0.7, 1, 1, 1, 0.49]),
    right=np.array([0.9, 0.7, 0.8, 0.9, 0.6, 0.7, 0.8, 0.9, 0.9, 0.8]),
)


def normal(off: float, spread: float) -> float:
    return float(np.exp(-0.5 * (off / spread) ** 2) / (spread * np.sqrt(2 * np.pi)))


def habits_by_hand(counts: Counts, sources: int, rounds: int) -> Habits:
    everyone, asked = range(sources), counts.who.tolist()
    heard = [i for i in range(counts.item.size) if counts.voice[i] >= 0.5]
    use = [i for i in heard if sum(counts.item[j] == counts.item[i] for j in heard) >= 2]
    guess = [
        float(np.mean([r for r, w in zip(counts.right, asked, strict=True) if w == s]))
        if s in asked
        else 0.8
        for s in everyone
    ]
    who, item = ({i: int(of[i]) for i in use} for of in (counts.who, counts.item))
    y = {i: np.log1p(counts.best[i]) for i in use}
    own = {i: ((np.log1p(counts.high[i]) - np.log1p(counts.low[i])) / 2 / Z90) ** 2 for i in use}
    bias, spread, share = [0.0] * sources, [0.25] * sources, list(guess)
    on_track = {i: share[who[i]] for i in use}
    for _ in range(rounds):
        variance = {i: own[i] + spread[who[i]] ** 2 for i in use}
        trust = {i: counts.voice[i] * on_track[i] / variance[i] for i in use}
        of = {i: [j for j in use if item[j] == item[i]] for i in use}
        total = {i: sum(trust[j] for j in of[i]) for i in use}
        truth = {i: sum(trust[j] * (y[j] - bias[who[j]]) for j in of[i]) / total[i] for i in use}
        weight = {i: counts.voice[i] * on_track[i] for i in use}
        mine = [[i for i in use if who[i] == s] for s in everyone]
        n = [sum(weight[i] for i in mine[s]) for s in everyone]
        off = {i: y[i] - truth[i] for i in use}
        fresh = [sum(weight[i] * off[i] for i in mine[s]) / (n[s] + 8) for s in everyone]
        common = sum(a * b for a, b in zip(n, fresh, strict=True)) / sum(n)
        fresh = [one - common for one in fresh]
        square = {}
        for i in use:
            pull = spread[who[i]] ** 2 / variance[i]
            doubt = min(1 / total[i], 1.5**2)
            square[i] = pull**2 * ((off[i] - fresh[who[i]]) ** 2 + doubt) + pull * own[i]
        left = [
            np.sqrt((sum(weight[i] * square[i] for i in mine[s]) + 8 * 0.25**2) / (n[s] + 8))
            for s in everyone
        ]
        for i in use:
            rest = [j for j in of[i] if j != i]
            others = sum(trust[j] for j in rest)
            said = sum(trust[j] * (y[j] - bias[who[j]]) for j in rest) / others
            unsure = min(1 / others, 1.5**2)
            near = share[who[i]] * normal(
                y[i] - fresh[who[i]] - said, np.sqrt(variance[i] + unsure)
            )
            far = (1 - share[who[i]]) * normal(
                y[i] - fresh[who[i]] - said, np.sqrt(1.5**2 + unsure)
            )
            on_track[i] = near / (near + far)
        share = [
            (sum(counts.voice[i] * on_track[i] for i in mine[s]) + 8 * guess[s])
            / (sum(counts.voice[i] for i in mine[s]) + 8)
            for s in everyone
        ]
        bias, spread = fresh, left
    return Habits(np.array(bias), np.array(spread), np.array(share))


@pytest.mark.parametrize("rounds", [1, 2, 5])
@pytest.mark.parametrize(("wide", "right"), [(1, 1), (1000, 1), (1, 0.05)])
def test_habits_are_those_reckoned_count_by_count(rounds: int, wide: int, right: float) -> None:
    counts = replace(
        SEVERAL, low=SEVERAL.low / wide, high=SEVERAL.high * wide, right=SEVERAL.right * right
    )
    found, expected = (make(counts, 4, rounds=rounds) for make in (habits, habits_by_hand))
    assert found.bias == pytest.approx(expected.bias, abs=1e-12)
    assert found.spread == pytest.approx(expected.spread, abs=1e-12)
    assert found.right == pytest.approx(expected.right, abs=1e-12)
    # Nobody asked the fourth source.
    assert (found.bias[3], found.spread[3], found.right[3]) == (
        pytest.approx(expected.bias[3]), pytest.approx(0.25), 0.8,
    )  # fmt: skip


def test_counts_that_are_of_different_things_teach_no_habit() -> None:
    """Neither is on track against the other, and what nobody tells has no mean."""
    for right in (0.9, 1.0):
        told = counts([(0, 0, 0), (1e9, 1e9, 1e9)])
        known = habits(replace(told, right=np.full(2, right)), 2)
        assert known.bias == pytest.approx([0, 0])
        assert known.spread == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize("item", [0, 1, 2])
def test_the_fused_count_is_the_product_of_what_each_source_says(item: int) -> None:
    """On a much finer grid, density by density; ours is right to its own step."""
    known = Habits(np.array([0.0, 0.2, -0.3]), np.array([0.2, 0.3, 0.4]), np.array([0.9, 0.8, 0.6]))
    found = fuse_counts(SEVERAL, known, 5)[0][item]
    grid = np.linspace(0, np.log1p(1000), 40_001)
    says = np.zeros(grid.size)
    rows = [i for i in range(10) if SEVERAL.item[i] == item]
    for i in rows:
        who = int(SEVERAL.who[i])
        low, best, high = (np.log1p(v[i]) for v in (SEVERAL.low, SEVERAL.best, SEVERAL.high))
        below = np.hypot((best - low) / Z90, known.spread[who])
        above = np.hypot((high - best) / Z90, known.spread[who])
        off = grid - (best - known.bias[who])
        near = np.exp(-0.5 * (off / np.where(off < 0, below, above)) ** 2)
        near *= 2 / (below + above) / np.sqrt(2 * np.pi)
        far = np.exp(-0.5 * (off / 1.5) ** 2) / (1.5 * np.sqrt(2 * np.pi))
        share = known.right[who]
        says += SEVERAL.voice[i] * np.log(share * near + (1 - share) * far)
    mass = np.exp(says - says.max())
    at = np.searchsorted(np.cumsum(mass) / mass.sum(), [0.05, 0.25, 0.5, 0.75, 0.95])
    exact = np.expm1(grid[at])
    lows, highs = SEVERAL.low[rows], SEVERAL.high[rows]
    if lows.max() <= highs.min():
        exact = exact.clip(lows.min(), highs.max())
    assert np.log1p(found) == pytest.approx(np.log1p(exact), abs=0.025)


def test_whose_counts_are_heard_and_whether_they_meet() -> None:
    def fused(*said: tuple[float, float, float]) -> tuple[int, bool]:
        _, number, meet = fuse_counts(counts(list(said)), PLAIN, 1)
        return int(number[0]), bool(meet[0])

    assert fused((10, 15, 20), (20, 25, 30)) == (2, True)
    assert fused((10, 15, 19), (20, 25, 30)) == (2, False)
    two = [(10.0, 15.0, 20.0), (40.0, 50.0, 60.0)]
    # From half a voice on a count is a source's own; of copies alone the strongest speaks.
    for voice, number, middle in (
        ([1.0, 0.5], 2, None), ([1.0, 0.49], 1, 15.0), ([0.3, 0.4], 1, 50.0),
    ):  # fmt: skip
        quantiles, heard, _ = fuse_counts(counts(two, voice), PLAIN, 1)
        assert heard.tolist() == [number]
        if middle is not None:
            assert quantiles[0, 2] == middle


def test_the_quartiles_of_one_range_are_those_of_its_two_halves() -> None:
    found = of([(10, 20, 60)])
    quarter = 0.67449 / 1.64485
    low, best, high = np.log1p([10, 20, 60])
    assert np.log1p(found[1]) == pytest.approx(best - quarter * (best - low), abs=1e-4)
    assert np.log1p(found[3]) == pytest.approx(best + quarter * (high - best), abs=1e-4)


def test_large_counts_that_are_near_each_other_are_told_as_finely_as_small_ones() -> None:
    sure = Habits(np.zeros(2), np.full(2, 0.05), np.full(2, 1.0))
    many = counts([(5000, 5000, 5000), (5200, 5200, 5200)])
    found = np.log1p(fuse_counts(many, sure, 1)[0][0])
    # Two normals of one width: their mean, and a width smaller by the root of two.
    middle, spread = np.log1p([5000, 5200]).mean(), 0.05 / np.sqrt(2)
    steps = np.array([-1.6449, -0.6745, 0.0, 0.6745, 1.6449])
    assert found == pytest.approx(middle + spread * steps, abs=0.003)


def test_where_sources_differ_about_next_to_nothing_it_may_be_less_than_one() -> None:
    found = of([(0, 0, 0), (3, 3, 3)])
    assert 0 <= found[0] < found[1] < 1
    assert found[4] > 2
