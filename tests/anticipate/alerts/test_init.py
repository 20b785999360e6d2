"""Alerts as tables: none is shown without its record."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.anticipate.alerts import ALERT_TABLES, alerts
from tocsin.anticipate.alerts.records.borrowed import SHIPPED
from tocsin.anticipate.alerts.rules.declared import Rule, default_rules
from tocsin.anticipate.data.panel import panel
from tocsin.anticipate.evaluation.track_record import track_record
from tocsin.anticipate.issue.forecast import forecast
from tocsin.anticipate.models.baselines import MODELS
from tocsin.schema import TABLES, empty
from tocsin.schema.tables.anticipated.alert import UNPROVEN

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tables(seen: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    series = seen["series"].filter(
        pl.col("target") == "ged_sb",
        pl.col("gwno").is_in([432, 436, 439, 475, 482, 483, 490, 520, 645, 652, 700]),
    )
    history = panel(series)
    track = track_record(history, MODELS, 6)
    best = track.filter("chosen")["model"][0]
    forecasts, drawn = forecast(history, best, MODELS[best], horizon=6, draws=200, seed=1)
    made = {"forecasts": forecasts, "forecast_draws": drawn, "track_record": track}
    rest = {name: empty(TABLES[name]) for name in ("adoption_quarters", "incidents")}
    return {"series": series, **made, **rest}


def told(tables: dict[str, pl.DataFrame], rules: list[Rule] | None = None):  # type: ignore[no-untyped-def]
    return alerts(rules or default_rules(), tables, target="ged_sb", seed=1)


def test_the_same_inputs_give_the_same_tables(tables: dict[str, pl.DataFrame]) -> None:
    one, two = told(tables), told(tables)
    assert set(one) == set(ALERT_TABLES)
    assert all(one[name].equals(two[name]) for name in one)


def test_a_rule_without_a_record_has_no_level(tables: dict[str, pl.DataFrame]) -> None:
    impossible = Rule(name="never", kind="deaths", within=3, deaths=5_000_000, probability=0.1)
    found = told(tables, [*default_rules(), impossible])
    proven = dict(found["alert_rules"].select("rule", "proven").iter_rows())
    assert proven["serious violence"]
    assert not proven["never"]
    assert not proven["first drones"]
    levels = found["alerts"].group_by("rule").agg(pl.col("level").unique())
    for rule, level in levels.iter_rows():
        assert proven[rule] != (level == [UNPROVEN])


def test_no_score_is_better_than_chance_by_peeking(tables: dict[str, pl.DataFrame]) -> None:
    """What comes after a year does not change that year's record."""
    cut = tables["series"].filter(pl.col("month").dt.year() <= 2019)
    early = {**tables, "series": cut, "forecast_draws": tables["forecast_draws"].clear()}
    year = (pl.col("window") == "2017") & (pl.col("rule") == "serious violence")
    counts = ["threshold", "n", "hits", "misses", "false_alarms", "brier"]
    one, two = (told(t)["alert_record"].filter(year).select(counts) for t in (tables, early))
    assert one.equals(two)


def test_what_stands_now_is_told_by_the_issued_forecast(tables: dict[str, pl.DataFrame]) -> None:
    rule = Rule(name="x", kind="deaths", within=3, deaths=1_000_000, probability=0.5)
    drawn = tables["forecast_draws"].with_columns(
        pl.when(pl.col("gwno") == 432)
        .then(pl.col("draws").list.eval(pl.element() * 0 + 1e6))
        .otherwise(pl.col("draws"))
    )
    now = told({**tables, "forecast_draws": drawn}, [rule])["alerts"]
    chances = dict(now.select("gwno", "probability").iter_rows())
    assert chances.pop(432) == 1.0
    assert max(chances.values()) < 0.5


def test_a_workspace_of_one_country_borrows_the_record_of_all(
    tables: dict[str, pl.DataFrame],
) -> None:
    here = pl.col("gwno") == 432
    one = {**tables, **{name: tables[name].filter(here) for name in ("series", "forecast_draws")}}
    assert not told(one)["alert_rules"]["proven"].any()
    found = alerts(default_rules(), one, target="ged_sb", seed=1, region=(432,), world=SHIPPED)
    rules = {row["rule"]: row for row in found["alert_rules"].to_dicts()}
    assert rules["serious violence"]["proven"]
    assert "its record is of 191 countries" in rules["serious violence"]["source"]
    assert not rules["first drones"]["proven"]
    assert set(found["alerts"]["gwno"]) == {432}
    assert set(found["alert_activations"]["gwno"]) == {432}
    record = found["alert_record"].filter(rule="serious violence")
    cases = dict(record.select("window", "n").iter_rows())
    assert cases["all"] > 100 * cases["own"] > 0


def test_a_workspace_with_a_record_borrows_nothing(tables: dict[str, pl.DataFrame]) -> None:
    [rule] = [rule for rule in default_rules() if rule.name == "serious violence"]
    alone = told(tables, [rule])
    beside = alerts([rule], tables, target="ged_sb", seed=1, world=SHIPPED)
    assert all(alone[name].equals(beside[name]) for name in alone)


def test_a_rule_for_one_country_learns_from_all_and_has_a_level(
    tables: dict[str, pl.DataFrame],
) -> None:
    rule = Rule(
        name="Mali", kind="deaths", within=3, deaths=25, probability=0.5, gwnos=(432,),
        action="Open the two shelters",
    )  # fmt: skip
    found = told(tables, [rule])
    declared = found["alert_rules"].row(0, named=True)
    assert (declared["proven"], declared["action"]) == (True, "Open the two shelters")
    assert found["alerts"]["gwno"].to_list() == [432]
    cases = dict(found["alert_record"].select("window", "n").iter_rows())
    assert cases["all"] == 11 * cases["own"]
