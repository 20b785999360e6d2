"""What breaks portfolios, as tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from tocsin.plan.exploration import failures as module
from tocsin.plan.exploration.weaknesses import Doubt, Weaknesses
from tocsin.plan.portfolios import SHIPPED, STATUS_QUO
from tocsin.plan.posterior import shipped_posterior
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
        return Weaknesses(0.25, Doubt(0.5, 0.8, 1.5), "failures", some, (f"'{asked}' fails.",), 400)

    monkeypatch.setattr(module, "contest", lambda tables, gwnos, name, **_: name)
    monkeypatch.setattr(module, "weaknesses", find)
    found = module.failures({}, [1], SHIPPED, futures=400)
    assert found["failures"]["portfolio"].to_list() == ["enforcement-heavy", "layered"]
    assert found["failures"]["headline"][1] == "'layered' fails."
    assert found["failures"].select("share_2", "share_4", "flips_at").row(0) == (0.5, 0.8, 1.5)
    [row] = found["failure_boxes"].to_dicts()
    assert (row["portfolio"], row["prior_low"], row["prior_high"]) == (
        "layered", pytest.approx(FIRST.low), pytest.approx(FIRST.high),
    )  # fmt: skip


def test_ranges_are_those_of_joint_draws_and_a_file_of_the_status_quo_has_no_failures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = shipped_posterior()
    known = held.names[0]
    asked: list[Any] = []

    def find(one: Any, **more: Any) -> Weaknesses:
        asked.append((one, more))
        boxes = pl.DataFrame(
            {"box": [1, 1], "parameter": [known, "backlash"], "low": [0.0, 0.0], "high": [1.0, 1.0]}
        )
        return Weaknesses(0.5, Doubt(0.8, 0.9, 1.0), "failures", boxes, ("It fails.",), 300)

    told: list[str] = []
    monkeypatch.setattr(module, "contest", lambda tables, gwnos, name, **more: (name, more))
    monkeypatch.setattr(module, "weaknesses", find)
    one = replace(SHIPPED, portfolios={k: SHIPPED.portfolios[k] for k in (STATUS_QUO, "layered")})
    found = module.failures(
        {}, [1], one, outcome="displaced", futures=300, seed=4, tell=told.append
    )
    [((name, given), more)] = asked
    assert (name, given["posterior"] is held, given["file"] is one) == ("layered", True, True)
    assert more == {"outcome": "displaced", "futures": 300, "seed": 4}
    assert told == ["Looking for what breaks 'layered'"]
    rows = {row["parameter"]: row for row in found["failure_boxes"].to_dicts()}
    drawn = held.draws[:, 0]
    ends = [(rows[name]["prior_low"], rows[name]["prior_high"]) for name in (known, "backlash")]
    backlash = next(item for item in PARAMETERS if item.name == "backlash")
    assert ends == [(drawn.min(), drawn.max()), (backlash.low, backlash.high)]
    assert found["failures"].row(0) == (
        "layered", STATUS_QUO, "displaced", 0.5, 0.8, 0.9, 1.0, "failures", "It fails.",
    )  # fmt: skip
    quo = replace(SHIPPED, portfolios={STATUS_QUO: SHIPPED.portfolios[STATUS_QUO]})
    none = module.failures({}, [1], quo)
    assert {name: table.height for name, table in none.items()} == {
        "failures": 0, "failure_boxes": 0,
    }  # fmt: skip
    assert "headline" in none["failures"].columns
