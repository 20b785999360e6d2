"""Each entry has its strongest mentions for and against, in words that name no person."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess.technology.reasons import SHOWN, words

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
