"""The newest record of an event is told by the records, whatever order they come in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.vocabulary.release import (
    newest,
    newest_reports,
    newest_series,
    release_months,
    release_rank,
    standing_reports,
    stated_seconds,
    stated_time,
)

FIRST, HALF, FINAL = "UCDP GED Candidate 24.0.3", "UCDP GED Candidate 24.01.24.06", "UCDP GED 25.1"


def reports(rows: list[tuple[str, str, date, int]]) -> pl.DataFrame:
    """Rows of source, id, day and deaths; all in Mali and of no stated time."""
    frame = pl.DataFrame(
        rows, schema=["source", "native_id", "date_start", "deaths_best"], orient="row"
    )
    return frame.with_columns(
        pl.lit(432).alias("gwno"),
        pl.lit(None, pl.String).alias("updated"),
        (pl.col("source") + ":" + pl.col("native_id")).alias("report_id"),
    )


MARCH = [date(2024, 3, 5), date(2024, 3, 6), date(2024, 5, 6), date(2024, 3, 9)]
RELEASES = {
    FIRST: [("501", MARCH[0], 10), ("502", MARCH[1], 5), ("504", MARCH[3], 2)],
    HALF: [("501", MARCH[0], 14), ("502", MARCH[1], 5), ("503", MARCH[2], 3)],
    FINAL: [("501", MARCH[0], 17), ("502", MARCH[1], 6), ("503", MARCH[2], 3)],
}


@pytest.mark.parametrize("order", list(permutations(RELEASES)))
def test_the_newest_release_counts_and_what_it_withdrew_goes(order: tuple[str, ...]) -> None:
    rows = [(source, *row) for source in order for row in RELEASES[source]]
    found = newest(reports(rows)).sort("native_id")
    assert found["native_id"].to_list() == ["501", "502", "503"]
    assert found["deaths_best"].to_list() == [17, 6, 3]
    assert set(found["source"]) == {FINAL}
    # Older versions of what stands are kept to be seen; the withdrawn event is in none.
    assert set(standing_reports(reports(rows))["native_id"]) == {"501", "502", "503"}


def test_a_release_withdraws_nothing_that_it_does_not_cover() -> None:
    earlier = (FIRST, "1", date(2024, 3, 1), 1)
    april = "UCDP GED Candidate 24.0.4"
    # A month's candidates hold an event that began in March, yet do not correct March.
    rows = [earlier, (april, "2", date(2024, 3, 30), 1), (april, "3", date(2024, 4, 2), 1)]
    assert set(newest(reports(rows))["native_id"]) == {"1", "2", "3"}
    elsewhere = reports([(FINAL, "9", date(2024, 3, 2), 1)]).with_columns(
        pl.lit(520).cast(pl.Int32).alias("gwno")
    )
    both = pl.concat([reports([earlier]), elsewhere], how="vertical_relaxed")
    assert newest(both).height == 2


def test_releases_in_order() -> None:
    names = [
        "UCDP GED 19.1", "UCDP GED Candidate 24.0.3", "UCDP GED Candidate 24.0.9",
        "UCDP GED Candidate 24.0.10", "UCDP GED Candidate 24.01.24.12", "UCDP GED 24.1",
        "UCDP GED Candidate 25.0.1", "UCDP GED 25.1",
    ]  # fmt: skip
    ranks = [release_rank(name) for name in names]
    assert ranks == sorted(set(ranks))
    assert release_months(HALF) == (date(2024, 1, 1), date(2024, 6, 1))
    assert release_months("ACLED")[0] == date.min


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), st.booleans())
def test_times_sort_as_times(moment: datetime, seconds: bool) -> None:
    at = moment.replace(tzinfo=UTC, microsecond=0)
    written = str(int(at.timestamp())) if seconds else at.isoformat()
    if seconds and len(written) < 9:
        return
    assert stated_time(written) == stated_time(at.isoformat())
    assert stated_seconds(written) == at.timestamp()


def test_times_are_not_compared_as_texts() -> None:
    early, late = "999999999", "1700000000"
    assert early > late
    assert stated_time(early) < stated_time(late)
    assert stated_time("2024-01-01T00:30:00+02:00") < stated_time("2023-12-31T23:00:00Z")
    assert stated_time("yesterday") == ""


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_versions_the_newer_stays(turned: bool) -> None:
    rows = reports([("ACLED", "M1", MARCH[0], 3), ("ACLED", "M1", MARCH[0], 13)]).with_columns(
        pl.Series("updated", [stated_time("1700000000"), stated_time("1730000000")])
    )
    assert newest_reports(rows.reverse() if turned else rows)["deaths_best"].to_list() == [13]


def counts(rows: list[tuple[str, int, int]]) -> pl.DataFrame:
    """Rows of source, month of 2024 and deaths in Mali."""
    frame = pl.DataFrame(rows, schema=["source", "month", "deaths"], orient="row")
    return frame.with_columns(
        pl.date(2024, pl.col("month"), 1).alias("month"), gwno=pl.lit(432), target=pl.lit("n")
    )


OLD = [("Counts (cm_2024_02.csv)", 1, 30), ("Counts (cm_2024_02.csv)", 2, 35)]
NEW = [("Counts (update.csv)", 2, 60), ("Counts (update.csv)", 3, 116)]
FIXED = [("Counts (cm_2024_10.csv)", 2, 61)]


@pytest.mark.parametrize("order", list(permutations([OLD, NEW])))
def test_an_update_replaces_a_revised_month(order: tuple[list[tuple[str, int, int]], ...]) -> None:
    found = newest_series(counts([row for part in order for row in part])).sort("month")
    assert found["deaths"].to_list() == [30, 60, 116]


@pytest.mark.parametrize("order", list(permutations([OLD, FIXED])))
def test_the_number_in_a_name_tells_the_newer(
    order: tuple[list[tuple[str, int, int]], ...],
) -> None:
    found = newest_series(counts([row for part in order for row in part])).sort("month")
    assert found["deaths"].to_list() == [30, 61]


def test_where_nothing_tells_the_last_word_counts() -> None:
    found = newest_series(counts([("a", 1, 1), ("b", 1, 2)]))
    assert found["deaths"].to_list() == [2]
