"""The verdict: one control that is not beaten is enough."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.controls import Controls
from tocsin.anticipate.diffusion.region.verdict import join_p, unbeaten

SHOWN = Controls(0.5, 0.02, (0.02,), ((0.1, 0.2),), (0.1, 0.02), (0.1, 0.02), 0.1, {})
SKILL = pl.DataFrame({"window": ["all"], "months": [12], "skill": [0.1]})


@pytest.mark.parametrize(
    ("change", "skill", "word"),
    [
        ({}, SKILL, None),
        ({"p_null": 0.2}, SKILL, "worlds"),
        ({"rewired": (0.1, 0.2)}, SKILL, "rewired"),
        ({"permuted": (0.1, 0.2)}, SKILL, "permuted"),
        ({"reversed": 0.6}, SKILL, "reversed"),
        ({}, SKILL.with_columns(skill=pl.lit(-0.1)), "past"),
        ({}, SKILL.clear(), "past"),
    ],
)
def test_one_control_that_is_not_beaten_is_enough(
    change: dict[str, object], skill: pl.DataFrame, word: str | None
) -> None:
    missed = unbeaten([replace(SHOWN, **change)], skill)
    assert len(missed) == (word is not None)
    assert word is None or word in missed[0]


def test_joined_p_values_hold_under_dependence() -> None:
    random = np.random.default_rng(1)
    alike = random.random(4000)
    assert np.mean([join_p([p, p, p]) <= 0.05 for p in alike]) <= 0.05
    apart = random.random((4000, 3))
    assert np.mean([join_p(row) <= 0.05 for row in apart]) <= 0.05


def test_of_the_record_the_year_of_all_windows_decides() -> None:
    rows = [("2010", 12, 0.5), ("all", 3, 0.5), ("all", 12, None), ("all", 24, 0.5)]
    for skill, missed in ((0.01, []), (0.0, ["past"]), (-0.1, ["past"]), (None, ["past"])):
        record = pl.DataFrame(rows, schema=["window", "months", "skill"], orient="row")
        own = (pl.col("window") == "all") & (pl.col("months") == 12)
        record = record.with_columns(
            skill=pl.when(own)
            .then(pl.lit(skill, pl.Float64))
            .otherwise(pl.lit(-skill if skill else 0.5))
        )
        assert unbeaten([SHOWN], record) == missed
    assert unbeaten([SHOWN], record.filter(~own)) == ["past"]


def test_imputations_are_joined_before_they_are_held_to_the_level() -> None:
    """Twice the mean of two p-values is to be 0.05 at most, whichever of them is the larger."""
    for name in ("p_null", "rewired", "permuted"):
        for other, missed in ((0.03, 0), (0.031, 1)):
            values = [one if name == "p_null" else (0.1, one) for one in (0.02, other)]
            both: list[Any] = [replace(SHOWN, **{name: one}) for one in values]
            assert len(unbeaten(both, SKILL)) == missed
    times = [replace(SHOWN, reversed=one) for one in (0.4, 0.7)]
    assert unbeaten(times, SKILL) == ["reversed"]
    assert unbeaten([replace(SHOWN, reversed=one) for one in (0.4, 0.59, None)], SKILL) == []
    assert unbeaten([replace(SHOWN, share=0.0, reversed=None)], SKILL) == ["reversed"]
