"""Deaths: a best estimate stands; a bound that cannot be read is the best, and is doubted."""

from __future__ import annotations

import pytest

from tocsin.observe.checks.deaths import estimates
from tocsin.observe.checks.values import Refused

NAMES = {"low": "l", "best": "b", "high": "h"}


@pytest.mark.parametrize(
    ("fields", "three", "doubted"),
    [
        ({"l": "1", "b": "2", "h": "3"}, [1, 2, 3], []),
        ({"b": "2"}, [2, 2, 2], []),
        ({"l": "-1", "b": "2", "h": "many"}, [2, 2, 2], ["deaths_low", "deaths_high"]),
        ({"l": "3", "h": "9"}, [3, 3, 9], ["deaths_best"]),
        ({"h": "9"}, [9, 9, 9], ["deaths_best"]),
        ({}, [None, None, None], []),
        ({"l": "9", "b": "2", "h": "3"}, [9, 2, 3], []),
    ],
)
def test_bounds(fields: dict[str, str], three: list[int | None], doubted: list[str]) -> None:
    found = estimates(fields, **NAMES)
    assert [found[f"deaths_{name}"] for name in ("low", "best", "high")] == three
    assert [doubt.column for doubt in found.get("death_doubts", ())] == doubted


def test_a_source_that_always_gives_three_is_doubted_where_one_is_empty() -> None:
    found = estimates({"l": "", "b": "2", "h": "3"}, **NAMES, required=True)
    assert [doubt.reason for doubt in found["death_doubts"]] == ["'l' is not known."]
    with pytest.raises(Refused, match="'b' is empty"):
        estimates({"l": "1", "b": "", "h": "3"}, **NAMES, required=True)
