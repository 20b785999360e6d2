"""Country-year indicators: `country, year`, and one column an indicator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.values import decimal, is_of_events, territory, text, whole
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.observe.sources.periods import Periods, find_periods, records_of_cells
from tocsin.schema.geography.style import GROUND
from tocsin.schema.geography.territory import part_names
from tocsin.schema.vocabulary.placeholder import is_total

KEYS = ("country", "year", "gw_codes", "gwno", "region")
READ = ("country", "year", "gw_codes")
"""These say of which country and year the indicators of a row are."""

REGIONS = frozenset((
    "Africa Eastern and Southern", "Africa Western and Central", "Arab World",
    "Caribbean small states",
    "Central Europe and the Baltics", "Early-demographic dividend", "East Asia & Pacific",
    "East Asia & Pacific (excluding high income)", "East Asia & Pacific (IDA & IBRD countries)",
    "Euro area", "Europe & Central Asia", "Europe & Central Asia (excluding high income)",
    "Europe & Central Asia (IDA & IBRD countries)", "European Union",
    "Fragile and conflict affected situations", "Heavily indebted poor countries (HIPC)",
    "High income", "IBRD only", "IDA & IBRD total", "IDA blend", "IDA only", "IDA total",
    "Late-demographic dividend", "Latin America & Caribbean",
    "Latin America & Caribbean (excluding high income)",
    "Latin America & the Caribbean (IDA & IBRD countries)",
    "Least developed countries: UN classification", "Low & middle income", "Low income",
    "Lower middle income", "Middle East & North Africa",
    "Middle East & North Africa (excluding high income)",
    "Middle East & North Africa (IDA & IBRD countries)", "Middle income", "North America",
    "Not classified", "OECD members", "Other small states", "Pacific island small states",
    "Post-demographic dividend", "Pre-demographic dividend", "Small states", "South Asia",
    "South Asia (IDA & IBRD)", "Sub-Saharan Africa", "Sub-Saharan Africa (excluding high income)",
    "Sub-Saharan Africa (IDA & IBRD countries)", "Upper middle income", "World",
))  # fmt: skip
"""Rows of the World Bank's tables that are no countries."""


class CountryYear:
    """Reader of country-year indicators, such as those of V-Dem and the World Bank.

    It gives rows of the table `covariates`.
    """

    kind = "country-year"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns `country` and `year`, and no columns of events; or
        a column for each year (`periods`), as the World Bank gives its indicators.
        """
        if {"country", "year"} <= set(source.header):
            return not is_of_events(source.header)
        across = find_periods(source)
        return across is not None and not across.monthly and not across.doubt

    def read(self, source: Source) -> Iterator[Batch]:
        """Read one row of `covariates` for each indicator of a record that is not empty."""
        if not {"country", "year"} <= set(source.header):
            yield from _across(source)
            return
        indicators = [name for name in source.header if name not in KEYS]
        name = f"Country-year indicators ({source.name})"
        yield from parse_records(
            source.records(),
            lambda record: _indicators(record, indicators, name),
            lambda rows: [(row["gwno"], row["year"]) for row in rows["covariates"][:1]],
            source=name,
            file=source.name,
            keep=of_columns((*READ, *indicators)),
            same="A row of the same territory and year",
        )


def _across(source: Source) -> Iterator[Batch]:
    """The batches of a table with a column for each year."""
    periods, name = find_periods(source), f"Country-year indicators ({source.name})"
    if periods is None or periods.country is None:
        return
    for note in periods.notes:
        source.tell(note)
    yield from parse_records(
        records_of_cells(source, periods),
        lambda record: _of_cell(record, periods, name),
        lambda rows: [
            (row["gwno"], row["year"], row["indicator"]) for row in rows.get("covariates", ())
        ],
        source=name,
        file=source.name,
        keep=of_columns((*periods.keys, *periods.cells)),
        same="A value of the same territory and year",
    )


def _of_cell(record: Record, periods: Periods, source: str) -> Rows:
    """The row of one cell; none of a region, or of a row that tells nothing."""
    fields, country = record.fields, periods.country or ""
    if is_total(fields[country], first=True) or fields[country] in REGIONS:
        return {}
    cell = periods.cell(fields)
    first = cell.first if cell else None
    on = first and date(first.year, 12, 31)
    unit = territory(fields, country, None, on=on)
    if cell is None or first is None or _is_part(unit.part):
        return {}
    if text(fields, cell.column) is None:
        return {}
    value = decimal(fields, cell.column, low=-1e18, high=1e18)
    row = {"territory": unit.name, "gwno": unit.gwno, "year": first.year}
    told = {"indicator": periods.target(fields), "value": value, "source": source}
    return {"covariates": [row | told]}


def _indicators(record: Record, indicators: list[str], source: str) -> Rows:
    year = whole(record.fields, "year", low=1789, high=2200)
    number = "gw_codes" if "gw_codes" in record.fields else None
    unit = territory(record.fields, "country", number, on=date(year, 12, 31))
    if _is_part(unit.part):
        # An index or a rate of a part is not its state's, and cannot be added to it.
        return {}
    shared = {"territory": unit.name, "gwno": unit.gwno, "year": year, "source": source}
    return {
        "covariates": [
            shared
            | {"indicator": name, "value": decimal(record.fields, name, low=-1e18, high=1e18)}
            for name in indicators
            if text(record.fields, name) is not None
        ]
    }


def _is_part(name: str | None) -> bool:
    """Is this a part of a state, and not a later state whose ground it held then?"""
    return name in part_names() or name in GROUND
