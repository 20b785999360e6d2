"""A name gives candidates with probabilities; two sources may disagree and both stay readable."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.actors.directory import (
    Directory,
    confidence,
    directory,
    organisations,
    sources,
    view,
)
from tocsin.assess.actors.statements import decision, statements
from tocsin.schema import TABLES, conform, empty

Tables = dict[str, pl.DataFrame]
Said = tuple[pl.DataFrame, pl.DataFrame]
SYRIA, CAR = 652, 482


@pytest.fixture(scope="module")
def said(seen: Tables) -> Said:
    decisions = empty(TABLES["actor_decisions"])
    return statements(seen["actors"], seen["actor_relations"], seen["reports"], decisions)


@pytest.fixture(scope="module")
def indexed(said: Said) -> Directory:
    return directory(*said)


@pytest.mark.parametrize(
    ("name", "gwno", "actor"),
    [
        ("ISIS", SYRIA, "IS"),
        ("Islamic State (Syria)", SYRIA, "IS"),
        ("Hizballah", SYRIA, "Hezbollah"),
        ("Front Populaire pour la Renaissance de Centrafrique", CAR, "FPRC"),
        ("Military Forces of Syria (2000-2024)", SYRIA, "Government of Syria"),
        ("Anti Balaka", CAR, "anti-Balaka"),
        ("Lord's Resistance Army", CAR, "LRA"),
    ],
)
def test_names_of_other_sources_find_the_organisation(
    indexed: Directory, name: str, gwno: int, actor: str
) -> None:
    first = indexed.who(name, gwno=gwno).to_dicts()[0]
    assert first["actor"] == actor
    assert first["because"]


def test_one_acronym_in_three_countries(said: Said) -> None:
    found = view(*said, "UPC").filter(pl.col("actor") == "UPC")
    assert found.height == 3
    assert found["probability"].n_unique() == 1
    assert view(*said, "UPC", gwno=CAR)["actor_id"][0] == "5999"


def test_who_has_a_name_just_so_comes_before_translations(indexed: Directory) -> None:
    """Two others have 'Army of Islam' as their full name: each of three had .28 of it."""
    found = indexed.who("Jaysh al-Islam", gwno=SYRIA)
    assert found.row(0, named=True)["actor"] == "Jaysh al-Islam"
    everywhere = indexed.who("jaysh al-islam")["probability"].to_list()
    assert everywhere[0] == pytest.approx(2 * everywhere[1])
    assert everywhere[1] == pytest.approx(everywhere[2])


def test_each_listed_name_means_first_who_is_listed_under_it(
    said: Said, indexed: Directory
) -> None:
    listed = said[0].filter(pl.col("form") == "name").sort("name", "actor_id")
    for actor_id, name in listed.gather_every(20).select("actor_id", "name").iter_rows():
        found = indexed.who(name)
        of_name = set(said[0].filter(pl.col("name") == name)["actor_id"])
        others = found.filter(~pl.col("actor_id").is_in(of_name))["probability"]
        own = found.filter(pl.col("actor_id") == actor_id)["probability"][0]
        assert others.is_empty() or own >= 2 * others[0] - 1e-12, name


def test_a_name_of_a_log_does_not_weigh_down_those_it_may_mean(said: Said) -> None:
    """The log's own row has the name just so: what it means lost half of its weight."""
    name = "Islamic State (Syria)"
    row = (
        said[0]
        .head(1)
        .with_columns(name=pl.lit(name), form=pl.lit("other name"), statement_id=pl.lit("s-y"))
    )
    shares = []
    for actor_id in (name, "identity--1"):
        log = directory(pl.concat([said[0], row.with_columns(actor_id=pl.lit(actor_id))]), said[1])
        shares.append(log.who(name, gwno=SYRIA, but=actor_id)["probability"][0])
    before = directory(*said).who(name, gwno=SYRIA)["probability"][0]
    assert shares == pytest.approx([before, before])
    bare = directory(pl.concat([said[0], row.with_columns(actor_id=pl.lit(name))]), said[1])
    asked = dict(bare.who(name).select("actor_id", "probability").iter_rows())
    assert asked["217"] == pytest.approx(0.85 * asked[name])


def test_a_parent_may_mean_its_splinter(said: Said) -> None:
    found = view(*said, "Seleka", gwno=CAR)
    assert found["actor"][0] == "Seleka"
    assert "FPRC" in found["actor"]


@given(name=st.text(max_size=40) | st.sampled_from(["IS", "HTS", "FPRC, MPC", "حزب الله"]))
@settings(max_examples=60, deadline=None)
def test_probabilities_never_exceed_one(indexed: Directory, name: str) -> None:
    found = indexed.who(name, on=date(2018, 1, 1))["probability"]
    assert found.sum() < 1
    assert (found > 0).all()


def test_two_sources_disagree_and_both_stay_readable() -> None:
    actors = pl.DataFrame(
        [
            {"actor_id": "a1", "name": "River Front", "gwnos": "652", "source": "UCDP Actor 1"},
            {"actor_id": "a2", "name": "Hill Front", "gwnos": "652", "source": "UCDP Actor 1"},
        ]
    ).with_columns(kind=pl.lit("non-state formal"), full_name=pl.lit(None, pl.String))
    at = datetime(2026, 1, 1)
    ours = decision("a2", "alias", (None, "River Front"), source="ACLED", reason="codebook", at=at)
    nothing = empty(TABLES["actor_relations"]), empty(TABLES["reports"])
    said = statements(conform(TABLES["actors"], actors), *nothing, ours)
    assert sources(*said) == ["ACLED", "UCDP"]
    assert view(*said, "River Front", source="UCDP")["actor_id"].to_list() == ["a1"]
    assert view(*said, "River Front", source="ACLED")["actor_id"].to_list() == ["a2"]
    assert set(view(*said, "River Front")["actor_id"]) == {"a1", "a2"}


def test_dates_matter(said: Said) -> None:
    names, links = said
    made = names.head(1).with_columns(
        actor_id=pl.lit("x"),
        name=pl.lit("Bridge Council"),
        from_date=date(2010, 1, 1),
        to_date=date(2011, 1, 1),
        dates_weight=pl.lit(1.0),
        statement_id=pl.lit("s-x"),
    )
    found = directory(pl.concat([names, made]), links)
    then = found.who("Bridge Council", on=date(2010, 6, 1))["probability"][0]
    now = found.who("Bridge Council", on=date(2020, 6, 1))["probability"][0]
    assert now < then


def test_confidence_by_attribute(said: Said) -> None:
    found = confidence(*said, "234")
    assert set(found["attribute"]) == {"name", "dates", "territory", "relation"}
    assert found["confidence"].max() <= 0.99
    both = found.filter((pl.col("attribute") == "name") & (pl.col("value") == "IS"))
    assert both["sources"][0] == "UCDP Actor 22.1; UCDP GED 19.1"


def test_counting_softly_keeps_every_incident_whole(said: Said) -> None:
    used = pl.DataFrame(
        {
            "actor_id": ["234", "Islamic State (Syria)", "Nobody Ever Heard Of"],
            "actor": ["IS", "Islamic State (Syria)", "Nobody Ever Heard Of"],
            "gwno": [SYRIA] * 3,
        }
    )
    found = organisations(*said, used)
    totals = found.group_by("actor_id").agg(pl.col("weight").sum())
    assert totals["weight"].to_list() == pytest.approx([1.0] * 3)
    shares = dict(
        found.filter(pl.col("organisation_id") == "234").select("actor_id", "weight").rows()
    )
    assert shares["234"] == 1.0
    assert 0.3 < shares["Islamic State (Syria)"] < 1.0
