"""What the stage refuses before it simulates, and what it says of numbers that are none."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from offers import offer
from tocsin.errors import PluginFailed, UsageError
from tocsin.plan import _added_levers, _check_finite, plan
from tocsin.plan.portfolios import SHIPPED, declare_efforts
from tocsin.plan.portfolios.declared import Portfolio
from tocsin.plan.portfolios.levers import Lever
from tocsin.plan.portfolios.rules import parse_rule
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.lever import LEVERS
from tocsin.schema.vocabulary.portfolio import STATUS_QUO


def test_added_levers_are_told_once_in_the_order_of_their_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lever = Lever("A lever", delay=9.0, source="test")
    offer(monkeypatch, "tocsin.levers", talks=lever, aid=lever)
    efforts = {"talks": 1, "health": 0.0, "aid": 1.0}
    both = declare_efforts({"a": {"talks": 0.5}, "b": efforts})
    assert _added_levers(both) == ("aid", "talks")
    assert _added_levers(declare_efforts({"a": {"health": 1}})) == ()
    with pytest.raises(UsageError, match="magic"):
        declare_efforts({"a": {"magic": 0.5}})


@pytest.mark.parametrize(
    ("mechanisms", "ending"),
    [(["hole"], "no number"), (["hole", "b", "c"], "no number (or one of b, c)")],
)
def test_numbers_that_are_none_are_the_mechanisms(
    monkeypatch: pytest.MonkeyPatch, mechanisms: list[str], ending: str
) -> None:
    offer(monkeypatch, "tocsin.mechanisms", hole=SimpleNamespace(PARAMETERS=(), step=dict))
    seen = {"deaths": np.ones(3), "grievance": np.array([1.0, np.nan]), "rung": np.array([np.inf])}
    with pytest.raises(PluginFailed) as caught:
        _check_finite(seen, mechanisms)
    assert f"made 'grievance' {ending}" in caught.value.what
    assert ("or one of" in str(caught.value)) is (len(mechanisms) > 1)
    # Without another package's mechanism nobody is to blame, and finite numbers are no fault.
    _check_finite(seen, [])
    _check_finite({"deaths": np.ones(3)}, mechanisms)


@pytest.mark.slow
def test_rules_fire_in_the_weekly_model_and_change_what_follows() -> None:
    portfolio = Portfolio(
        "Careful",
        SHIPPED.portfolios[STATUS_QUO].measures,
        (
            parse_rule("if attribution confidence under 0.5 then dialogue to 1.0", LEVERS),
            parse_rule("if deaths over 1000000 then health to 1.0", LEVERS),
        ),
    )
    same = SHIPPED.portfolios[STATUS_QUO]
    # Three portfolios, as in `test_compare`: one compiled program serves both.
    file = replace(SHIPPED, portfolios={STATUS_QUO: same, "again": same, "careful": portfolio})
    forecasts = pl.DataFrame({"gwno": [432, 436], "horizon": [1, 1], "mean": [30.0, 30.0]})
    tables = {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}
    found = plan(tables, gwnos=[432, 436], futures=32, seed=1, portfolios=file)
    often, never = found["rule_firings"]["share"]
    assert often > 0.5
    assert never == 0
    deaths = found["comparisons"].filter(pl.col("outcome") == "deaths")
    against = dict(deaths.filter(pl.col("against") == STATUS_QUO)["portfolio", "mean"].iter_rows())
    assert against["again"] == 0
    assert against["careful"] < 0
