"""Legal and humanitarian limits: which portfolios no plan may hold and no search may keep.

Proportionality weighs force against protection; the ceiling of civil harm adds up what levers do
to people who do no harm; a do-no-harm check (Anderson 1999, Do No Harm: How Aid Can Support Peace
or War) asks for help beside force. The figures are judgements of whoever keeps the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

import numpy as np
import numpy.typing as npt

from tocsin.plan.portfolios.declared import Limits, Measure, Portfolio, Rule, Terms

Floats = npt.NDArray[np.float64]
NEAR = 1e-9
"""Sums of efforts that should be equal differ by less."""


def excess(
    efforts: Floats,
    names: Sequence[str],
    levers: Mapping[str, Terms],
    limits: Limits,
    today: Floats,
) -> dict[str, Floats]:
    """Say by how much portfolios cross each static limit.

    Args:
        efforts: from 0 to 1, shape (P, L).
        names: the levers, in the order of the last axis.
        levers: their terms.
        limits: the limits.
        today: the efforts in force at month 0, shape (L,).

    Returns:
        For each limit in words, how far each portfolio is beyond it, shape (P,): above 0 it is
        crossed. An effort that is no number, or lies outside 0 to 1, is beyond 'effort'.

    Raises:
        ValueError: the efforts are not of shape (P, L).
    """
    efforts = np.asarray(efforts, np.float64)
    if efforts.ndim != 2 or efforts.shape[1] != len(names):
        raise ValueError(f"efforts of shape {efforts.shape} for {len(names)} levers")
    terms = [levers[name] for name in names]
    wrong = ~(np.isfinite(efforts) & (efforts >= 0) & (efforts <= 1))
    found: dict[str, Floats] = {"effort": wrong.sum(axis=1).astype(np.float64)}
    efforts = np.where(wrong, 0.0, efforts)
    if limits.budget is not None:
        found["budget"] = efforts @ np.array([one.cost for one in terms]) - limits.budget
    if limits.civil_harm is not None:
        harm = efforts @ np.array([one.civil_harm for one in terms])
        found["civil_harm"] = harm - limits.civil_harm
    if limits.proportionality is not None:
        force = efforts @ np.array([float(one.coercive) for one in terms])
        help_ = efforts @ np.array([float(one.protective) for one in terms])
        found["proportionality"] = force - limits.proportionality * help_
    place = {name: number for number, name in enumerate(names)}
    for name in limits.keep:
        found[f"keep {name}"] = today[place[name]] - efforts[:, place[name]]
    for name, least in limits.least.items():
        found[f"least {name}"] = least - efforts[:, place[name]]
    for name, most in limits.most.items():
        found[f"most {name}"] = efforts[:, place[name]] - most
    for need in limits.needs:
        asked = efforts[:, place[need.lever]] > need.over + NEAR
        for name, least in need.beside.items():
            short = np.where(asked, least - efforts[:, place[name]], -1.0)
            found[f"needs {name} beside {need.lever}"] = short
    return {name: np.where(np.abs(by) <= NEAR, 0.0, by) for name, by in found.items()}


def within_limits(
    efforts: Floats,
    names: Sequence[str],
    levers: Mapping[str, Terms],
    limits: Limits,
    today: Floats,
) -> npt.NDArray[np.bool_]:
    """Tell which portfolios cross no static limit.

    Args:
        efforts, names, levers, limits, today: as `excess` takes them.

    Returns:
        Shape (P,).
    """
    beyond = excess(efforts, names, levers, limits, today)
    return np.asarray(np.all([by <= 0 for by in beyond.values()], axis=0))


def contradictions(
    limits: Limits, levers: Mapping[str, Terms], now: Mapping[str, float]
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Find limits that leave nothing, or that contradict each other.

    Args:
        limits: the limits.
        levers: the terms of all levers.
        now: the efforts of the status quo by lever.

    Yields:
        The limit as a path below `limits`, what is wrong with it, and a remedy.
    """
    least, one = dict(limits.least), "Mend one of the two."
    for name in limits.keep:
        least[name] = max(least.get(name, 0.0), now.get(name, 0.0))
    for name, low in least.items():
        if low > limits.most.get(name, low):
            most = limits.most[name]
            yield ("most", name), f"'{name}' must be at least {low:g} and at most {most:g}.", one
    for key, ceiling in (("budget", limits.budget), ("civil_harm", limits.civil_harm)):
        weight = {
            name: levers[name].cost if key == "budget" else levers[name].civil_harm
            for name in least
        }
        whole = sum(weight[name] * low for name, low in least.items())
        if ceiling is not None and whole > ceiling + NEAR:
            what = "costs" if key == "budget" else "has a civil harm of"
            yield (
                (key,), f"What must be done at least {what} {whole:g}, more than the {ceiling:g} "
                "that is allowed.", "Raise the one, or ask for less of the other.",
            )  # fmt: skip
    force = sum(low for name, low in least.items() if levers[name].coercive)
    help_ = sum(limits.most.get(name, 1.0) for name, term in levers.items() if term.protective)
    if limits.proportionality is not None and force > limits.proportionality * help_ + NEAR:
        yield (
            ("proportionality",), f"Of coercive effort there must be {force:g} at least, and "
            f"all protective effort that is allowed, {help_:g}, bears "
            f"{limits.proportionality * help_:g}.", one,
        )  # fmt: skip
    for place, need in enumerate(limits.needs):
        for name, low in need.beside.items():
            if low > limits.most.get(name, low) and least.get(need.lever, 0.0) > need.over:
                yield (
                    ("needs", place), f"'{need.lever}' needs '{name}' of {low:g}, which may be "
                    f"{limits.most[name]:g} at most.", one,
                )  # fmt: skip


def crossed_limits(
    portfolio: Portfolio, levers: Mapping[str, Terms], limits: Limits, today: Mapping[str, float]
) -> Iterator[tuple[str, str]]:
    """Find the limits that a portfolio crosses at any time, whatever rules have fired.

    Args:
        portfolio: the portfolio.
        levers: the terms of all levers.
        limits: the limits.
        today: the effort by lever at month 0.

    Yields:
        The limit in words, and by how much and when it is crossed: as it is written, or after which
        rules.
    """
    names = list(levers)
    start = np.array([today.get(name, 0.0) for name in names])
    told: set[str] = set()
    for fired in _orders(portfolio.rules):
        rows = [
            [_at(portfolio, one, fired, today, month) for one in names]
            for month in _months(portfolio)
        ]
        for limit, by in excess(np.array(rows), names, levers, limits, start).items():
            if (by > 0).any() and limit not in told:
                told.add(limit)
                after = "; ".join(f"“{rule.sentence}”" for rule in fired)
                when = f"once its rules have fired: {after}" if fired else "as it is written"
                yield limit, f"by {by.max():.3g}, {when}"


def _orders(rules: Sequence[Rule]) -> Iterator[tuple[Rule, ...]]:
    """The orders in which rules may have fired, none first."""
    for count in range(len(rules) + 1):
        yield from permutations(rules, count)


def _months(portfolio: Portfolio) -> list[float]:
    """Months at which a measure begins, is whole or ends; between them efforts are monotone."""
    found = {0.0}
    for one in portfolio.measures.values():
        found |= {one.start, one.start + one.ramp}
        if one.stop is not None:
            found |= {one.stop, max(one.stop - NEAR, 0.0)}
    return sorted(found)


def _at(
    portfolio: Portfolio,
    lever: str,
    fired: Sequence[Rule],
    today: Mapping[str, float],
    month: float,
) -> float:
    """The effort on a lever in a month, after rules have fired; what wears off is still paid."""
    for rule in reversed(fired):
        for name, effort in rule.actions:
            if name == lever:
                return effort
    before = today.get(lever, 0.0)
    measure = portfolio.measures.get(lever, Measure(0.0))
    return before + (measure.effort - before) * share(measure, month)


def share(measure: Measure, month: float) -> float:
    """Say what share of its whole size a measure has in a month.

    Args:
        measure: the measure.
        month: months from the beginning.

    Returns:
        From 0 (what was in force at month 0) to 1 (its whole effort).

    >>> [share(Measure(0.8, start=6, ramp=12), month) for month in (0, 6, 12, 18, 30)]
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    if month < measure.start or (measure.stop is not None and month >= measure.stop):
        return 0.0
    return 1.0 if measure.ramp <= 0 else min((month - measure.start) / measure.ramp, 1.0)
