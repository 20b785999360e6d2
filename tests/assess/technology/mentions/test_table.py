"""The table of statements keeps only words that rules rest on."""

from __future__ import annotations

import polars as pl

from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.tags import tag
from tocsin.schema import TABLES, empty


def reports(*headlines: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    schema = empty(TABLES["reports"]).schema
    rows = [
        {
            "report_id": f"r-{i}", "headline": text, "event_type": "state-based", "gwno": 652,
            "actor_a": "Government of Syria", "actor_b": "IS", "deaths_a": 0, "deaths_b": 2,
        }
        for i, text in enumerate(headlines)
    ]  # fmt: skip
    links = {"report_id": [row["report_id"] for row in rows]}
    incident = pl.col("report_id").str.replace("r", "i").alias("incident_id")
    return pl.DataFrame(rows, schema=schema), pl.DataFrame(links).with_columns(incident)


def test_no_name_of_a_person_stays() -> None:
    told = statements(*reports("Drone strike by the US kills Jane Example Doe of IS in the north"))
    (row,) = told.to_dicts()
    assert "Jane" not in row["evidence"]
    assert row["by_name"] == "United States"
    assert row["user_third"] > 0.5


def test_a_title_gives_a_statement_and_no_tag() -> None:
    given = reports("Clash and IED Events Dataset 2018; two killed in clashes", None, "")
    told = statements(*given)
    assert told["said"].to_list() == ["title"]
    assert tag(*given, told).is_empty()


def test_a_name_that_an_analyst_states_is_read() -> None:
    given, links = reports("Shamiya fighters shell the town")
    given = given.with_columns(actor_b=pl.lit("Levant Front"), actor_b_id=pl.lit("7"))
    schema = empty(TABLES["actor_names"]).schema
    stated = {"actor_id": "7", "name": "Shamiya", "statement_id": "s-1", "weight": 0.8}
    names = pl.DataFrame([stated | {"withdrawn": False, "source": "desk"}], schema=schema)
    assert statements(given, links)["by_name"].to_list() == [None]
    assert statements(given, links, names=names)["by_name"].to_list() == ["Levant Front"]
    unsure = names.with_columns(weight=pl.lit(0.3))
    assert statements(given, links, names=unsure)["by_name"].to_list() == [None]


def test_a_tag_follows_from_its_statement() -> None:
    given = reports("The army shot down a drone", "IS targets the city by drones", "A quiet day")
    told = statements(*given)
    tags = tag(*given, told)
    assert tags["evidence"].to_list() == ["drone", "drones"]
    assert told["said"].to_list() == ["lost", "attack"]


def test_a_bracket_in_a_name_is_whole() -> None:
    told = statements(*reports("CPI (Maoist) fighters used drones against the army"))
    assert {row["evidence"].count("(") - row["evidence"].count(")") for row in told.to_dicts()} == {
        0
    }
    assert "(Maoist)" in told["evidence"][0]
