"""The step `judge` keeps a decision, and takes it back, as rows that are added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl

from tocsin.assess.technology import STEP
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given, Made


def test_a_decision_and_its_withdrawal() -> None:
    tables: dict[str, Any] = {name: empty(TABLES[name]) for name in STEP.reads}
    actor = {"actor_id": "7", "name": "Hill Group", "kind": "non-state formal", "gwnos": "652"}
    tables["actors"] = pl.DataFrame([actor | {"source": "s"}], schema=tables["actors"].schema)
    how = {"source": "desk", "reason": "seen", "at": datetime(2026, 1, 1)}
    asked = {"assert": ("Hill Group", "has", "cyber"), "how": how | {"on": date(2025, 1, 1)}}
    made = STEP.function(tables, Given(Settings(), asked=asked))
    assert isinstance(made, Made)
    [batch] = made.batches
    tables["technology_decisions"] = batch["technology_decisions"]
    assert made.answer["actor_id"] == "7"
    back = {"withdraw": made.answer["statement_id"], "how": how}
    again = STEP.function(tables, Given(Settings(), asked=back))
    assert isinstance(again, Made)
    assert again.answer["decision"] == "withdraw"
