"""A briefing tells what was counted and what is expected, and nothing of what is played."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.errors import StageNotReady
from tocsin.plan.exercise.situation import read_situation, situation_words
from tocsin.schema.days.periods import month_after

FORECASTS = pl.DataFrame(
    [
        {"gwno": gwno, "territory": name, "target": "ged_sb", "month": date(2023, month, 1),
         "p05": 10.0, "p50": 40.0 * month, "p95": 90.0}
        for gwno, name in ((432, "Mali"), (436, "Niger"))
        for month in range(1, 7)
    ]
)  # fmt: skip
SERIES = pl.DataFrame(
    [
        {"gwno": 432, "territory": "Mali", "target": target, "deaths": deaths,
         "month": month_after(date(2021, 12, 1), later)}
        for later in range(20)
        for target, deaths in (("ged_sb", 5 + later), ("ged_total", 1_000))
    ]
)  # fmt: skip
TABLES = {"forecasts": FORECASTS, "series": SERIES, "incident_series": SERIES.clear()}


def test_it_counts_the_year_before_and_the_months_ahead() -> None:
    found = read_situation(TABLES, [432, 436])
    # January to December 2022: the file goes on into the months that are played.
    assert found.rows() == [
        ("Mali", date(2022, 12, 1), sum(range(6, 18)), 17, 10.0, 80.0, 90.0),
        ("Niger", date(2022, 12, 1), None, None, 10.0, 80.0, 90.0),
    ]
    words = situation_words(found, "state-based conflict")
    assert "| Mali | 138 | 17 | 80 | 10 to 90 |" in words
    assert "| Niger | not known | not known | 80 |" in words
    assert "to December 2022" in words
    # A median is no expected number, as briefs use the word.
    assert "xpected" not in words


def test_without_a_forecast_there_is_none() -> None:
    with pytest.raises(StageNotReady):
        read_situation(TABLES, [652])
