"""What is expected of portfolios that were not played, and which of them are played next."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.exploration.search import hypervolume, surrogate
from tocsin.plan.exploration.search.surrogate import choose, expect
from tocsin.plan.exploration.search.volume import box


def _smooth(x: np.ndarray) -> np.ndarray:
    return np.column_stack([np.sqrt(0.2 + x[:, 0]) + x[:, 1] * x[:, 2], 100 * (1 - x[:, 1]) ** 2])


def test_what_was_played_is_found_again_and_what_lies_between_is_near() -> None:
    rng = np.random.default_rng(0)
    played, asked = rng.random((150, 4)), rng.random((50, 4)) * 0.8 + 0.1
    found = _smooth(played)
    np.testing.assert_allclose(expect(played, found, played), found, rtol=1e-6, atol=1e-6)
    off = expect(played, found, asked) - _smooth(asked)
    assert (np.abs(off).mean(axis=0) < 0.05 * _smooth(asked).std(axis=0)).all()


@pytest.mark.parametrize("case", ["a lever stands still", "two levers are one", "nothing moves"])
def test_levers_that_cannot_move_do_not_hinder(case: str) -> None:
    played = np.random.default_rng(1).random((30, 3))
    if case == "a lever stands still":
        played[:, 2] = 0.4
    elif case == "two levers are one":
        played[:, 2] = played[:, 1]
    else:
        played[:] = 0.4
    found = played[:, :1] * 2
    assert np.isfinite(expect(played, found, played)).all()
    np.testing.assert_allclose(expect(played, found, played), found, atol=1e-6)


def test_the_most_welcome_fills_the_gap_and_is_chosen_once() -> None:
    front = np.array([[0.0, 1.0], [1.0, 0.0]])
    offered = np.array([[0.9, 0.9], [0.3, 0.3], [0.3, 0.3], [0.1, 0.8], [2.0, 2.0]])
    assert choose(offered, front, 2).tolist() == [1, 3]
    # What adds nothing comes last, and nothing comes twice.
    assert sorted(choose(offered, front, 5).tolist()) == [0, 1, 2, 3, 4]


def test_what_rises_evenly_is_gone_on_evenly_in_any_unit() -> None:
    rng = np.random.default_rng(4)
    played, asked = rng.random((40, 3)), 3 * rng.random((10, 3)) - 1
    slope = np.array([[1.0, 2e3, 0.0], [-2.0, 1e3, 0.0], [3.0, 0.0, 0.0]])
    start = np.array([7.0, -5e4, 2.0])
    found = expect(played, played @ slope + start, asked)
    np.testing.assert_allclose(found, asked @ slope + start, rtol=1e-6)


def test_only_what_was_played_last_is_interpolated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surrogate, "LATEST", 20)
    rng = np.random.default_rng(5)
    played, asked = rng.random((50, 2)), rng.random((5, 2))
    found = rng.random((50, 1))
    last = expect(played[-20:], found[-20:], asked)
    np.testing.assert_array_equal(expect(played, found, asked), last)


def test_too_few_to_tell_a_slope_lead_to_expect_their_mean() -> None:
    played, found = np.array([[0.2, 0.5], [0.6, 0.5]]), np.array([[1.0, 30.0], [3.0, 10.0]])
    asked = np.array([[0.1, 0.1], [0.9, 0.5], [0.4, 0.4]])
    np.testing.assert_allclose(expect(played, found, asked), [[2.0, 20.0]] * 3)


def test_each_choice_adds_the_most_to_the_hypervolume_in_any_unit() -> None:
    rng = np.random.default_rng(6)
    front, offered = 0.5 + rng.random((4, 2)), rng.random((8, 2)) + 0.2
    chosen = choose(offered, front, 3).tolist()
    low, high = box(np.concatenate([front, offered]))
    there = front
    for one in chosen:
        gains = [
            hypervolume(np.concatenate([there, row[None]]), low, high, points=4096)
            for row in offered
        ]
        assert gains[one] > max(gains) - 0.005
        there = np.concatenate([there, offered[[one]]])
    unit, start = np.array([1e-3, 50.0]), np.array([5.0, -300.0])
    assert choose(offered * unit + start, front * unit + start, 3).tolist() == chosen
