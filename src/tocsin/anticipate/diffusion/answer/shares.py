"""Shares: which part of the first uses each channel accounts for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior, outside_parts
from tocsin.anticipate.diffusion.tables.times import Floats

LEVELS = (0.05, 0.95)
"""Quantiles of the intervals, everywhere in this room: they hold 90 %."""

NOT_BY_NETWORK = "not by network"
ALL = "all"


@dataclass(frozen=True)
class Imputation:
    """First uses as they may have been, and what was learnt from them.

    Args:
        onset: first use of each case, infinite where there is none, shape (n,).
        design: made from it.
        posterior: fitted to it.
    """

    onset: Floats
    design: Design
    posterior: Posterior


def event_shares(design: Design, posterior: Posterior) -> Floats:
    """Each channel's part of the hazard at each event, h_k / h, shape (S, N, K)."""
    outside, _ = outside_parts(design, posterior.base, posterior.walk, posterior.beta)
    outside = outside * posterior.cell[:, design.cell]
    carried = design.exposure * posterior.strength[:, :, design.technology].transpose(0, 2, 1)
    return np.asarray(carried / (outside + carried.sum(2))[:, :, None])


def table_of_shares(
    imputations: Sequence[Imputation], technologies: Sequence[str], channels: Sequence[str]
) -> pl.DataFrame:
    """Shares with intervals: the mean over first uses of E[h_k / h].

    Returns:
        `technology, channel, mean, low, high`: each channel, and what comes by no network; each
        class that has an event, and all together.
    """
    parts = [(one.design, event_shares(one.design, one.posterior)) for one in imputations]
    rows: list[tuple[str, str, float, float, float]] = []
    for number, technology in [(-1, ALL), *enumerate(technologies)]:
        drawn = []
        for design, part in parts:
            mine = (design.technology == number) | (number < 0)
            if mine.any():
                drawn.append(part[:, mine].mean(1))
        if not drawn:
            continue
        share = np.concatenate(drawn)
        for k, channel in enumerate(channels):
            rows.append((technology, channel, *interval(share[:, k])))
        rows.append((technology, NOT_BY_NETWORK, *interval(1.0 - share.sum(1))))
    return pl.DataFrame(rows, schema=["technology", "channel", "mean", "low", "high"], orient="row")


def interval(draws: Floats) -> tuple[float, float, float]:
    """Mean, and the ends of the 90 % interval."""
    low, high = np.quantile(draws, LEVELS)
    return float(draws.mean()), float(low), float(high)
