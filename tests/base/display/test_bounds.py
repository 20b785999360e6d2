"""What is claimed as a bound holds after it is rounded, and is no weaker than its last digit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.base.display.bounds import round_bound

NUMBERS = st.floats(-1e12, 1e12, allow_subnormal=False).filter(
    lambda value: value == 0 or abs(value) > 1e-12
)


@given(NUMBERS, st.integers(1, 6))
def test_a_least_is_not_above_and_a_most_not_below(value: float, digits: int) -> None:
    low, high = (round_bound(value, most=most, digits=digits) for most in (False, True))
    near = 1e-8 * abs(value)
    assert low <= value + near
    assert high >= value - near
    # Nothing is given away but the last digit.
    if value:
        last = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 2)
        assert high - low <= last * 1.0001


@given(NUMBERS, st.integers(1, 6), st.booleans())
def test_what_is_rounded_once_stays(value: float, digits: int, most: bool) -> None:
    once = round_bound(value, most=most, digits=digits)
    assert round_bound(once, most=most, digits=digits) == once


@pytest.mark.parametrize(
    ("value", "asked", "said"),
    [
        # The order is shown up to a half over a third and a bit, 1.47, and not up to 1.5.
        (0.5 / 0.34, {}, 1.4),
        (0.5 / 0.418, {}, 1.1),
        (167.96, {"digits": 3}, 167.0),
        (0.99999, {"decimals": 3}, 0.999),
        (0.0004, {"decimals": 3, "most": True}, 0.001),
        # A sum of tenths is what it looks like, from both sides.
        (0.1 + 0.2, {"decimals": 1}, 0.3),
        (0.1 + 0.2, {"decimals": 1, "most": True}, 0.3),
        (1 - 0.9, {"decimals": 1}, 0.1),
        # Fewer than none is further down.
        (-1.21, {}, -1.3),
        (-1.21, {"most": True}, -1.2),
        (9.99, {"most": True}, 10.0),
        (math.inf, {}, math.inf),
    ],
)
def test_bounds_that_somebody_would_look_up(
    value: float, asked: dict[str, int | bool], said: float
) -> None:
    assert round_bound(value, **asked) == said  # type: ignore[arg-type]


def test_what_is_no_number_stays_so() -> None:
    assert math.isnan(round_bound(math.nan))
