"""Each entry has its strongest mentions for and against, in words that name no person."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.assess.explain import holdings
from tocsin.assess.technology.cases import Case
from tocsin.assess.technology.possession import SHARES, Posterior
from tocsin.assess.technology.reasons import SHOWN, in_words, reasons, words
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


def made(bits: list[float], said: tuple[dict[str, Any], ...] = (), **more: Any) -> Case:
    """A case with one mention for each weight, in bits, a day apart."""
    n = len(bits)
    rows = pl.DataFrame(
        [
            {
                "actor": f"Hill Group {n - i}", "date_start": date(2020, 1, 1 + i), "side": "b",
                "incident_id": f"i-{i}", "report_id": f"r-{i}", "said": "attack", "by": "nobody",
                "by_name": None, "here_b": 0.0, "suspected": False, "attributed": 1.0,
                "evidence": f"words {i}",
            } | more
            for i in range(max(n, 1))
        ],
        schema_overrides={"by_name": pl.String},
    ).head(n)  # fmt: skip
    texts = dict.fromkeys(("actor", "says", "source", "reason"), pl.String)
    own = pl.DataFrame(said, schema=texts | {"on_date": pl.Date, "log": pl.Float64})
    held = Posterior(
        np.array([0.5]), np.ones((SHARES.size, 1)) / SHARES.size, np.zeros((SHARES.size, n)),
        np.zeros(n, np.int64), np.array(bits) * np.log(2),
    )  # fmt: skip
    return Case("1", "cyber", rows, own, pl.Series([date(2020, 1, 1)]), held)


def test_the_strongest_come_first_and_what_weighs_nothing_is_none() -> None:
    found = reasons(made([0.5, 2.0, -0.3, 1.0, 0.25, 0.005, -0.009, -4.0, -0.3]))
    told = [(one["direction"], one["rank"], one["incident_id"], one["bits"]) for one in found]
    assert told == [
        ("for", 1, "i-1", pytest.approx(2.0)), ("for", 2, "i-3", pytest.approx(1.0)),
        ("for", 3, "i-0", pytest.approx(0.5)), ("against", 1, "i-7", pytest.approx(-4.0)),
        ("against", 2, "i-2", pytest.approx(-0.3)), ("against", 3, "i-8", pytest.approx(-0.3)),
    ]  # fmt: skip
    assert {one["actor"] for one in found} == {"Hill Group 9"}
    assert {(one["actor_id"], one["technology"]) for one in found} == {("1", "cyber")}
    assert [len(reasons(made([weight]))) for weight in (0.0101, -0.0101, 0.0099, 0.0)] == [
        1, 1, 0, 0,
    ]  # fmt: skip


def test_what_people_here_say_stands_among_the_mentions_by_its_weight() -> None:
    said = {"actor": "Hill Group", "says": "has", "source": "the desk", "reason": "seen",
            "on_date": date(2020, 5, 1)}  # fmt: skip
    rows = tuple(
        said | {"log": log * np.log(2), "actor": name}
        for log, name in ((1.5, "Hillmen"), (-3.0, "Hill Band"), (0.001, "Hill Band"))
    )
    found = reasons(made([2.0, 1.0, -1.0], rows))
    told = [(one["direction"], one["told_by"], pytest.approx(one["bits"])) for one in found]
    assert told == [
        ("for", "report", 2.0), ("for", "here", 1.5), ("for", "report", 1.0),
        ("against", "here", -3.0), ("against", "report", -1.0),
    ]  # fmt: skip
    here = found[1]
    assert (here["date"], here["by"], here["evidence"]) == (date(2020, 5, 1), "the desk", "seen")
    assert in_words(here) == "by 2020-05-01, said here (the desk): it has the class. seen"
    # Without a mention the last name that people here gave is the actor's.
    assert {one["actor"] for one in reasons(made([], rows))} == {"Hill Band"}


@pytest.mark.parametrize(
    ("more", "by"),
    [
        ({}, "nobody"),
        ({"by": "organisation", "by_name": "Hill"}, "organisation (Hill)"),
        ({"here_b": 0.1}, "nobody, and an assertion here"),
        ({"suspected": True, "attributed": 0.625}, "nobody, where it is only suspected (0.62)"),
    ],
)
def test_a_reason_tells_who_is_named_and_how_surely(more: dict[str, Any], by: str) -> None:
    (one,) = reasons(made([1.0], **more))
    assert one["by"] == by


def test_reasons_from_a_twentieth_of_a_bit_on_are_shown_those_for_first() -> None:
    row = {
        "direction": "against", "rank": 1, "bits": -0.05, "told_by": "report", "evidence": "IED",
        "date": date(2020, 1, 1), "incident_id": "i", "says": "attack", "by": "nobody",
    }  # fmt: skip
    more = [row | {"rank": 2, "bits": -0.0499}, row | {"direction": "for", "rank": 2, "bits": 7.25}]
    more.append(row | {"direction": "for", "rank": 1, "bits": 0.05})
    assert [line[4:17] for line in words(pl.DataFrame([row, *more]))] == [
        "for       +0.1"[:13], "for       +7.2"[:13], "against   -0.1"[:13],
    ]  # fmt: skip


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
