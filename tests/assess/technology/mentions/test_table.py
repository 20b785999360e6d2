"""The table of statements keeps only words that rules rest on."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.mentions.judgement import HERE, OPEN
from tocsin.assess.technology.mentions.table import (
    _apart,
    _in_pairs,
    _other_names,
    _pairs_of_names,
)
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


@pytest.mark.parametrize(
    ("spans", "apart"),
    [
        (((0, 3), (2, 5), (5, 7)), [(0, 5), (5, 7)]), (((0, 9), (2, 5)), [(0, 9)]),
        (((0, 3), (1, 3), (4, 6)), [(0, 3), (4, 6)]), ((), []),
        (((0, 5), (10, 20), (12, 15)), [(0, 5), (10, 20)]),
    ],
)  # fmt: skip
def test_pieces_that_overlap_are_one(
    spans: tuple[tuple[int, int], ...], apart: list[tuple[int, int]]
) -> None:
    assert _apart(spans) == apart


@pytest.mark.parametrize(
    ("piece", "whole"),
    [
        ("CPI (Maoist", "CPI (Maoist)"), ("Maoist)", "(Maoist)"), ("Maoist", "Maoist"),
        ("(Maoist)", "(Maoist)"), ("CPI ", "CPI "), ("[x", "[x]"), ("x]", "[x]"),
    ],
)  # fmt: skip
def test_a_piece_gets_the_other_half_of_its_bracket_and_no_other(piece: str, whole: str) -> None:
    text = "CPI (Maoist) and [x] of old"
    start = text.index(piece)
    assert _in_pairs(text, start, start + len(piece)) == whole
    # Where the other half is not beside it, it stays away.
    assert _in_pairs("a) b", 0, 2) == "a)"
    assert _in_pairs("(a b", 0, 2) == "(a"
    assert _in_pairs("b)a)(", 0, 2) == "b)"


def names_of(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"actor_id": actor, "name": name, "statement_id": f"s-{at}", "weight": weight,
             "withdrawn": False, "source": "desk"}
            for at, (actor, name, weight) in enumerate(rows)
        ],
        schema=empty(TABLES["actor_names"]).schema,
    )  # fmt: skip


def test_names_are_found_by_id_and_by_a_name_that_one_only_has() -> None:
    rows = [("7", "Hill Front", 1.0), ("7", "HF", 0.5), ("7", "Hillmen", 0.49), ("8", "HF", 1.0),
            ("8", "Sea", 1.0), ("8", "Sea", 0.9)]  # fmt: skip
    found = _other_names(names_of(*rows))
    hill, sea = ("HF", "Hill Front"), ("HF", "Sea")
    assert found == {"7": hill, "8": sea, "Hill Front": hill, "Sea": sea}
    assert _other_names(None) == {}


def test_each_side_and_each_member_has_its_other_names() -> None:
    known = {"7": ("HF", "Hill Front"), "Sea": ("Sea", "Seamen"), "Lake": ("Lakers",)}
    assert _pairs_of_names(("Hill Front", None), ("7", None), known) == (("Hill Front", "HF"),)
    assert _pairs_of_names((None, "Sea, Lake"), (None, None), known) == (
        ("Sea", "Seamen"), ("Lake", "Lakers"),
    )  # fmt: skip
    assert _pairs_of_names(("Hill Front", "Sea"), (None, None), known) == (("Sea", "Seamen"),)
    assert _pairs_of_names((None, None), ("7", "7"), known) == ()


def told_of(headline: str, **more: Any) -> dict[str, Any]:
    given, links = reports(headline)
    kinds = given.schema
    given = given.with_columns(**{name: pl.lit(value, kinds[name]) for name, value in more.items()})
    return statements(given, links).to_dicts()[0]


def test_who_died_tells_of_the_user_of_an_attack_only() -> None:
    """Who died says nothing of whose aircraft was shot down."""
    for text, moves in (("Drone strike in the hills", True), ("A drone is shot down", False)):
        few, many = (told_of(text, deaths_b=n)["user_b"] for n in (0, 5))
        assert (few != many) == moves
        few, many = (told_of(text, deaths_b=0, deaths_a=n)["user_a"] for n in (0, 5))
        assert (few != many) == moves


def test_a_statement_holds_the_places_of_its_words_and_who_is_meant() -> None:
    text = "Drônes of IS attaquent l'armée"
    row = told_of(text)
    assert text[row["start"] : row["end"]] == "Drônes"
    assert (row["by"], row["by_name"], row["against"]) == ("organisation", "IS", "this-state")
    assert row["evidence"] == "Drônes … IS … armée"
    assert row["spans"] == "0-6 10-12 25-30"
    nobody = told_of("Drone strike in the hills")
    assert (nobody["by"], nobody["by_name"], nobody["against"]) == ("nobody", None, "nobody")
    assert told_of("Army destroys 12 landmines")["evidence"] == "Army … destroys 12 landmines"


@pytest.mark.parametrize(
    ("source", "share"), [("our log", HERE), ("UCDP GED 24.1", OPEN), (None, OPEN)]
)
def test_a_line_of_a_log_is_of_its_event_and_a_headline_may_not_be(
    source: str | None, share: float
) -> None:
    assert told_of("Drone strike on a car", source=source)["this_event"] == share


def test_a_state_that_lacked_the_class_that_year_hardly_was_its_user() -> None:
    lacking = pl.DataFrame(
        {"technology": ["uncrewed-aircraft"], "gwno": [652], "first_year": [2018],
         "as_of": [None], "certainty": [3]}, schema_overrides={"as_of": pl.Int64},
    )  # fmt: skip
    given, links = reports("Drone strike in the hills", "A drone is shot down")

    def users(year: int | None) -> list[float]:
        day = pl.lit(date(year, 5, 1) if year else None, pl.Date)
        dated = given.with_columns(date_start=day)
        return statements(dated, links, states=lacking)["user_a"].to_list()

    assert users(2017)[0] < users(2018)[0] == users(None)[0]
    # Whose aircraft was shot down need not have been armed.
    assert users(2017)[1] == users(2018)[1]
