"""The escalation ladder: a probability to a level that does not flap.

A level is entered at once when the probability reaches its upper threshold. It is left only
when the probability is under its lower threshold and the level has been held for the minimum
dwell, and then for the highest level whose lower threshold still holds. So n steps can hold at
most 4 + 5 · floor(n / dwell) changes, whatever the series: each way down takes a dwell, and
between two of them there are at most four steps up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.data.panel import Matrix

LEVELS = ("quiet", "watch", "advisory", "warning", "emergency")
ALARM = LEVELS.index("advisory")
"""From this level on an alert counts as raised: the rule's own probability is its threshold."""

Levels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ladder:
    """This is a ladder of alert levels.

    `up` holds the probabilities at which the four levels above quiet are entered, and `down` those
    at which they are left; both rise. `dwell` is for how many steps a level is held at least.
    """

    up: tuple[float, float, float, float]
    down: tuple[float, float, float, float]
    dwell: int = 2


@dataclass(frozen=True)
class State:
    """This holds each unit's level, and for how many steps it has held it, both of shape (N,)."""

    level: Levels
    held: Levels


def make_ladder(
    probability: float, *, hysteresis: float = 0.2, dwell: int = 2, given: dict[str, float] | None
) -> Ladder:
    """Make the ladder of a rule from the probability at which its alarm is raised.

    That is the threshold of the level 'advisory'. Unless `given` names others, 'watch' has half of
    it, 'warning' and 'emergency' lie a third and two thirds of the way from it to 1.

    Args:
        probability: threshold of 'advisory', between 0 and 1.
        hysteresis: a level is left at (1 - hysteresis) times the threshold at which it is entered.
        dwell: steps that a level is held at least.
        given: thresholds of other levels by their names.

    Returns:
        The ladder; its thresholds never fall from one level to the next.

    >>> make_ladder(0.3, given=None).up
    (0.15, 0.3, 0.533, 0.767)
    """
    rest = 1 - probability
    default = {
        "watch": probability / 2,
        "advisory": probability,
        "warning": round(probability + rest / 3, 3),
        "emergency": round(probability + 2 * rest / 3, 3),
    }
    chosen = default | (given or {})
    watch, advisory, warning, emergency = np.maximum.accumulate(
        [chosen[name] for name in LEVELS[1:]]
    ).tolist()
    up = (watch, advisory, warning, emergency)
    low = [(1 - hysteresis) * one for one in up]
    return Ladder(up, (low[0], low[1], low[2], low[3]), dwell)


def quiet_state(units: int) -> State:
    """Make the state before the first step, in which all units are quiet.

    Args:
        units: how many units there are, N.

    Returns:
        Levels and steps held, each of shape (N,).
    """
    return State(np.zeros(units, np.int64), np.zeros(units, np.int64))


def advance(ladder: Ladder, state: State, probability: Matrix) -> State:
    """Move each unit on its ladder by one step.

    Args:
        ladder: the thresholds of this step.
        state: the levels, and the steps held, before this step, N units.
        probability: the probability of the event, shape (N,); NaN, where the rule does not apply,
            counts as 0.

    Returns:
        The levels, and the steps held, after this step.
    """
    known = np.nan_to_num(probability)
    reached = np.searchsorted(np.asarray(ladder.up), known, side="right")
    low = np.concatenate([[-np.inf], ladder.down])[state.level]
    leaves = (known < low) & (state.held >= ladder.dwell)
    holds = np.searchsorted(np.asarray(ladder.down), known, side="right")
    level = np.where(reached > state.level, reached, np.where(leaves, holds, state.level))
    return State(level, np.where(level == state.level, state.held + 1, 1))


def walk(ladders: list[Ladder], probability: Matrix) -> tuple[Levels, Levels]:
    """Walk the ladder through all steps of a series, beginning with all units quiet.

    Args:
        ladders: a ladder for each of T steps; thresholds may be set anew as experience grows.
        probability: the probability of the event, shape (T, N), NaN where the rule does not apply.

    Returns:
        Levels (places in `LEVELS`) and steps held, each of shape (T, N).
    """
    state, levels, held = quiet_state(probability.shape[1]), [], []
    for ladder, now in zip(ladders, probability, strict=True):
        state = advance(ladder, state, now)
        levels.append(state.level)
        held.append(state.held)
    return np.stack(levels), np.stack(held)
