"""A total beside its events is marked and counts in no sum; a month of its own is an event."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess import assess
from tocsin.schema import TABLES, empty

FIRST, LAST = date(2024, 3, 1), date(2024, 3, 31)


def report(source: str, number: int, start: date, end: date, deaths: int, **more: object) -> dict:
    return {
        "report_id": f"{source}:{number}", "native_id": str(number), "source_file": "a.csv",
        "source_row": number, "date_start": start, "date_end": end, "date_prec": 1,
        "latitude": 16.27, "longitude": -0.04, "place_prec": 1, "place": f"Town {number}",
        "territory": "Mali", "gwno": 432, "event_type": "state-based", "actor_a": f"Front {number}",
        "actor_b": "Government of Mali", "deaths_low": deaths, "deaths_best": deaths,
        "deaths_high": deaths, "source": source,
    } | more  # fmt: skip


EVENTS = [
    report("UCDP GED 25.1", 1, date(2024, 3, 5), date(2024, 3, 5), 10),
    report("UCDP GED 25.1", 2, date(2024, 3, 14), date(2024, 3, 14), 12),
    report("UCDP GED 25.1", 3, date(2024, 3, 25), date(2024, 3, 25), 8),
    report("UCDP GED 25.1", 4, FIRST, LAST, 30, date_prec=4, place_prec=4, latitude=17.0),
]
NOWHERE = {"latitude": None, "longitude": None, "place": None, "actor_a": None, "actor_b": None}
BULLETIN = report("Monthly bulletin", 9, FIRST, LAST, 30, date_prec=4, place_prec=6, **NOWHERE)


def assessed(rows: list[dict]) -> pl.DataFrame:
    reports = pl.DataFrame(rows, schema=empty(TABLES["reports"]).schema)
    return assess(reports, empty(TABLES["actors"]))["incidents"]


@pytest.mark.slow
def test_a_bulletin_beside_the_months_events_is_not_added() -> None:
    found = assessed([*EVENTS, BULLETIN])
    assert found["deaths_best"].sum() == 60
    marked = found.filter(pl.col("total_of").is_not_null())
    assert marked["total_of"].to_list() == [3]
    assert marked["deaths_best"].to_list() == [None]


@pytest.mark.slow
def test_a_bulletin_alone_counts() -> None:
    found = assessed([BULLETIN])
    assert found["deaths_best"].to_list() == [30]
    assert found["total_of"].to_list() == [None]


@pytest.mark.slow
def test_events_of_another_month_are_not_summed_up() -> None:
    april = [
        row | {"date_start": date(2024, 4, 5), "date_end": date(2024, 4, 5)} for row in EVENTS[:3]
    ]
    assert assessed([*april, BULLETIN])["deaths_best"].sum() == 60
