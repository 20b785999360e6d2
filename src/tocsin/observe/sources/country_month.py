"""Country-month series: `country, month`, and one or more columns of counts."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.errors import SourceRefused
from tocsin.observe.checks.values import maybe_whole, month, territory
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.schema.geography.territory import Territory

KEYS = ("country", "month", "gwno", "country_id", "gw_codes", "isoab", "region")


class CountryMonth:
    """Reader of country-month counts."""

    kind = "country-month"

    def knows(self, source: Source) -> bool:
        """By its columns."""
        return {"country", "month"} <= set(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        """One row a count; a record with one bad count is refused whole."""
        targets = [name for name in source.header if name not in KEYS]
        if not targets:
            raise SourceRefused(
                "There is no column of counts.",
                where=source.name,
                remedy="Name one, for example ged_sb, beside country and month.",
            )
        name = f"Country-month series ({source.name})"
        return parse_records(
            source.records(),
            lambda record: _counts(record, targets, name),
            lambda rows: [(row["gwno"], row["month"], row["target"]) for row in rows["series"]],
            source=name,
            file=source.name,
        )


def _counts(record: Record, targets: list[str], source: str) -> Rows:
    first = month(record.fields, "month")
    unit = _unit(record)
    if unit.end is not None and first >= unit.end:
        unit = territory(record.fields, "country", None, on=first)
    shared = {"territory": unit.name, "gwno": unit.gwno, "month": first, "source": source}
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
