"""What the stage refuses before it simulates, and what it says of numbers that are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import jax
import numpy as np
import polars as pl
import pytest

from offers import offer
from tocsin.errors import PluginFailed, TocsinError, UsageError
from tocsin.plan import PORTFOLIOS_FILE, STEP, plan
from tocsin.plan.play import check_finite
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
    assert both.added_levers == ("aid", "talks")
    assert declare_efforts({"a": {"health": 1}}).added_levers == ()
    with pytest.raises(UsageError, match="magic"):
        declare_efforts({"a": {"magic": 0.5}})


def test_a_plan_with_a_lever_of_another_package_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What that lever does stands in no key, so that an old answer could be given."""
    offer(monkeypatch, "tocsin.levers", talks=Lever("Talks", delay=9.0, source="test"))
    assert callable(STEP.cached)
    for lever, kept in (("talks", False), ("dialogue", True)):
        file = tmp_path / f"{lever}.toml"
        efforts = f"{{ health = 0.5, {lever} = 0.5 }}"
        file.write_text(f"version = 1\n[portfolios.other]\nlevers = {efforts}\n")
        assert STEP.cached(Given(Settings(), files={PORTFOLIOS_FILE: file})) is kept


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
        check_finite(seen, mechanisms)
    assert f"made 'grievance' {ending}" in caught.value.what
    assert ("or one of" in str(caught.value)) is (len(mechanisms) > 1)
    # Without another package's mechanism nobody is to blame, and finite numbers are no fault.
    check_finite(seen, [])
    check_finite({"deaths": np.ones(3)}, mechanisms)


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
    drawn = tables | {"diffusion_draws": _draws(0.2, 0.2)}
    assert STEP.prepare is not None
    for begin in (
        lambda: STEP.prepare(given),
        lambda: STEP.function(tables, given),
        lambda: STEP.function(drawn, given),
    ):
        with pytest.raises(KeyboardInterrupt):
            begin()
    assert asked[0] == asked[1] == asked[2]


def _draws(sponsor: float, ties: float) -> pl.DataFrame:
    """Joint draws as `diffuse` writes them, of which each has a little more or less of both."""
    rows = []
    for number in range(8):
        more = 0.01 * (number - 3.5)
        whole = {"sponsor": sponsor - more, "ties": ties + more,
                 "not by network": 1 - sponsor - ties}  # fmt: skip
        for technology in ("all", "cyber"):
            rows += [(number, technology, *one, 0.1) for one in whole.items()]
    names = ["draw", "technology", "channel", "share", "rate"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.mark.slow
def test_what_diffuse_drew_moves_what_levers_save() -> None:
    """A lever saves more where the channel that it cuts has more of the supply in all draws."""
    file = declare_efforts({"talks": {"dialogue": 1.0}, "money": {"counter-finance": 1.0}})
    forecasts = pl.DataFrame({"gwno": [432, 436], "horizon": [1, 1], "mean": [30.0, 30.0]})
    tables = {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}

    def saved(draws: pl.DataFrame) -> dict[str, float]:
        given = tables | {"diffusion_draws": draws}
        found = plan(given, gwnos=[432, 436], futures=32, seed=1, portfolios=file)
        swings = found["parameter_swings"]
        assert {"sponsor_share", "ties_share"} <= set(swings["parameter"])
        assert "network" not in set(swings["parameter"])
        some = found["comparisons"].filter(outcome="capability", against=STATUS_QUO)
        return {name: -mean for name, mean in some["portfolio", "mean"].iter_rows()}

    by_sponsor, by_ties = saved(_draws(0.7, 0.05)), saved(_draws(0.05, 0.7))
    assert by_ties["talks"] > 1.2 * by_sponsor["talks"]
    assert by_sponsor["money"] > 1.2 * by_ties["money"]


FORECASTS = pl.DataFrame({"gwno": [652, 660], "horizon": [1, 1], "mean": [10.0, 2.0]})
BEGINNING = {"forecasts": FORECASTS, "adoption": empty(TABLES["adoption"])}


def _with_mean(value: float | None) -> dict[str, pl.DataFrame]:
    return BEGINNING | {"forecasts": FORECASTS.with_columns(mean=pl.Series([value, 2.0]))}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"futures": 0}, "0 cannot be the number of futures"),
        ({"futures": 1}, "Give a whole number from 2"),
        ({"futures": 2.5}, "2.5 cannot be the number of futures"),
        ({"seed": -1}, "-1 cannot be a seed"),
        ({"workers": 0}, "0 cannot be the number of workers"),
        ({"gwnos": [652, 9999]}, "9999"),
        ({"gwnos": [652, 660, 652]}, "Syria (652) stands twice"),
        ({"mechanisms": ["escalation"]}, "'escalation' is one of the model's own"),
        ({"portfolios": {}}, "no portfolio to set beside 'status quo'"),
        ({"portfolios": {STATUS_QUO: {"health": 0.2}}}, "no portfolio to set beside"),
        ({"tables": _with_mean(float("nan"))}, "table 'forecasts', Syria (652): The forecast's"),
        ({"tables": _with_mean(float("inf"))}, "mean of inf deaths cannot be"),
        ({"tables": _with_mean(-5.0)}, "mean of -5.0 deaths cannot be"),
        ({"tables": _with_mean(None)}, "mean of None deaths cannot be"),
        ({"tables": {"forecasts": FORECASTS}}, "'adoption' is missing"),
        ({"tables": {"adoption": BEGINNING["adoption"]}}, "'forecasts' is missing"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_played(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, object], said: str
) -> None:
    monkeypatch.setattr(
        "tocsin.plan.region.runs.play_futures", lambda *_, **__: pytest.fail("played")
    )
    given: dict[str, object] = {
        "tables": BEGINNING,
        "gwnos": [652, 660],
        "futures": 4,
        "seed": 1,
        "portfolios": {"more care": {"health": 0.5}},
    }
    given |= told
    with pytest.raises(TocsinError) as caught:
        plan(given.pop("tables"), **given)  # type: ignore[arg-type]
    assert said in str(caught.value)
