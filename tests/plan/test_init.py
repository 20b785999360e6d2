"""What the stage refuses before it simulates, and what it says of numbers that are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import jax
import numpy as np
import polars as pl
import pytest

from offers import offer
from tocsin.errors import PluginFailed, UsageError
from tocsin.plan import STEP, _added_levers, _check_finite, plan
from tocsin.plan.portfolios import SHIPPED, declare_efforts
from tocsin.plan.portfolios.declared import Portfolio
from tocsin.plan.portfolios.levers import Lever
from tocsin.plan.portfolios.rules import parse_rule
from tocsin.plan.region.model import Model
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Region, Settings
from tocsin.schema.step import Given
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


@pytest.mark.slow
def test_what_is_compiled_beside_other_steps_is_what_is_played(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same types, shapes and model, or it would be compiled in vain and then again."""
    asked: list[object] = []

    class Noting:
        def __call__(self, *given: object, weeks: int, model: Model) -> object:
            asked.append(
                (jax.tree.map(lambda one: (np.shape(one), np.asarray(one).dtype), given), model)
            )
            raise KeyboardInterrupt

        lower = __call__

    monkeypatch.setattr("tocsin.plan.region.runs.play", Noting())
    settings = Settings(region=Region(name="Two", territories={"Two": [432, 436]}), futures=32)
    given = Given(settings, files={file.name: file.shipped for file in STEP.files})
    months = [date(2023, month, 1) for month in range(1, 13)]
    forecasts = pl.DataFrame({"gwno": [432, 436], "horizon": 1, "mean": 30.0})
    draws = pl.DataFrame(
        [(gwno, month, [20.0, 40.0]) for gwno in (432, 436) for month in months],
        schema=["gwno", "month", "draws"], orient="row",
    )  # fmt: skip
    tables = {name: empty(TABLES[name]) for name in STEP.reads}
    tables |= {"forecasts": forecasts, "forecast_draws": draws}
    assert STEP.prepare is not None
    for begin in (lambda: STEP.prepare(given), lambda: STEP.function(tables, given)):
        with pytest.raises(KeyboardInterrupt):
            begin()
    assert asked[0] == asked[1]
