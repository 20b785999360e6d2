"""Effects of covariates, and what ties that join those alike in one do to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import ALL, interval
from tocsin.anticipate.diffusion.hazard.design import Links
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats

ALIKE = 0.5
"""Correlation of a covariate over the ends of ties from which it is said that they follow it."""


def table_of_effects(cases: Cases, beta: Floats) -> pl.DataFrame:
    """Tabulate what each covariate does to the rate outside the network.

    Args:
        cases: the cases with P covariates.
        beta: draws of the effects, per standard deviation, shape (S, P).

    Returns:
        The columns `technology, covariate, scale, mean, low, high`, a row for each covariate.
        `technology` is 'all', since an effect is the same for all classes; `scale` is the standard
        deviation of the covariate in its own unit; the effect is on the log of the rate, for so
        much more of the covariate, with a 90 % interval.
    """
    return pl.DataFrame(
        [
            (ALL, name, scale, *interval(beta[:, p]))
            for p, (name, scale) in enumerate(
                zip(cases.covariate_names, cases.covariate_scales, strict=True)
            )
        ],
        schema={"technology": pl.String, "covariate": pl.String}
        | dict.fromkeys(("scale", "mean", "low", "high"), pl.Float64),
        orient="row",
    )


def note_of_alike_ties(cases: Cases, links: Links, channels: Sequence[str]) -> list[str]:
    """Say of which channels the ties follow a covariate, so that the two are hard to tell apart.

    Args:
        cases: the cases with their covariates.
        links: the ties between cases.
        channels: the names of the channels, in the order of their numbers.

    Returns:
        A sentence for each channel and covariate of which it is so.
    """
    notes = []
    for k, channel in enumerate(channels):
        mine = links.channel == k
        for p, name in enumerate(cases.covariate_names):
            x = cases.covariates[:, p]
            ends = x[links.source[mine]], x[links.target[mine]]
            if not mine.any() or min(np.ptp(one) for one in ends) == 0:
                continue
            alike = float(np.corrcoef(*ends)[0, 1])
            if alike >= ALIKE:
                notes.append(
                    f"Ties of '{channel}' join organisations that are alike in '{name}' "
                    f"(correlation {alike:.2f}), so what spreads over them and what '{name}' does "
                    "are hard to tell apart."
                )
    return notes
