"""Bounds that are claimed, with few digits: a least is rounded down, and a most is rounded up.

Rounded to the nearest, an order that is shown to hold up to a factor of 1.47 would be said to hold
up to 1.5, where it is not shown. What is rounded here may be too weak by its last digit, and is
never more than what was found.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

TRUE_DIGITS = 9
"""Digits of a number that are its own; what comes behind them is the trace of binary sums."""


def round_bound(
    value: float, *, most: bool = False, digits: int = 2, decimals: int | None = None
) -> float:
    """Round a bound so that what is claimed with it still holds.

    Args:
        value: the bound, in any unit.
        most: it says 'at most'; otherwise 'at least'.
        digits: how many digits that count are kept.
        decimals: how many decimals are kept instead.

    Returns:
        A number that is not above the bound, or, of a most, not below it. What is not finite stays.

    >>> round_bound(1.4706), round_bound(1.4706, most=True), round_bound(0.3999, decimals=2)
    (1.4, 1.5, 0.39)
    >>> round_bound(1 - 0.9, decimals=1), round_bound(-1.21, digits=2), round_bound(0.0)
    (0.1, -1.3, 0.0)
    """
    if not math.isfinite(value) or value == 0:
        return value
    exact = Decimal(f"{value:.{TRUE_DIGITS}g}")
    last = exact.adjusted() - digits + 1 if decimals is None else -decimals
    kept = exact.quantize(Decimal(1).scaleb(last), ROUND_CEILING if most else ROUND_FLOOR)
    return float(kept) + 0.0
