"""How the brief puts numbers into words, and what its facts are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import polars as pl

from tocsin.base.display.bounds import round_bound
from tocsin.schema.tables.assessed.attribution import NAMED_FROM

Tables = Mapping[str, pl.DataFrame]
Facts = dict[str, Any]
Bound = Literal["least", "most"]
"""What a number claims, if it is a bound: it is rounded to the side on which the claim holds."""

WORDS = (
    (0.95, "almost certain"),
    (0.80, "very likely"),
    (0.55, "likely"),
    (0.45, "about as likely as not"),
    (0.20, "unlikely"),
    (0.05, "very unlikely"),
    (0.00, "remote"),
)
"""Lowest probability and its word, after the scale of the US ODNI (ICD 203, 2015)."""

SHOWABLE = 0.005
"""A probability below this would be printed as nought: nothing is named with it."""

VIOLENCE = {
    "ged_sb": "state-based conflict",
    "ged_ns": "conflict between non-state groups",
    "ged_os": "one-sided violence against civilians",
    "ged_total": "organised violence",
    "deaths_all": "incidents of all kinds",
}
"""What deaths of a target are deaths of, as UCDP calls it."""


def violence(target: str) -> str:
    """Say what the deaths of a target come from.

    Args:
        target: the name of a target, such as 'ged_sb'.

    >>> violence("ged_sb"), violence("own_count")
    ('state-based conflict', "the series 'own_count'")
    """
    return VIOLENCE.get(target, f"the series '{target}'")


COUNTING = ("deaths", "doubling", "onset")
"""Kinds of rules of alerts that count deaths."""


def deaths_meant(kind: str, target: str) -> str:
    """Say which deaths a rule of alerts counts, since its own sentence does not.

    Args:
        kind: of the rule.
        target: the series that is forecast; empty where it is not known.

    Returns:
        A sentence; empty for a rule that counts none, and where the series is not known.

    >>> deaths_meant("onset", "ged_sb"), deaths_meant("first-use", "ged_sb")
    ('Deaths are those in state-based conflict.', '')
    """
    return f"Deaths are those in {violence(target)}." if target and kind in COUNTING else ""


def likelihood(probability: float) -> str:
    """Find the word for a probability.

    Args:
        probability: from 0 to 1.

    >>> likelihood(0.9), likelihood(0.02)
    ('very likely', 'remote')
    """
    return next(word for lowest, word in WORDS if probability >= lowest)


def percent(probability: float) -> str:
    """Write a probability as people should read it: never nought, and never certain.

    Args:
        probability: from 0 to 1.

    >>> percent(0.25), percent(0.999), percent(0.0)
    ('25%', '>99%', '<1%')
    """
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"


def chance(probability: float) -> str:
    """Write a probability in a sentence for other offices, as `percent` does it without signs.

    Args:
        probability: from 0 to 1.

    >>> chance(0.25), chance(0.999), chance(0.0)
    ('25%', 'over 99%', 'under 1%')
    """
    return percent(probability).replace(">", "over ").replace("<", "under ")


def round_known(value: float, bound: Bound | None = None) -> tuple[float, int]:
    """Round what a simulation gave to the digits that it knows: three, or two below 100.

    A bound keeps three: cut to two, 1.09 would be 1, which says nothing.

    Args:
        value: any number.
        bound: what it claims; None: it is no bound, and is rounded to the nearest.

    Returns:
        The number, and how many decimals it has so.

    >>> round_known(1908579.4), round_known(0.0462), round_known(0)
    ((1910000.0, 0), (0.046, 3), (0.0, 0))
    """
    if value == 0:
        return 0.0, 0
    digits = 3 if bound is not None or abs(value) >= 100 else 2
    kept = float(f"{value:.{digits}g}")
    if bound is not None:
        kept = round_bound(value, most=bound == "most", digits=digits)
    return kept, max(0, digits - 1 - math.floor(math.log10(abs(kept))))


def figure(value: float, *, signed: bool = False, bound: Bound | None = None) -> str:
    """Write what a simulation gave with no more digits than it knows (`round_known`).

    Args:
        value: any number.
        signed: it is a difference, and a rise has its sign too.
        bound: what it claims, if it is a bound.

    >>> figure(1908579.4), figure(-9143.2, signed=True), figure(0.046, signed=True), figure(-0.0)
    ('1,910,000', '−9,140', '+0.046', '0')
    >>> figure(1.4706, bound="least"), figure(1.4706, bound="most")
    ('1.47', '1.48')
    """
    if value == 0:
        return "0"
    kept, decimals = round_known(value, bound)
    return write_minus(f"{kept:{'+' if signed else ''},.{decimals}f}")


def write_minus(number: str) -> str:
    """Give a written number the sign that stands for minus, in place of a hyphen.

    A hyphen is short and thin beside a plus, and a line may break behind it. Unicode's own number
    forms have a hyphen in English, French and Arabic.

    >>> write_minus("-1,200")
    '−1,200'
    """
    return number.replace("-", "\u2212")


def cautious_name(actor: str, probability: float) -> str:
    """Write an organisation's name as it may be printed: below 0.8 it is never stated as a fact.

    Args:
        actor: the name.
        probability: the probability that it was this organisation, from 0 to 1.

    >>> cautious_name("X", 0.63), cautious_name("X", 0.8)
    ('possibly X (0.63)', 'X')
    """
    if probability >= NAMED_FROM:
        return actor
    return f"possibly {actor} ({cautious_share(probability)})"


def cautious_share(probability: float) -> str:
    """Write a probability rounded down: 0.7999 must not read as the 0.80 that is printed bare.

    Args:
        probability: from 0 to 1.

    >>> cautious_share(0.7999), cautious_share(0.8)
    ('0.79', '0.80')
    """
    return f"{round_bound(probability, decimals=2):.2f}"


def percent_bound(share: float, *, most: bool = False, decimals: int = 1) -> str:
    """Write a share that is claimed as a bound, in per cent.

    Args:
        share: from 0 to 1.
        most: it says 'at most'; otherwise 'at least'.
        decimals: how many of the per cent are written.

    >>> percent_bound(0.4906), percent_bound(0.085, decimals=0), percent_bound(0.4906, most=True)
    ('49.0%', '8%', '49.1%')
    """
    return f"{round_bound(share, most=most, decimals=decimals + 2):.{decimals}%}"


def plain(value: Any) -> Any:
    """Turn all dates within a value into ISO 8601 text, so that JSON can hold it.

    Args:
        value: a value, or lists and dicts of values to any depth; it is not changed.
    """
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
