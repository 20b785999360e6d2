"""Deaths by cell and month: none lost, none twice, none where it cannot be known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.grid.events import (
    TARGETS,
    as_reports,
    cell_months,
    grid_panel,
    split_by_month,
)
from tocsin.errors import StageNotReady, UsageError
from tocsin.schema.geography.prio_grid import cells_of, gid

CAR = "Central African Republic"


def reports(rows: list[dict[str, object]]) -> pl.DataFrame:
    plain = {
        "source_file": "a.csv", "date_start": date(2020, 1, 10), "date_end": date(2020, 1, 10),
        "latitude": 6.5, "longitude": 20.5, "place_prec": 1, "territory": CAR,
        "gwno": 482, "event_type": "state-based", "deaths_best": 1,
        "source": "UCDP GED 25.1", "updated": None,
    }  # fmt: skip
    frame = pl.DataFrame([plain | {"native_id": str(i)} | row for i, row in enumerate(rows)])
    return frame.with_columns(pl.col("updated").cast(pl.String))


@given(st.dates(date(1989, 1, 1), date(2024, 1, 1)), st.integers(0, 1000), st.integers(0, 100_000))
def test_a_long_report_is_split_whole(start: date, days: int, deaths: int) -> None:
    parts = split_by_month(start, start + timedelta(days=days), deaths)
    assert sum(count for _, count in parts) == deaths
    months = [month for month, _ in parts]
    assert months == sorted(set(months))
    assert all(start.replace(day=1) <= month <= start + timedelta(days=days) for month in months)


events = st.lists(
    st.fixed_dictionaries(
        {
            "latitude": st.floats(3, 10),
            "longitude": st.floats(15, 26),
            "place_prec": st.integers(1, 7),
            "event_type": st.sampled_from(TARGETS["ged_total"]),
            "deaths_best": st.one_of(st.none(), st.integers(0, 500)),
            "date_start": st.dates(date(2019, 1, 1), date(2020, 12, 31)),
        }
    ),
    min_size=1,
    max_size=25,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(rows=events, days=st.integers(0, 90))
def test_every_death_is_placed_or_named_as_unplaced(
    rows: list[dict[str, object]], days: int
) -> None:
    for row in rows:
        row["date_end"] = row["date_start"] + timedelta(days=days)  # type: ignore[operator]
    frame = reports(rows)
    total = frame["deaths_best"].fill_null(0).sum()
    if total == 0:
        with pytest.raises(StageNotReady):
            cell_months([frame], "ged_total")
        return
    found = cell_months([frame], "ged_total")
    assert found.deaths["deaths"].sum() + found.unplaced["deaths"].sum() + found.later == total
    assert np.nansum(grid_panel(found).deaths) == found.deaths["deaths"].sum()
    if len(rows) > 1:
        parts = cell_months([frame[:1], frame[1:], frame[:1]], "ged_total")
        assert parts.deaths.equals(found.deaths)
        assert parts.spans.equals(found.spans)


def test_coarse_places_stay_out_of_the_cells() -> None:
    found = cell_months(
        [reports([{"place_prec": p, "deaths_best": 10} for p in range(1, 8)])], "ged_sb"
    )
    assert found.deaths.to_dicts() == [
        {"gid": gid(6.5, 20.5), "gwno": 482, "month": date(2020, 1, 1), "deaths": 30}
    ]
    assert found.unplaced["deaths"].to_list() == [40]
    assert found.unplaced["share"].to_list() == pytest.approx([4 / 7])


@pytest.mark.slow
def test_a_month_outside_a_files_span_is_unknown() -> None:
    syria = {"gwno": 652, "territory": "Syria", "latitude": 35.2, "longitude": 38.2}
    early = reports([{"date_start": date(2018, 1, 1), "date_end": date(2018, 1, 1)}, {}])
    late = reports([{**syria, "source_file": "b.csv", "native_id": "x"}])
    panel = grid_panel(cell_months([early, late], "ged_sb"))
    assert set(panel.territories) == {CAR, "Syria"}
    known = {
        name: panel.deaths[[t == name for t in panel.territories]] for name in panel.territories
    }
    assert not np.isnan(known["Central African Republic"]).any()
    assert np.isnan(known["Syria"][:, :-1]).all()
    assert not np.isnan(known["Syria"][:, -1]).any()
    assert set(cells_of(652)) <= set(panel.gwnos)


def test_no_such_target() -> None:
    with pytest.raises(UsageError, match="ged_total"):
        cell_months([reports([{}])], "drones")


def test_deaths_after_a_files_end_are_not_heaped_on_its_last_month() -> None:
    rows = [
        {"date_start": date(2023, 1, 1), "date_end": date(2024, 12, 31), "deaths_best": 100},
        {"date_start": date(2023, 12, 30), "date_end": date(2023, 12, 30), "deaths_best": 1},
    ]
    found = cell_months([reports(rows)], "ged_sb").deaths
    by_month = dict(found.group_by("month").agg(pl.col("deaths").sum()).iter_rows())
    assert max(by_month) == date(2023, 12, 1)
    assert by_month[date(2023, 12, 1)] <= 6
    assert sum(by_month.values()) == pytest.approx(51, abs=1)
    assert cell_months([reports(rows)], "ged_sb").later == 101 - sum(by_month.values())


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_releases_the_newer_counts_in_any_order(turned: bool) -> None:
    old = {"source": "UCDP GED Candidate 20.0.1", "source_file": "c.csv"}
    first = reports([old | {"deaths_best": 4}, old | {"deaths_best": 9}])
    final = reports([{"deaths_best": 5, "source": "UCDP GED 21.1"}])
    parts = [final, first] if turned else [first, final]
    # Event 1 is not in the final release, which covers its month: it was withdrawn.
    assert cell_months(parts, "ged_sb").deaths["deaths"].sum() == 5


def test_two_producers_of_the_same_events_are_not_added() -> None:
    acled = reports([{"source": "ACLED", "native_id": "CAF1", "source_file": "b.csv"}])
    with pytest.raises(UsageError, match="ACLED and UCDP GED"):
        cell_months([reports([{}]), acled], "ged_sb")
    later = acled.with_columns(
        pl.lit(date(2021, 5, 1)).alias("date_start"), pl.lit(date(2021, 5, 1)).alias("date_end")
    )
    assert cell_months([reports([{}]), later], "ged_sb").deaths["deaths"].sum() == 2


def test_a_workspace_gives_each_of_its_incidents_once() -> None:
    days = [date(2024, 3, 5), date(2024, 5, 6), date(2024, 4, 1)]
    incidents = pl.DataFrame(
        {
            "incident_id": ["i-1", "i-2", "i-3"], "gwno": [432, 432, 652],
            "territory": ["Mali", "Mali", "Syria"], "date_start": days, "date_end": days,
            "event_type": ["state-based", "one-sided", "state-based"], "place_prec": [1, 1, 6],
            "latitude": [16.27, 16.27, None], "longitude": [-0.04, -0.04, None],
            "deaths_best": [7, 2, None],
        },
    )  # fmt: skip
    found = cell_months([as_reports(incidents)], "ged_total")
    assert found.deaths["deaths"].to_list() == [7, 2]
    # Each territory is covered by its own incidents only.
    spans = {row[0]: row[1:] for row in found.spans.select("gwno", "first", "last").iter_rows()}
    assert spans[432] == (date(2024, 3, 1), date(2024, 5, 1))
    assert spans[652] == (date(2024, 4, 1), date(2024, 4, 1))
