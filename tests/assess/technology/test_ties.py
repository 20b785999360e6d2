"""Ties: joint names and what sources relate, both ways, and nobody with itself."""

from __future__ import annotations

import polars as pl

from tocsin.assess.technology.ties import ties_of
from tocsin.schema import TABLES, empty

SIDES = pl.DataFrame(
    {
        "actor_id": ["1", "2", "3", "9"],
        "actor": ["Hill Group", "River Group", "Hill Group, River Group", "Government of Syria"],
        "government": [False, False, False, True],
        "incident_id": ["i-1", "i-2", "i-3", "i-3"],
        "side": ["b", "b", "b", "a"],
        "share": [1.0, 1.0, 1.0, 1.0],
    }
)


def test_joint_names_tie_their_members() -> None:
    assert ties_of(SIDES, None) == {"1": {"3"}, "2": {"3"}, "3": {"1", "2"}}


def test_members_of_one_side_are_tied_to_each_other() -> None:
    joint = SIDES.head(2).with_columns(
        incident_id=pl.lit("i-4"), side=pl.lit("b"), share=pl.lit(0.5)
    )
    assert ties_of(joint) == {"1": {"2"}, "2": {"1"}}


def test_only_what_passes_from_one_to_the_other_ties() -> None:
    rows = [
        {"actor_id": "1", "related_id": other, "channel": channel}
        for other, channel in (
            ("2", "ties"), ("5", "training"), ("6", "territory"), ("7", "adversary"), ("1", "ties"),
        )
    ]  # fmt: skip
    ties = pl.DataFrame(rows, schema=empty(TABLES["ties"]).schema)
    found = ties_of(SIDES, ties)
    assert found["1"] == {"2", "3", "5"}
    assert found["5"] == {"1"}
