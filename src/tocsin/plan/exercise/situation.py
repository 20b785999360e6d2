"""What everybody knows when an exercise begins: what was counted, and what is expected.

Nothing here comes from the future that is played: a briefing that knew it would give it away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from tocsin.errors import StageNotReady
from tocsin.schema.days.periods import month_after
from tocsin.schema.tables.assessed.incident import with_counts

YEAR, AHEAD = 12, 3
"""Months that are looked back on, and months of the forecast that are told."""


def read_situation(tables: Mapping[str, pl.DataFrame], gwnos: Sequence[int]) -> pl.DataFrame:
    """Say of each territory how many died in the year before an exercise, and what is expected.

    Args:
        tables: `forecasts`, with `series` and `incident_series` as the workspace holds them.
        gwnos: the Gleditsch-Ward numbers of the region's territories.

    Returns:
        A row a territory, by name: `territory`; `until`, the last month that was counted; `year`,
        deaths in the twelve months to it, and `most`, in the worst of these (null where
        no month was counted); `low`, `middle` and `high`, the 5, 50 and 95 % quantiles of deaths a
        month that were forecast, each the mean over the first three months.

    Raises:
        StageNotReady: no territory of the region has a forecast.
    """
    ahead = tables["forecasts"].filter(pl.col("gwno").is_in(list(gwnos)))
    if ahead.is_empty():
        raise StageNotReady("No forecast.", remedy="Run `tocsin anticipate` first.")
    first = ahead["month"].min()
    assert isinstance(first, date)
    expected = (
        ahead.filter(pl.col("month") < month_after(first, AHEAD))
        .group_by("gwno", "territory", "target")
        .agg(pl.col("p05").mean().alias("low"), pl.col("p50").mean().alias("middle"),
             pl.col("p95").mean().alias("high"))
    )  # fmt: skip
    counted = with_counts(tables["series"], tables["incident_series"])
    before = (
        counted.join(expected.select("gwno", "target"), on=["gwno", "target"], how="semi")
        .filter(pl.col("month") < first, pl.col("month") >= month_after(first, -YEAR))
        .group_by("gwno", "month")
        .agg(pl.col("deaths").sum())
        .group_by("gwno")
        .agg(pl.col("deaths").sum().alias("year"), pl.col("deaths").max().alias("most"))
    )
    found = expected.join(before, on="gwno", how="left").sort("territory")
    until = pl.lit(month_after(first, -1)).alias("until")
    return found.select("territory", until, "year", "most", "low", "middle", "high")


def situation_words(situation: pl.DataFrame, what: str) -> str:
    """Write the situation as a briefing has it.

    Args:
        situation: what `read_situation` gave.
        what: what the deaths are deaths of, such as 'state-based conflict'.

    Returns:
        Markdown: a sentence, and a table with a row a territory.
    """
    until = situation["until"][0]
    lines = [
        "## What is known when play begins",
        "",
        f"Deaths in {what}. Counted: the twelve months to {until:%B %Y}. Forecast: deaths a month",
        "in the three months after, by the forecast that was made before. Half of what it draws",
        "lies below the middle (the mean is higher, since a few draws are very bad), and nine",
        "tenths lie in the range. A month beyond it is out of the ordinary.",
        "",
        "| territory | counted in the year | in its worst month | forecast: middle | range |",
        "|---|---|---|---|---|",
    ]
    for row in situation.iter_rows(named=True):
        year, most = ("not known" if row[one] is None else f"{row[one]:,.0f}"
                      for one in ("year", "most"))  # fmt: skip
        lines.append(
            f"| {row['territory']} | {year} | {most} | {row['middle']:,.0f} | "
            f"{row['low']:,.0f} to {row['high']:,.0f} |"
        )
    return "\n".join(lines) + "\n"
