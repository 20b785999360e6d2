"""A user's own ties between organisations: `source, target, channel`.

The columns are those of `tocsin diffuse --ties`: the target is exposed to the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.spans import days
from tocsin.observe.checks.values import Refused, maybe_decimal, name, text
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, parse_records
from tocsin.schema.vocabulary.channel import TIE_LABELS, TIES

YES, NO = ("yes", "true", "1", "both"), ("no", "false", "0", "one")
MOST = 1000.0
"""A weight above this is a slip of the pen."""

READ = ("source", "target", "channel", "weight", "from", "to", "undirected", "said_by")
"""No other column is looked at."""


class TieList:
    """Reader of a user's table of ties, a row a tie.

    It gives rows of the table `told_ties`.
    """

    kind = "ties"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns `source`, `target` and `channel`."""
        return {"source", "target", "channel"} <= set(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read one row of `told_ties` from each record."""
        called = f"Ties ({source.name})"
        return parse_records(
            source.records(),
            lambda record: {"told_ties": [_tie(record, called)]},
            lambda rows: [
                tuple(row[name] for name in ("actor", "related", "channel", "from_date", "to_date"))
                for row in rows["told_ties"]
            ],
            source=called,
            file=source.name,
            keep=of_columns(READ),
        )


def _tie(record: Record, called: str) -> dict[str, object]:
    fields = record.fields
    actor, related = organisation(fields, "target"), organisation(fields, "source")
    if actor == related:
        raise Refused("range", "The tie joins an organisation to itself.", column="target",
                      value=actor)  # fmt: skip
    first, last = period(fields)
    weight = maybe_decimal(fields, "weight", low=0, high=MOST)
    if weight == 0:
        raise Refused("range", "A tie of weight 0 is none.", column="weight", value="0")
    both = (text(fields, "undirected") or "no").casefold()
    if both not in (*YES, *NO):
        raise Refused("class", "'undirected' is yes or no.", column="undirected", value=both)
    said_by = text(fields, "said_by")
    return {
        "actor": actor,
        "related": related,
        "both_ways": both in YES,
        "channel": _channel(fields),
        "from_date": first,
        "to_date": last,
        "weight": 1.0 if weight is None else weight,
        "source": f"{said_by} ({called})" if said_by else called,
    }


def organisation(fields: Mapping[str, str], column: str) -> str:
    """Read the name or the id of an organisation, which has to be there.

    Args:
        fields: the record by heading.
        column: the heading.

    Returns:
        The name or the id, as it is written.

    Raises:
        Refused: the field is empty, or its text is disguised.
    """
    found = name(fields, column)
    if found is None:
        raise Refused("missing", f"'{column}' names no organisation.", column=column)
    return found


def period(fields: Mapping[str, str]) -> tuple[date | None, date | None]:
    """Read the columns `from` and `to`: days, months or years, each of which may be empty.

    Args:
        fields: the record by heading.

    Returns:
        The first day that `from` may mean and the last one that `to` may mean; None where empty.

    Raises:
        Refused: a date cannot be read, or the period ends before it starts.
    """
    first = days(fields, "from").start if text(fields, "from") else None
    last = days(fields, "to").end if text(fields, "to") else None
    if first and last and last < first:
        raise Refused("date", "It ends before it starts.", column="to", value=fields["to"])
    return first, last


def _channel(fields: Mapping[str, str]) -> str:
    said = (text(fields, "channel") or "").casefold()
    labels = {label.casefold(): one for one, label in TIE_LABELS.items()}
    if (found := labels.get(said, said)) not in TIES:
        reason = f"'{said}' is no channel of ties; there are {', '.join(TIES)}."
        raise Refused("class", reason, column="channel", value=said)
    return found
