"""Coalitions: a joint side is its members where all are known, else it is kept and marked."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.actors.coalitions import by_member
from tocsin.schema import TABLES, empty

NAMES = ("Hill Group", "River Group", "Lake Clan", "Coast Front")


def sides(*names: str, gwno: int = 652) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One incident of each side against a state, and the table of these incidents."""
    rows = [
        {"incident_id": f"i-{n}", "event_type": "state-based", "side": "b",
         "actor_id": f"id of {name}", "actor": name, "government": False}
        for n, name in enumerate(names)
    ]  # fmt: skip
    found = pl.DataFrame(rows)
    return found, found.select("incident_id", pl.lit(gwno, pl.Int64).alias("gwno"))


def listed(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """The table `actors` with an id, a name and places each."""
    more = {"full_name": None, "kind": "non-state formal", "source": "made"}
    some = [{"actor_id": a, "name": n, "gwnos": g, **more} for a, n, g in rows]
    return pl.DataFrame(some, schema=empty(TABLES["actors"]).schema)


NOBODY = empty(TABLES["actors"])


def test_members_known_from_other_sides_share_what_the_side_did() -> None:
    found = by_member(*sides("Hill Group", "River Group", "Hill Group, River Group"), NOBODY)
    joint = found.filter(incident_id="i-2")
    assert joint["actor"].to_list() == ["Hill Group", "River Group"]
    assert joint["actor_id"].to_list() == ["id of Hill Group", "id of River Group"]
    assert joint["share"].to_list() == [0.5, 0.5]
    assert found.filter(pl.col("incident_id") != "i-2")["share"].to_list() == [1.0, 1.0]
    assert found["coalition"].null_count() == found.height


def test_a_member_that_nobody_knows_leaves_the_side_whole_and_marked() -> None:
    found = by_member(*sides("Hill Group", "Hill Group, River Group"), NOBODY)
    assert found["actor"].to_list() == ["Hill Group", "Hill Group, River Group"]
    assert found["coalition"].to_list() == [None, "Hill Group, River Group"]
    assert found["share"].to_list() == [1.0, 1.0]


def test_places_that_are_no_numbers_are_passed_over() -> None:
    actors = listed(("1", "Hill Group", "652 x"), ("2", "Lake Clan", "somewhere"))
    found = by_member(*sides("Hill Group, Lake Clan, ,"), actors)
    assert found["actor_id"].to_list() == ["1", "2"]


def test_a_name_that_two_have_is_the_one_of_that_place() -> None:
    actors = listed(("1", "Hill Group", "652"), ("2", "Hill Group", "625"), ("3", "Lake Clan", ""))
    here, there = (
        by_member(*sides("Hill Group, Lake Clan", gwno=gwno), actors)["actor_id"].to_list()
        for gwno in (652, 625)
    )
    assert (here, there) == (["1", "3"], ["2", "3"])
    [nowhere] = by_member(*sides("Hill Group, Lake Clan", gwno=775), actors)["coalition"].to_list()
    assert nowhere == "Hill Group, Lake Clan"


@pytest.mark.parametrize("name", ["SLM/A - MM", "Rahman Corps - “the north” faction"])
def test_a_faction_is_no_coalition(name: str) -> None:
    found = by_member(*sides("SLM/A", name), NOBODY)
    assert found["actor"].to_list() == ["SLM/A", name]
    assert found["coalition"].null_count() == 2


@given(st.lists(st.sets(st.sampled_from(NAMES), min_size=1), min_size=1, max_size=6))
def test_no_incident_is_lost_and_shares_are_whole(groups: list[set[str]]) -> None:
    given_sides = sides(*(", ".join(sorted(one)) for one in groups))
    found = by_member(*given_sides, listed(*((n, n, "652") for n in NAMES[:3])))
    total = found.group_by("incident_id").agg(pl.col("share").sum())
    assert total.height == len(groups)
    assert (total["share"] - 1).abs().max() < 1e-9


def test_a_description_among_members_is_known_by_itself() -> None:
    found = by_member(*sides("Hill Group", "Hill Group, bandits"), NOBODY)
    joint = found.filter(incident_id="i-1")
    assert joint["actor"].to_list() == ["Hill Group", "bandits (Syria)"]
    assert joint["share"].to_list() == [0.5, 0.5]
    assert joint["coalition"].null_count() == 2


def test_two_descriptions_of_one_cell_are_one_side_each() -> None:
    found = by_member(*sides("bandits, herders (Syria)"), NOBODY)
    assert found["actor"].to_list() == ["bandits (Syria)", "herders (Syria)"]
