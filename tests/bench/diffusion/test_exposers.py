"""Doubtful users as exposers: judged rule by rule."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.diffusion.exposers import RULES, expose, judge_exposers


def test_rules_are_judged_by_the_truth() -> None:
    row = {"ties_true": 0.3, "territory_true": 0.0}
    for n, rule in enumerate(RULES):
        for channel in ("ties", "territory"):
            row |= {f"{rule}_{channel}_mean": 0.1 * n, f"{rule}_{channel}_low": 0.0}
            row |= {f"{rule}_{channel}_high": 0.25}
    found = judge_exposers(pl.DataFrame([row, row]))
    assert found["runs"] == 2
    assert found["over ties: bias of ties"] == pytest.approx(-0.1)
    assert found["over ties: error of territory"] == pytest.approx(0.2)
    assert found["left out: territory covered"] == 1.0
    assert found["left out: ties covered"] == 0.0


@pytest.mark.release
def test_territory_is_the_same_where_doubtful_users_expose_over_ties(network: pl.DataFrame) -> None:
    row = expose(network, 5, share=0.0, frailty=0.5)
    assert all(0 <= row[f"{rule}_ties_mean"] <= 1 for rule in RULES)
