"""A user's own ledger of first uses: `actor, technology`, and `from, to` or `time`.

The columns are those of `tocsin diffuse --adoptions`, with a confidence and who says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.spans import days
from tocsin.observe.checks.values import Refused, maybe_decimal, text
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, parse_records
from tocsin.observe.sources.networks.tie_list import organisation, period
from tocsin.schema.vocabulary.technology import LABELS, TECHNOLOGIES

READ = ("actor", "technology", "from", "to", "time", "confidence", "source")
"""No other column is looked at."""


class AdoptionList:
    """Reader of a user's own ledger of first uses, a row an organisation and technology class.

    It gives rows of the table `told_adoptions`.
    """

    kind = "adoptions"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has `actor` and `technology`, and `time` or `to`."""
        header = set(source.header)
        return {"actor", "technology"} <= header and bool({"time", "to"} & header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read one row of `told_adoptions` from each record."""
        called = f"Adoptions ({source.name})"
        return parse_records(
            source.records(),
            lambda record: {"told_adoptions": [_adoption(record, called)]},
            lambda rows: [tuple(row.values()) for row in rows["told_adoptions"]],
            source=called,
            file=source.name,
            keep=of_columns(READ),
        )


def _adoption(record: Record, called: str) -> dict[str, object]:
    fields = record.fields
    first, last = period(fields)
    if text(fields, "time"):
        exact = days(fields, "time")
        first, last = exact.start, exact.end
    confidence = maybe_decimal(fields, "confidence", low=0, high=1)
    said_by = text(fields, "source")
    return {
        "actor": organisation(fields, "actor"),
        "technology": _technology(text(fields, "technology") or ""),
        "from_date": first,
        "to_date": last,
        "confidence": 1.0 if confidence is None else confidence,
        "source": f"{said_by} ({called})" if said_by else called,
    }


def _technology(said: str) -> str:
    labels = {label.casefold(): one for one, label in LABELS.items()}
    if (found := labels.get(said.casefold(), said.casefold())) not in TECHNOLOGIES:
        reason = f"'{said}' is no technology class; there are {', '.join(TECHNOLOGIES)}."
        raise Refused("class", reason, column="technology", value=said)
    return found
