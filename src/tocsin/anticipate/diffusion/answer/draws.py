"""Draws of shares and rates by channel and class: what a plan takes as its prior."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.hazards import integrate_hazard
from tocsin.anticipate.diffusion.answer.shares import (
    ALL,
    NOT_BY_NETWORK,
    Imputation,
    event_shares,
)
from tocsin.anticipate.diffusion.hazard.posterior import keep_draws
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats

DRAWS = 100
"""Draws of the posterior, over all imputations."""


def table_of_draws(
    cases: Cases,
    imputations: Sequence[Imputation],
    channels: Sequence[str],
    *,
    draws: int = DRAWS,
) -> pl.DataFrame:
    """Tabulate draws of the share and the rate of each channel, for each class.

    The rows of one draw belong together, so that what hangs together in the posterior stays
    together in whatever is simulated from it. The draws are spread evenly over the imputations.

    Args:
        cases: the organisations and classes.
        imputations: first uses as they may have been, and the posterior fitted to each.
        channels: the names of the channels, in the order of their numbers.
        draws: how many draws are wanted; there are at least one of each imputation.

    Returns:
        A row for each draw, class and channel, and for the class 'all'. `share` is the mean of
        h_k / h over the first uses of the draw; a class without any first use takes the channel's
        part of the hazard over its time at risk. Shares of one draw and class add up to 1 over the
        channels and 'not by network'. `rate` is the channel's part of the hazard in the last step
        of the window, in first uses per organisation at risk and month.
    """
    each = max(1, draws // len(imputations))
    names = (*channels, NOT_BY_NETWORK)
    frames = []
    for number, one in enumerate(imputations):
        share, rate = _draw_shares(cases, one, each)
        found, classes, many = share.shape
        frames.append(
            pl.DataFrame(
                {
                    "draw": np.repeat(number * each + np.arange(found), classes * many),
                    "technology": [
                        name for name in (ALL, *cases.technologies) for _ in names
                    ] * found,
                    "channel": names * (found * classes),
                    "share": share.ravel(),
                    "rate": rate.ravel(),
                }
            )
        )  # fmt: skip
    return pl.concat(frames)


def _draw_shares(cases: Cases, one: Imputation, each: int) -> tuple[Floats, Floats]:
    """Shares and rates of one imputation, each of shape (draws, 1 + classes, channels + 1)."""
    design, posterior = one.design, keep_draws(one.posterior, each)
    outside, network, risk = integrate_hazard(design, posterior)
    # Channels first and what comes by no network last; all classes before the single ones.
    whole = np.concatenate([network, outside[:, None]], axis=1)
    whole = np.concatenate([whole.sum(2, keepdims=True), whole], axis=2)
    time = np.concatenate([risk.sum(0, keepdims=True), risk])[:, -1]
    months = (cases.end - cases.start) / cases.clock.month
    rate = whole[..., -1] / np.maximum(time, 1e-12) / months
    of_time = whole.sum(3)
    share = of_time / np.maximum(of_time.sum(1, keepdims=True), 1e-300)
    part = event_shares(design, posterior)
    part = np.concatenate([part, 1.0 - part.sum(2, keepdims=True)], axis=2)
    for c in range(-1, len(cases.technologies)):
        mine = (design.technology == c) | (c < 0)
        if mine.any():
            share[:, :, c + 1] = part[:, mine].mean(1)
    return (np.clip(share, 0.0, 1.0).transpose(0, 2, 1), rate.transpose(0, 2, 1))
