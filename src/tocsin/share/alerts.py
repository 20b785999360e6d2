"""What a brief says of alerts: where each rule stands, beside what it caught and missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tocsin.errors import require
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS

Facts = dict[str, Any]
Tables = Mapping[str, pl.DataFrame]
SHOWN = 12
"""Territories a rule lists at most; the highest first."""
LATEST = 5
"""Spells of unusual incidents listed."""
INK, BLUE, BAND = "#1b2733", "#0072b2", "#9fb3c4"


def alert_facts(tables: Tables, gwnos: Sequence[int]) -> Facts:
    """Facts `alerts` (a rule each), `stream` and `calibration`; empty where there are none."""
    here = pl.col("gwno").is_in(list(gwnos))
    return {
        "alerts": [
            _rule(rule, tables, here) | {"chart": f"alert-{i}"}
            for i, rule in enumerate(tables["alert_rules"].to_dicts())
        ],
        "stream": {
            "record": tables["anomaly_record"].filter(here).sort("territory").to_dicts(),
            "latest": tables["anomalies"]
            .filter(here)
            .sort("last_day", "gwno", descending=[True, False])
            .head(LATEST)
            .to_dicts(),
        },
        "calibration": tables["calibration"]
        .group_by("target", "horizon", maintain_order=True)
        .last()
        .to_dicts(),
    }


def _rule(rule: Facts, tables: Tables, here: pl.Expr) -> Facts:
    mine = pl.col("rule") == rule["rule"]
    record = tables["alert_record"].filter(mine, pl.col("window") == "all").to_dicts()
    standing = tables["alerts"].filter(mine, here).to_dicts()
    up = [row for row in standing if row["level"] in ALERT_LEVELS[1:]]
    up.sort(key=lambda row: (-ALERT_LEVELS.index(row["level"]), -row["probability"], row["gwno"]))
    columns = ("rule", "sentence", "kind", "within", "threshold", "chosen_by", "proven")
    bins = tables["alert_reliability"].filter(mine).sort("low")
    return {
        **{name: rule[name] for name in columns},
        "standing": [
            {name: row[name] for name in ("territory", "gwno", "level", "probability", "since")}
            for row in up[:SHOWN]
        ],
        "more": max(0, len(up) - SHOWN),
        "record": {k: v for k, v in record[0].items() if k in _RECORD} if record else None,
        "bins": bins.select("n", "forecast", "frequency", "consistent_low", "consistent_high")
        .to_dicts(),
        "values": tables["alert_value"].filter(mine).sort("cost_loss")
        .select("cost_loss", "value", "value_raised").to_dicts(),
    }  # fmt: skip


_RECORD = (
    "n", "events", "base_rate", "hits", "misses", "false_alarms", "correct_silences", "brier",
    "brier_reference", "log_score", "log_reference", "value", "episodes", "warned", "lead_median",
)  # fmt: skip


def alert_charts(facts: Facts) -> list[tuple[str, str, str, Any]]:
    """A reliability diagram for each rule with a record: id, title, words and Altair chart."""
    return [
        (rule["chart"], f"Track record of {rule['rule']}", _words(rule), _diagram(rule))
        for rule in facts["alerts"]
        if rule["proven"] and rule["bins"]
    ]


def _words(rule: Facts) -> str:
    said = "; ".join(
        f"said {row['forecast']:.0%}, came {row['frequency']:.0%} of {row['n']:,}"
        for row in rule["bins"]
    )
    return f"Reliability diagram of the rule {rule['rule']}: {said}."


def _diagram(rule: Facts) -> Any:
    alt = require("altair", extra="share")
    axis = alt.Axis(format="%", tickCount=5)
    unit = alt.Scale(domain=[0, 1])
    line = (
        alt.Chart(alt.Data(values=[{"p": 0}, {"p": 1}]))
        .mark_line(color=INK, strokeDash=[4, 4], strokeWidth=1)
        .encode(
            x=alt.X("p:Q", title="Probability said", axis=axis, scale=unit),
            y=alt.Y("p:Q", title="How often it came", axis=axis, scale=unit),
        )
    )
    base = alt.Chart(alt.Data(values=rule["bins"])).encode(x=alt.X("forecast:Q", scale=unit))
    band = base.mark_rule(color=BAND, strokeWidth=6, opacity=0.6).encode(
        y=alt.Y("consistent_low:Q", scale=unit), y2="consistent_high:Q"
    )
    dots = base.mark_point(filled=True, color=BLUE, opacity=1).encode(
        y=alt.Y("frequency:Q", scale=unit),
        size=alt.Size(
            "n:Q", scale=alt.Scale(type="log", range=[20, 220]), legend=None
        ),
        tooltip=[
            alt.Tooltip("forecast:Q", title="Said", format=".1%"),
            alt.Tooltip("frequency:Q", title="Came", format=".1%"),
            alt.Tooltip("n:Q", title="Cases", format=","),
            alt.Tooltip("consistent_low:Q", title="Were it right, from", format=".1%"),
            alt.Tooltip("consistent_high:Q", title="to", format=".1%"),
        ],
    )  # fmt: skip
    return alt.layer(line, band, dots)
