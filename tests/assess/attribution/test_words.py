"""Words: a name under 0.8 is 'possibly', and an incident that names its perpetrator has none."""

from __future__ import annotations

import json

import polars as pl

from tocsin.assess.attribution.words import explain
from tocsin.schema import TABLES, empty


def test_a_bare_name_only_from_080_on() -> None:
    reasons = {"support": [{"incident_id": "i-0", "date": "2020-01-01", "km": 3.0, "days": 9}]}
    rows = [
        {
            "incident_id": "i-1", "side": "a", "why": "missing", "answer": "actor", "actor_id": "x",
            "actor": name, "probability": p, "evidence_only": p, "claims_factor": 1.0,
            "reasons": json.dumps(reasons), "source": "test",
        }
        for name, p in (("Hill Group", 0.8), ("River Group", 0.15))
    ]  # fmt: skip
    lines = explain(pl.DataFrame(rows, schema=empty(TABLES["attributions"]).schema), "i-1")
    assert "  Hill Group (0.80" in lines[1]
    assert any("possibly River Group (0.15" in line for line in lines)
    assert any("9 days before, 3 km away" in line for line in lines)
    assert explain(empty(TABLES["attributions"]), "i-1") == []
