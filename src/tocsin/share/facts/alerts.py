"""What a brief says of alerts: where each rule stands, beside what it caught and missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from tocsin.schema.geography.shapes import neighbours
from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS, OWN, WHOLE
from tocsin.share.facts.words import Facts, Tables

SHOWN = 12
"""Territories a rule lists at most; the highest first."""
LATEST = 5
"""Spells of unusual incidents listed."""
LASTING = 12
"""Months after which an alert that stands is called a lasting state, and no longer a warning."""
RECORD = (
    "n", "events", "base_rate", "hits", "misses", "false_alarms", "correct_silences", "brier",
    "brier_reference", "log_score", "log_reference", "value", "episodes", "warned", "lead_median",
)  # fmt: skip


def alert_facts(tables: Tables, gwnos: Sequence[int]) -> Facts:
    """Collect what the brief says of alerts.

    Args:
        tables: all tables of the workspace, by name.
        gwnos: the Gleditsch-Ward numbers of the region's territories.

    Returns:
        `alerts` (a dict for each rule), `stream` (the watch over incidents) and `calibration`; each
        is empty where there is none.
    """
    here = pl.col("gwno").is_in(list(gwnos))
    return {
        "alerts": [
            _rule(rule, tables, here)
            | {"chart": f"alert-{i}", "alone": _alone(rule["kind"], gwnos)}
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


def _alone(kind: str, gwnos: Sequence[int]) -> list[str]:
    """Territories in which a rule about use next door can never hold: nothing is next to them."""
    if kind != "neighbour":
        return []
    return [by_gwno(one).name for one in gwnos if not neighbours(one)]


def _rule(rule: Facts, tables: Tables, here: pl.Expr) -> Facts:
    mine = pl.col("rule") == rule["rule"]
    record, own = (
        tables["alert_record"].filter(mine, pl.col("window") == window).to_dicts()
        for window in (WHOLE, OWN)
    )
    standing = tables["alerts"].filter(mine, here).to_dicts()
    up = [row for row in standing if row["level"] in ALERT_LEVELS[1:]]
    up.sort(key=lambda row: (-ALERT_LEVELS.index(row["level"]), -row["probability"], row["gwno"]))
    columns = ("rule", "sentence", "kind", "within", "threshold", "chosen_by", "proven", "action")
    bins = tables["alert_reliability"].filter(mine).sort("low")
    return {
        **{name: rule[name] for name in columns},
        "standing": [_standing(row, rule["threshold"]) for row in up[:SHOWN]],
        "more": max(0, len(up) - SHOWN),
        "of": rule["source"].partition("; its record is of ")[2],
        "record": {name: record[0][name] for name in RECORD} if record else None,
        "own": {name: own[0][name] for name in RECORD} if own else None,
        "bins": bins.select("n", "forecast", "frequency", "consistent_low", "consistent_high")
        .to_dicts(),
        "values": tables["alert_value"].filter(mine).sort("cost_loss")
        .select("cost_loss", "value", "value_raised").to_dicts(),
    }  # fmt: skip


def _standing(row: Facts, threshold: float) -> Facts:
    kept = {name: row[name] for name in ("territory", "gwno", "level", "probability", "since")}
    raised = row["level"] in ALERT_LEVELS[2:]
    return kept | {
        "raised": raised,
        # Its probability would not raise it today: it stands because it was raised before.
        "held": raised and row["probability"] < threshold,
        "lasting": _months(row["since"], row["origin"]) >= LASTING,
    }


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def kept_promises(rules: list[Facts], event: str, least: float = 0.8) -> Facts | None:
    """Count how often an event came when its rule gave it a high probability.

    Args:
        rules: the rules, as `alert_facts` gives them under `alerts`.
        event: how the sentence of the rule begins.
        least: the probability from which a forecast counts, between 0 and 1.

    Returns:
        Of the first such rule that has a record: `n` forecasts of at least `least`, the number
        `came` of those after which the event came, their `share`, `least`, and the record of its
        `own` territories (None where there is none), of alarms, which are `raised_at` another
        probability; and whether the record is `lent` by other countries, so that it is of a simple
        model. None if no rule with a record made such a forecast.
    """
    for rule in rules:
        if rule["proven"] and rule["kind"] == "deaths" and rule["sentence"].startswith(event):
            sure: list[Any] = [one for one in rule["bins"] if one["forecast"] >= least]
            n = sum(one["n"] for one in sure)
            if n:
                came = sum(one["n"] * one["frequency"] for one in sure)
                told = {"n": n, "came": round(came), "share": came / n, "least": least}
                told |= {"own": rule.get("own"), "raised_at": rule["threshold"]}
                return told | {"lent": bool(rule.get("of"))}
    return None
