"""What is expected of portfolios that were not played, and which of them are played next."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.plan.exploration.search.surrogate import choose, expect


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
