"""Peoples, clans and crowds are told apart from organisations, listed or not."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.schema import TABLES, empty
from tocsin.schema.tables.observed.actor import HOLDERS, holder, is_organisation

LISTED = {
    "1": ("Hill Group", "non-state formal"),
    "2": ("Upper Clan of the Hills", "non-state formal"),
    "3": ("Lou", "non-state informal"),
    "4": ("Thiyic", "non-state informal"),
}
INCIDENT = empty(TABLES["incidents"]).schema


def actors(listed: dict[str, tuple[str, str]]) -> pl.DataFrame:
    rows = [{"actor_id": key, "name": name, "kind": kind} for key, (name, kind) in listed.items()]
    return pl.DataFrame(rows, schema=empty(TABLES["actors"]).schema, strict=False)


def incidents(*dyads: tuple[str, str | None, str, str | None, str]) -> pl.DataFrame:
    rows = [
        {
            "incident_id": f"i-{n}", "event_type": kind, "actor_a_id": a_id, "actor_a": a,
            "actor_b_id": b_id, "actor_b": b,
        }
        for n, (a, a_id, b, b_id, kind) in enumerate(dyads)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INCIDENT, strict=False)


def told(names: dict[str, str], events: pl.DataFrame | None = None) -> dict[str, str]:
    frame = pl.DataFrame({"actor_id": [*names], "actor": [*names.values()]})
    kinds = frame.with_columns(holder(actors(LISTED), events).alias("kind"))
    return dict(kinds.select("actor", "kind").iter_rows())


def test_kinds_of_a_list_names_and_joint_sides() -> None:
    names = {
        "1": "Hill Group",
        "2": "Upper Clan of the Hills",
        "3": "Lou",
        "90": "Lou, Thiyic",
        "91": "Hill Group, Lou",
        "92": "Supporters of the Hill Party",
        "93": "Northern insurgents",
        "94": "Insurgents' Hill Front",
    }
    assert told(names) == {
        "Hill Group": "organisation",
        "Upper Clan of the Hills": "community",
        "Lou": "community",
        "Lou, Thiyic": "community",
        "Hill Group, Lou": "organisation",
        "Supporters of the Hill Party": "community",
        "Northern insurgents": "collective",
        "Insurgents' Hill Front": "organisation",
    }


def test_who_fought_nobody_but_communities_is_one() -> None:
    events = incidents(
        ("Baac", "70", "Lou", "3", "non-state"),
        ("Kuei", None, "Thiyic", "4", "non-state"),
        ("Rek", "71", "Lou", "3", "non-state"),
        ("Government of Hills", "72", "Rek", "71", "state-based"),
        ("Hill Group", "1", "Lou", "3", "non-state"),
        ("River Group", "73", "Lou", "3", "one-sided"),
    )
    names = {"70": "Baac", "Kuei": "Kuei", "71": "Rek", "1": "Hill Group", "73": "River Group"}
    found = told(names, events)
    assert {name for name, kind in found.items() if kind == "community"} == {"Baac", "Kuei"}
    assert "community" not in told(names).values()


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["Hill Group", "Lou", "Thiyic"]), min_size=1, max_size=4))
def test_a_joint_side_is_a_community_only_if_all_its_members_are(sides: list[str]) -> None:
    [kind] = told({"x": ", ".join(sides)}).values()
    assert kind in HOLDERS
    assert (kind == "community") == ("Hill Group" not in sides)


def test_without_a_list_names_say_it() -> None:
    frame = pl.DataFrame({"actor_id": ["a", "b"], "actor": ["Christians (CAR)", "Lou"]})
    none = empty(TABLES["actors"])
    assert frame.filter(is_organisation(none))["actor"].to_list() == ["Lou"]


def test_sides_that_fought_only_communities_and_each_other_are_communities() -> None:
    names = {
        "70": "Riverside",
        "71": "Riverside of the Hills",
        "72": "Valley Column",
        "73": "Peaks",
    }
    events = incidents(
        ("Riverside", "70", "Lou", "3", "non-state"),
        ("Riverside", "70", "Riverside of the Hills", "71", "non-state"),
        ("Valley Column", "72", "Peaks", "73", "non-state"),
    )
    kinds = told(names, events)
    assert [kinds[name] for name in names.values()] == ["community"] * 2 + ["organisation"] * 2
    met = incidents(("Riverside of the Hills", "71", "Hill Group", "1", "non-state"))
    assert set(told(names, pl.concat([events, met])).values()) == {"organisation"}


def test_descriptions_are_no_organisations() -> None:
    names = {
        "a": "bandits",
        "b": "Criminal gang (Nigeria)",
        "c": "Armed youth",
        "d": "éleveurs armés",
        "e": "ميليشيا محلية",
        "f": "Toro Communal Militia (Nigeria)",
    }
    assert told(names) == {
        "bandits": "collective",
        "Criminal gang (Nigeria)": "collective",
        "Armed youth": "community",
        "éleveurs armés": "community",
        "ميليشيا محلية": "collective",
        "Toro Communal Militia (Nigeria)": "organisation",
    }
