"""Country-year indicators: `country, year`, and one column an indicator."""

from __future__ import annotations

from datetime import date

import polars as pl

from tocsin.observe.reader import Rows, Sorting
from tocsin.observe.records import Record, Sheet
from tocsin.observe.values import decimal, territory, whole

KEYS = ("country", "year", "gw_codes", "gwno", "region")


class CountryYear:
    """Reader of country-year indicators, such as those of V-Dem and the World Bank."""

    kind = "country-year"
    columns = frozenset({"country", "year"})

    def read(self, sheet: Sheet) -> dict[str, pl.DataFrame]:
        """One row an indicator that is not empty."""
        indicators = [name for name in sheet.header if name not in KEYS]
        sorting = Sorting(sheet, self.kind, f"Country-year indicators ({sheet.path.name})")
        sorting.sort(
            lambda record: _indicators(record, indicators, sorting.source),
            lambda rows: [(row["gwno"], row["year"]) for row in rows["covariates"][:1]],
        )
        return sorting.tables()


def _indicators(record: Record, indicators: list[str], source: str) -> Rows:
    year = whole(record.fields, "year", low=1789, high=2200)
    number = "gw_codes" if "gw_codes" in record.fields else None
    unit = territory(record.fields, "country", number, on=date(year, 12, 31))
    shared = {"territory": unit.name, "gwno": unit.gwno, "year": year, "source": source}
    return {
        "covariates": [
            shared
            | {"indicator": name, "value": decimal(record.fields, name, low=-1e18, high=1e18)}
            for name in indicators
            if record.fields[name]
        ]
    }
