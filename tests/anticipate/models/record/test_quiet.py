"""Quiet units by counts: the record decides, and one quiet unit more says next to nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.anticipate.models.mixture import GRID
from tocsin.anticipate.models.record.quiet import CHANCE, learn_quiet, quiet_units


def _world(units: int, chance: float, months: int = 240) -> np.ndarray:
    """Quiet for ten years; then each month has deaths with a chance."""
    random = np.random.default_rng(3)
    deaths = np.zeros((units, months))
    later = random.random((units, months - 120)) < chance
    deaths[:, 120:] = np.where(later, random.integers(1, 40, later.shape), 0)
    return deaths


def test_a_unit_is_quiet_after_ten_years_without_a_death() -> None:
    deaths = np.zeros((4, 200))
    deaths[0, 79], deaths[1, 80], deaths[2, :] = 5, 5, np.nan
    assert quiet_units(deaths).tolist() == [True, False, True, True]


def test_without_a_record_the_constants_speak() -> None:
    found = learn_quiet(np.zeros((3, 50)), 14)
    assert found.often == (1.0, 1.0)
    below = found.below(30)
    assert below.shape == (2, 30, len(GRID))
    for kind, (first, slope) in enumerate(CHANCE):
        assert 1 - below[kind, 0, 0] == pytest.approx(first + slope)
        assert 1 - below[kind, 29, 0] == pytest.approx(first + 24 * slope)
    assert (np.diff(below, axis=-1) >= 0).all()


def test_where_onsets_are_frequent_they_are_expected() -> None:
    rare, often = (learn_quiet(_world(200, chance), 6) for chance in (0.0, 0.004))
    assert rare.often[0] < 1 < often.often[0]
    # The worlds' outcomes are below 40, and few: the constants still weigh something.
    assert often.above[GRID > 40].max() < rare.above[GRID > 40].max()
    assert (np.diff(often.above) <= 0).all()


def test_one_quiet_unit_more_changes_nothing() -> None:
    world = _world(120, 0.0005)
    more = np.vstack([np.zeros((1, world.shape[1])), world])
    assert (learn_quiet(more, 14).below(14) == learn_quiet(world, 14).below(14)).all()


def test_a_chance_is_never_above_one() -> None:
    busy = np.tile(np.array([0.0] * 119 + [0.0, 9.0]), (3000, 1))
    assert (learn_quiet(busy, 1).below(14) >= 0).all()


def test_a_month_counts_once_ten_years_lie_before_it() -> None:
    """The first such month is the 120th, and what came after it is counted."""
    deaths = np.zeros((500, 121))
    deaths[:, 120] = 5
    assert learn_quiet(deaths[:, :120], 3).often == (1.0, 1.0)
    first, other = learn_quiet(deaths, 3).often
    # 500 in a horizon of three and the prior's 5, over what was expected: 33.4, as a power of two.
    assert first == 32.0
    assert other == 1.0
