"""The forest on a small cut: whole, sorted, repeatable, and silent on what it cannot know."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.anticipate.models.forest import _groups, forest

History = Callable[[int, int], Panel]


def test_draws_are_whole_sorted_and_repeatable(history: History) -> None:
    past = history(60, 150)
    found = forest(past, 4, 40)
    assert found.shape == (60, 4, 40)
    assert (found >= 0).all()
    assert (found == np.round(found)).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    assert (found == forest(past, 4, 40)).all()
    busy = past.deaths.mean(1) > 10
    assert found[busy].mean() > 10
    assert found[~busy].mean() < 1


def test_too_little_to_learn_from_leaves_the_word_to_history(history: History) -> None:
    past = history(3, 40)
    assert (forest(past, 3, 20) == negative_binomial(past, 3, 20)).all()


def test_every_horizon_is_in_one_group() -> None:
    for horizon in (1, 2, 3, 14, 36):
        assert [h for group in _groups(horizon) for h in group] == list(range(1, horizon + 1))
