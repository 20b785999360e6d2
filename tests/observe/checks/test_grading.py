"""Grading: a report of which a part is doubtful is kept and marked, by every reader alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe.checks.doubt import NOTES, RULES, Doubt
from tocsin.observe.checks.grading import PARTS, grade

counts = st.integers(0, 1_000)
days = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@given(counts, counts, counts)
def test_best_is_never_changed_and_the_bounds_hold_all_three(
    low: int, best: int, high: int
) -> None:
    row, doubts = grade({"deaths_low": low, "deaths_best": best, "deaths_high": high})
    assert row["deaths_best"] == best
    assert (row["deaths_low"], row["deaths_high"]) == (min(low, best, high), max(low, best, high))
    assert bool(doubts) == (not low <= best <= high)
    assert all(doubt.rule == "estimates" for doubt in doubts)


@given(st.lists(counts, min_size=4, max_size=4), counts)
def test_parts_above_the_best_estimate_are_left_out(parts: list[int], best: int) -> None:
    row = dict(zip(PARTS, parts, strict=True)) | {"deaths_best": best}
    kept, doubts = grade(dict(row))
    assert kept["deaths_best"] == best
    if sum(parts) <= best:
        assert (kept, doubts) == (row, [])
    else:
        assert [kept[name] for name in PARTS] == [None] * 4
        assert [doubt.original for doubt in doubts] == [str(count) for count in parts]


@given(days, days)
def test_an_end_before_its_start(start: date, end: date) -> None:
    row, doubts = grade({"date_start": start, "date_end": end, "date_prec": 1})
    assert row["date_start"] <= row["date_end"]
    if start <= end:
        assert not doubts
    elif (start - end).days <= 31:
        assert (row["date_start"], row["date_end"]) == (end, start)
        assert row["date_prec"] > 1
    else:
        assert (row["date_start"], row["date_end"], row["date_prec"]) == (start, start, 1)
        assert doubts[0].original == str(end)


SOMEWHERE = {
    "gwno": 432, "territory": "Mali", "date_start": date(2024, 1, 1), "date_end": date(2024, 1, 1),
    "date_prec": 1, "place_prec": 1,
}  # fmt: skip


def test_a_report_is_kept_without_a_point_outside_its_country() -> None:
    row, doubts = grade({**SOMEWHERE, "latitude": 16.27, "longitude": -60.0, "adm1": "Gao"})
    assert (row["latitude"], row["longitude"], row["place_prec"]) == (None, None, 4)
    assert [(one.column, one.original) for one in doubts] == [
        ("latitude", "16.27"), ("longitude", "-60.0"), ("place_prec", "1"),
    ]  # fmt: skip
    assert "km outside Mali" in doubts[0].reason


def test_at_sea_lies_in_no_country() -> None:
    row, doubts = grade({**SOMEWHERE, "latitude": 16.3, "longitude": -30.0, "place_prec": 7})
    assert (row["latitude"], doubts) == (16.3, [])


def test_a_state_counts_with_the_ground_of_the_day() -> None:
    juba = {"gwno": 625, "territory": "Sudan", "latitude": 4.85, "longitude": 31.6, "place_prec": 1}
    for day, kept in ((date(2005, 1, 1), 4.85), (date(2024, 1, 1), None)):
        row, _ = grade({**juba, "date_start": day, "date_end": day, "date_prec": 1})
        assert row["latitude"] == kept


def test_a_part_that_lies_apart_from_its_state() -> None:
    bermuda = {**SOMEWHERE, "gwno": 200, "territory": "United Kingdom", "latitude": 32.29,
               "longitude": -64.78}  # fmt: skip
    assert grade({**bermuda, "part": "Bermuda"})[1] == []
    assert grade({**bermuda, "part": "Jersey"})[0]["latitude"] is None
    assert "outside United Kingdom" in grade(dict(bermuda))[1][0].reason


def test_what_single_values_left_behind_is_taken_up() -> None:
    doubt = Doubt("date_start", "2024-00-00", "2024", "date", "why")
    row, doubts = grade({"date_prec": 5, NOTES[0]: [doubt], "part": None})
    assert (row, doubts) == ({"date_prec": 5}, [doubt])


@given(days, st.integers(-400, 400), counts, counts, counts)
def test_grading_twice_is_grading_once(d: date, width: int, a: int, b: int, c: int) -> None:
    row: dict[str, Any] = {
        **SOMEWHERE, "date_start": d, "date_end": d + timedelta(days=width), "deaths_low": a,
        "deaths_best": b, "deaths_high": c, "deaths_a": b + 1, "latitude": 1.0, "longitude": 1.0,
    }  # fmt: skip
    once, doubts = grade(row)
    assert grade(dict(once)) == (once, [])
    assert {doubt.rule for doubt in doubts} <= set(RULES)
