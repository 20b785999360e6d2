"""Event files as records that can be compared: days, points, names joined, counts.

The rows that cannot be placed in time are kept, unlinked, and told with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tocsin.assess.linkage.names.places import locate
from tocsin.assess.linkage.records import dates
from tocsin.assess.linkage.records.columns import FileMapping, recognise
from tocsin.assess.linkage.records.counts import death_counts
from tocsin.errors import SourceRefused

TEXTS = ("place", "adm1", "adm2", "country", "actor_a", "actor_b", "type")


@dataclass
class Sheet:
    """One source's rows, its columns by role, and what was odd in it."""

    source: str
    rows: pl.DataFrame
    roles: dict[str, str]
    extra: tuple[str, ...] = ()
    trouble: list[dict[str, object]] = field(default_factory=list)


def sheet(source: str, rows: pl.DataFrame, mapping: FileMapping | None = None) -> Sheet:
    """Recognise a file's columns.

    Raises:
        SourceRefused: no column can be the id, the date or the place.
    """
    mapping = mapping or FileMapping()
    given = {**mapping.roles.get("all", {}), **mapping.roles.get(source, {})}
    extra = [c for key in ("all", source) for c in mapping.extra.get(key, ()) if c in rows.columns]
    header = [name for name in rows.columns if name not in extra]
    roles = recognise(header, given, where=source)
    _guess(rows, roles)
    missing = [
        text
        for text, names in (
            ("an id", ("id",)),
            ("a date", ("date", "date_start", "year")),
            ("a place", ("lat", "place", "adm1", "adm2", "country")),
        )
        if not any(name in roles for name in names)
    ]
    if missing:
        raise SourceRefused(
            f"No column was recognised as {' or as '.join(missing)}.",
            where=source,
            remedy="Name the columns in a file and give it with --mapping "
            f"(docs/methods/linkage.md). The columns are: {', '.join(rows.columns)}.",
        )
    return Sheet(source, rows, roles, tuple(dict.fromkeys(extra)))


def _guess(rows: pl.DataFrame, roles: dict[str, str]) -> None:
    """Where no name told: the first column of distinct values is the id, of days the date."""
    free = [name for name in rows.columns if name not in roles.values()]
    some = rows.head(2000)
    if not any(role in roles for role in ("date", "date_start", "year")):
        for name in free:
            values = some[name].drop_nulls().to_list()
            if values and sum(dates.span(v) is not None for v in values) > 0.8 * len(values):
                roles["date"] = name
                free.remove(name)
                break
    if "id" not in roles:
        for name in free:
            if rows.height and rows[name].n_unique() == rows.height:
                roles["id"] = name
                break


def records(sheets: Sequence[Sheet]) -> pl.DataFrame:
    """All rows of all sources, ready to be compared.

    Returns:
        `row` (0, 1, … in an order that does not depend on the order of files or rows),
        `source` (name), `id`, `file_row`, `usable`, `day0`, `day1`, `lat`, `lon`, `coarse`,
        `place_id`, `adm_id`, `low`, `best`, `high`, and texts `actor_a`, `actor_b`, `type`,
        and one column an extra.
    """
    extras = sorted({name for one in sheets for name in one.extra})
    parts = [_texts(one, extras) for one in sheets]
    frame = pl.concat(parts, how="vertical")
    content = [name for name in frame.columns if name not in ("source", "id", "file_row")]
    frame = frame.sort(["source", "id", *content], nulls_last=True, maintain_order=True)
    return locate(frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64)))


def _texts(one: Sheet, extras: Sequence[str]) -> pl.DataFrame:
    rows, roles = one.rows, one.roles
    days = _days(one)

    def text(role: str) -> pl.Series:
        if role in roles:
            return rows[roles[role]].str.strip_chars().alias(role)
        return pl.Series(role, [None] * rows.height, dtype=pl.String)

    lat, lon = _degrees(rows, roles, "lat", 90), _degrees(rows, roles, "lon", 180)
    # A point in the Gulf of Guinea is how some files write "unknown".
    known = lat.is_not_null() & lon.is_not_null() & ~((lat == 0) & (lon == 0))
    frame = pl.DataFrame(
        {
            "source": pl.Series([one.source] * rows.height, dtype=pl.String),
            "id": rows[roles["id"]],
            "file_row": pl.Series(np.arange(1, rows.height + 1)),
            "day0": days[0],
            "day1": days[1],
            "lat": lat,
            "lon": lon,
            "known": known,
            **{role: text(role) for role in TEXTS},
            "place_prec": _number(rows, roles, "place_prec"),
            **death_counts(rows, roles),
        }
    ).with_columns(
        pl.when("known").then("lat").alias("lat"), pl.when("known").then("lon").alias("lon")
    )
    for name in extras:
        values = rows[name].str.strip_chars() if name in one.extra else pl.lit(None, pl.String)
        frame = frame.with_columns(pl.lit(values).alias(f"extra_{name}"))
    _note(one, frame)
    somewhere = pl.any_horizontal("known", *[pl.col(n).is_not_null() for n in TEXTS[:4]])
    return frame.with_columns(
        (pl.col("day0").is_not_null() & pl.col("id").is_not_null() & somewhere).alias("usable"),
        pl.col("id").fill_null(""),
    ).drop("known")


def _note(one: Sheet, frame: pl.DataFrame) -> None:
    """Write down the rows that will stay unlinked, and why."""
    raw_dates = [one.roles[r] for r in ("date", "date_start", "date_end") if r in one.roles]
    for rule, column, bad in (
        ("no id", one.roles["id"], pl.col("id").is_null()),
        ("unreadable date", ", ".join(raw_dates) or "year", pl.col("day0").is_null()),
        (
            "no place",
            "",
            ~pl.any_horizontal("known", *[pl.col(n).is_not_null() for n in TEXTS[:4]]),
        ),
    ):
        hit = frame.filter(bad)
        for number, identifier in hit.select("file_row", "id").iter_rows():
            value = (
                [one.rows[name][number - 1] for name in raw_dates]
                if rule == "unreadable date"
                else None
            )
            one.trouble.append(
                {
                    "source": one.source, "row": number, "id": identifier, "rule": rule,
                    "column": column, "value": value,
                }
            )  # fmt: skip


def _days(one: Sheet) -> tuple[pl.Series, pl.Series]:
    rows, roles = one.rows, one.roles
    empty = pl.Series([None] * rows.height, dtype=pl.Int32)
    first, last = empty, empty
    if "date_start" in roles or "date" in roles:
        first, last = _spans(rows[roles.get("date_start") or roles["date"]])
        if "date_start" in roles and "date" in roles:
            other = _spans(rows[roles["date"]])
            first, last = first.fill_null(other[0]), last.fill_null(other[1])
        if "date_end" in roles:
            ends = _spans(rows[roles["date_end"]])
            first = first.fill_null(ends[0])
            # An end before its start is a slip of the pen: the start is believed.
            later = ends[1].is_not_null() & (ends[1] >= first).fill_null(False)
            last = ends[1].zip_with(later, last.fill_null(ends[1]))
    elif "year" in roles:
        parts = [
            _number(rows, roles, role).fill_null(0).to_list() for role in ("year", "month", "day")
        ]
        spans = [dates.one_day(int(y), int(m), int(d)) for y, m, d in zip(*parts, strict=True)]
        first = pl.Series([s and s[0] for s in spans], dtype=pl.Int32)
        last = pl.Series([s and s[1] for s in spans], dtype=pl.Int32)
    return _widened(one, first, last)


def _spans(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    texts = column.drop_nulls().unique().to_list()
    dmy = dates.day_first(sorted(texts))
    spans = {text: dates.span(text, dmy=dmy) for text in texts}
    lows = {text: found and found[0] for text, found in spans.items()}
    highs = {text: found and found[1] for text, found in spans.items()}

    def mapped(values: Mapping[str, int | None]) -> pl.Series:
        return pl.Series(
            [None if t is None else values[t] for t in column.to_list()], dtype=pl.Int32
        )

    return mapped(lows), mapped(highs)


WIDTHS = {1: 0, 2: 3, 3: 7, 4: 31, 5: 366}
"""Days around a date of UCDP's precision codes 1 to 5, where a file gives only one day."""
WORDS = {"day": 1, "exact": 1, "week": 3, "month": 4, "year": 5, "d": 1, "w": 3, "m": 4, "y": 5}


def _widened(one: Sheet, first: pl.Series, last: pl.Series) -> tuple[pl.Series, pl.Series]:
    """One day of poor precision is a range of days."""
    if "date_prec" not in one.roles:
        return first, last
    raw = one.rows[one.roles["date_prec"]].str.strip_chars().str.to_lowercase()
    number = raw.cast(pl.Float64, strict=False).cast(pl.Int32, strict=False)
    word = raw.replace_strict(WORDS, default=None, return_dtype=pl.Int32)
    code = number.fill_null(word).to_numpy().astype(float)
    # ACLED's three codes are day, week and month.
    greatest = np.nanmax(code) if np.isfinite(code).any() else 1
    widths = {1: 0, 2: 7, 3: 31} if greatest <= 3 else WIDTHS
    frame = pl.DataFrame({"first": first, "last": last, "code": pl.Series(code)})
    frame = frame.with_columns(
        pl.col("code").replace_strict(widths, default=0, return_dtype=pl.Int32).alias("width")
    )
    single = (pl.col("first") == pl.col("last")) & (pl.col("width") > 0)
    year, month = dates_of(pl.col("first"))
    start = (
        pl.when(pl.col("width") > 100)
        .then(year)
        .when(pl.col("width") == 31)
        .then(month)
        .otherwise(pl.col("first") - pl.col("width") // 2)
    )
    frame = frame.with_columns(
        pl.when(single).then(start).otherwise("first").cast(pl.Int32).alias("first"),
        pl.when(single)
        .then(pl.when(pl.col("width") >= 31).then(start + pl.col("width") - 1))
        .otherwise("last")
        .fill_null(pl.col("first") + pl.col("width") // 2)
        .cast(pl.Int32)
        .alias("last"),
    )
    return frame["first"], frame["last"]


def dates_of(day: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """First day of the year and of the month of a day."""
    as_date = day.cast(pl.Int32).cast(pl.Date)
    return (
        as_date.dt.truncate("1y").cast(pl.Int32),
        as_date.dt.truncate("1mo").cast(pl.Int32),
    )


def _number(rows: pl.DataFrame, roles: Mapping[str, str], role: str) -> pl.Series:
    if role not in roles:
        return pl.Series(role, [None] * rows.height, dtype=pl.Float64)
    text = rows[roles[role]].str.strip_chars().str.replace(",", ".", literal=True)
    return text.cast(pl.Float64, strict=False).alias(role)


def _degrees(rows: pl.DataFrame, roles: Mapping[str, str], role: str, limit: float) -> pl.Series:
    degrees = _number(rows, roles, role)
    fine = degrees.is_finite().fill_null(False) & (degrees.abs() <= limit).fill_null(False)
    return degrees.zip_with(fine, pl.Series([None] * rows.height, dtype=pl.Float64)).alias(role)
