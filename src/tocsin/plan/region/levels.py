"""Plans as arrays: the level of each lever in each week, from a file of portfolios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tocsin.plan.portfolios import SHIPPED, declare_efforts
from tocsin.plan.portfolios.course import MONTHS_A_YEAR, lever_levels
from tocsin.plan.portfolios.declared import Portfolio, PortfolioFile, Rule
from tocsin.plan.portfolios.levers import LEVERS as KNOWN
from tocsin.plan.region.outcomes import WEEKS, YEAR
from tocsin.schema.vocabulary.lever import LEVERS
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

Floats = npt.NDArray[np.float32]


def weekly_levels(
    file: PortfolioFile,
    portfolios: Sequence[Portfolio],
    others: Sequence[str] = (),
    weeks: int = WEEKS,
) -> Floats:
    """Work out the levels of portfolios that begin where a file's status quo stands.

    Args:
        file: with the terms of levers.
        portfolios: P of them, without their rules.
        others: names of levers of other packages.
        weeks: how many, T.

    Returns:
        Levels from 0 to 1, shape (P, L, T).
    """
    today = file.portfolios[STATUS_QUO].efforts
    each = [
        lever_levels(one, today, file.levers, steps=weeks, per_year=YEAR, others=others).T
        for one in portfolios
    ]
    return fold(np.stack(each), others)


def held_levels(file: PortfolioFile = SHIPPED, others: Sequence[str] = ()) -> Floats:
    """The levels in force at the start, shape (L,)."""
    return weekly_levels(file, [file.portfolios[STATUS_QUO]], others, 1)[0, :, 0]


def ruled_levels(
    file: PortfolioFile,
    portfolio: Portfolio,
    others: Sequence[str],
    fired: Sequence[tuple[Rule, npt.NDArray[np.int64]]],
    futures: int,
) -> Floats:
    """Work out the levels of a portfolio whose rules hold from given months on.

    Args:
        file: with the terms of levers.
        portfolio: with rules.
        others: names of levers of other packages.
        fired: rules, and for each future the month from which each holds, shape (F,).
        futures: how many.

    Returns:
        Levels from 0 to 1, shape (1, L, T, F).
    """
    weeks = [(rule, -(-since * YEAR // MONTHS_A_YEAR)) for rule, since in fired]
    found = lever_levels(
        portfolio, file.portfolios[STATUS_QUO].efforts, file.levers, steps=WEEKS, per_year=YEAR,
        others=others, fired=weeks,
    )  # fmt: skip
    wide = np.broadcast_to(found, (futures, *found.shape[-2:]))
    return fold(np.ascontiguousarray(wide.transpose(2, 1, 0)[None]), others)


def make_levels(
    portfolios: Sequence[Mapping[str, float]],
    today: Mapping[str, float],
    others: Sequence[str] = (),
    weeks: int = WEEKS,
) -> tuple[Floats, Floats]:
    """Work out the levels of efforts that are constant from the beginning.

    Args:
        portfolios: effort by lever, from 0 to 1, for each of P portfolios.
        today: what is in force at the start.
        others: names of levers of other packages.
        weeks: how many, T.

    Returns:
        Levels from 0 to 1, shape (P, L, T), and those in force at the start, (L,).

    Raises:
        UsageError: there is no such lever, or an effort lies outside 0 to 1.
    """
    named = {str(place): efforts for place, efforts in enumerate(portfolios)}
    file = declare_efforts({STATUS_QUO: today} | named)
    chosen = [file.portfolios[name] for name in named]
    return weekly_levels(file, chosen, others, weeks), held_levels(file, others)


def fold(levels: Floats, others: Sequence[str]) -> Floats:
    """Add what levers of other packages do as tocsin's own, within 0 to 1.

    Args:
        levels: shape (P, L, T) or (P, L, T, F); the last rows of L are those of `others`.
        others: names of levers of other packages.

    Returns:
        The levels, of the same shape.
    """
    found = levels.copy()
    for place, name in enumerate(others, len(LEVERS)):
        for own, share in KNOWN.find(name).acts_as.items():
            row = LEVERS.index(own)
            found[:, row] = np.clip(found[:, row] + share * levels[:, place], 0.0, 1.0)
    return found
