"""Who is named as the user in an incident of two others was there by the words."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from tocsin.assess.technology.decisions import decision
from tocsin.assess.technology.third_parties import SIDE, third_sides

from .test_adoption import told

SIDES = pl.DataFrame(
    [
        ("i-1", "state-based", "b", "1", "Hill Group", False),
        ("i-2", "state-based", "b", "2", "River Group", False),
        ("i-3", "state-based", "a", "9", "Government of Hills", True),
        ("i-4", "state-based", "b", "3", "Twins", False),
        ("i-5", "state-based", "b", "4", "Twins", False),
    ],
    schema=["incident_id", "event_type", "side", "actor_id", "actor", "government"],
    orient="row",
).with_columns(pl.lit(1.0).alias("share"), pl.lit(None, pl.String).alias("coalition"))


def named(incident: str, name: str | None, by: str = "organisation", gwno: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        [(incident, gwno, "state-based", by, name)],
        schema={"incident_id": pl.String, "gwno": pl.Int64, "event_type": pl.String,
                "by": pl.String, "by_name": pl.String},
        orient="row",
    )  # fmt: skip


PLACES = SIDES.select("incident_id", pl.lit(1, pl.Int64).alias("gwno"))


def test_a_named_organisation_joins_the_incident_once() -> None:
    found = third_sides(pl.concat([named("i-1", "River Group")] * 2), SIDES, PLACES)
    assert found.columns == SIDES.columns
    assert found.rows(named=True) == [
        {
            "incident_id": "i-1", "event_type": "state-based", "side": SIDE, "actor_id": "2",
            "actor": "River Group", "government": False, "share": 1.0, "coalition": None,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    "mention",
    [
        named("i-1", "Hill Group"),  # it is a side
        named("i-1", "Sea Group"),  # nobody knows it
        named("i-1", "Twins"),  # two have the name
        named("i-1", "Government of Hills"),  # a state
        named("i-1", "River Group", by="described"),
        named("i-9", "River Group", gwno=2),  # known elsewhere only
    ],
)
def test_who_is_a_side_or_not_known_does_not(mention: pl.DataFrame) -> None:
    assert third_sides(mention, SIDES, PLACES).is_empty()


@pytest.mark.slow
def test_a_third_party_that_words_name_has_the_class_and_the_sides_have_not() -> None:
    words = ["Clash in the hills", "Hezbollah drone hits a village"] * 4
    known = told(*words, a="Government of Syria")["adoption"]
    assert "Hezbollah" not in known["actor"].to_list()  # no side of any incident has the name
    sides = ("Hezbollah", "Government of Syria")
    held = dict(told(*words, a=sides)["adoption"].select("actor", "confidence").iter_rows())
    assert held["Hezbollah"] > 0.5 > held.get("Hill Group", 0.0)
    not_it = [
        decision(
            ("Hezbollah",) * 2, "did not use", "uncrewed-aircraft", incident_id=f"r-{n}",
            weight=0.99, source="desk", reason="made", at=datetime(2026, 1, 2),
        )
        for n in (1, 3, 5, 7)
    ]  # fmt: skip
    moved = told(*words, a=sides, decisions=pl.concat(not_it))["adoption"]
    assert moved.filter(actor="Hezbollah")["confidence"].max() < held["Hezbollah"] - 0.2  # type: ignore[operator]
