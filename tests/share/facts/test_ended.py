"""Warnings that ended are told from what was said before, with the reason, and once."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS, UNPROVEN
from tocsin.share.facts.ended import ended_warnings

SYRIA, IRAQ = 652, 645
NAMES = {SYRIA: "Syria", IRAQ: "Iraq", 432: "Mali"}
MADE = date(2023, 1, 15)
Levels = dict[tuple[str, int], str]


def issued(issue: str, levels: Levels, at: str = "2023-01-10T00:00:00+00:00") -> list[Any]:
    return [
        {
            "issue": issue, "issued_at": at, "rule": rule, "territory": NAMES[gwno], "gwno": gwno,
            "origin": date(2022, 12, 1), "within": 3, "probability": 0.4, "level": level,
            "since": date(2022, 12, 1), "source": "test",
        }
        for (rule, gwno), level in levels.items()
    ]  # fmt: skip


def tables(
    *issues: tuple[str, Levels], now: str, rules: tuple[str, ...] = ("grave",), **more: Any
) -> dict[str, pl.DataFrame]:
    rows = [row for issue, levels in issues for row in issued(issue, levels, **more)]
    schema = empty(TABLES["alert_ledger"]).schema
    ledger = pl.DataFrame(rows, schema=schema)
    own = {name: kind for name, kind in schema.items() if not name.startswith("issue")}
    standing = ledger.filter(pl.col("issue") == now).select(
        *(name for name in own if name != "within"), pl.lit(now).alias("run_id")
    )
    told = pl.DataFrame({"rule": list(rules), "run_id": now}, schema_overrides={"rule": pl.String})
    return {"alert_ledger": ledger, "alerts": standing, "alert_rules": told}


def why(given_: dict[str, pl.DataFrame], made: date = MADE) -> list[tuple[str, int, str]]:
    return [
        (row["rule"], row["gwno"], row["why"]) for row in ended_warnings(given_, Settings(), made)
    ]


GRAVE = ("grave", SYRIA)


@pytest.mark.parametrize(
    ("after", "rules", "reason"),
    [
        ({GRAVE: "watch"}, ("grave",), "fell"),
        ({GRAVE: "quiet"}, ("grave",), "fell"),
        ({GRAVE: UNPROVEN}, ("grave",), "unknown"),
        ({("grave", IRAQ): "quiet"}, ("grave",), "unknown"),
        ({("other", IRAQ): "quiet"}, ("other",), "cancelled"),
        ({}, (), "cancelled"),
    ],
)
def test_a_warning_that_stands_no_longer_is_told_with_the_reason(
    after: Levels, rules: tuple[str, ...], reason: str
) -> None:
    found = tables(("one", {GRAVE: "warning"}), ("two", after), now="two", rules=rules)
    assert why(found) == [("grave", SYRIA, reason)]


@pytest.mark.parametrize("level", ["advisory", "warning", "emergency"])
def test_one_that_still_stands_at_any_raised_level_has_not_ended(level: str) -> None:
    assert not why(tables(("one", {GRAVE: "emergency"}), ("two", {GRAVE: level}), now="two"))


@pytest.mark.parametrize("level", ["quiet", "watch", UNPROVEN])
def test_what_was_not_raised_cannot_end(level: str) -> None:
    assert not why(tables(("one", {GRAVE: level}), ("two", {GRAVE: "quiet"}), now="two"))


def test_an_end_is_told_once_and_the_first_alerts_have_nothing_before_them() -> None:
    quiet: Levels = {GRAVE: "quiet"}
    raised: Levels = {GRAVE: "warning"}
    assert not why(tables(("one", raised), now="one"))
    assert why(tables(("one", raised), ("two", quiet), now="two"))
    assert not why(tables(("one", raised), ("two", quiet), ("three", quiet), now="three"))
    # A rule that was put back: the alerts are those of the first run again, which the ledger has.
    assert why(tables(("one", quiet), ("two", raised), now="one"))


def test_other_regions_warnings_are_not_told() -> None:
    mali = ("grave", 432)
    assert not why(tables(("one", {mali: "warning"}), ("two", {mali: "quiet"}), now="two"))


@pytest.mark.parametrize(
    ("at", "made", "expired"),
    [
        ("2023-01-10", date(2023, 3, 31), False),
        ("2023-01-10", date(2023, 4, 1), True),
        ("2023-04-01", date(2023, 4, 2), False),
        ("2026-01-01", date(2026, 1, 1), False),
    ],
)
def test_a_warning_expires_when_its_months_go_by_after_it_was_told(
    at: str, made: date, expired: bool
) -> None:
    found = tables(("one", {GRAVE: "warning"}), now="one", at=at)
    assert why(found, made) == ([("grave", SYRIA, "expired")] if expired else [])


LEVELS = st.sampled_from([*ALERT_LEVELS, UNPROVEN])


@given(st.tuples(LEVELS, LEVELS), st.tuples(LEVELS, LEVELS))
def test_each_warning_ends_or_stands(one: tuple[str, str], two: tuple[str, str]) -> None:
    places = (SYRIA, IRAQ)
    before = {("grave", gwno): level for gwno, level in zip(places, one, strict=True)}
    after = {("grave", gwno): level for gwno, level in zip(places, two, strict=True)}
    raised = ALERT_LEVELS[2:]
    gone = [gwno for gwno, was, now in zip(places, one, two, strict=True)
            if was in raised and now not in raised]  # fmt: skip
    told = why(tables(("one", before), ("two", after), now="two"))
    assert sorted(gwno for _, gwno, _ in told) == sorted(gone)
