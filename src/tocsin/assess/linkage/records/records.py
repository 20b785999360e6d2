"""Event files as records that can be compared: days, points, names joined, counts.

The rows that cannot be placed in time are kept, unlinked, and told with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.linkage.names.places import locate
from tocsin.assess.linkage.records import dates
from tocsin.assess.linkage.records.columns import recognise
from tocsin.assess.linkage.records.counts import death_counts
from tocsin.assess.linkage.records.points import LIMITS, are_turned, column_of_pairs, read_degrees
from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused
from tocsin.schema.frame import as_frame
from tocsin.schema.mapping import Constants, MappingFile
from tocsin.schema.vocabulary.calendars import other_calendar
from tocsin.schema.vocabulary.placeholder import is_placeholder

TEXTS = ("place", "adm1", "adm2", "country", "actor_a", "actor_b", "category")


@dataclass
class Sheet:
    """The rows of one source, its columns by field, and what was odd in it."""

    source: str
    rows: pl.DataFrame
    roles: dict[str, str]
    mapping: MappingFile = field(default_factory=MappingFile)
    extra: tuple[str, ...] = ()
    trouble: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was found of the table as a whole, in sentences; `records` adds to it."""

    def says(self, field: str) -> bool:
        """Tell whether a column or a constant gives a field."""
        return field in self.roles or self._constant(field)

    def text(self, field: str) -> pl.Series:
        """Return what the n rows say of a field, as texts.

        Args:
            field: the field.

        Returns:
            n texts without outer spaces, null where nothing is said.
        """
        if field in self.roles:
            column = self.rows[self.roles[field]].str.strip_chars().alias(field)
        else:
            column = pl.Series(field, [None] * self.rows.height, dtype=pl.String)
        # A mapping for observe may name the type of violence where it names no other category.
        named = self.mapping.columns
        only_type = "category" not in named and "event_type" in named
        meant = "event_type" if field == "category" and only_type else field
        if meant not in self.mapping.values and not self._constant(field):
            return column
        known = column.fill_null("")
        meanings = {
            text: ((text or meant == field) and self.mapping.meaning(meant, text)) or None
            for text in known.unique().to_list()
        }
        return known.replace_strict(meanings, return_dtype=pl.String)

    def _constant(self, field: str) -> bool:
        return field in Constants.model_fields and bool(getattr(self.mapping.constants, field))

    def form(self, field: str) -> str | None:
        """Return the form of days that somebody declared for a field; None where nobody did."""
        forms = self.mapping.forms
        declared = forms.date if "date" in forms.model_fields_set else None
        return (forms.date_end or declared) if field == "date_end" else declared


def sheet(source: str, rows: pl.DataFrame, mapping: MappingFile | None = None) -> Sheet:
    """Recognise the columns of a table.

    Args:
        source: what the table is called; its own section of the mapping holds.
        rows: a table, as `tocsin.observe.read_table` reads it; other types become texts.
        mapping: which columns are what, where their names do not tell.

    Returns:
        The table with its columns by field; rows that are odd are told in `trouble`.

    Raises:
        UsageError: this is no table, or it lacks a column that the mapping names.
        SourceRefused: no column can be the id, the date or the place.
    """
    mapping = (mapping or MappingFile()).of(source)
    rows = _as_texts(as_frame(rows, name=source), source)
    given = dict(mapping.columns)
    if "category" not in given and "event_type" in given:
        given["category"] = given["event_type"]
    extra = [name for name in mapping.link.extra if name in rows.columns]
    header = [name for name in rows.columns if name not in extra]
    roles = recognise(header, given, where=source)
    _guess(rows, roles)
    found = Sheet(source, rows, roles, mapping, tuple(dict.fromkeys(extra)))
    missing = [
        text
        for text, names in (
            ("an id", ("id",)),
            ("a date", ("date", "date_start", "year")),
            ("a place", ("latitude", "place", "adm1", "adm2", "country")),
        )
        if not any(found.says(name) for name in names)
    ]
    if missing:
        raise SourceRefused(
            f"No column was recognised as {' or as '.join(missing)}.",
            where=source,
            remedy="Name the columns in a mapping file (docs/sources/mapping.md), for the command "
            f"line --mapping. The columns are: {', '.join(rows.columns)}.",
        )
    return found


def _as_texts(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Every column as texts; an empty one is null. What is nested is left out."""
    kept = [name for name, kind in frame.schema.items() if not kind.is_nested()]
    try:
        texts = frame.select(
            pl.col(name).dt.date().cast(pl.String)
            if isinstance(frame[name].dtype, pl.Datetime)
            else pl.col(name).cast(pl.String)
            for name in kept
        )
    except pl.exceptions.PolarsError as error:
        raise SourceRefused(f"A column is no text: {error}.", where=source) from error
    return texts.select(
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name)
        for name in kept
    )


def _guess(rows: pl.DataFrame, roles: dict[str, str]) -> None:
    """Where no name told: the first column of distinct values is the id, of days the date."""
    free = [name for name in rows.columns if name not in roles.values()]
    if "latitude" not in roles or "longitude" not in roles:
        among = [name for name in rows.columns if name in free or name == roles.get("latitude")]
        if (pairs := column_of_pairs(rows, among)) is not None:
            roles |= {"latitude": pairs, "longitude": pairs}
            free = [name for name in free if name != pairs]
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
    """Turn the rows of all sources into records that can be compared.

    Args:
        sheets: the sources, from `sheet`.

    Returns:
        Columns `row` (0, 1, … in an order that does not depend on the order of files or rows),
        `source` (name), `id`, `file_row`, `usable`, `day0`, `day1` (days since 1970), `lat`, `lon`
        (degrees), `coarse`, `place_id`, `adm_id`, `low`, `best`, `high` (deaths), and texts
        `actor_a`, `actor_b`, `type`, and one column an extra.
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
    lat, lon = _points(one)
    # A point in the Gulf of Guinea is how some files write "unknown".
    known = lat.is_not_null() & lon.is_not_null() & ~((lat == 0) & (lon == 0))
    _note_points(one, lat, lon)
    frame = (
        pl.DataFrame(
            {
                "source": pl.Series([one.source] * rows.height, dtype=pl.String),
                "id": rows[roles["id"]],
                "file_row": pl.Series(np.arange(1, rows.height + 1)),
                "day0": days[0],
                "day1": days[1],
                "lat": lat,
                "lon": lon,
                "known": known,
                **{role: one.text(role) for role in TEXTS},
                "place_prec": _number(one, "place_prec"),
                **death_counts(rows, roles),
            }
        )
        .rename({"category": "type"})
        .with_columns(
            pl.when("known").then("lat").alias("lat"), pl.when("known").then("lon").alias("lon")
        )
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


def _note_points(one: Sheet, lat: pl.Series, lon: pl.Series) -> None:
    """Say of how many rows the point can be none, and is not used."""
    wrong = pl.Series([False] * one.rows.height, dtype=pl.Boolean)
    first: tuple[int, str] | None = None
    for column in (lat, lon):
        told = one.text(column.name)
        bad = column.is_null() & told.is_not_null()
        bad &= ~pl.Series([is_placeholder(text or "") for text in told], dtype=pl.Boolean)
        if first is None and (row := bad.arg_max()) is not None and bad.any():
            first = (row, f"{one.roles.get(column.name, column.name)} '{told[row]}'")
        wrong |= bad
    if first is not None:
        count = quantity(int(wrong.sum()), "row has", "rows have")
        one.notes.append(
            f"{one.source}: {count} a latitude or longitude that can be none, and is placed by "
            f"name only: {first[1]} in row {first[0] + 1}, for example."
        )


def _note_calendar(one: Sheet, days: pl.Series, columns: Sequence[str]) -> None:
    """Say it where unreadable days seem to be told by another calendar, or as numbers."""
    unread = one.rows.filter(days.is_null())
    cells = [cell for name in columns for cell in unread[name].drop_nulls().head(200)]
    if told := other_calendar(cells):
        one.notes.append(f"{one.source}: {told} Write days by the Gregorian calendar.")


def _note(one: Sheet, frame: pl.DataFrame) -> None:
    """Write down the rows that will stay unlinked, and why."""
    raw_dates = [one.roles[r] for r in ("date", "date_start", "date_end") if r in one.roles]
    _note_calendar(one, frame["day0"], raw_dates)
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
        chosen = "date_start" if "date_start" in roles else "date"
        first, last = _spans(rows[roles[chosen]], one.form(chosen))
        if "date_start" in roles and "date" in roles:
            other = _spans(rows[roles["date"]], one.form("date"))
            first, last = first.fill_null(other[0]), last.fill_null(other[1])
        if "date_end" in roles:
            ends = _spans(rows[roles["date_end"]], one.form("date_end"))
            first = first.fill_null(ends[0])
            first, last = dates.in_order(first, last, ends)
    elif "year" in roles:
        parts = [_number(one, role).fill_null(0).to_list() for role in ("year", "month", "day")]
        spans = [dates.one_day(int(y), int(m), int(d)) for y, m, d in zip(*parts, strict=True)]
        first = pl.Series([s and s[0] for s in spans], dtype=pl.Int32)
        last = pl.Series([s and s[1] for s in spans], dtype=pl.Int32)
    return _widen(one, first, last)


def _spans(column: pl.Series, form: str | None) -> tuple[pl.Series, pl.Series]:
    texts = column.drop_nulls().unique().to_list()
    dmy = dates.day_first(sorted(texts))
    if form is None:
        form = dates.counted(texts)
    spans = {text: dates.span(text, dmy=dmy, form=form) for text in texts}
    lows = {text: found and found[0] for text, found in spans.items()}
    highs = {text: found and found[1] for text, found in spans.items()}

    def map_values(values: Mapping[str, int | None]) -> pl.Series:
        return pl.Series(
            [None if t is None else values[t] for t in column.to_list()], dtype=pl.Int32
        )

    return map_values(lows), map_values(highs)


WIDTHS = {1: 0, 2: 3, 3: 7, 4: 31, 5: 366}
"""Days around a date of UCDP's precision codes 1 to 5, where a file gives only one day."""
WORDS = {"day": 1, "exact": 1, "week": 3, "month": 4, "year": 5, "d": 1, "w": 3, "m": 4, "y": 5}


def _widen(one: Sheet, first: pl.Series, last: pl.Series) -> tuple[pl.Series, pl.Series]:
    """One day of poor precision is a range of days."""
    if not one.says("date_prec"):
        return first, last
    raw = one.text("date_prec").str.to_lowercase()
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
    """Write expressions for the first day of the year and of the month of a day."""
    as_date = day.cast(pl.Int32).cast(pl.Date)
    return (
        as_date.dt.truncate("1y").cast(pl.Int32),
        as_date.dt.truncate("1mo").cast(pl.Int32),
    )


def _number(one: Sheet, field: str) -> pl.Series:
    text = one.text(field).str.replace(",", ".", literal=True)
    return text.cast(pl.Float64, strict=False).alias(field)


def _points(one: Sheet) -> tuple[pl.Series, pl.Series]:
    """The degrees north and east of each row; null where a cell can be none."""
    lat, lon = (
        read_degrees(one.text(field), field, one.roles.get(field, field)) for field in LIMITS
    )
    if are_turned(lat, lon):
        one.notes.append(
            f"{one.source}: '{one.roles['latitude']}' holds degrees that only longitudes have: "
            "latitude and longitude stand the wrong way round, and are compared turned."
        )
        one.roles |= {"latitude": one.roles["longitude"], "longitude": one.roles["latitude"]}
        lat, lon = lon.alias("latitude"), lat.alias("longitude")
    found = [
        pl.select(pl.when(column.abs() <= limit).then(column)).to_series().alias(field)
        for column, (field, limit) in zip((lat, lon), LIMITS.items(), strict=True)
    ]
    return found[0], found[1]
