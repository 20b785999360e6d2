"""What a brief says, as plain values: page, PDF, JSON and summary are all made from these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl

from tocsin.schema.settings import Settings
from tocsin.schema.tables.assessed.attribution import NAMED_FROM
from tocsin.schema.vocabulary.lever import LABELS as LEVER_LABELS
from tocsin.schema.vocabulary.technology import LABELS as TECHNOLOGY_LABELS
from tocsin.share.alerts import alert_facts

Tables = Mapping[str, pl.DataFrame]
Facts = dict[str, Any]

MONTHS_AHEAD = 3
SERIOUS = 25
"""Deaths that mark a territory as seriously affected: UCDP's yearly line, here in 3 months."""
UNATTRIBUTED = 10
"""Incidents without a named perpetrator that a brief lists."""
HISTORY = 36
"""Months of the past that a fan chart shows."""
OUTCOME_LABELS = {
    "deaths": "Deaths",
    "displaced": "People displaced",
    "service_lost": "Essential services lost",
    "capability": "Technology in armed hands",
    "grievance": "Grievance",
    "trade_lost": "Lawful trade lost",
}
WORDS = (
    (0.95, "almost certain"),
    (0.80, "very likely"),
    (0.55, "likely"),
    (0.45, "about as likely as not"),
    (0.20, "unlikely"),
    (0.05, "very unlikely"),
    (0.00, "remote"),
)
"""Lowest probability and its word, after the scale of the US ODNI (ICD 203, 2015)."""


def likelihood(probability: float) -> str:
    """The word for a probability.

    >>> likelihood(0.9), likelihood(0.02)
    ('very likely', 'remote')
    """
    return next(word for lowest, word in WORDS if probability >= lowest)


def percent(probability: float) -> str:
    """A probability as people should read it: never nought or certain.

    >>> percent(0.25), percent(0.999), percent(0.0)
    ('25%', '>99%', '<1%')
    """
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"


def named(actor: str, probability: float) -> str:
    """An organisation as it may be printed: under 0.8 never as a bare fact.

    >>> named("X", 0.63), named("X", 0.8)
    ('possibly X (0.63)', 'X')
    """
    if probability >= NAMED_FROM:
        return actor
    # Rounded down: 0.7999 must not read as the 0.80 that would be printed bare.
    return f"possibly {actor} ({int(probability * 100 + 1e-9) / 100:.2f})"


def facts(tables: Tables, settings: Settings) -> Facts:
    """Everything a brief says of the region, in the order in which it says it."""
    forecasts = tables["forecasts"]
    risk = _risk(tables, settings)
    return {
        "region": settings.region.name,
        "version": version("tocsin"),
        "seed": settings.seed,
        "target": settings.target,
        "origin": forecasts["origin"].max(),
        "model": forecasts["model"][0],
        "draws": settings.draws,
        "risk": risk,
        "groups": _groups(settings, risk),
        "fans": [_fan(tables, row) for row in risk[:6]],
        **alert_facts(tables, settings.region.gwnos),
        "record": _record(tables["track_record"]),
        "windows": _windows(tables["track_record"]),
        "adoption": _adoption(tables, settings),
        "quarters": _quarters(tables, settings),
        "unattributed": _unattributed(tables, settings),
        "coverage": _coverage(tables, settings),
        "portfolios": _portfolios(tables),
        "outcomes": _outcomes(tables),
        "comparisons": _comparisons(tables),
        "files": _files(tables),
        "quarantine": _quarantine(tables),
        "runs": _runs(tables),
    }


def _risk(tables: Tables, settings: Settings) -> list[Facts]:
    """Each territory of the region, the one most at risk first."""
    origin = tables["forecasts"]["origin"].max()
    soon = tables["forecast_draws"].filter(
        pl.col("gwno").is_in(settings.region.gwnos)
        & (pl.col("month").rank("dense").over("gwno") <= MONTHS_AHEAD)
    )
    past = tables["series"].filter(pl.col("target") == settings.target, pl.col("month") <= origin)
    recent = {
        gwno: _recent(part.sort("month")["deaths"].to_list())
        for (gwno,), part in past.group_by("gwno")
    }
    rows = []
    for (gwno, territory), part in soon.group_by("gwno", "territory"):
        total = np.array(part.sort("month")["draws"].to_list()).sum(axis=0)
        low, high = np.quantile(total, [0.05, 0.95])
        probability = float((total >= SERIOUS).mean())
        rows.append(
            {
                "gwno": gwno,
                "territory": territory,
                "probability": probability,
                "word": likelihood(probability),
                "mean": float(total.mean()),
                "low": float(low),
                "high": float(high),
                "last_3": recent.get(gwno, (0, 0))[0],
                "last_12": recent.get(gwno, (0, 0))[1],
            }
        )
    return sorted(rows, key=lambda row: (-row["probability"], -row["mean"], row["gwno"]))


def _recent(deaths: list[int]) -> tuple[int, int]:
    return sum(deaths[-3:]), sum(deaths[-12:])


def _groups(settings: Settings, risk: list[Facts]) -> list[Facts]:
    known = {row["gwno"] for row in risk}
    return [
        {"name": name, "gwnos": [number for number in gwnos if number in known]}
        for name, gwnos in settings.region.territories.items()
    ]


def _fan(tables: Tables, row: Facts) -> Facts:
    """History and forecast of one territory."""
    here = tables["forecasts"].filter(pl.col("gwno") == row["gwno"]).sort("month")
    target, origin = here["target"][0], here["origin"][0]
    past = tables["series"].filter(
        pl.col("gwno") == row["gwno"], pl.col("target") == target, pl.col("month") <= origin
    )
    return {
        "territory": row["territory"],
        "history": past.sort("month").tail(HISTORY).select("month", "deaths").to_dicts(),
        "forecast": here.select("month", "mean", "p05", "p25", "p50", "p75", "p95").to_dicts(),
    }


def _record(track: pl.DataFrame) -> list[Facts]:
    """The record over all windows and horizons, the model in use first."""
    whole = track.filter(pl.col("window") == "all", pl.col("horizon") == 0)
    columns = ("model", "region", "n", "crps", "crps_log", "coverage", "chosen")
    return (
        whole.sort("region", "chosen", "crps", descending=[False, True, False])
        .select(columns)
        .to_dicts()
    )


def _windows(track: pl.DataFrame) -> list[Facts]:
    each = track.filter(
        pl.col("window") != "all", pl.col("horizon") == 0, pl.col("region") == "all"
    )
    return each.sort("window", "model").select("window", "model", "crps", "chosen").to_dicts()


def _adoption(tables: Tables, settings: Settings) -> list[Facts]:
    """The ledger of the region: actor and technology, the most seen first."""
    here = tables["adoption"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    rows = here.sort("expected", "actor_id", "technology", descending=[True, False, False])
    return [
        {
            **{name: row[name] for name in ("actor_id", "actor", "technology", "territory")},
            "named": named(row["actor"], row["confidence"]),
            "label": TECHNOLOGY_LABELS[row["technology"]],
            **{name: row[name] for name in ("first_seen", "last_seen", "n_incidents")},
            "expected": row["expected"],
            "confidence": row["confidence"],
        }
        for row in rows.head(15).to_dicts()
    ]


def _quarters(tables: Tables, settings: Settings) -> list[Facts]:
    """Use by quarter and class in the territory with most of it.

    A quarter without a mention between two with one is zero.
    """
    counts = ("expected", "low", "high")
    here = tables["adoption_quarters"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    most = here.group_by("territory").agg(pl.col("expected").sum()).sort("expected", "territory")
    if most.is_empty():
        return []
    shown = most["territory"][-1]
    here = here.filter(pl.col("territory") == shown)
    by = here.group_by("technology", "quarter").agg(
        pl.col("expected").sum(), pl.col("low").sum(), pl.col("high").sum()
    )
    filled = [
        part.sort("quarter")
        .upsample("quarter", every="1q")
        .with_columns(pl.col("technology").fill_null(technology), pl.col(*counts).fill_null(0.0))
        for (technology,), part in by.sort("technology").group_by("technology", maintain_order=True)
    ]
    return [
        {**row, "label": TECHNOLOGY_LABELS[row["technology"]], "territory": shown}
        for part in filled
        for row in part.to_dicts()
    ]


def _unattributed(tables: Tables, settings: Settings) -> Facts:
    """Incidents of the region whose perpetrator is missing or contested, the deadliest first."""
    incidents = tables["incidents"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    open_ones = tables["attributions"].join(incidents, on="incident_id", how="semi")
    found = incidents.join(open_ones, on="incident_id", how="semi").sort(
        "deaths_best", "date_start", "incident_id", descending=[True, True, False], nulls_last=True
    )
    shown = []
    columns = ("incident_id", "date_start", "territory", "adm1", "event_type", "deaths_best")
    for row in found.head(UNATTRIBUTED).select(columns).to_dicts():
        answers = open_ones.filter(pl.col("incident_id") == row["incident_id"]).to_dicts()
        rest = {a["answer"]: a["probability"] for a in answers if a["answer"] != "actor"}
        who = [a for a in answers if a["answer"] == "actor"]
        who.sort(key=lambda a: (-a["probability"], a["actor"]))
        shown.append(
            {
                **row,
                "why": answers[0]["why"],
                "candidates": [named(a["actor"], a["probability"]) for a in who[:3]],
                "evidence_only": who[0]["evidence_only"] if who else None,
                "claimed": any(a["claims_factor"] != 1 for a in who),
                "someone_new": rest.get("someone new", 0.0),
                "unknown": rest.get("unknown", 0.0),
            }
        )
    return {"count": found.height, "of": incidents.height, "shown": shown}


def _coverage(tables: Tables, settings: Settings) -> list[Facts]:
    """From when to when there are incidents, by territory: outside, silence means nothing."""
    here = tables["incidents"].filter(pl.col("gwno").is_in(settings.region.gwnos))
    by = here.group_by("territory").agg(
        pl.col("date_start").min().alias("first"),
        pl.col("date_start").max().alias("last"),
        pl.len().alias("incidents"),
    )
    return by.sort("territory").to_dicts()


def _portfolios(tables: Tables) -> list[Facts]:
    found = []
    for (name,), part in tables["portfolio_levers"].group_by("portfolio", maintain_order=True):
        levers = part.filter(pl.col("effort") > 0).sort("effort", "lever", descending=[True, False])
        found.append(
            {
                "portfolio": name,
                "cost": float(part["cost"].sum()),
                "levers": [
                    {"label": LEVER_LABELS[lever], "effort": effort}
                    for lever, effort in levers.select("lever", "effort").iter_rows()
                ],
            }
        )
    return sorted(found, key=lambda row: (row["cost"], row["portfolio"]))


def _outcomes(tables: Tables) -> list[Facts]:
    region = tables["outcomes"].filter(pl.col("territory") == "region")
    columns = ("portfolio", "outcome", "unit", "n_futures", "mean", "low", "median", "high")
    return [
        {**row, "label": OUTCOME_LABELS.get(row["outcome"], row["outcome"])}
        for row in region.sort("outcome", "portfolio").select(columns).to_dicts()
    ]


def _comparisons(tables: Tables) -> list[Facts]:
    base = {
        (row["portfolio"], row["outcome"]): row["mean"]
        for row in tables["outcomes"].filter(pl.col("territory") == "region").to_dicts()
    }
    columns = ("portfolio", "against", "outcome", "unit", "mean", "low", "high", "p_better")
    rows = tables["comparisons"].sort("against", "portfolio", "outcome").select(columns).to_dicts()
    return [
        {
            **row,
            "label": OUTCOME_LABELS.get(row["outcome"], row["outcome"]),
            "base": base.get((row["against"], row["outcome"]), 0.0),
        }
        for row in rows
    ]


def _files(tables: Tables) -> list[Facts]:
    columns = ("file", "source", "kind", "rows", "accepted", "quarantined", "sha256")
    return tables["files"].sort("file").select(columns).to_dicts()


def _quarantine(tables: Tables) -> list[Facts]:
    by = tables["quarantine"].group_by("source_file", "rule").agg(pl.len().alias("rows"))
    return by.sort("source_file", "rule").to_dicts()


def _runs(tables: Tables) -> list[str]:
    found: set[str] = set()
    for name in ("files", "incidents", "forecasts", "outcomes"):
        if "run_id" in tables[name].columns:
            found |= set(tables[name]["run_id"].to_list())
    return sorted(found)


def plain(value: Any) -> Any:
    """Dates as ISO text, all the way down, for JSON."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
