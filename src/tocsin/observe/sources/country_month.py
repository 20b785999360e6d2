"""Country-month series: `country, month`, and one or more columns of counts.

A part that is counted under a state (Palestine under Israel, Western Sahara under Morocco) is added
to it: a file that gives both gives two halves of one count, not one count twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.values import is_of_events, maybe_whole, month, territory
from tocsin.observe.formats.limits import check_held
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.schema.geography.territory import Territory, by_gwno, part_names

KEYS = ("country", "month", "gwno", "country_id", "gw_codes", "isoab", "region")
READ = ("country", "month", "gwno")
"""These say of which country and month the counts of a row are."""


class CountryMonth:
    """Reader of country-month counts.

    It gives rows of the table `series`.
    """

    kind = "country-month"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns `country` and `month`, and no columns of events."""
        return {"country", "month"} <= set(source.header) and not is_of_events(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read one row of `series` a count; a record with one bad count is refused whole.

        Raises:
            SourceRefused: there is no column of counts.
        """
        targets = [name for name in source.header if name not in KEYS]
        if not targets:
            raise SourceRefused(
                "There is no column of counts.",
                where=source.name,
                remedy="Name one, for example ged_sb, beside country and month.",
            )
        name = f"Country-month series ({source.name})"
        keys = ("gwno", "territory", "month", "target")
        return _with_parts(
            parse_records(
                source.records(),
                lambda record: _counts(record, targets, name),
                lambda rows: [tuple(row[key] for key in keys) for row in rows["series"]],
                source=name,
                file=source.name,
                keep=of_columns((*READ, *targets)),
            )
        )


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
    return frozenset(part_names())


def _counts(record: Record, targets: list[str], source: str) -> Rows:
    first = month(record.fields, "month")
    unit = _unit(record)
    if unit.end is not None and first >= unit.end:
        unit = territory(record.fields, "country", None, on=first)
    shared = {
        "territory": unit.part or unit.name,
        "gwno": unit.gwno,
        "month": first,
        "source": source,
    }
    counts = {name: maybe_whole(record.fields, name) for name in targets}
    return {
        "series": [
            shared | {"target": name, "deaths": count}
            for name, count in counts.items()
            if count is not None
        ]
    }


def _unit(record: Record) -> Territory:
    """The state by name. A series may begin some months before Gleditsch and Ward's day, so

    the name alone decides, unless that state is no more.
    """
    number = "gwno" if "gwno" in record.fields else None
    return territory(record.fields, "country", number, on=None)
