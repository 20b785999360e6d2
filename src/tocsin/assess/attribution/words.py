"""An attribution in words, for `tocsin assess --explain`."""

from __future__ import annotations

import json

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.schema.tables.assessed.attribution import NAMED_FROM


def explain(attributions: pl.DataFrame, incident_id: str) -> list[str]:
    """Say in words why each candidate of an incident has its probability.

    Args:
        attributions: the table `attributions`.
        incident_id: the incident.

    Returns:
        Lines to print, one or more a candidate; no lines if the incident names its perpetrator and
        no report contradicts it.
    """
    rows = attributions.filter(pl.col("incident_id") == incident_id).to_dicts()
    if not rows:
        return []
    why = {
        "missing": "No report names who did it.",
        "contested": "Reports name different organisations.",
    }
    return [f"Attribution. {why[rows[0]['why']]}", *(line for row in rows for line in _lines(row))]


def _lines(row: dict[str, object]) -> list[str]:
    p, evidence, factor = (
        float(str(row[name])) for name in ("probability", "evidence_only", "claims_factor")
    )
    reasons = json.loads(str(row["reasons"]))
    if row["answer"] != "actor":
        return [f"  {row['answer']} ({p:.2f}): {reasons['rest']}"]
    who = f"{row['actor']}" if p >= NAMED_FROM else f"possibly {row['actor']}"
    found = [f"  {who} ({p:.2f}; by evidence alone {evidence:.2f})"]
    found += [
        f"    seen {quantity(one['days'], 'day')} before, {one['km']:.0f} km away "
        f"({one['incident_id']})"
        for one in reasons.get("support", [])
    ]
    apart = reasons.get("for and against", {})
    if apart:
        parts = ", ".join(f"{name} {value:+.1f}" for name, value in apart.items())
        found.append(f"    against the average candidate (log odds): {parts}")
    if "named by" in reasons:
        found.append(f"    named by {', '.join(reasons['named by'])}")
    if "claims" in reasons:
        found.append(f"    claims move its odds by {factor:.2f}: {'; '.join(reasons['claims'])}")
    return found
