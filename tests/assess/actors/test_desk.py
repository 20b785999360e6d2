"""The desk finds one organisation or says why not, and keeps what people decide."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from tocsin.assess.actors.desk import (
    assertion,
    find_organisation,
    list_organisations,
    look_up,
    withdraw,
)
from tocsin.assess.actors.statements import statements
from tocsin.errors import UsageError
from tocsin.schema import TABLES, empty

Tables = dict[str, pl.DataFrame]
Said = tuple[pl.DataFrame, pl.DataFrame]
HOW = {"source": "desk", "reason": "for the test", "at": datetime(2026, 1, 1)}


def said(seen: Tables, *decisions: pl.DataFrame) -> Said:
    made = pl.concat([empty(TABLES["actor_decisions"]), *decisions])
    return statements(seen["actors"], seen["actor_relations"], seen["reports"], made)


@pytest.mark.slow
def test_a_name_that_may_mean_more_asks_for_an_id(seen: Tables) -> None:
    whole = said(seen)
    assert find_organisation(whole, "HTS")[1] == "HTS"
    assert find_organisation(whole, "5999") == ("5999", "UPC")
    assert find_organisation(whole, "UPC", gwno=482)[0] == "5999"
    for name in ("UPC", "No Such Group At All"):
        with pytest.raises(UsageError):
            find_organisation(whole, name)


def test_the_name_under_which_one_alone_is_listed_means_that_one() -> None:
    # Two others have the same name in translation, as in UCDP's list of actors.
    rows = [
        {"actor_id": number, "name": name, "form": form, "weight": 1.0, "source": "a list"}
        for number, listed in (
            ("1", "Lashkar-e-Islam"),
            ("2", "Jaish-ul-Islam"),
            ("3", "Jaysh al-Islam"),
        )
        for name, form in ((listed, "name"), ("Army of Islam", "other"))
    ]
    named = pl.concat(
        [empty(TABLES["actor_names"]).drop("statement_id"), pl.DataFrame(rows)], how="diagonal"
    )
    named = named.with_row_index("statement_id").with_columns(
        pl.col("statement_id").cast(pl.String),
        withdrawn=False,
        dates_weight=1.0,
        asserted_at=HOW["at"],
    )
    whole = (named, empty(TABLES["actor_links"]))
    assert find_organisation(whole, "jaysh al-islam") == ("3", "Jaysh al-Islam")
    for name, gwno in (("Army of Islam", None), ("Jaysh al-Islam", 652)):
        with pytest.raises(UsageError):
            find_organisation(whole, name, gwno)


@pytest.mark.slow
def test_a_decision_is_read_back_and_taken_back(seen: Tables) -> None:
    made = assertion(said(seen), "HTS", "alias", "Jabhat al-Nusra", **HOW)
    whole = said(seen, made)
    found = look_up(whole, "Al-Nusra Front", gwno=652)
    assert found["views"]["all views"][0]["actor"] == "HTS"
    assert found["views"]["UCDP"] == []
    assert {row["attribute"] for row in found["confidence"]} >= {"name", "dates", "territory"}
    later = HOW | {"at": datetime(2026, 1, 2)}
    gone = withdraw(whole, made["statement_id"][0], **later)
    after = look_up(said(seen, made, gone), "Al-Nusra Front", gwno=652)
    assert after["views"]["all views"] == []
    assert [one["because"] for one in after["alike"]] == ["published as another name"]
    with pytest.raises(UsageError):
        withdraw(said(seen, made, gone), made["statement_id"][0], **later)


@pytest.mark.slow
def test_relations_need_two_that_are_known(seen: Tables) -> None:
    whole = said(seen)
    made = assertion(whole, "FPRC", "active in", "Chad", **HOW).to_dicts()[0]
    assert (made["related_id"], made["related_name"]) == ("483", "Chad")
    with pytest.raises(UsageError):
        assertion(whole, "FPRC", "splinter", "No Such Group At All", **HOW)


def test_the_list_is_of_those_with_most_names(seen: Tables) -> None:
    rows = list_organisations(said(seen), 5)
    assert len(rows) == 5
    assert rows[0]["names"] >= rows[-1]["names"] > 1


def test_a_source_that_there_is_not_is_refused_with_those_that_there_are(seen: Tables) -> None:
    with pytest.raises(UsageError, match="No source of names is called 'UCPD'") as refused:
        look_up(said(seen), "Al-Nusra Front", source="UCPD")
    assert "Did you mean 'UCDP'?" in str(refused.value.remedy)
    with pytest.raises(UsageError, match="UCPD"):
        list_organisations(said(seen), 5, "UCPD")
    rows = list_organisations(said(seen), 5, "ucdp")
    assert rows
    assert all(row["sources"].startswith("UCDP") for row in rows)
    assert look_up(said(seen), "Al-Nusra Front", source="ucdp")["actor_id"] is not None
