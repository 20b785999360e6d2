"""What changed since the last forecast was issued here: told from the ledger, which keeps both."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from tocsin.schema.settings import Settings
from tocsin.schema.tables.anticipated.forecast import SERIOUS
from tocsin.share.facts.risk import MONTHS_AHEAD
from tocsin.share.facts.words import Facts, Tables

FACTOR = 1.25
"""A forecast that moved by less is called the same."""
LISTED = 3


def changes(tables: Tables, settings: Settings) -> Facts:
    """Compare the expected deaths of the next three months with those of the forecast before.

    Args:
        tables: all tables of the workspace, by name; both forecasts are in `forecast_ledger`.
        settings: the settings, of which the region and the target are used.

    Returns:
        `since`, the last month that the earlier forecast knew (None: there is none), and `moved`,
        at most three territories with `before` and `now`, the greatest change first; `others`, how
        many more moved so far. Only those with `least` deaths in one of the two are looked at,
        since a few deaths more or less are soon a quarter. Beside the territories
        stand `recorded_before` and `recorded_now`, the deaths recorded in the three months that
        each of the two forecasts knew last (None: a month is not known).
    """
    ledger = tables.get("forecast_ledger")
    if ledger is None or tables["forecasts"].is_empty():
        return {"since": None, "moved": [], "others": 0, "least": SERIOUS}
    issues = ledger.filter(
        pl.col("target") == settings.target, pl.col("gwno").is_in(settings.region.gwnos)
    )
    now: Any = tables["forecasts"]["origin"].max()
    earlier = issues.filter(pl.col("origin") < now)
    if earlier.is_empty():
        return {"since": None, "moved": [], "others": 0, "least": SERIOUS}
    since: Any = earlier["origin"].max()
    before, latest = _expected_deaths(earlier, since), _expected_deaths(issues, now)
    moved: list[Facts] = [
        {"gwno": gwno, "territory": name, "before": before[gwno][1], "now": value}
        for gwno, (name, value) in latest.items()
        if gwno in before and max(value, before[gwno][1]) >= SERIOUS
    ]
    moved = [row for row in moved if _ratio(row) >= FACTOR]
    moved.sort(key=lambda row: (-_ratio(row), row["gwno"]))
    for row in moved[:LISTED]:
        for name, origin in (("recorded_before", since), ("recorded_now", now)):
            row[name] = _recorded_deaths(tables, settings, row["gwno"], origin)
    others = len(moved[LISTED:])
    return {"since": since, "moved": moved[:LISTED], "others": others, "least": SERIOUS}


def _recorded_deaths(tables: Tables, settings: Settings, gwno: int, origin: date) -> int | None:
    """Deaths recorded in the three months to an origin, as the series has them now."""
    series = tables.get("series")
    if series is None:
        return None
    months = series.filter(
        pl.col("gwno") == gwno,
        pl.col("target") == settings.target,
        pl.col("month").is_between(pl.lit(origin).dt.offset_by(f"-{MONTHS_AHEAD - 1}mo"), origin),
    )
    if months.height != MONTHS_AHEAD or months["deaths"].null_count():
        return None
    return int(months["deaths"].sum())


def _expected_deaths(issued: pl.DataFrame, origin: date) -> dict[int, tuple[str, float]]:
    """Expected deaths of the three months after an origin, by territory; the last issue counts."""
    rows = issued.filter(pl.col("origin") == origin, pl.col("horizon") <= MONTHS_AHEAD)
    last = rows.filter(pl.col("issued_at") == pl.col("issued_at").max())
    by = last.with_columns(pl.col("quantiles").list.mean().alias("mean"))
    found = by.group_by("gwno", "territory").agg(pl.col("mean").sum()).sort("gwno")
    return {gwno: (name, mean) for gwno, name, mean in found.iter_rows()}


def _ratio(row: Facts) -> float:
    one, two = max(float(row["before"]), 1.0), max(float(row["now"]), 1.0)
    return max(one / two, two / one)
