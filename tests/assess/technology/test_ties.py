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
    }
)


def link(
    one: str, relation: str, other: str, weight: float, withdrawn: bool = False
) -> pl.DataFrame:
    blank = empty(TABLES["actor_links"])
    row = {
        "actor_id": one, "relation": relation, "related_id": other, "weight": weight,
        "withdrawn": withdrawn,
    }  # fmt: skip
    return pl.DataFrame([row], schema=blank.schema)


def test_joint_names_tie_their_members() -> None:
    assert ties_of(SIDES, None) == {"1": {"3"}, "2": {"3"}, "3": {"1", "2"}}


def test_relations_tie_unless_doubtful_or_withdrawn() -> None:
    links = pl.concat(
        [
            link("1", "alliance", "2", 0.8),
            link("1", "splinter", "5", 0.3),
            link("1", "splinter", "6", 0.9, withdrawn=True),
            link("1", "active in", "652", 0.9),
            link("1", "alias", "1", 0.9),
        ]
    )
    assert ties_of(SIDES, links)["1"] == {"2", "3"}
