"""Releases and versions: which of several records of one event is the newest.

A producer corrects what it said: in a later release of the whole data set, or in a record that has
a newer time. The record itself says which is newer. The order in which files are read, and the
order of their names as texts, say nothing: 'Candidate 24.0.3' comes after '25.1' in the alphabet,
and '24.0.10' before '24.0.9'.
"""

from __future__ import annotations

import itertools
import math
import re
from datetime import UTC, date, datetime

import polars as pl

from tocsin.schema.vocabulary.producer import producer

UNSTATED = ""
"""The time of a record whose source gives none; it comes before every other."""
_RELEASE = re.compile(r"\s(Candidate )?(\d[\d.]*)")
_EPOCH = re.compile(r"\d{9,10}(?:\.0*)?|\d{12,13}")


def release_rank(source: str) -> str:
    """Make a text by which the releases of one producer sort, the oldest first.

    A final release comes after all candidates of its number and before: 25.1 tells of 2024 what
    the candidates 24.0.1 to 24.0.12 told first. Of candidates, one over several months
    (24.01.24.06) comes after that of its last month (24.0.6), which it corrects.

    Args:
        source: the data set's name with its release.

    Returns:
        A text that is only good for comparing.

    >>> names = ["UCDP GED 25.1", "UCDP GED Candidate 24.01.24.06", "UCDP GED Candidate 24.0.10"]
    >>> sorted(names, key=release_rank) == [names[1], names[2], names[0]]
    True
    """
    found = _RELEASE.search(f" {source}")
    if found is None:
        return ""
    parts = [int(part) for part in found[2].split(".") if part]
    if found[1] is None:
        rank = [parts[0], 1, *parts[1:]]
    elif len(parts) == 4:
        rank = [parts[2], 0, parts[3], 1]
    else:
        rank = [parts[0], 0, *parts[2:]]
    return ".".join(f"{part:05d}" for part in rank)


def stated_time(text: str) -> str:
    """Write a record's own time as a text that sorts as the times do: UTC by ISO 8601.

    Args:
        text: seconds or milliseconds since 1970, or ISO 8601 with or without a zone (then UTC).

    Returns:
        A text such as '2024-03-05T08:30:00.000000Z'; `UNSTATED` where the given text is no time.

    >>> stated_time("2024-03-05T10:30:00+02:00") == stated_time("1709627400")
    True
    >>> stated_time("2024-01-01T00:00:00Z") < stated_time("2024-01-01T00:00:00.500Z")
    True
    """
    found = _moment(text)
    return UNSTATED if found is None else found.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def stated_seconds(text: str) -> float:
    """Return a record's own time in seconds since 1970.

    Args:
        text: a time as `stated_time` takes it.

    Returns:
        Seconds; minus infinity where the text is no time.

    >>> stated_seconds("1970-01-02"), stated_seconds("n/a")
    (86400.0, -inf)
    """
    found = _moment(text)
    return -math.inf if found is None else found.timestamp()


def _moment(text: str) -> datetime | None:
    bare = text.strip()
    try:
        if _EPOCH.fullmatch(bare):
            number = int(bare.partition(".")[0])
            return datetime.fromtimestamp(number / (1000 if number >= 10**11 else 1), UTC)
        found = datetime.fromisoformat(bare)
        zoned = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return zoned if zoned.year >= 1000 else None


def newest_reports(reports: pl.DataFrame) -> pl.DataFrame:
    """Keep each report once, in its newest version; of versions that nothing tells apart, the
    last.

    Args:
        reports: rows with the columns `report_id` and `updated`, and any others.

    Returns:
        The rows that are kept, with all their columns, in the order of the table.
    """
    placed = reports.with_row_index("stands")
    by_time = placed.sort(pl.col("updated").fill_null(UNSTATED), maintain_order=True)
    return by_time.unique("report_id", keep="last").sort("stands").drop("stands")


def without_withdrawn(reports: pl.DataFrame, withdrawals: pl.DataFrame) -> pl.DataFrame:
    """Leave out the reports that their producer has withdrawn; one that was changed later stands.

    Args:
        reports: with the columns `source, native_id, updated`.
        withdrawals: the table of that name.

    Returns:
        The reports that stand, with their columns, in their order.
    """
    gone = withdrawals.select("source", "native_id", "withdrawn").unique(
        ["source", "native_id"], keep="last", maintain_order=True
    )
    joined = reports.join(gone, on=["source", "native_id"], how="left", maintain_order="left")
    later = (pl.col("withdrawn") != "") & (pl.col("updated") > pl.col("withdrawn"))
    kept = pl.col("withdrawn").is_null() | later.fill_null(value=False)
    return joined.filter(kept).drop("withdrawn")


def in_order_of_release(reports: pl.DataFrame) -> pl.DataFrame:
    """Sort reports by release, so that the newest record of each event stands last.

    Args:
        reports: with the columns `source`, `native_id` and `updated` of the table `reports`; of
            records that nothing tells apart, the one that stands last in the table stays last.

    Returns:
        The same rows with two more columns: `producer`, and `rank` as `release_rank` gives it.
    """
    ranks = {name: release_rank(name) for name in reports["source"].unique().to_list()}
    return (
        reports.with_columns(
            producer().alias("producer"),
            pl.col("source").replace_strict(ranks, return_dtype=pl.String).alias("rank"),
        )
        .sort(pl.col("rank"), pl.col("updated").fill_null(UNSTATED), maintain_order=True)
    )  # fmt: skip


def standing_reports(reports: pl.DataFrame) -> pl.DataFrame:
    """Leave out the reports of events that a later release withdrew; older versions of others
    stay.

    An event is withdrawn if a later release of its producer covers its territory and month, and no
    longer has it. A release covers the months from the first to the last that its reports begin
    in, in each of the territories that it has reports of.

    Args:
        reports: with the columns `source, native_id, updated, gwno, date_start`.

    Returns:
        The rows that stand, with the given columns, in the order of the table.
    """
    ranked = in_order_of_release(reports)
    last = ranked.unique(["producer", "native_id"], keep="last", maintain_order=True)
    gone = last.filter(is_withdrawn(last, covered_months(ranked))).select("producer", "native_id")
    if gone.is_empty():
        return reports
    named = reports.with_columns(producer().alias("producer"))
    kept = named.join(gone, on=["producer", "native_id"], how="anti", maintain_order="left")
    return kept.drop("producer")


def newest(reports: pl.DataFrame) -> pl.DataFrame:
    """Keep of each event that stands (`standing_reports`) its newest record.

    Args:
        reports: rows with the columns `source, native_id, updated, gwno, date_start`, and any
            others.

    Returns:
        The rows that are kept, with the given columns, in the order of the table.
    """
    ranked = in_order_of_release(standing_reports(reports).with_row_index("stands"))
    last = ranked.unique(["producer", "native_id"], keep="last", maintain_order=True)
    return last.sort("stands").drop("stands", "producer", "rank")


def covered_months(ranked: pl.DataFrame) -> pl.DataFrame:
    """Tell which territories and months each release covers.

    Args:
        ranked: reports as `in_order_of_release` gives them.

    Returns:
        One row for each release and territory: `producer, gwno, rank`, and the first days of the
        months `first` and `last`.
    """
    month = pl.col("date_start").dt.month_start()
    months = ranked.group_by("producer", "rank", "source").agg(
        month.min().alias("first"), month.max().alias("last")
    )
    named = [release_months(source) for source in months["source"].to_list()]
    within = months.with_columns(
        pl.max_horizontal("first", pl.Series([one[0] for one in named], dtype=pl.Date)),
        pl.min_horizontal("last", pl.Series([one[1] for one in named], dtype=pl.Date)),
    )
    places = ranked.select("source", "gwno").unique()
    return within.join(places, on="source").drop("source")


def release_months(source: str) -> tuple[date, date]:
    """Return the first and the last month of which a release of UCDP GED tells by its number.

    A month's candidates may tell of an event that began in another month, but do not correct what
    was told of that month.

    Args:
        source: the data set's name with its release.

    Returns:
        The first days of the two months. Where the name has no such number the two dates bound
        nothing: `date.min` and 9999-12-01.

    >>> release_months("UCDP GED Candidate 24.0.3") == (date(2024, 3, 1), date(2024, 3, 1))
    True
    >>> release_months("UCDP GED 25.1")[1]
    datetime.date(2024, 12, 1)
    """
    found = _RELEASE.search(f" {source}")
    first, last = date.min, date(9999, 12, 1)
    if found is None or not source.startswith("UCDP GED"):
        return first, last
    parts = [int(part) for part in found[2].split(".") if part]
    if found[1] is None:
        return first, date(1999 + parts[0], 12, 1)
    if len(parts) not in (3, 4):
        return first, last
    begin, end = (parts[:2], parts[2:]) if len(parts) == 4 else (parts[::2], parts[::2])
    if not all(1 <= month <= 12 for _, month in (begin, end)):
        return first, last
    return date(2000 + begin[0], begin[1], 1), date(2000 + end[0], end[1], 1)


def is_withdrawn(ranked: pl.DataFrame, covers: pl.DataFrame) -> pl.Series:
    """Tell which records a later release of their producer covers but no longer has.

    Args:
        ranked: the newest record of each event, n rows, with `producer`, `rank`, `gwno` and
            `date_start`.
        covers: what `covered_months` gives of all reports.

    Returns:
        Booleans of shape (n,), in the order of the rows.
    """
    later = covers.group_by("producer", "gwno").agg(pl.struct("rank", "first", "last").alias("by"))
    told = ranked.select("producer", "gwno", "rank", month=pl.col("date_start").dt.month_start())
    joined = told.join(later, on=["producer", "gwno"], how="left", maintain_order="left")
    found = [
        any(one["rank"] > rank and one["first"] <= month <= one["last"] for one in by or ())
        for rank, month, by in joined.select("rank", "month", "by").iter_rows()
    ]
    return pl.Series(found, dtype=pl.Boolean)


def newest_series(series: pl.DataFrame) -> pl.DataFrame:
    """Keep the newest statement of each count of a territory, month and target.

    Which of two data sets is newer is told by the release or date in its name, where the names are
    otherwise alike; else by the last month that it reaches, since who counts further counted
    later; else by the order in which they were read, the later one being the user's last word.

    Args:
        series: the table `series`, in the order of reading.

    Returns:
        The rows that are kept, with the given columns, in the order of the table.

    >>> import datetime
    >>> month, later = datetime.date(2024, 3, 1), datetime.date(2024, 4, 1)
    >>> rows = pl.DataFrame(
    ...     [("new.csv", month, 7), ("new.csv", later, 1), ("old.csv", month, 3)],
    ...     schema=["source", "month", "deaths"],
    ...     orient="row",
    ... ).with_columns(gwno=pl.lit(432), target=pl.lit("ged_sb"))
    >>> newest_series(rows)["deaths"].to_list()
    [7, 1]
    """
    key = ["gwno", "month", "target"]
    if not series.select(pl.struct(key).is_duplicated().any()).item():
        return series
    found = series.with_row_index("stands")
    reach = found.group_by("source").agg(pl.col("month").max(), pl.col("stands").min()).rows()
    ordered = sorted(reach, key=lambda row: (row[1], row[2]))
    for _ in ordered:  # Names that are alike but for their numbers sort by these.
        for at, (one, two) in enumerate(itertools.pairwise(ordered)):
            if _numbers(one[0]) > _numbers(two[0]) and _stem(one[0]) == _stem(two[0]):
                ordered[at], ordered[at + 1] = two, one
    rank = {source: at for at, (source, *_) in enumerate(ordered)}
    ranked = found.sort(pl.col("source").replace_strict(rank, return_dtype=pl.Int64))
    last = ranked.unique(key, keep="last", maintain_order=True)
    return last.sort("stands").drop("stands")


def _stem(source: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"[\s_.-]+", "", source.casefold()))


def _numbers(source: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", source)]
