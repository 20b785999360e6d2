"""Two ledgers, side by side where they disagree."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess.ties.conflicts import ledger_conflicts
from tocsin.schema import TABLES, empty

DAY = date(2017, 1, 1)
ENTRY = {
    "actor_id": "1", "actor": "Alpha", "technology": "cyber", "territory": "Syria", "gwno": 652,
    "first_seen": DAY, "first_incident": "i", "first_low": DAY, "first_median": DAY,
    "first_high": date(2017, 12, 31), "last_seen": DAY, "n_incidents": 1, "n_named": 1,
    "expected": 1.0, "low": 0.0, "high": 1.0, "confidence": 0.9, "source": "s",
}  # fmt: skip
NAME = {
    "statement_id": "s-1", "actor_id": "1", "weight": 1.0, "dates_weight": 0.0,
    "withdrawn": False, "name": "Alpha", "form": "name", "source": "UCDP Actor 22.1",
}  # fmt: skip


def _found(told: dict[str, object], confidence: float | None = 0.9) -> pl.DataFrame:
    mine = {"actor": "ALPHA", "technology": "cyber", "confidence": 1.0, "source": "me"} | told
    adoption = empty(TABLES["adoption"])
    if confidence is not None:
        adoption = pl.DataFrame([ENTRY | {"confidence": confidence}], schema=adoption.schema)
    names = pl.DataFrame([NAME], schema=empty(TABLES["actor_names"]).schema)
    told_table = pl.DataFrame([mine], schema=empty(TABLES["told_adoptions"]).schema)
    return ledger_conflicts(told_table, adoption, names)


@pytest.mark.parametrize(
    ("told", "confidence", "words"),
    [
        ({"to_date": date(2016, 12, 1)}, 0.9, "earlier"),
        ({"from_date": date(2018, 2, 1)}, 0.9, "later"),
        ({}, 0.9, "has not"),
        ({"from_date": DAY}, 0.2, "inferred ledger does not"),
        ({"from_date": DAY}, None, "inferred ledger does not"),
    ],
)
def test_a_conflict_is_told_in_words(
    told: dict[str, object], confidence: float | None, words: str
) -> None:
    [row] = _found(told, confidence).to_dicts()
    assert words in row["conflict"]
    assert row["actor_id"] == "1"
    assert row["inferred_confidence"] == (confidence or 0.0)


@pytest.mark.parametrize(
    ("told", "confidence"),
    [
        ({"from_date": DAY, "to_date": date(2017, 6, 1)}, 0.9),
        ({}, None),
        ({}, 0.3),
        ({"from_date": DAY, "confidence": 0.2}, 0.1),
    ],
)
def test_where_they_agree_nothing_is_listed(
    told: dict[str, object], confidence: float | None
) -> None:
    assert _found(told, confidence).is_empty()
