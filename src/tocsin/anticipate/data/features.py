"""What is known of a unit in a month: its own past, its neighbours', the world's.

All of it comes from the recorded counts up to that month, so it can be made from any
country-month series.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.errors import TocsinError
from tocsin.schema.geography.shapes import neighbours
from tocsin.schema.geography.territory import resolve

FAR = 240.0
"""Months beyond which long ago is not told apart."""
AFTER_OTHERS = -3
"""The last of a unit's own features stand after those of its neighbours and of the world."""


def features(
    history: Panel, border: Matrix | None = None, *, since: int = 0
) -> tuple[Matrix, Matrix]:
    """Compute the features and the scale of every unit, for each month from column `since` on.

    Args:
        history: counts of N units in T months.
        border: 1 where two units are neighbours, shape (N, N). None stands for today's borders of
            the countries that the units are.
        since: the first month (column of the history) for which features are computed.

    Returns:
        Features of shape (N, T - since, F), and the scale of shape (N, T - since) in deaths a
        month. The scale is the geometric mean of one plus the recent and one plus the yearly level,
        less one. Outcomes are modelled relative to it.
    """
    deaths = history.deaths
    own, scale = own_features(deaths, since=since)
    around = features_around(deaths, borders(history) if border is None else border, since=since)
    level, active = np.log1p(recent(deaths, 6)), recent(_some(deaths), 12)
    world = [np.broadcast_to(values.mean(0), deaths.shape)[:, since:] for values in (level, active)]
    found = [own[..., :AFTER_OTHERS], around, np.stack(world, axis=-1), own[..., AFTER_OTHERS:]]
    return np.concatenate(found, axis=-1), scale


def features_around(deaths: Matrix, border: Matrix, *, since: int = 0) -> Matrix:
    """Compute what is known of the units beside each unit.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.
        border: 1 where two units are neighbours, shape (N, N).
        since: the first month (column) for which it is computed.

    Returns:
        Shape (N, T - since, 4): log(1 + deaths a month of all neighbours together), how many of
        them often have deaths, how often they do on average, and how many are getting worse.
    """
    level = {life: np.log1p(recent(deaths, life)) for life in (3, 6, 24)}
    active = recent(_some(deaths), 12)
    degree = np.maximum(border.sum(1), 1)[:, None]
    # A sparse product adds in a fixed order; of a dense one, the threads decide the last bit.
    beside = csr_array(border)
    found = [
        np.log1p(beside @ np.expm1(level[6])),
        beside @ (active > 0.3).astype(float),
        beside @ active / degree,
        beside @ ((level[3] - level[24]) > 1).astype(float),
    ]
    return np.stack([values[:, since:] for values in found], axis=-1)


def own_features(deaths: Matrix, *, since: int = 0) -> tuple[Matrix, Matrix]:
    """Compute what a unit's own past says of it, which no other unit changes.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.
        since: the first month (column) for which it is computed.

    Returns:
        Features of shape (N, T - since, F), and the scale of shape (N, T - since) in deaths a
        month, as `features` says.
    """
    known = ~np.isnan(deaths)
    counts = np.where(known, deaths, 0.0)
    logs = np.log1p(counts)
    some = _some(deaths)
    level = {life: np.log1p(recent(deaths, life)) for life in (1, 3, 6, 12, 24, 60)}
    found = [*level.values(), *(recent(some, life) for life in (3, 12, 48, 180)), logs]
    found += [recent(np.where(known, logs, np.nan), life) for life in (2, 12, 36)]
    found = [values[:, since:] for values in found]
    found += [_window(logs, width, np.max, since) for width in (6, 12, 36, 120)]
    found += [_window(logs, 12, reduce, since) for reduce in (np.std, np.median)]
    found.append(_window(logs, 6, np.min, since))
    rest = [np.log1p(_since(counts >= least)) for least in (1, 25, 100)]
    rest.append(np.log1p(_unbroken(level[3] > np.log1p(5))))
    rest.append(np.log1p(np.minimum(np.cumsum(known, axis=1), FAR)))
    rest += [level[3] - level[12], level[12] - level[60]]
    found += [values[:, since:] for values in rest]
    scale = np.exp(0.5 * level[3] + 0.5 * level[12]) - 1
    return np.stack(found, axis=-1), scale[:, since:]


def borders(history: Panel) -> Matrix:
    """Find which units of a panel share a land border today.

    A unit whose name no territory has gets no neighbours.

    Args:
        history: a panel of N units.

    Returns:
        1 where two units are neighbours and 0 elsewhere, shape (N, N).
    """
    numbers = []
    for name in history.territories:
        try:
            numbers.append(resolve(name).gwno)
        except TocsinError:
            numbers.append(0)
    found = np.zeros((len(numbers), len(numbers)))
    for i, number in enumerate(numbers):
        beside = set(neighbours(number)) if number else set()
        found[i] = [other in beside for other in numbers]
    return found


def _some(deaths: Matrix) -> Matrix:
    """1 where there was a death, 0 where there was none, NaN where it is unknown."""
    return np.where(np.isnan(deaths), np.nan, deaths > 0)


def recent(values: Matrix, half_life: float) -> Matrix:
    """Compute the mean of all months up to each month, with weights that fade with age.

    Args:
        values: shape (N, T), NaN where unknown; what is unknown has no weight.
        half_life: after how many months a weight has halved.

    Returns:
        Means of shape (N, T), in the unit of the values; 0 before the first known month.
    """
    known = ~np.isnan(values)
    fade = 0.5 ** (1 / half_life)
    total = _faded_sums(np.where(known, values, 0.0), fade)
    weight = _faded_sums(known.astype(float), fade)
    return np.asarray(total / np.maximum(weight, 1e-9))


def _faded_sums(values: Matrix, fade: float) -> Matrix:
    """Sums of all months up to each month, each older one times `fade` for each month since.

    `scipy.signal.lfilter` gives the same bits, and its import takes longer than a forecast does.
    """
    found = np.array(values.T, order="C")
    for at in range(1, len(found)):
        found[at] += fade * found[at - 1]
    return found.T


def _window(values: Matrix, width: int, reduce: Callable[..., Matrix], since: int) -> Matrix:
    padded = np.concatenate([np.zeros((len(values), width - 1)), values], axis=1)
    padded = padded[:, since:]
    return reduce(np.lib.stride_tricks.sliding_window_view(padded, width, axis=1), axis=-1)


def _since(happened: np.ndarray) -> Matrix:
    found, count = np.zeros(happened.shape), np.full(len(happened), FAR)
    for t in range(happened.shape[1]):
        count = np.where(happened[:, t], 0.0, np.minimum(count + 1, FAR))
        found[:, t] = count
    return found


def _unbroken(on: np.ndarray) -> Matrix:
    found, count = np.zeros(on.shape), np.zeros(len(on))
    for t in range(on.shape[1]):
        count = np.where(on[:, t], count + 1, 0.0)
        found[:, t] = count
    return found
