"""Chances told again are pooled over imputations, with skill beside simpler rates."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.record import MODELS
from tocsin.bench.diffusion.real import judge_told


def _row(network: float) -> dict[str, float]:
    out = {}
    for year in (2016, 2017, 2018):
        block = f"12|652|{year}"
        out |= {f"{block}|n": 100.0, f"{block}|events": 5.0}
        out |= {f"{block}|{name}": 5.0 for name in MODELS}
        out[f"{block}|network"] = network
    return out


def test_scores_and_skill_are_those_of_the_sums() -> None:
    found = judge_told(pl.DataFrame([_row(4.0), _row(2.0)]))
    assert found["12_n"] == 300
    assert found["12_events"] == 15
    assert found["12_network"] == pytest.approx(0.03)
    assert found["12_skill_territory"] == pytest.approx(1 - 3 / 5)
    assert found["12_skill_overall_low"] <= found["12_skill_overall"]
    assert "24_n" not in found
