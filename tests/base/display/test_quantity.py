"""One thing is one, in every sentence."""

from __future__ import annotations

import pytest

from tocsin.base.display.quantity import quantity


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (1.0, "1 day"),
        (-1, "-1 days"),
        (2, "2 days"),
        (1234, "1,234 days"),
        (1.5, "1.5 days"),
        (0.999, "0.999 days"),
        (float("inf"), "inf days"),
    ],
)
def test_a_number_stands_before_its_noun(count: float, said: str) -> None:
    assert quantity(count, "day") == said


def test_a_verb_follows_the_number_too() -> None:
    assert quantity(1, "row stays", "rows stay") == "1 row stays"
    assert quantity(3, "row stays", "rows stay") == "3 rows stay"
