"""Shares as they would be if much is unseen: other answers, to set beside the one that is told.

Ties and users that nobody saw make the network's share too small: what came over them counts as
'not by network'. If a part of the ties is missing at random, the shares over the ties that are seen
are smaller by that part, since rates add up. Users whom no words single out are left out of the
fit; they may have exposed others all the same, each with its probability. And the weights of ties
are assumptions, so that the shares are drawn again with weights of which only the mean is held.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import (
    NOT_BY_NETWORK,
    Imputation,
    draw_shares,
    interval,
)
from tocsin.anticipate.diffusion.answer.size import draws_within
from tocsin.anticipate.diffusion.hazard.design import Links, expose_to_doubtful, find_carriers
from tocsin.anticipate.diffusion.hazard.gibbs import BESIDE, CHAINS, sample_gibbs
from tocsin.anticipate.diffusion.hazard.weights import sample_shares
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats

UNSEEN = (6.0, 14.0)
"""Beta prior of the part of the ties that nobody saw: 0.3 in the mean, 0.15 to 0.48 in 90 %. It is
an assumption."""

DRAWS = 500
"""Draws of each chain, over all imputations, of shares with doubtful weights."""

UNSEEN_TIES, UNSEEN_USERS, TIE_WEIGHTS = "unseen ties", "unseen users", "tie weights"


def raise_shares(share: Floats, unseen: Floats | float) -> Floats:
    """Raise shares to what they would be if nothing were unseen.

    Args:
        share: the share of each channel as it was fitted, shape (S, K).
        unseen: the part of the ties, or of their users, that is missing at random, from 0 to 1,
            shape (S,) or a number.

    Returns:
        Shares of shape (S, K), whose sum is at most 1.

    >>> raise_shares(np.array([[0.14, 0.07]]), 0.3).round(3).tolist()
    [[0.2, 0.1]]
    """
    whole = share.sum(1)
    most = 1.0 / np.maximum(whole, 1e-12)
    factor = np.minimum(1.0 / np.maximum(1.0 - np.asarray(unseen), 1e-12), most)
    return np.asarray(share * factor[:, None])


def shares_by_weights(
    cases: Cases, links: Links, imputations: Sequence[Imputation], *, seed: int
) -> Floats:
    """Draw the share of each channel if the weights of ties are doubtful, over imputations.

    Args:
        cases: the organisations and classes.
        links: the ties between cases.
        imputations: first uses as they may have been, and the design that follows from them.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        Shares of all classes together, shape (S, K).
    """
    most = max(len(one.design.case) for one in imputations)
    draws = draws_within(max(25, DRAWS // len(imputations)), most * CHAINS, least=25)
    return np.concatenate(
        [
            sample_shares(
                one.design,
                find_carriers(cases, links, one.onset),
                seed=seed + number,
                draws=draws,
            )
            for number, one in enumerate(imputations)
        ]
    )


def shares_with_doubtful(
    cases: Cases,
    links: Links,
    imputations: Sequence[Imputation],
    doubtful: Floats,
    *,
    over: Collection[int],
    seed: int,
) -> Floats:
    """Draw the share of each channel if doubtful users expose others, over imputations.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        imputations: first uses as they may have been, and the design that follows from them.
        doubtful: draws of from when each doubtful user uses the class, shape (D, n).
        over: numbers of the channels over which they expose others.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        Shares of all classes together, shape (S, K).
    """
    designs = [
        expose_to_doubtful(one.design, cases, links, one.onset, doubtful, over=over)
        for one in imputations
    ]
    posteriors = sample_gibbs(designs, seed=seed, **BESIDE)
    return draw_shares(zip(designs, posteriors, strict=True))


def table_of_alternatives(
    imputations: Sequence[Imputation],
    channels: Sequence[str],
    *,
    with_doubtful: Floats | None = None,
    weighed: Floats | None = None,
    seed: int,
) -> pl.DataFrame:
    """Tabulate the shares of all classes together, if much is unseen or weighs otherwise.

    Args:
        imputations: first uses as they may have been, and the posterior fitted to each.
        channels: the names of the channels, in the order of their numbers.
        with_doubtful: shares if doubtful users expose others, too, shape (S, K); None leaves
            'unseen users' out.
        weighed: shares if the weights of ties are doubtful (`hazard.weights`), shape (S, K); None
            leaves 'tie weights' out.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        The columns `alternative` ('unseen ties', 'unseen users', 'tie weights'), `channel, mean,
        low, high`, shares from 0 to 1 with a 90 % interval; a row for each channel, and one for
        what comes by no network.
    """
    share = draw_shares((one.design, one.posterior) for one in imputations)
    random = np.random.default_rng(seed)
    shares = {UNSEEN_TIES: raise_shares(share, random.beta(*UNSEEN, len(share)))}
    others = {UNSEEN_USERS: with_doubtful, TIE_WEIGHTS: weighed}
    shares |= {name: drawn for name, drawn in others.items() if drawn is not None}
    rows = []
    for alternative, drawn in shares.items():
        whole = np.column_stack([drawn, np.clip(1.0 - drawn.sum(1), 0.0, 1.0)])
        for k, channel in enumerate((*channels, NOT_BY_NETWORK)):
            rows.append((alternative, channel, *interval(whole[:, k])))
    names = ["alternative", "channel", "mean", "low", "high"]
    return pl.DataFrame(rows, schema=names, orient="row")
