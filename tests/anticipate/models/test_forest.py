"""The forest on a small cut: whole, sorted, repeatable, and silent on what it cannot know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tocsin.anticipate.data.features import features
from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.data.training import draw_examples, long_quiet, thin_quiet
from tocsin.anticipate.models.baselines import DEFAULT_SEED, negative_binomial
from tocsin.anticipate.models.forest import (
    ForestRules,
    HorizonForest,
    _examples,
    _groups,
    _Leaves,
    fit_forests,
    forest,
)

History = Callable[[int, int], Panel]


@pytest.mark.slow
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


# The parts by themselves ----------------------------------------------------------------------


def test_horizons_are_grouped_two_and_then_three_by_three() -> None:
    assert _groups(14) == [[1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11], [12, 13, 14]]
    assert _groups(4) == [[1, 2], [3, 4]]
    assert _groups(1) == [[1]]


def test_analogues_share_leaves_and_each_tree_gives_them_one_in_all() -> None:
    leaves = np.array([[1, 5], [1, 6], [2, 5], [2, 5], [1, 7]])
    weight = np.array([1.0, 2.0, 3.0, 1.0, 1.0])
    cases, found = _Leaves(leaves, weight).analogues(np.array([1, 5]))
    # In the first tree cases 0, 1 and 4 weigh 4 together, in the second 0, 2 and 3 weigh 5.
    assert cases.tolist() == [0, 1, 2, 3, 4]
    expected = [(1 / 4 + 1 / 5) / 2, 2 / 4 / 2, 3 / 5 / 2, 1 / 5 / 2, 1 / 4 / 2]
    assert found == pytest.approx(expected)
    cases, found = _Leaves(leaves, weight).analogues(np.array([2, 7]))
    assert (cases.tolist(), found.tolist()) == ([2, 3, 4], pytest.approx([3 / 8, 1 / 8, 1 / 2]))


class Table:
    """A model whose leaf in its one tree is the first feature, and that says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[np.ndarray] = []

    def apply(self, rows: np.ndarray) -> np.ndarray:
        self.asked.append(rows)
        return rows[:, :1].astype(int)


def test_outcomes_are_carried_over_to_the_level_of_the_case() -> None:
    outcome = np.array([0.0, 9.0, 1.0, 30.0])
    relative = np.log1p(outcome) - np.log1p([2.0, 4.0, 6.0, 9.0])
    leaves = _Leaves(np.array([[1], [1], [1], [2]]), np.ones(4))
    model = Table()
    grown = HorizonForest([3, 4], model, leaves, outcome, relative)
    known = np.array([[1.0, 7.0], [2.0, 7.0], [1.0, 8.0], [1.0, 7.0]])
    found = grown.draws(4, known, np.array([4.0, 19.0, 4.0, 0.0]), 3)
    assert model.asked[0].tolist() == [[1, 7, 4], [2, 7, 4], [1, 8, 4], [1, 7, 4]]
    # Twice the level plus one: 10/5 of 5 is 10, 2/7 of 5 is 1.4; none stays none.
    assert found[0].tolist() == found[2].tolist() == [0, 1, 9]
    assert found[1].tolist() == [61.0] * 3
    # At no level at all, what had deaths has at least one.
    assert found[3].tolist() == [0, 1, 1]


def test_what_is_known_and_the_level_are_those_of_the_last_month(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = history(5, 60)
    ordered, rows = past.order_units()
    known, scale = features(ordered)
    for one in (known, scale):  # else a month earlier would do
        assert (one[:, -1] != one[:, -2]).any()

    class Grove:
        """Forests of the second and third month, which say what they were asked."""

        horizons = (2, 3)

        def draws(self, h: int, known: np.ndarray, scale: np.ndarray, draws: int) -> np.ndarray:
            asked.append((h, known.tolist(), scale.tolist()))
            return np.full((len(known), draws), np.arange(len(known))[:, None] + 1000.0 * h)

    asked: list[tuple[int, list[list[float]], list[float]]] = []
    monkeypatch.setattr("tocsin.anticipate.models.forest.fit_forests", lambda *_, **__: [Grove()])
    found = forest(past, 3, 4)
    assert asked == [(h, known[:, -1].tolist(), scale[:, -1].tolist()) for h in (2, 3)]
    for h in (2, 3):
        assert (found[rows, h - 1] == np.arange(5)[:, None] + 1000.0 * h).all()
    assert (found[:, 0] == negative_binomial(past, 3, 4)[:, 0]).all()


@pytest.mark.slow
def test_a_forest_is_taught_what_came_after_each_case(history: History) -> None:
    past = history(30, 60)
    known, scale = features(past)
    groves = list(fit_forests(past, known, scale, 4, ForestRules(enough=20), seed=DEFAULT_SEED + 3))
    assert [grove.horizons for grove in groves] == [[1, 2], [3, 4]]
    random = np.random.default_rng(3)
    for grove in groves:
        unit, month, far = draw_examples(past.deaths, grove.horizons, random, first=24, share=0.35)
        keep, weight = thin_quiet(long_quiet(past.deaths)[unit, month], 0.3, random)
        unit, month, far = unit[keep], month[keep], far[keep]
        outcome = past.deaths[unit, month + far]
        assert grove.outcome.tolist() == outcome.tolist()
        assert grove.relative == pytest.approx(np.log1p(outcome) - np.log1p(scale[unit, month]))
        assert grove.leaves.weight.tolist() == weight.tolist()
        said = grove.model.get_params()
        assert (said["n_estimators"], said["min_samples_leaf"]) == (60, 20)
        assert (said["max_features"], said["random_state"]) == (0.35, 3)
        rows = np.column_stack([known[unit, month], far]).astype(np.float32)
        both = np.column_stack([np.log1p(outcome), (outcome > 0) * 2.0])
        again = type(grove.model)(**said).fit(rows, both, sample_weight=weight)
        assert (again.apply(rows) == grove.model.apply(rows)).all()
    assert not list(fit_forests(past, known, scale, 2, ForestRules(enough=10**6)))


def test_no_more_quiet_cases_teach_than_are_asked_for(history: History) -> None:
    past = history(30, 60)
    past = replace(past, deaths=np.where(np.arange(30)[:, None] < 20, 0.0, past.deaths))
    sizes = {}
    for most in (None, 120, 1):
        rules = ForestRules(first=0, most=most)
        found = _examples(past, [1], np.random.default_rng(0), rules)
        quiet = long_quiet(past.deaths)[found.unit, found.month]
        sizes[most] = (int(quiet.sum()), int((~quiet).sum()))
        drawn = draw_examples(past.deaths, [1], np.random.default_rng(0), first=0, share=0.35)
        many = int(long_quiet(past.deaths)[drawn[0], drawn[1]].sum())
        loud = len(drawn[0]) - many
        share = 0.3 if most is None else min(0.3, max(most - loud, 1) / many)
        assert set(found.weight[quiet]) <= {1 / share}
        assert set(found.weight[~quiet]) == {1.0}
    assert sizes[None][0] > sizes[120][0] >= sizes[1][0]
    assert sizes[None][1] == sizes[120][1] == sizes[1][1]


def test_the_order_of_units_changes_no_bit(history: History) -> None:
    past = history(30, 100)
    order = np.random.default_rng(0).permutation(30)
    other = replace(past, deaths=past.deaths[order])
    assert (forest(other, 2, 30) == forest(past, 2, 30)[order]).all()
