"""What breaks portfolios, as tables."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tocsin.plan.exploration import failures as module
from tocsin.plan.exploration.weaknesses import Weaknesses
from tocsin.plan.portfolios import SHIPPED
from tocsin.plan.region.parameters import PARAMETERS

FIRST = PARAMETERS[0]


def test_each_portfolio_but_the_status_quo_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(asked: Any, **_: Any) -> Weaknesses:
        boxes = pl.DataFrame(
            {"box": [1], "parameter": [FIRST.name], "low": [FIRST.low], "high": [None],
             "unit": ["x"], "coverage": [0.5], "density": [0.6], "mass": [0.2]},
            schema_overrides={"high": pl.Float64},
        )  # fmt: skip
        some = boxes if asked == "layered" else boxes.clear()
        return Weaknesses(0.25, "failures", some, (f"'{asked}' fails.",), 400)

    monkeypatch.setattr(module, "contest", lambda tables, gwnos, name, **_: name)
    monkeypatch.setattr(module, "weaknesses", find)
    found = module.failures({}, [1], SHIPPED, futures=400)
    assert found["failures"]["portfolio"].to_list() == ["enforcement-heavy", "layered"]
    assert found["failures"]["headline"][1] == "'layered' fails."
    [row] = found["failure_boxes"].to_dicts()
    assert (row["portfolio"], row["prior_low"], row["prior_high"]) == (
        "layered", pytest.approx(FIRST.low), pytest.approx(FIRST.high),
    )  # fmt: skip
