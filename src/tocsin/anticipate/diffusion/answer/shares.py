"""Shares: which part of the first uses each channel accounts for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior, outside_parts
from tocsin.anticipate.diffusion.tables.times import Floats

LEVELS = (0.05, 0.95)
"""Quantiles of the intervals, everywhere in this room: they hold 90 %."""

LEAST_COUNT = 1e-9
"""A beta distribution's parameter has to be above 0."""
NOT_BY_NETWORK = "not by network"
ALL = "all"


@dataclass(frozen=True)
class Imputation:
    """This holds first uses as they may have been, and what was learnt from them.

    Args:
        onset: first use of each case in units of the clock, infinite where there is none, shape
            (n,).
        design: the exposures that follow from these first uses.
        posterior: draws of the parameters, fitted to the design.
    """

    onset: Floats
    design: Design
    posterior: Posterior


def event_shares(design: Design, posterior: Posterior) -> Floats:
    """Compute each channel's part of the hazard at each event, h_k / h.

    Args:
        design: N events and K channels.
        posterior: S draws of the parameters.

    Returns:
        Shape (S, N, K), each between 0 and 1; what is missing to 1 comes by no network.
    """
    outside, _ = outside_parts(design, posterior.base, posterior.walk, posterior.beta)
    outside = outside * posterior.cell[:, design.cell]
    carried = design.exposure * posterior.strength[:, :, design.technology].transpose(0, 2, 1)
    return np.asarray(carried / (outside + carried.sum(2))[:, :, None])


def draw_shares(fitted: Iterable[tuple[Design, Posterior]]) -> Floats:
    """Draw the share of first uses of all classes together that came over each channel.

    Args:
        fitted: the design of each imputation, and the posterior fitted to it.

    Returns:
        The draws of all of them, shape (S, K).
    """
    return np.concatenate([event_shares(*one).mean(1) for one in fitted])


def table_of_shares(
    imputations: Sequence[Imputation], technologies: Sequence[str], channels: Sequence[str]
) -> pl.DataFrame:
    """Tabulate the share of first uses that came over each channel, with intervals.

    A share is the mean of h_k / h, the channel's part of the hazard at a first use, over the
    posterior and over all first uses.

    Args:
        imputations: first uses as they may have been, and the posterior fitted to each.
        technologies: the names of the classes, in the order of their numbers.
        channels: the names of the channels, in the order of their numbers.

    Returns:
        The columns `technology, channel, mean, low, high`, shares from 0 to 1 with a 90 % interval.
        There is a row for each channel and one for what comes by no network; this for each class
        that has an event, and for all classes together.
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


def note_of_shares(shares: pl.DataFrame) -> list[str]:
    """Say why a mean may lie outside its own interval, where one does.

    Args:
        shares: as `table_of_shares` gives them.
    """
    outside = shares.filter((pl.col("mean") > pl.col("high")) | (pl.col("mean") < pl.col("low")))
    if outside.is_empty():
        return []
    return [
        "A mean share lies outside its interval where more than nineteen draws in twenty give the "
        "channel no share at all, and a few draws some."
    ]


def table_of_bounds(
    imputations: Sequence[Imputation],
    technologies: Sequence[str],
    channels: Sequence[str],
    *,
    seed: int,
) -> pl.DataFrame:
    """Tabulate what part each channel may have of first uses like these, at most.

    A share is of the first uses that there were. That none of six came over a channel does not say
    that none of the next six will. Of n first uses, c of which the channel caused in a draw of the
    posterior, the bound is that of Clopper and Pearson (1934), over all draws together. Where c is
    0 in all of them it is 1 − 0.05^(1/n), of which 3 / n is the rule of thumb (Hanley and
    Lippman-Hand 1983, If nothing goes wrong, is everything all right?, JAMA 249).

    Args:
        imputations, technologies, channels: as `table_of_shares` takes them.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        The columns `technology, channel, upper`, with the rows of `table_of_shares`; `upper` is a
        bound of 95 %, from 0 to 1.
    """
    random = np.random.default_rng(seed)
    drawn = []
    for one in imputations:
        ends = np.cumsum(event_shares(one.design, one.posterior), axis=2)
        cause = (random.random((*ends.shape[:2], 1)) >= ends).sum(2)
        drawn.append((one.design.technology, cause))
    rows: list[tuple[str, str, float]] = []
    for number, technology in [(-1, ALL), *enumerate(technologies)]:
        some = [cause[:, (of == number) | (number < 0)] for of, cause in drawn]
        some = [cause for cause in some if cause.shape[1]]
        for k, channel in enumerate((*channels, NOT_BY_NETWORK) if some else ()):
            bound = []
            for cause in some:
                count, events = (cause == k).sum(1), cause.shape[1]
                part = random.beta(count + 1.0, np.maximum(events - count, LEAST_COUNT))
                bound.append(np.where(count < events, part, 1.0))
            rows.append((technology, channel, float(np.quantile(np.concatenate(bound), 0.95))))
    return pl.DataFrame(rows, schema=["technology", "channel", "upper"], orient="row")


def interval(draws: Floats) -> tuple[float, float, float]:
    """Compute the mean of draws, and the two ends of their 90 % interval.

    Args:
        draws: shape (S,).

    Returns:
        Mean, lower end and upper end.
    """
    low, high = np.quantile(draws, LEVELS)
    return float(draws.mean()), float(low), float(high)
