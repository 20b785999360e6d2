"""What is kept of weekly incidents and their sizes: a few numbers that parameters move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BLOCKS = (1, 4, 13, 26)
"""Weeks over which counts are added up before their scatter is measured."""
LAGS = (1, 2, 4, 8, 16, 32)
"""Weeks by which a series is compared with itself."""
LARGE = 10.0
"""The exponent of sizes is measured from so many deaths on."""
STEADY = 5.0
"""So many events of an exponent of 2.5 are added to what is seen, so that few events say little."""


class Watched(NamedTuple):
    """This is what is known of a region's incidents, real or simulated."""

    counts: Floats
    """Deadly incidents of each week and territory, shape (W, N)."""
    sizes: Floats
    """Deaths of each deadly incident, shape (E,)."""
    border: npt.NDArray[np.float32]
    """Share of each neighbour, shape (N, N)."""


def names(territories: int, *, bordered: bool) -> tuple[str, ...]:
    """The names of the summaries, in their order.

    Args:
        territories: how many there are.
        bordered: any of them touch.
    """
    found = [f"log_level_{place}" for place in range(territories)]
    found += [f"log_scatter_{weeks}" for weeks in BLOCKS] + [f"echo_{lag}" for lag in LAGS]
    found += ["weeks_without", "log_shift", "log_peak"]
    found += ["log_events", "log_size", "exponent", "log_largest"]
    if bordered:
        found += ["near_4", "near_13", "near_before", "near_weight"]
    return tuple(found)


def summarise(seen: Watched) -> Floats:
    """Summarise weekly incidents, all but the level averaged over territories.

    Args:
        seen: what is known of the incidents.

    Returns:
        Numbers in the order of `names`. None of them is infinite or missing, even where there was
        no incident.
    """
    counts = seen.counts
    found = [np.log(counts.mean(0) + 1.0 / len(counts))]
    found.append(np.array([_scatter(counts, weeks) for weeks in BLOCKS]))
    logs = np.log1p(counts)
    found.append(np.array([_alike(logs[lag:], logs[:-lag]).mean() for lag in LAGS]))
    half = len(counts) // 2
    shift = np.log((counts[:half].mean(0) + 0.02) / (counts[half:].mean(0) + 0.02))
    peak = np.log((counts.max(0) + 1.0) / (counts.mean(0) + 1.0))
    found.append(np.array([(counts == 0).mean(), np.abs(shift).mean(), peak.mean()]))
    # How sure sizes are hangs on how many there are, of which levels tell by a detour only.
    found.append(np.log1p(counts.sum(keepdims=True)[0]))
    found.append(_sizes(seen.sizes))
    if seen.border.any():
        found.append(_nearby(logs, seen.border.astype(np.float64)))
    return np.concatenate(found)


def exponent(sizes: Floats, least: float = LARGE, steady: float = 0.0) -> float:
    """Estimate the exponent of a power law of whole numbers by likelihood.

    Args:
        sizes: deaths of each event.
        least: the smallest size from which the law is meant to hold.
        steady: so many events of an exponent of 2.5 are added.

    Returns:
        The exponent; nan where no event is large enough and none is added.

    Source: Clauset, Shalizi and Newman (2009), Power-law distributions in empirical data, SIAM
    Review 51(4), equation 3.7.
    """
    large = sizes[sizes >= least]
    if len(large) + steady == 0:
        return float("nan")
    logs = np.log(large / (least - 0.5)).sum() + steady / 1.5
    return float(1.0 + (len(large) + steady) / logs)


def _scatter(counts: Floats, weeks: int) -> float:
    """The log of the variance over the mean of counts in blocks, averaged over territories."""
    whole = len(counts) // weeks * weeks
    blocks = counts[:whole].reshape(-1, weeks, counts.shape[1]).sum(1)
    return float(np.log((blocks.var(0) + 0.1) / (blocks.mean(0) + 0.1)).mean())


def _alike(one: Floats, other: Floats) -> Floats:
    """The correlation of two series by territory, 0 where one does not vary."""
    a, b = one - one.mean(0), other - other.mean(0)
    spread = np.sqrt((a * a).sum(0) * (b * b).sum(0))
    return np.asarray(np.where(spread > 1e-9, (a * b).sum(0) / np.maximum(spread, 1e-9), 0.0))


def _sizes(sizes: Floats) -> Floats:
    """Mean, exponent and largest of sizes: the model's power law is held to the tail alone."""
    if len(sizes) == 0:
        return np.array([0.0, 2.5, 0.0])
    steep = exponent(sizes, steady=STEADY)
    return np.array([np.log(sizes.mean()), steep, np.log(sizes.max())])


def _nearby(logs: Floats, border: Floats) -> Floats:
    """How a territory moves with its neighbours: at once, after them, and beside its own past."""
    touched = border.sum(1) > 0

    def blocks(weeks: int) -> Floats:
        whole = len(logs) // weeks * weeks
        return np.asarray(logs[:whole].reshape(-1, weeks, logs.shape[1]).mean(1))

    monthly, quarterly = blocks(4), blocks(13)
    at_once = [_alike(one, one @ border.T)[touched].mean() for one in (monthly, quarterly)]
    near = monthly @ border.T
    before = _alike(monthly[1:], near[:-1]) - _alike(monthly[:-1], near[1:])
    weights = []
    for place in np.flatnonzero(touched):
        past = np.stack([np.ones(len(monthly) - 1), monthly[:-1, place], near[:-1, place]], 1)
        gram = past.T @ past + np.diag([0.0, 0.1, 0.1])
        weights.append(np.linalg.solve(gram, past.T @ monthly[1:, place])[2])
    return np.array([*at_once, before[touched].mean(), np.mean(weights)])
