"""Country-month series: `country, month`, and one or more columns of counts.

A part that is counted under a state (Palestine under Israel, Western Sahara under Morocco) is added
to it: a file that gives both gives two halves of one count, not one count twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.values import (
    Refused,
    in_time,
    is_forecast,
    is_of_events,
    maybe_whole,
    month,
    territory,
    whole,
)
from tocsin.observe.formats.limits import check_held
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.observe.resaved import with_days, with_thousands
from tocsin.observe.sources.periods import Cell, Periods, find_periods, records_of_cells
from tocsin.schema.days import month_number, read_days
from tocsin.schema.days.quarters import quarter_in
from tocsin.schema.geography.style import GROUND
from tocsin.schema.geography.territory import Territory, by_gwno, part_names
from tocsin.schema.mapping.cells import plain_count
from tocsin.schema.mapping.numbers import number_in, states_of
from tocsin.schema.vocabulary.folding import HEADINGS, TEXTS
from tocsin.schema.vocabulary.placeholder import is_total

KEYS = (
    "country", "month", "year", "gwno", "country_id", "gw_codes", "isoab", "iso", "iso3", "region",
    "gwcode", "month_id",
)  # fmt: skip
"""Columns that are no counts, in small letters or in capitals."""
PLACES = ("lat", "lon", "latitude", "longitude", "row", "col")
"""These say where a country's middle or a cell lies, and are no counts either."""
READ = ("country", "month", "year", "gwno", "month_id", "country_id")
"""These say of which country and month the counts of a row are."""
CODES = {"isoab": "country", "iso3": "country", "gwcode": "gwno", "gw_codes": "gwno"}
"""What stands for a country in tables of VIEWS, which count months from January 1980."""
VIEWS = "country_id"
"""VIEWS' own number of a country, beside `month_id`."""
FORECASTS = (
    "These are forecasts, and no counts of what happened.",
    "Observe the events or the counts that they were made from.",
)
MONTHS = "%Y-%m | %B %Y | %B-%Y | %Y/%m | %m/%Y | %Y%m | %YM%m | %B-%y"
"""Ways in which months are written, beside a day within one."""
SAME = "A count of the same territory and month"
"""What a count is whose key came before; the numbers may differ."""
WITHIN = {
    "Palestine": ("Gaza", "West Bank"),
    "Caribbean Netherlands": ("Bonaire", "Sint Eustatius", "Saba"),
    "Akrotiri and Dhekelia": ("Akrotiri", "Dhekelia"),
    "Saint Helena": ("Ascension Island", "Tristan da Cunha"),
}
"""Divisions of a part that files count apart: they are added up, and never beside the whole."""
_DIVISIONS = {TEXTS.fold(name): name for names in WITHIN.values() for name in names} | {
    "gaza strip": "Gaza",
    "the gaza strip": "Gaza",
    "bande de gaza": "Gaza",
    "franja de gaza": "Gaza",
    TEXTS.fold("قطاع غزة"): "Gaza",
    "cisjordanie": "West Bank",
    "cisjordania": "West Bank",
    TEXTS.fold("الضفة الغربية"): "West Bank",
}
_PARTS = re.compile(
    r"adm(?:in)?_?[123]|admin[123] ?p?code|province|district|region_?name|"
    r"pg_?id|priogrid(?:_g?id)?",
    re.IGNORECASE,
)


_NO_SUM = re.compile(
    r"\b(?:idps?|pdi|displaced|deplaces?|desplazad[oa]s?|deslocad[oa]s?|refugees?|refugies?|"
    r"refugiad[oa]s?|population|poblacion|populacao|rates?|taux|tasa|taxa|price|prix|precio|preco|index|"
    r"indice|average|mean|moyenne|promedio|media|share|percent|percentage|pct|median|stock)\b|%"
)
"""Words for what stands at a time, or is a rate: a quarter's is no sum of its months'."""


class CountryMonth:
    """Reader of country-month counts.

    It gives rows of the table `series`.
    """

    kind = "country-month"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns `country` and `month`, and no columns of events; or
        a column for each month, each quarter or each country (`periods`).
        """
        if _has_keys(source):
            return not is_of_events({name.casefold() for name in source.header} - {"fatalities"})
        across = find_periods(source)
        return across is not None and across.monthly and not across.doubt

    def read(self, source: Source) -> Iterator[Batch]:
        """Read one row of `series` a count; a record with one bad count is refused whole.

        Raises:
            SourceRefused: there is no column of counts, or the rows are of parts of countries.
        """
        across = None if _has_keys(source) else find_periods(source)
        if across is not None:
            return _with_parts(_across(source, across))
        parts = [name for name in source.header if _PARTS.fullmatch(name)]
        known = {*KEYS, *PLACES, *(name.casefold() for name in parts)}
        every = [name for name in source.header if name.casefold() not in known]
        targets = [name for name in every if not is_forecast(name)]
        if every and not targets:
            raise SourceRefused(*FORECASTS[:1], where=source.name, remedy=FORECASTS[1])
        if parts:
            raise SourceRefused(
                f"Its rows are of parts of countries ({parts[0]}), and no series of them is kept.",
                where=source.name,
                remedy="Sum the counts by country and month, and observe that.",
            )
        if len(targets) < len(every):
            left = ", ".join(name for name in every if is_forecast(name))
            source.tell(f"Columns of forecasts are no counts of what happened: {left}; not read.")
        if not targets:
            raise SourceRefused(
                "There is no column of counts.",
                where=source.name,
                remedy="Name one, for example ged_sb, beside country and month.",
            )
        name = f"Country-month series ({source.name})"
        return _with_parts(
            parse_records(
                with_days(
                    lambda: with_thousands(
                        lambda: map(_plain, source.records()), targets, source.tell
                    ),
                    ("month",),
                    source.tell,
                    months=True,
                ),
                lambda record: _counts(record, targets, name),
                _keys,
                source=name,
                file=source.name,
                keep=of_columns((*READ, *targets)),
                same=SAME,
            )
        )


def _has_keys(source: Source) -> bool:
    names = {name.casefold() for name in source.header}
    if {"country", "month"} <= names:
        return True
    return "month_id" in names and not names.isdisjoint(("country", "gwno", VIEWS, *CODES))


def _across(source: Source, periods: Periods) -> Iterator[Batch]:
    """The batches of a table whose months or countries stand beside each other."""
    name = f"Country-month series ({source.name})"
    for note in periods.notes:
        source.tell(note)
    yield from parse_records(
        records_of_cells(source, periods),
        lambda record: _of_cell(record, periods, name),
        _keys,
        source=name,
        file=source.name,
        keep=of_columns((*periods.keys, *periods.cells)),
        same=SAME,
    )


def _of_cell(record: Record, periods: Periods, source: str) -> Rows:
    """The row of one cell; none of a total, or of a row that counts nothing."""
    fields = record.fields
    where = periods.month if periods.country is None else periods.country
    if any(one and is_total(fields[one], first=True) for one in (where, periods.month)):
        return {}
    cell = periods.cell(fields)
    first = _month_of(fields, cell, periods)
    country = "country" if periods.country is None else periods.country
    named = fields if cell is None or cell.country is None else {"country": cell.country}
    unit = _unit_in(named, country, first)
    if cell is None or first is None:
        return {}
    told = periods.target(fields)
    if is_forecast(told):
        reason = "It is a forecast, and no count of what happened."
        raise Refused("forecast", reason, column=periods.counted or "", value=told)
    count = maybe_whole({cell.column: plain_count(fields[cell.column])}, cell.column)
    if count is None:
        return {}
    if periods.quarterly and _NO_SUM.search(HEADINGS.fold(told)):
        reason = f"'{told}' is no sum of its months, so a quarter's cannot be divided among them."
        raise Refused("number", reason, column=periods.counted or cell.column, value=told)
    row = {"territory": _name_of(named[country], unit), "gwno": unit.gwno, "target": told}
    months = _thirds(first, count) if periods.quarterly else [(first, count)]
    return {
        "series": [
            row | {"month": month, "deaths": deaths, "source": source} for month, deaths in months
        ]
    }


def _thirds(first: date, count: int) -> list[tuple[date, int]]:
    """A quarter's count, divided evenly among its months: one that is left over is of the middle,

    two are of the first and the last, so that the middle of the count stays in the quarter's.
    """
    share, over = divmod(count, 3)
    more = ((0, 0, 0), (0, 1, 0), (1, 0, 1))[over]
    months = (first.replace(month=first.month + at) for at in range(3))
    return [(month, share + one) for month, one in zip(months, more, strict=True)]


def _month_of(fields: Mapping[str, str], cell: Cell | None, periods: Periods) -> date | None:
    """The first day of a cell's month, which stands above it, or beside it, or both."""
    column = periods.month or (cell.column if cell else "")
    if periods.quarterly:
        return _quarter(fields, cell, periods, column)
    if periods.month is not None:
        return _month({"month": fields[periods.month]})
    if cell is None or cell.first is None:
        return None
    if periods.year is None:
        return in_time(cell.first, cell.column, cell.column)
    return _month({"month": str(cell.first.month), "year": fields[periods.year]})


def _quarter(
    fields: Mapping[str, str], cell: Cell | None, periods: Periods, column: str
) -> date | None:
    """The first day of a cell's quarter, which has to be over."""
    told = fields[periods.month] if periods.month is not None else column
    first = cell and cell.first
    if periods.month is not None:
        named = quarter_in(periods.month, told)
        if named is None or (named[1] is None and periods.year is None):
            raise Refused("date", f"'{told}' is no quarter of a year.", column=column, value=told)
        first = date(named[1] or 1946, named[0], 1)
    if first is not None and periods.year is not None:
        year = whole({"year": fields[periods.year]}, "year", low=1946, high=2100)
        first = first.replace(year=year)
    if first is None:
        return None
    last = first.replace(month=first.month + 2)
    if in_time(last, column, told) >= datetime.now(UTC).date().replace(day=1):
        reason = f"The quarter '{told}' is not over, so its count cannot be divided among months."
        raise Refused("date", reason, column=column, value=told)
    return first


def _with_parts(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches, and the series in one more: each state's count with its parts' added."""
    found, source = list[pl.DataFrame](), ""
    for batch in batches:
        source, tables = batch.source, dict(batch.tables)
        if "series" in tables:
            found.append(tables.pop("series"))
            check_held(sum(len(one) * one.width for one in found), source)
        yield replace(batch, tables=tables)
    if not found:
        return
    every = pl.concat(found)
    whole = every.group_by("gwno", "month", "target", "source", maintain_order=True).agg(
        pl.col("deaths").sum(),
        # A state is named as it was in that month, so its own row names it where there is one.
        pl.col("territory").filter(~pl.col("territory").is_in(list(_parts()))).first(),
    )
    named = whole.with_columns(
        pl.col("territory").fill_null(
            pl.col("gwno").map_elements(lambda gwno: by_gwno(gwno).name, return_dtype=pl.String)
        )
    )
    yield Batch(source, 0, 0, {"series": named.select(every.columns)})


@cache
def _parts() -> frozenset[str]:
    return frozenset(part_names()) | frozenset(_DIVISIONS.values()) | frozenset(GROUND)


def _keys(rows: Rows) -> list[tuple[object, ...]]:
    """What may come once in a file: a count of a territory and month, and of its divisions."""
    return [
        (row["gwno"], name, row["month"], row["target"])
        for row in rows.get("series", ())
        for name in (row["territory"], *WITHIN.get(row["territory"], ()))
    ]


def _name_of(told: str, unit: Territory) -> str:
    """The division that a file means, or else the part or the state."""
    return _DIVISIONS.get(TEXTS.fold(told).strip(), unit.part or unit.name)


def _plain(record: Record) -> Record:
    """The record with the names of its keys in small letters."""
    stood = tuple(record.fields)
    names = _plain_names(stood)
    if names == stood:
        return record
    return replace(record, fields=dict(zip(names, record.fields.values(), strict=True)))


@lru_cache(maxsize=64)
def _plain_names(header: tuple[str, ...]) -> tuple[str, ...]:
    names = [name.casefold() if name.casefold() in KEYS else name for name in header]
    if "month_id" in names:
        for code, meant in CODES.items():
            if code in names and meant not in names:
                names[names.index(code)] = meant
    return tuple(names)


def _month(fields: Mapping[str, str]) -> date:
    """The first day of the month; a month by its number or its name stands beside a year."""
    if "month_id" in fields and not (fields.get("month") and fields.get("year")):
        years, month = divmod(whole(fields, "month_id", low=1, high=2_000) - 1, 12)
        return in_time(date(1980 + years, month + 1, 1), "month_id", fields["month_id"])
    return _first_day(fields.get("month", ""), fields.get("year", ""))


@lru_cache(maxsize=4096)
def _first_day(told: str, beside: str) -> date:
    number = month_number(told) if beside else None
    if number is not None:
        year = whole({"year": beside}, "year", low=1946, high=2100)
        return in_time(date(year, number, 1), "month", told)
    found = read_days(told, MONTHS, strict=True)
    if found and found[0].replace(day=1) == found[1].replace(day=1):
        return in_time(found[0], "month", told).replace(day=1)
    return month({"month": told}, "month")


def _counts(record: Record, targets: list[str], source: str) -> Rows:
    first = _month(record.fields)
    number = "gwno" if "gwno" in record.fields else None
    unit = _unit_in(_without_views(record.fields), "country", first, number)
    shared = {
        "territory": _name_of(record.fields.get("country", ""), unit),
        "gwno": unit.gwno,
        "month": first,
        "source": source,
    }
    told = record.fields
    counts = {name: maybe_whole({name: plain_count(told[name])}, name) for name in targets}
    return {
        "series": [
            shared | {"target": name, "deaths": count}
            for name, count in counts.items()
            if count is not None
        ]
    }


def _without_views(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The fields, with the state's name where VIEWS' number stands alone beside VIEWS' month."""
    cell = fields.get(VIEWS, "")
    if "month_id" not in fields or fields.get("country") or fields.get("gwno") or not cell:
        return fields
    meant = states_of(number_in(cell) or 0).get("views")
    if meant is None:
        raise Refused("territory", f"VIEWS has no country {cell}.", column=VIEWS, value=cell)
    return {**fields, "country": meant.name}


def _unit_in(
    fields: Mapping[str, str], country: str, first: date | None, number: str | None = None
) -> Territory:
    """The state by name. A series may begin some months before Gleditsch and Ward's day, so

    the name alone decides, unless that state is no more.
    """
    unit = territory(fields, country, number, on=None)
    if first is not None and unit.end is not None and first >= unit.end:
        return territory(fields, country, None, on=first)
    return unit
