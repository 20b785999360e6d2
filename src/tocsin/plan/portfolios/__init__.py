"""Levers and portfolios: what a region can do, on what terms, and within which limits.

>>> from tocsin.plan.portfolios import PORTFOLIOS, cost
>>> round(cost(PORTFOLIOS["layered"]), 1)
4.0
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real

from tocsin.base.nearest import nearest
from tocsin.base.paths import PathLike, as_path
from tocsin.base.toml import read_text
from tocsin.errors import UsageError
from tocsin.plan.portfolios.declared import Limits, Measure, Portfolio, PortfolioFile, Terms
from tocsin.plan.portfolios.file import meant_now, parse_portfolios
from tocsin.plan.portfolios.levers import LEVERS
from tocsin.plan.portfolios.shipped import DEFAULT, DELAY, PORTFOLIOS, SHIPPED, cost, effort
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

__all__ = [
    "DEFAULT",
    "DELAY",
    "PORTFOLIOS",
    "PORTFOLIOS_FILE",
    "SHIPPED",
    "STATUS_QUO",
    "cost",
    "declare_efforts",
    "effort",
    "read_portfolios",
]

PORTFOLIOS_FILE = "portfolios.toml"
"""The file of a workspace that declares its own portfolios."""


def read_portfolios(path: PathLike) -> PortfolioFile:
    """Read a file of portfolios.

    Terms of levers, limits and the status quo hold as they ship (`DEFAULT`) where the file says
    nothing of them; a lever of another package can be named like tocsin's own.

    Args:
        path: the path of a TOML file; `DEFAULT` is one to start from.

    Returns:
        The file, checked.

    Raises:
        UsageError: there is no such file, or something in it is not understood, impossible, or
            crosses a limit. The error names it, and its line.
    """
    place = as_path(path)
    return parse_portfolios(
        read_text(place),
        where=place.name,
        known=dict(SHIPPED.levers) | _guest_terms(LEVERS.names()),
        limits=SHIPPED.limits,
        today=SHIPPED.portfolios[STATUS_QUO],
    )


def declare_efforts(portfolios: Mapping[str, Mapping[str, float]]) -> PortfolioFile:
    """Make what a file would declare of efforts alone, without limits.

    Args:
        portfolios: for each name the effort (0 to 1) by lever; a lever may be another package's.

    Returns:
        The portfolios, with the status quo that ships where none is among them.

    Raises:
        UsageError: there is no such lever, an effort lies outside 0 to 1, or a name is all but that
            of the status quo, which is not among them.
        PluginFailed: a lever of another package failed.
    """
    for name in portfolios if STATUS_QUO not in portfolios else ():
        if nearest(name, [STATUS_QUO]):
            what, remedy = meant_now(name)
            raise UsageError(what, where=f"portfolio '{name}'", remedy=remedy)
    named: set[str] = set()
    for portfolio, efforts in portfolios.items():
        for lever, level in efforts.items():
            LEVERS.find(lever)
            named.add(lever)
            if isinstance(level, bool) or not (isinstance(level, Real) and 0 <= level <= 1):
                raise UsageError(
                    f"An effort of {level!r} is not from 0 to 1.",
                    where=f"portfolio '{portfolio}', lever '{lever}'",
                    remedy="Give the effort as a share of all that could be done.",
                )
    found = {STATUS_QUO: SHIPPED.portfolios[STATUS_QUO]} | {
        name: Portfolio(name, {lever: Measure(float(one)) for lever, one in efforts.items()})
        for name, efforts in portfolios.items()
    }
    levers = dict(SHIPPED.levers) | _guest_terms(sorted(named))
    return PortfolioFile(levers, found, Limits(), {}, "")


def _guest_terms(names: Iterable[str]) -> dict[str, Terms]:
    """The terms of levers of other packages."""
    others = {name: LEVERS.find(name) for name in names if name not in SHIPPED.levers}
    return {name: Terms(one.label, one.delay, source=one.source) for name, one in others.items()}
