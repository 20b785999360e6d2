"""Levers and portfolios: how fast a lever works, and how much effort each portfolio gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tocsin.schema.vocabulary.lever import LEVERS
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

DELAY = {
    "export-control": 6.0,
    "counter-finance": 6.0,
    "targeted-enforcement": 2.0,
    "capacity-building": 18.0,
    "infrastructure-redundancy": 18.0,
    "incident-response": 6.0,
    "shared-early-warning": 6.0,
    "joint-exercises": 9.0,
    "attribution-standards": 12.0,
    "dialogue": 9.0,
    "inclusion-and-services": 18.0,
    "education-and-media-literacy": 24.0,
    "health": 9.0,
}
"""Months until a lever has about two thirds of its effect. Assumptions."""

PORTFOLIOS: dict[str, dict[str, float]] = {
    STATUS_QUO: {"export-control": 0.2, "targeted-enforcement": 0.3, "health": 0.2},
    "enforcement-heavy": {
        "export-control": 1.0,
        "counter-finance": 1.0,
        "targeted-enforcement": 1.0,
        "capacity-building": 0.3,
        "incident-response": 0.5,
        "health": 0.2,
    },
    "layered": {
        "export-control": 0.3,
        "counter-finance": 0.4,
        "targeted-enforcement": 0.3,
        "capacity-building": 0.3,
        "infrastructure-redundancy": 0.3,
        "incident-response": 0.3,
        "shared-early-warning": 0.4,
        "joint-exercises": 0.2,
        "attribution-standards": 0.3,
        "dialogue": 0.4,
        "inclusion-and-services": 0.4,
        "education-and-media-literacy": 0.2,
        "health": 0.2,
    },
}
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
