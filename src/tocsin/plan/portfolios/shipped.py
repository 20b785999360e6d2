"""The portfolios that ship with tocsin, read from a file like a user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tocsin.plan.portfolios.file import parse_portfolios
from tocsin.schema.vocabulary.lever import LEVERS

DEFAULT = Path(__file__).with_name("default.toml")
SHIPPED = parse_portfolios(DEFAULT.read_text("utf-8"), where=DEFAULT.name)
"""The file, checked."""
DELAY = {name: SHIPPED.levers[name].delay for name in LEVERS}
"""Months until a lever has about two thirds of its effect. Assumptions."""
PORTFOLIOS = {name: one.efforts for name, one in SHIPPED.portfolios.items()}
"""Effort by lever; what is not named gets none. The last two cost the same."""


def effort(portfolio: Mapping[str, float], others: Sequence[str] = ()) -> npt.NDArray[np.float32]:
    """Put a portfolio's efforts in the order of `LEVERS`, followed by the others.

    Args:
        portfolio: the effort by lever, from 0 to 1; a lever that is not named gets none.
        others: names of levers of other packages that the portfolio may name.

    Returns:
        Efforts from 0 to 1, shape (13 + the number of others,).

    Raises:
        ValueError: there is no such lever, or an effort lies outside 0 to 1.
    """
    names = (*LEVERS, *others)
    unknown = set(portfolio) - set(names)
    if unknown or not all(0 <= value <= 1 for value in portfolio.values()):
        raise ValueError(f"not levers with an effort from 0 to 1: {portfolio}")
    return np.array([portfolio.get(name, 0.0) for name in names], np.float32)


def cost(portfolio: Mapping[str, float]) -> float:
    """Add up what a portfolio costs, in cost units a year; full effort on one lever costs one.

    Args:
        portfolio: the effort by lever, from 0 to 1.

    >>> cost(PORTFOLIOS["layered"]) == cost(PORTFOLIOS["enforcement-heavy"])
    True
    """
    return round(sum(portfolio.values()), 9)
