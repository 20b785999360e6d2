"""The course of levers: from a file of portfolios to the level of each lever, step by step.

What a model is given is a plain array: how much of each lever is in force at each step, from 0 to
1. Starts, ramps, delays, decay and side effects are worked out here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tocsin.plan.portfolios.declared import Measure, Portfolio, Rule, Terms
from tocsin.plan.portfolios.limits import share
from tocsin.schema.vocabulary.lever import LEVERS

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.float32]
MONTHS_A_YEAR = 12


def lever_levels(
    portfolio: Portfolio,
    today: Mapping[str, float],
    levers: Mapping[str, Terms],
    *,
    steps: int,
    per_year: int,
    others: Sequence[str] = (),
    fired: Sequence[tuple[Rule, npt.NDArray[np.int64]]] = (),
) -> Levels:
    """Work out the level of each lever at each step.

    Effort is turned into effect by a first-order lag: with the delay d (months), a constant effort
    e from the beginning gives e (1 - exp(-t / d)) after t months, beside what was in force. An
    effect that wears off halves in each half life after the effort is whole.

    Args:
        portfolio: what is done.
        today: the effort by lever at month 0, whose whole effect is in force then.
        levers: the terms of all levers that the portfolio names, and of the model's own.
        steps: how many steps, T.
        per_year: steps a year: 12 for months, 52 for weeks.
        others: levers of other packages, whose levels follow those of the model's own.
        fired: rules, and for each future the step from which each holds, shape (F,); `steps` where
            it never does. The rule that fires later has the last word on a lever, and of two that
            fire in the same step the one that stands later.

    Returns:
        From 0 to 1, shape (T, L), or (F, T, L) where rules are given; L counts `LEVERS` and the
        others, in this order.
    """
    names = [*levers, *(one for one in others if one not in levers)]
    month = np.arange(steps) * MONTHS_A_YEAR / per_year
    wanted = np.stack([_counted_effort(portfolio, one, today, month) for one in names], axis=-1)
    start = np.array([today.get(one, 0.0) for one in names])
    if fired:
        wanted = _after(wanted, names, fired)
    delay = np.array([levers[one].delay if one in levers else Terms("").delay for one in names])
    return _sum_up(_lag(wanted, start, delay, MONTHS_A_YEAR / per_year), names, levers, others)


def _counted_effort(
    portfolio: Portfolio, lever: str, today: Mapping[str, float], month: Floats
) -> Floats:
    """The effort that counts, by step: what wears off counts less."""
    before = today.get(lever, 0.0)
    measure = portfolio.measures.get(lever, Measure(0.0))
    worn = np.array([share(measure, float(one)) for one in month])
    if measure.half_life is not None:
        whole = measure.start + measure.ramp
        worn *= 0.5 ** (np.maximum(month - whole, 0.0) / measure.half_life)
    return np.asarray(before + (measure.effort - before) * worn)


def _after(
    wanted: Floats, names: list[str], fired: Sequence[tuple[Rule, npt.NDArray[np.int64]]]
) -> Floats:
    """Efforts by future, step and lever, after rules have fired."""
    futures, steps = len(fired[0][1]), np.arange(len(wanted))
    found = np.repeat(wanted[None], futures, axis=0)
    spoken = np.full((futures, len(steps), len(names)), -1, np.int64)
    for rule, since in fired:
        for lever, effort in rule.actions:
            place = names.index(lever)
            last = spoken[:, :, place]
            speaks = (steps >= since[:, None]) & (since[:, None] >= last)
            found[:, :, place] = np.where(speaks, effort, found[:, :, place])
            spoken[:, :, place] = np.where(speaks, since[:, None], last)
    return found


def _lag(wanted: Floats, start: Floats, delay: Floats, months: float) -> Floats:
    """Follow the effort with a first-order lag, exact for an effort that is constant in a step."""
    with np.errstate(divide="ignore", over="ignore"):
        pace = 1.0 - np.exp(-months / delay)
    found = np.empty_like(wanted)
    now = np.broadcast_to(start, wanted.shape[:-2] + wanted.shape[-1:])
    for step in range(wanted.shape[-2]):
        now = now + (wanted[..., step, :] - now) * pace
        found[..., step, :] = now
    return found


def _sum_up(
    found: Floats, names: list[str], levers: Mapping[str, Terms], others: Sequence[str]
) -> Levels:
    """Levels of the model's levers, with what a file's own levers and side effects add."""
    columns = [*LEVERS, *others]
    levels = np.zeros((*found.shape[:-1], len(columns)))
    for name, level in zip(names, np.moveaxis(found, -1, 0), strict=True):
        terms = levers.get(name, Terms(""))
        if name in columns:
            levels[..., columns.index(name)] += level
        for own, part in (*terms.acts_as.items(), *terms.side_effects.items()):
            levels[..., columns.index(own)] += part * level
    return np.clip(levels, 0.0, 1.0).astype(np.float32)
