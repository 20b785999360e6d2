"""The verdict: one control that is not beaten is enough."""

from __future__ import annotations

from dataclasses import replace

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
