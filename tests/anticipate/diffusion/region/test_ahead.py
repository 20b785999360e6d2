"""Numbers of first uses that are expected: those whom reports name are never more than all."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.region.ahead import ROLLS, draw_counts, whole_chance

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.floats(0, 1))
def test_all_first_uses_are_at_least_those_that_reports_ascribe(seed: int, detected: float) -> None:
    chance = np.random.default_rng(seed).random((2, 3, 4)) ** 3
    whole = whole_chance(chance, detected)
    assert ((chance <= whole + 1e-12) & (whole <= 1)).all()
    assert np.allclose(whole_chance(chance, 1.0), chance)


@given(SEEDS)
def test_a_number_grows_with_the_months_and_is_within_its_group(seed: int) -> None:
    random = np.random.default_rng(seed)
    chance = np.sort(random.random((2, 3, 4)), axis=1)
    members = random.random((4, 2)) < 0.5
    counts = draw_counts(chance, members, seed)
    assert counts.shape == (2 * ROLLS, 3, 2)
    assert (np.diff(counts, axis=1) >= 0).all()
    assert (counts <= members.sum(0)).all()
    assert (draw_counts(np.ones_like(chance), members, seed) == members.sum(0)).all()


def test_the_number_that_is_drawn_is_the_one_that_is_expected() -> None:
    chance = np.full((300, 1, 40), 0.1)
    counts = draw_counts(chance, np.ones((40, 1), dtype=bool), 1)
    assert abs(counts.mean() - 4.0) < 0.2
    assert abs(counts.std() - np.sqrt(40 * 0.1 * 0.9)) < 0.2
