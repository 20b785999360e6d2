"""A user's ledger of first uses beside the inferred one, where the two disagree."""

from __future__ import annotations

from typing import Any

import polars as pl

from tocsin.assess.ties.stated import known_ids
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.tables.assessed.adoption import BELIEVED
from tocsin.schema.vocabulary.folding import LINKED_NAMES


def ledger_conflicts(
    told: pl.DataFrame, adoption: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Set a user's entries beside those of the inferred ledger with which they disagree.

    Neither ledger is changed. An entry that agrees, or of which the inferred ledger is as unsure
    as the user, is not listed.

    Args:
        told: the table `told_adoptions`.
        adoption: the table `adoption`.
        names: the statements of `actor_names` that stand.

    Returns:
        The table `ledger_conflicts`.
    """
    find = known_ids(names)
    rows = []
    for one in told.to_dicts():
        actor_id = find.get(LINKED_NAMES.fold(one["actor"]), one["actor"])
        mine = adoption.filter(
            (pl.col("actor_id") == actor_id) & (pl.col("technology") == one["technology"])
        ).sort("confidence", "gwno", descending=[True, False])
        inferred = mine.to_dicts()[0] if mine.height else None
        if words := _disagreement(one, inferred):
            rows.append(_row(one, actor_id, inferred) | {"conflict": words})
    if not rows:
        return empty(TABLES["ledger_conflicts"])
    return conform(TABLES["ledger_conflicts"], pl.DataFrame(rows, infer_schema_length=None))


def _disagreement(told: dict[str, Any], inferred: dict[str, Any] | None) -> str:
    has = told["from_date"] is not None or told["to_date"] is not None
    sure = told["confidence"] >= BELIEVED
    believed = inferred is not None and inferred["confidence"] >= BELIEVED
    if has and sure and not believed:
        return "The user says that it has the class; the inferred ledger does not."
    if not has and sure and believed:
        return "The user says that it has not; the inferred ledger says that it has the class."
    if not (has and sure and believed) or inferred is None:
        return ""
    if told["to_date"] is not None and told["to_date"] < inferred["first_low"]:
        return "The user's first use is earlier."
    if told["from_date"] is not None and told["from_date"] > inferred["first_high"]:
        return "The user's first use is later."
    return ""


def _row(
    told: dict[str, Any], actor_id: str, inferred: dict[str, Any] | None
) -> dict[str, Any]:  # fmt: skip
    seen = inferred or {}
    return {
        "actor_id": actor_id,
        "actor": seen.get("actor", told["actor"]),
        "technology": told["technology"],
        "told_from": told["from_date"],
        "told_to": told["to_date"],
        "told_confidence": told["confidence"],
        "inferred_low": seen.get("first_low"),
        "inferred_median": seen.get("first_median"),
        "inferred_high": seen.get("first_high"),
        "inferred_confidence": seen.get("confidence", 0.0),
        "source": told["source"],
    }
