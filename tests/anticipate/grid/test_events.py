"""Deaths by cell and month: none lost, none twice, none where it cannot be known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.anticipate.grid.events import TARGETS, cell_months, grid_panel, split
from tocsin.errors import StageNotReady, UsageError
from tocsin.schema.geography.prio_grid import cells_of, gid

CAR = "Central African Republic"


def reports(rows: list[dict[str, object]]) -> pl.DataFrame:
    plain = {
        "source_file": "a.csv", "date_start": date(2020, 1, 10), "date_end": date(2020, 1, 10),
        "latitude": 6.5, "longitude": 20.5, "place_prec": 1, "territory": CAR,
        "gwno": 482, "event_type": "state-based", "deaths_best": 1,
    }  # fmt: skip
    return pl.DataFrame([plain | {"native_id": str(i)} | row for i, row in enumerate(rows)])


@given(st.dates(date(1989, 1, 1), date(2024, 1, 1)), st.integers(0, 1000), st.integers(0, 100_000))
def test_a_long_report_is_split_whole(start: date, days: int, deaths: int) -> None:
    parts = split(start, start + timedelta(days=days), deaths)
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
    assert found.deaths["deaths"].sum() + found.unplaced["deaths"].sum() == total
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
