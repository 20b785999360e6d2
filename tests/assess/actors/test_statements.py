"""Statements stand side by side; a withdrawal takes one back and deletes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from tocsin.assess.actors.statements import current, decision, statements, withdrawal
from tocsin.errors import UsageError
from tocsin.schema import TABLES, empty

NOW = datetime(2026, 1, 1)
Tables = dict[str, pl.DataFrame]


def said(seen: Tables, decisions: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    nothing = empty(TABLES["actor_decisions"])
    given = nothing if decisions is None else decisions
    return statements(seen["actors"], seen["actor_relations"], seen["reports"], given)


def test_every_actor_keeps_its_listed_name(seen: Tables) -> None:
    names, links = said(seen)
    listed = names.filter(pl.col("form") == "name")
    assert listed.height == seen["actors"].height
    assert set(names["source"]) >= {"UCDP Actor 22.1", "UCDP GED 19.1"}
    assert names["statement_id"].is_unique().all()
    assert links["statement_id"].is_unique().all()


@pytest.mark.slow
def test_a_decision_is_withdrawn_and_made_again(seen: Tables) -> None:
    made = decision("234", "alias", (None, "Daesh"), source="desk", reason="press", at=NOW)
    statement = made["statement_id"][0]
    later = NOW + timedelta(days=1)
    taken = withdrawal(statement, source="desk", reason="a mistake", at=later)
    names, _ = said(seen, made)
    assert "Daesh" in current(names)["name"]
    names, _ = said(seen, pl.concat([made, taken]))
    assert "Daesh" not in current(names)["name"]
    assert names.filter(pl.col("statement_id") == statement).height == 2
    again = made.with_columns(pl.lit(later + timedelta(days=1)).alias("asserted_at"))
    names, _ = said(seen, pl.concat([made, taken, again]))
    assert "Daesh" in current(names)["name"]


def test_withdrawing_for_us_leaves_the_sources_own_view(seen: Tables) -> None:
    names, _ = said(seen)
    ours = names.filter((pl.col("actor_id") == "234") & (pl.col("name") == "ISIS"))
    taken = withdrawal(ours["statement_id"][0], source="desk", reason="not here", at=NOW)
    names, _ = said(seen, taken)
    assert "ISIS" not in current(names)["name"]
    assert "ISIS" in current(names, "ucdp")["name"]


def test_a_relation_with_dates(seen: Tables) -> None:
    made = decision(
        "234", "splinter", ("6815", "HTS"), source="desk", reason="for the test", at=NOW,
        dates=(date(2017, 1, 1), None),
    )  # fmt: skip
    _, links = said(seen, made)
    row = links.filter(pl.col("source") == "desk").to_dicts()[0]
    assert (row["relation"], row["related"], row["dates_weight"]) == ("splinter", "HTS", 0.8)


@pytest.mark.parametrize(
    "wrong",
    [
        {"relation": "friend"},
        {"weight": 0.0},
        {"reason": " "},
        {"dates": (date(2020, 1, 2), date(2020, 1, 1))},
    ],
)
def test_a_wrong_decision_says_what_is_wrong(wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"relation": "alias", "source": "desk", "reason": "r", "at": NOW}
    with pytest.raises(UsageError):
        decision("1", related=(None, "x"), **(given | wrong))  # type: ignore[arg-type]


def test_no_input_gives_empty_tables() -> None:
    tables = ("actors", "actor_relations", "reports", "actor_decisions")
    names, links = statements(*(empty(TABLES[name]) for name in tables))
    assert names.is_empty()
    assert links.is_empty()
