"""Warnings that ended since the alerts were told before, and why; from the ledger of alerts."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from tocsin.schema.settings import Settings
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS, UNPROVEN
from tocsin.share.facts.words import Facts, Tables

RAISED = ALERT_LEVELS[2:]
FELL, CANCELLED, UNKNOWN, EXPIRED = "fell", "cancelled", "unknown", "expired"
"""Why a warning ended: its level fell below advisory; its rule was taken out of the list; nothing
can be said by its rule any more; or the months that it spoke of went by without newer data."""


def ended_warnings(tables: Tables, settings: Settings, made: date) -> list[Facts]:
    """Find the warnings that stood when the alerts were told before, and stand no longer.

    What stood is read from `alert_ledger`, as it was told then, and not worked out again from
    today's data. Alerts that were worked out anew from the same inputs are the same alerts.

    Args:
        tables: all tables of the workspace, by name; `alerts` and `alert_rules` with `run_id`.
        settings: the settings, of which the region is used.
        made: the day on which the brief is made.

    Returns:
        For each such warning its `rule`, `territory`, `gwno`, the level that it `was` at, its
        probability `before` and `now` (None: there is none), the first day after its months as
        `until`, and `why`: 'fell', 'cancelled', 'unknown' or 'expired'. The order is by reason,
        then by rule and territory. Empty where nothing was told before.
    """
    ledger = tables.get("alert_ledger")
    if ledger is None or ledger.is_empty():
        return []
    here = ledger.filter(pl.col("gwno").is_in(settings.region.gwnos))
    issues = ledger["issue"].unique(maintain_order=True).to_list()
    now = _issue(tables, issues)
    earlier = [issue for issue in issues if issue != now]
    found = []
    if earlier:
        rules = set(tables["alert_rules"]["rule"])
        standing = {(row["rule"], row["gwno"]): row for row in tables["alerts"].to_dicts()}
        for row in _warnings_of(here, earlier[-1]):
            after = standing.get((row["rule"], row["gwno"]))
            if after is None or after["level"] not in RAISED:
                found.append(_ended_row(row, after, _why(row["rule"] in rules, after)))
    found += [
        _ended_row(row, row, EXPIRED)
        for row in _warnings_of(here, now)
        # One whose months were over when it was told is of old data, which a brief says elsewhere.
        if date.fromisoformat(row["issued_at"][:10]) < _until(row) <= made
    ]
    order = (FELL, CANCELLED, UNKNOWN, EXPIRED)
    return sorted(found, key=lambda row: (order.index(row["why"]), row["rule"], row["territory"]))


def _issue(tables: Tables, issues: list[str]) -> str | None:
    """The issue that stands now; None: it raised nothing of which the ledger would know."""
    runs = [
        run
        for name in ("alerts", "alert_rules")
        if "run_id" in tables[name].columns
        for run in tables[name]["run_id"].unique().to_list()
    ]
    return next((run for run in runs if run in issues), None)


def _warnings_of(ledger: pl.DataFrame, issue: str | None) -> list[Facts]:
    """What an issue raised; None raised nothing."""
    if issue is None:
        return []
    mine = ledger.filter(pl.col("issue") == issue, pl.col("level").is_in(list(RAISED)))
    return mine.to_dicts()


def _why(declared: bool, after: Facts | None) -> str:
    if not declared:
        return CANCELLED
    return UNKNOWN if after is None or after["level"] == UNPROVEN else FELL


def _ended_row(row: Facts, after: Facts | None, why: str) -> Facts:
    return {
        "rule": row["rule"], "territory": row["territory"], "gwno": row["gwno"],
        "was": row["level"], "before": row["probability"],
        "now": after["probability"] if after else None, "until": _until(row), "why": why,
    }  # fmt: skip


def _until(row: Facts) -> date:
    """The first day after the months of which an alert speaks."""
    origin: Any = row["origin"]
    year, month = divmod(origin.year * 12 + origin.month + row["within"], 12)
    return date(year, month + 1, 1)
