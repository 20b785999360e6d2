"""Numbers of first uses that are expected: those whom reports name are never more than all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.hazard.design import Links
from tocsin.anticipate.diffusion.hazard.simulate import Hazard
from tocsin.anticipate.diffusion.region.ahead import ROLLS, Ahead, draw_counts, whole_chance

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


def test_a_tie_speaks_with_its_part_of_the_rate_by_how_likely_its_end_is_a_user() -> None:
    """One user for sure and one in half of the imputations, at 6 and 4 beside 2 from outside."""
    cases = SimpleNamespace(
        actor=np.arange(3), technology=np.zeros(3, dtype=int), stays=np.full(3, 9.0), end=9.0
    )
    zero = np.zeros(2, dtype=int)
    links = Links(
        zero, np.array([0, 1]), np.array([2, 2]), np.array([2.0, 4.0 / 3]), zero, zero + 9
    )
    hazard = Hazard(np.full((1, 3, 1), 2.0), np.full((1, 1, 1), 3.0))
    picture = SimpleNamespace(
        onsets=np.array([[1.0, 1.0, np.inf], [1.0, np.inf, np.inf]]),
        organisations=pl.DataFrame({"actor": ["Sure", "Doubtful", "Next"]}),
        ties=SimpleNamespace(channels=("ties",)),
    )
    ahead: Any = SimpleNamespace(
        picture=picture, cases=cases, links=links, worlds=[(hazard, None)], at=[2],
        _reason=lambda *_: "made",
    )  # fmt: skip
    assert Ahead._spoken(ahead) == [
        "Sure (made), 60 % of the rate; Doubtful (made), 20 % of the rate"
    ]
