"""What each lever of a portfolio adds, and what a late start costs."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.plan import plan
from tocsin.plan.compare import PortfolioRun
from tocsin.plan.play import Runs
from tocsin.plan.play.parts import STEP, compare_parts, variants
from tocsin.plan.portfolios import DEFAULT, PORTFOLIOS_FILE, SHIPPED, STATUS_QUO
from tocsin.plan.portfolios.declared import Measure, Portfolio
from tocsin.plan.portfolios.rules import parse_rule
from tocsin.plan.posterior import POSTERIOR_FILE, SHIPPED_FILE
from tocsin.plan.region.outcomes import OUTCOMES, REGIONAL
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.step import Given, say_nothing
from tocsin.schema.vocabulary.lever import LEVERS


def run(deaths: float) -> PortfolioRun:
    """Two futures of two territories; the second future has twice as much of everything."""
    factor = np.array([[1.0], [2.0]])
    whole = {name: factor[:, 0] for name in OUTCOMES if name in REGIONAL}
    return PortfolioRun(dict.fromkeys(OUTCOMES, factor * np.full(2, deaths)) | whole, {})


RULES = (
    parse_rule("if deaths over 5 then dialogue to 1.0 and health to 0.9", LEVERS),
    parse_rule("if grievance over 0.6 then dialogue to 0.8", LEVERS),
)
OURS = Portfolio(
    "Ours",
    {
        "health": Measure(0.2), "dialogue": Measure(0.5, start=6.0, stop=60.0),
        "targeted-enforcement": Measure(0.9), "incident-response": Measure(0.4),
        "export-control": Measure(0.2),
    },
    RULES,
)  # fmt: skip
FILE = replace(SHIPPED, portfolios={STATUS_QUO: SHIPPED.portfolios[STATUS_QUO], "ours": OURS})


def test_each_lever_that_differs_is_left_out_by_itself() -> None:
    found = variants(FILE, "ours", (18.0,))
    # Export control does what it does today; only a rule sets health to something else.
    assert [(lever, months) for lever, months, _ in found.values()] == [
        ("health", 0.0), ("dialogue", 0.0), ("targeted-enforcement", 0.0),
        ("incident-response", 0.0), (None, 18.0),
    ]  # fmt: skip
    without = {lever: one for lever, _, one in found.values()}
    # What is left out is as it is today, and not nothing.
    assert without["targeted-enforcement"].efforts["targeted-enforcement"] == 0.3
    assert without["dialogue"].efforts["dialogue"] == 0.0
    # No rule brings it back, and a rule that does nothing else is gone.
    assert [rule.actions for rule in without["dialogue"].rules] == [(("health", 0.9),)]
    assert [len(rule.actions) for rule in without["health"].rules] == [1, 1]
    late = without[None].measures["dialogue"]
    assert (late.start, late.stop, late.effort) == (24.0, 78.0, 0.5)
    assert without[None].rules == RULES
    with pytest.raises(UsageError, match="no portfolio 'our'"):
        variants(FILE, "our")


def test_a_part_is_what_is_more_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def play_portfolios(_: Any, **asked: Any) -> Runs:
        given.update(asked)
        # The status quo has 10 deaths in a place, ours 7, and what lacks dialogue 8.
        levels = {STATUS_QUO: 10.0, "ours": 7.0, "without dialogue": 8.0}
        runs = {name: run(levels.get(name, 7.0)) for name in asked["portfolios"].portfolios}
        nothing: Any = None
        return Runs(nothing, runs, {})

    monkeypatch.setattr("tocsin.plan.play.parts.play_portfolios", play_portfolios)
    found = compare_parts({}, [], "ours", file=FILE, futures=2, seed=3)
    assert given["start_of"] is FILE
    rows = {row["variant"]: row for row in found.filter(pl.col("outcome") == "deaths").to_dicts()}
    assert list(rows)[:3] == [STATUS_QUO, "without health", "without dialogue"]
    assert list(rows)[-2:] == ["12 months later", "24 months later"]
    # Two places, and the second future has twice as many: 2 and 4 more.
    assert (rows["without dialogue"]["mean"], rows["without dialogue"]["p_worse"]) == (3.0, 1.0)
    assert rows[STATUS_QUO]["mean"] == 9.0
    assert rows["12 months later"]["p_worse"] == 0.5
    assert rows["without dialogue"]["extra_cost"] == pytest.approx(-0.5)
    # More enforcement than 0.5 asks for incident response beside it.
    crossing = [name for name, row in rows.items() if row["crosses"]]
    assert crossing == ["without incident-response"]
    assert found.height == len(rows) * len(OUTCOMES)


@pytest.mark.slow
def test_without_all_of_its_levers_a_portfolio_is_the_status_quo() -> None:
    forecasts = pl.DataFrame({"gwno": [432, 436], "horizon": [1, 1], "mean": [30.0, 30.0]})
    tables = {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}
    asked: dict[str, Any] = {"gwnos": [432, 436], "futures": 32, "seed": 1}
    whole = plan(tables, **asked)["comparisons"].filter(
        pl.col("portfolio") == "layered", pl.col("against") == STATUS_QUO
    )
    first = compare_parts(
        tables, asked.pop("gwnos"), "layered", file=SHIPPED, late=(1.0,), **asked
    ).filter(pl.col("variant") == STATUS_QUO)  # fmt: skip
    assert first["outcome"].to_list() == whole["outcome"].to_list()
    np.testing.assert_allclose(first["mean"], -whole["mean"], rtol=1e-4, atol=1e-4)


def test_parts_of_other_portfolios_stay_where_nothing_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever asked for one portfolio after another had only the last one on the page."""

    def found(name: str, mean: float) -> pl.DataFrame:
        shares = dict.fromkeys(("p_better", "p_better_low", "p_worse", "p_worse_low"), 0.5)
        row = {
            "portfolio": name, "variant": STATUS_QUO, "lever": None, "months": 0.0,
            "extra_cost": 0.0, "crosses": None, "outcome": "deaths", "unit": "deaths",
            "n_futures": 2, "source": "plan",
            **dict.fromkeys(("mean", "low", "median", "high"), mean), **shares,
        }  # fmt: skip
        return conform(TABLES["portfolio_parts"], pl.DataFrame([row]))

    held = pl.concat([found("layered", 1.0), found("enforcement-heavy", 2.0)])
    monkeypatch.setattr(
        "tocsin.plan.play.parts.compare_parts", lambda *given, **_: found(given[2], 3.0)
    )
    tables = {name: empty(TABLES[name]) for name in STEP.reads}
    settings = SimpleNamespace(region=SimpleNamespace(gwnos=[432]), futures=2, seed=0)
    asked: Any = Given(
        settings=cast("Any", settings), run_id="now", started_at="",
        files={PORTFOLIOS_FILE: DEFAULT, POSTERIOR_FILE: SHIPPED_FILE}, tell=say_nothing,
        asked={"portfolios": ["enforcement-heavy"]},
    )  # fmt: skip
    for marks, kept in (
        (["now", "now"], [("enforcement-heavy", 3.0), ("layered", 1.0)]),
        (["before", "now"], [("enforcement-heavy", 3.0)]),
    ):
        known = held.with_columns(pl.Series("run_id", marks))
        made: Any = STEP.function(tables | {"portfolio_parts": known}, asked)
        assert sorted(made["portfolio_parts"].select("portfolio", "mean").rows()) == kept
