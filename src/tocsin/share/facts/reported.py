"""What was reported, where a brief has no forecast that would tell of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from tocsin.errors import StageNotReady
from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.settings import Settings
from tocsin.schema.tables.anticipated.forecast import SERIOUS
from tocsin.schema.tables.assessed.incident import COUNTED
from tocsin.share.facts.words import Facts, Tables

YEAR = 12
NEWEST = 3
"""Territories that are named of the events after the last month that a forecast knows."""


def count_reported(tables: Tables, settings: Settings) -> list[Facts]:
    """Count incidents and deaths by territory of the region, the most deaths first.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        A row for each territory with an incident (totals of others are none): `gwno, territory,
        incidents, deaths` (best estimates; unknown ones count as none), and `first` and `last`, the
        days of the first and the last incident.
    """
    here = tables["incidents"].filter(
        pl.col("gwno").is_in(settings.region.gwnos), pl.col("total_of").is_null()
    )
    by = here.group_by("gwno", "territory").agg(
        pl.len().alias("incidents"),
        pl.col("deaths_best").sum().alias("deaths"),
        pl.col("date_start").min().alias("first"),
        pl.col("date_end").max().alias("last"),
    )
    order = ("deaths", "incidents", "gwno")
    return by.sort(order, descending=[True, True, False]).to_dicts()


def count_doubles(tables: Tables, settings: Settings) -> Facts | None:
    """Estimate how many incidents are counted twice, since a log tells of one event in two rows.

    Pairs of rows that are likely, but not surely, one event are counted apart. Each incident has
    at most its likeliest such pair here, so that three rows of one event are two too many. Pairs
    that lie farther apart are not weighed, so that the numbers are too low: of 27 in a made log 11
    were found (docs/decisions/0212-names-that-only-describe.md).

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        `pairs`, the number of such pairs; `incidents` and `deaths` that are probably counted twice
        (expected numbers; of two counts of the dead the lesser is taken). None where it is less
        than one incident.
    """
    pairs, links = tables.get("retold_pairs"), tables.get("incident_reports")
    if pairs is None or links is None or pairs.is_empty():
        return None
    here = (
        tables["incidents"]
        .filter(pl.col("gwno").is_in(settings.region.gwnos), pl.col("total_of").is_null())
        .join(links.select("report_id", "incident_id"), on="incident_id")
    )
    found = pairs.filter(pl.col("verdict") == "open")
    for side in "ab":
        of = here.select(
            pl.col("report_id").alias(f"report_{side}"),
            pl.col("incident_id").alias(side),
            pl.col("deaths_best").fill_null(0).alias(f"deaths_{side}"),
        )
        found = found.join(of, on=f"report_{side}")
    apart = found.filter(pl.col("a") != pl.col("b")).select(
        "probability",
        pl.min_horizontal("a", "b").alias("one"),
        pl.max_horizontal("a", "b").alias("other"),
        pl.min_horizontal("deaths_a", "deaths_b").alias("deaths"),
    )
    once = apart.sort("probability", "one", "other", descending=[True, False, False]).unique(
        "other", keep="first", maintain_order=True
    )
    expected = float(once["probability"].sum())
    if expected < 1:
        return None
    deaths = float((once["probability"] * once["deaths"]).sum())
    return {"pairs": apart.height, "incidents": round(expected), "deaths": round(deaths)}


def recent(tables: Tables, settings: Settings, origin: date) -> Facts | None:
    """Count the incidents of all kinds, and their deaths, in the three months to the last known.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.
        origin: the first day of the last month that is known.

    Returns:
        `incidents` and `deaths` (best estimates; unknown ones count as none), and `places`, the
        `gwno` and `territory` of those of which incidents of any time were read; None where no
        incident of the region begins in these months.
    """
    last = origin.year * 12 + origin.month
    month = pl.col("date_start").dt.year().cast(pl.Int32) * 12 + pl.col("date_start").dt.month()
    read = tables["incidents"].filter(
        pl.col("gwno").is_in(settings.region.gwnos), pl.col("total_of").is_null()
    )
    here = read.filter(month.is_between(last - 2, last))
    if here.is_empty():
        return None
    places = read.select("gwno", "territory").unique().sort("territory", "gwno").to_dicts()
    deaths = int(here["deaths_best"].sum() or 0)
    return {"incidents": here.height, "deaths": deaths, "places": places}


def later(tables: Tables, settings: Settings, origin: date) -> Facts | None:
    """Count the incidents that began after the last month that a forecast knows.

    A log is often newer than the counts by month that are forecast. Who reads of three months of
    years ago has to be told that newer events were read, and that no forecast knows them.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.
        origin: the first day of the last month that is known to the forecast.

    Returns:
        `incidents` and `deaths` (best estimates; unknown ones count as none); `last`, the day on
        which the last of them began; and `places`, rows of `gwno, territory, deaths` of the
        territories with the most deaths. None where there is no such incident, or no forecast.
    """
    if tables["forecasts"].is_empty():
        return None
    month = pl.col("date_start").dt.truncate("1mo")
    here = tables["incidents"].filter(
        pl.col("gwno").is_in(settings.region.gwnos), pl.col("total_of").is_null(), month > origin
    )
    if here.is_empty():
        return None
    by = here.group_by("gwno", "territory").agg(pl.col("deaths_best").sum().alias("deaths"))
    most = by.filter(pl.col("deaths") > 0).sort("deaths", "gwno", descending=[True, False])
    return {
        "incidents": here.height,
        "deaths": int(here["deaths_best"].sum() or 0),
        "last": here["date_start"].max(),
        "places": most.head(NEWEST).to_dicts(),
    }


def behind(tables: Tables, settings: Settings, origin: date) -> list[Facts]:
    """List the territories of the region whose counts end before the last month that is known.

    A file may be newer for some territories than for others. What is said of the last months of
    such a territory is then of other months than those before the forecast.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region and the target are used.
        origin: the first day of the last month that is known of any territory.

    Returns:
        Rows of `gwno`, `territory` and `last`, the first day of its last month, the earliest first.
    """
    series = tables.get("series")
    if series is None or tables["forecasts"].is_empty():
        return []
    here = series.filter(
        pl.col("gwno").is_in(settings.region.gwnos),
        pl.col("target") == settings.target,
        pl.col("deaths").is_not_null(),
    )
    by = here.group_by("gwno").agg(pl.col("territory").last(), pl.col("month").max().alias("last"))
    return by.filter(pl.col("last") < origin).sort("last", "gwno").to_dicts()


PARTS = ("ged_sb", "ged_ns", "ged_os")
"""Series of which `WHOLE` is the sum."""
WHOLE = "ged_total"
PLACES = 4
"""So many territories are named of all organised violence, and all with `SERIOUS` deaths."""


def all_violence(tables: Tables, target: str, origin: date) -> dict[int, int]:
    """Add up the deaths of all organised violence where what is forecast is a part of it.

    Args:
        tables: all tables of the workspace, by name.
        target: the series that is forecast.
        origin: the first day of the last month that is known.

    Returns:
        By Gleditsch-Ward number, the deaths in the three months to the last known. A territory is
        left out where they are not told to that month, or are fewer than those of the part, which
        another producer counted.
    """
    if target not in PARTS:
        return {}
    first = origin.year * 12 + origin.month - 2
    month = pl.col("month").dt.year().cast(pl.Int32) * 12 + pl.col("month").dt.month()
    here = tables["series"].filter(month.is_between(first, first + 2))
    by = here.group_by("gwno").agg(
        pl.col("deaths").filter(pl.col("target") == WHOLE).sum().alias("whole"),
        pl.col("deaths").filter(pl.col("target") == target).sum().alias("part"),
        ((pl.col("target") == WHOLE) & (pl.col("month") == origin)).any().alias("told"),
    )
    known = by.filter("told", pl.col("whole") >= pl.col("part"))
    return {gwno: int(deaths) for gwno, deaths in known.select("gwno", "whole").iter_rows()}


def wider(tables: Tables, settings: Settings, origin: date) -> Facts | None:
    """Add up the deaths of all organised violence in the region, where no single events tell it.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region and the target are used.
        origin: the first day of the last month that is known.

    Returns:
        `deaths` in the three months to the last known; `places`, rows of `gwno, territory, deaths`
        of the territories with the most; and the deaths `elsewhere`. None where it is not known
        (`all_violence`), where it tells of no death more than the part, or where single events tell
        of all kinds of violence.
    """
    if recent(tables, settings, origin):
        return None
    every = all_violence(tables, settings.target, origin)
    here = {gwno: deaths for gwno, deaths in every.items() if gwno in settings.region.gwnos}
    first = origin.year * 12 + origin.month - 2
    month = pl.col("month").dt.year().cast(pl.Int32) * 12 + pl.col("month").dt.month()
    now = tables["series"].filter(
        pl.col("gwno").is_in(settings.region.gwnos), month.is_between(first, first + 2)
    )
    deaths = sum(here.values())
    if deaths <= int(now.filter(target=settings.target)["deaths"].sum()):
        return None
    called = dict(now.select("gwno", "territory").iter_rows())
    rows = [
        {"gwno": gwno, "territory": called[gwno], "deaths": count}
        for gwno, count in sorted(here.items(), key=lambda one: (-one[1], one[0]))
        if count
    ]
    named = rows[: max(PLACES, sum(row["deaths"] >= SERIOUS for row in rows))]
    return {
        "deaths": deaths,
        "places": named,
        "elsewhere": deaths - sum(row["deaths"] for row in named),
    }


def totals(tables: Tables, settings: Settings) -> Facts | None:
    """Count the reports that only sum up others, whose deaths are in no sum.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        The number of such `reports`, and of the `events` that they sum up; None without one.
    """
    here = tables["incidents"].filter(
        pl.col("gwno").is_in(settings.region.gwnos), pl.col("total_of").is_not_null()
    )
    if here.is_empty():
        return None
    return {"reports": here.height, "events": int(here["total_of"].sum())}


def recorded_deaths(tables: Tables, settings: Settings) -> list[Facts]:
    """Add up the deaths of the target in the latest year of the series, by territory.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region and the target are used.

    Returns:
        A row for each territory, the most deaths first: `gwno, territory, deaths`. The latest year
        is the last twelve months of the series. The list is empty if the series has no month of the
        region.
    """
    of_target = tables["series"].filter(
        pl.col("target") == settings.target, pl.col("gwno").is_in(settings.region.gwnos)
    )
    if of_target.is_empty():
        return []
    newest = of_target["month"].unique().sort().tail(YEAR)
    by = of_target.filter(pl.col("month").is_in(newest.implode())).group_by("gwno", "territory")
    found = by.agg(pl.col("deaths").sum()).sort("deaths", "gwno", descending=[True, False])
    return found.to_dicts()


def is_counted(tables: Tables, settings: Settings) -> bool:
    """Tell whether the target's series is counted from incidents, because no file holds it.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the target is used.
    """
    of_target = tables["series"].filter(pl.col("target") == settings.target)
    return bool((of_target["source"] == COUNTED).any())


def unseen_territories(tables: Tables, settings: Settings) -> list[str]:
    """Name the territories of the region of which nothing was read.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region is used.

    Returns:
        Names of territories, in the order of the region; empty if something was read of each.

    Raises:
        StageNotReady: nothing was read of any territory of the region.
    """
    seen: set[int] = set()
    for name in ("series", "incidents", "forecasts"):
        seen |= set(tables[name]["gwno"].to_list())
    region = settings.region
    silent = [number for number in region.gwnos if number not in seen]
    if len(silent) == len(region.gwnos):
        others = ", ".join(by_gwno(number).name for number in sorted(seen)[:3])
        raise StageNotReady(
            f"Nothing that was read and assessed speaks of the region '{region.name}'"
            f"{f'; it speaks of {others}' if others else ''}.",
            remedy="Observe files of the region, run `tocsin assess` if they hold events, or "
            "choose the region: `tocsin init NEW --region LIST`, or [region] in tocsin.toml.",
        )
    return [by_gwno(number).name for number in silent]


def last_known(tables: Tables) -> date:
    """Find the first day of the last month of which anything was read.

    Args:
        tables: all tables of the workspace, by name; `series` or `incidents` has a row.
    """
    ends: list[Any] = [tables["series"]["month"].max(), tables["incidents"]["date_end"].max()]
    last: date = max(end for end in ends if end is not None)
    return last.replace(day=1)
