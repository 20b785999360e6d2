"""Each entry has its strongest mentions for and against, in words that name no person."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess.explain import holdings
from tocsin.assess.technology.reasons import SHOWN, words
from tocsin.schema import TABLES, empty
from tocsin.schema.tables.assessed.adoption import UNNAMED_IS_WEIGHED

from .test_adoption import told


@pytest.mark.slow
def test_the_three_strongest_each_way() -> None:
    own = ["Hill Group attacks the army with drones"] * 5
    struck = ["Army drone kills Hill Group commander Invented Name"] * 4
    found = told(*own, *struck)
    rows = found["adoption_reasons"].filter(actor="Hill Group")
    for direction, sign in (("for", 1), ("against", -1)):
        mine = rows.filter(direction=direction).sort("rank")
        assert mine["rank"].to_list() == list(range(1, SHOWN + 1))
        assert ((mine["bits"] * sign) > 0).all()
        assert (mine["bits"] * sign).is_sorted(descending=True)
        assert mine["incident_id"].n_unique() == SHOWN
    assert not rows["evidence"].str.contains("Invented").any()
    lines = words(rows)
    assert lines[0].lstrip().startswith("for")
    assert lines[-1].lstrip().startswith("against")


def test_a_reason_says_whose_it_was_and_leaves_out_what_weighs_nothing() -> None:
    row = {
        "direction": "for", "rank": 1, "bits": 2.0, "told_by": "report", "date": date(2020, 1, 1),
        "incident_id": "i", "says": "seized", "by": "organisation (Hill Group)", "evidence": "IED",
    }  # fmt: skip
    little = row | {"direction": "against", "bits": -0.04, "says": "attack", "by": "nobody"}
    rows = pl.DataFrame([row, little, row | {"rank": 2, "says": "attack", "by": "other-state"}])
    first, second = words(rows)
    assert "found or seized; it was that of Hill Group: 'IED'" in first
    assert "an attack, said of another state" in second


def test_every_entry_that_is_believed_has_a_reason() -> None:
    found = told(*["Hill Group attacks the army with drones"] * 6)
    sure = found["adoption"].filter(pl.col("confidence") >= 0.5)
    why = found["adoption_reasons"].filter(direction="for")
    assert sure.join(why, on=["actor_id", "technology"], how="anti").is_empty()


def test_below_reasons_that_name_nobody_it_is_said_how_they_are_weighed() -> None:
    day = date(2020, 1, 1)
    entry = {
        "actor_id": "1", "actor": "Hill Group", "kind": "organisation", "technology": "cyber",
        "territory": "Mali", "gwno": 432, "first_seen": day, "first_low": day, "first_high": day,
        "n_incidents": 1, "n_named": 0, "n_own": 0, "confidence": 0.6, "coalition": None,
    }  # fmt: skip
    why = {
        "actor_id": "1", "actor": "Hill Group", "technology": "cyber", "direction": "for",
        "rank": 1, "bits": 1.0, "told_by": "report", "date": day, "incident_id": "i",
        "says": "attack", "by": "nobody", "evidence": "radio hacked",
    }  # fmt: skip

    def lines(by: str) -> list[str]:
        rows = {"adoption": [entry], "adoption_reasons": [why | {"by": by}], "actor_matches": []}
        return holdings(
            {
                name: pl.DataFrame(some, schema=empty(TABLES[name]).schema)
                for name, some in rows.items()
            },
            "Hill Group",
        )

    assert "if so, since 2020-01-01 (90%)" in lines("nobody")[0]
    assert lines("nobody")[-1] == UNNAMED_IS_WEIGHED
    assert UNNAMED_IS_WEIGHED not in lines("organisation (Hill Group)")
