"""An attribution in words, for `tocsin assess --explain`."""

from __future__ import annotations

import json

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.schema.tables.assessed.attribution import NAMED_FROM, SUSPECTED


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
        SUSPECTED: "Who did it is only suspected.",
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
    if "suspicion" in reasons:
        found.append(f"    {_suspicion(reasons['suspicion'])}")
    if "claims" in reasons:
        found.append(f"    claims move its odds by {factor:.2f}: {'; '.join(reasons['claims'])}")
    return found


def _suspicion(told: dict[str, float]) -> str:
    seen = quantity(int(told["seen"]), "suspicion")
    held = f"of {seen} of which another source tells, {told['right']} held" if told["seen"] else ""
    return (
        f"named with a word of doubt; such a name is right with {told['share']:.2f}"
        f" ({held or 'a judgement: no other source tells of any'})"
    )
