"""Country-year indicators: `country, year`, and one column an indicator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.values import decimal, is_of_events, territory, text, whole
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.schema.geography.territory import part_names

KEYS = ("country", "year", "gw_codes", "gwno", "region")
READ = ("country", "year", "gw_codes")
"""These say of which country and year the indicators of a row are."""


class CountryYear:
    """Reader of country-year indicators, such as those of V-Dem and the World Bank.

    It gives rows of the table `covariates`.
    """

    kind = "country-year"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns `country` and `year`, and no columns of events."""
        return {"country", "year"} <= set(source.header) and not is_of_events(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read one row of `covariates` for each indicator of a record that is not empty."""
        indicators = [name for name in source.header if name not in KEYS]
        name = f"Country-year indicators ({source.name})"
        return parse_records(
            source.records(),
            lambda record: _indicators(record, indicators, name),
            lambda rows: [(row["gwno"], row["year"]) for row in rows["covariates"][:1]],
            source=name,
            file=source.name,
            keep=of_columns((*READ, *indicators)),
        )


def _indicators(record: Record, indicators: list[str], source: str) -> Rows:
    year = whole(record.fields, "year", low=1789, high=2200)
    number = "gw_codes" if "gw_codes" in record.fields else None
    unit = territory(record.fields, "country", number, on=date(year, 12, 31))
    if unit.part and unit.part in part_names():
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
