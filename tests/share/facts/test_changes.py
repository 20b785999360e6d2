"""What changed is told from what was said before, and from nothing else."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.share.facts.changes import changes

SYRIA, IRAQ = 652, 645


def issued(
    origin: date, means: dict[int, float], at: str = "2026-01-01"
) -> list[dict[str, object]]:
    names = {SYRIA: "Syria", IRAQ: "Iraq"} | {gwno: str(gwno) for gwno in (640, 660, 663, 666)}
    return [
        {
            "issue": f"i-{origin}-{at}", "issued_at": at, "territory": names[gwno], "gwno": gwno,
            "target": "ged_sb", "origin": origin, "month": date(2023, h, 1), "horizon": h,
            "model": "pool", "quantiles": [mean / 3] * 5, "last_12": [0.0], "source": "test",
        }
        for gwno, mean in means.items()
        for h in (1, 2, 3)
    ]  # fmt: skip


def tables(rows: list[dict[str, object]], origin: date) -> dict[str, pl.DataFrame]:
    ledger = pl.DataFrame(rows, schema=empty(TABLES["forecast_ledger"]).schema)
    return {"forecast_ledger": ledger, "forecasts": pl.DataFrame({"origin": [origin]})}


def test_a_first_forecast_has_nothing_before_it() -> None:
    now = date(2022, 12, 1)
    found = changes(tables(issued(now, {SYRIA: 90}), now), Settings())
    assert (found["since"], found["moved"], found["others"]) == (None, [], 0)


def test_what_moved_is_told_with_both_numbers() -> None:
    before, now = date(2022, 11, 1), date(2022, 12, 1)
    rows = issued(before, {SYRIA: 90, IRAQ: 300}) + issued(now, {SYRIA: 180, IRAQ: 310})
    found = changes(tables(rows, now), Settings())
    assert found["since"] == before
    assert [(row["gwno"], row["before"], row["now"]) for row in found["moved"]] == [
        (SYRIA, 90.0, 180.0)
    ]


def test_why_it_moved_is_told_by_what_was_recorded_before_each() -> None:
    before, now = date(2022, 11, 1), date(2022, 12, 1)
    rows = issued(before, {SYRIA: 90, IRAQ: 90}) + issued(now, {SYRIA: 180, IRAQ: 190})
    months = pl.DataFrame({
        "gwno": [SYRIA] * 4 + [IRAQ] * 3, "target": ["ged_sb"] * 7,
        "month": [date(2022, month, 1) for month in (9, 10, 11, 12, 10, 11, 12)],
        "deaths": [1, 2, 4, 8, 5, 5, 5],
    })  # fmt: skip
    found = changes(tables(rows, now) | {"series": months}, Settings())["moved"]
    told = {row["gwno"]: (row["recorded_before"], row["recorded_now"]) for row in found}
    # Of Iraq September is not known, so nothing is said of the months before the first forecast.
    assert told == {SYRIA: (7, 14), IRAQ: (None, 15)}


def test_those_that_are_not_named_are_counted() -> None:
    before, now = date(2022, 11, 1), date(2022, 12, 1)
    moved = (SYRIA, IRAQ, 660, 663, 666)
    rows = issued(before, dict.fromkeys(moved, 90) | {640: 4}) + issued(
        now, dict.fromkeys(moved, 180) | {640: 12}
    )
    found = changes(tables(rows, now), Settings())
    # Where four deaths became twelve too few are expected to be looked at, as the sentence says.
    assert (len(found["moved"]), found["others"], found["least"]) == (3, 2, 25)


def test_a_forecast_made_again_from_the_same_data_is_no_change() -> None:
    now = date(2022, 12, 1)
    rows = issued(now, {SYRIA: 90}) + issued(now, {SYRIA: 900}, at="2026-02-01")
    assert changes(tables(rows, now), Settings())["since"] is None


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_only_a_change_of_a_quarter_where_it_matters_is_told(one: float, two: float) -> None:
    before, now = date(2022, 11, 1), date(2022, 12, 1)
    rows = issued(before, {SYRIA: one}) + issued(now, {SYRIA: two})
    moved = changes(tables(rows, now), Settings())["moved"]
    low, high = sorted((max(one, 1.0), max(two, 1.0)))
    if max(one, two) < 24.9 or high / low < 1.249:
        assert moved == []
    if max(one, two) > 25.1 and high / low > 1.251:
        assert len(moved) == 1
