"""The ladder does not flap, whatever the series."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.alerts.rules import ladder
from tocsin.anticipate.alerts.rules.ladder import ALARM, LEVELS, make_ladder, walk

chances = st.lists(st.floats(0, 1) | st.just(float("nan")), min_size=1, max_size=80)
ladders = st.builds(
    lambda p, h, d: make_ladder(p, hysteresis=h, dwell=d, given=None),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.9),
    st.integers(1, 12),
)


def levels(made: ladder.Ladder, series: list[float]) -> np.ndarray:
    return walk([made] * len(series), np.array(series)[:, None])[0][:, 0]


@given(ladders, chances)
def test_changes_are_bounded_by_the_dwell(made: ladder.Ladder, series: list[float]) -> None:
    found = levels(made, series)
    changes = int((np.diff(np.concatenate([[0], found])) != 0).sum())
    assert changes <= len(LEVELS) - 1 + len(LEVELS) * (len(series) // made.dwell)


@given(ladders, chances)
def test_a_level_is_not_left_above_its_lower_threshold(
    made: ladder.Ladder, series: list[float]
) -> None:
    found = np.concatenate([[0], levels(made, series)])
    for before, after, p in zip(found, found[1:], np.nan_to_num(series), strict=False):
        if after < before:
            assert p < made.down[before - 1]
            assert after == sum(p >= one for one in made.down)


@given(ladders, chances)
def test_a_level_is_held_for_the_dwell(made: ladder.Ladder, series: list[float]) -> None:
    found = levels(made, series)
    since = 0
    for t in range(1, len(found)):
        if found[t] < found[t - 1]:
            assert t - since >= made.dwell
        if found[t] != found[t - 1]:
            since = t


@given(ladders, chances)
def test_a_level_is_reached_at_once_and_the_same_each_time(
    made: ladder.Ladder, series: list[float]
) -> None:
    found = levels(made, series)
    assert (found == levels(made, series)).all()
    for level, p in zip(found, np.nan_to_num(series), strict=True):
        assert level >= sum(p >= one for one in made.up)


@given(st.floats(0.01, 0.99))
def test_the_declared_probability_raises_the_alarm(p: float) -> None:
    made = make_ladder(p, given=None)
    assert levels(made, [p])[0] >= ALARM
    assert list(made.up) == sorted(made.up)
    assert all(low < up for low, up in zip(made.down, made.up, strict=True))


def test_steps_and_walk_agree() -> None:
    made, random = make_ladder(0.4, given=None), np.random.default_rng(1)
    series = random.random((50, 3))
    state = ladder.quiet_state(3)
    for t in range(50):
        state = ladder.advance(made, state, series[t])
    assert (state.level == walk([made] * 50, series)[0][-1]).all()
