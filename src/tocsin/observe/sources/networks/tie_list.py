"""A user's own ties between organisations: `source, target, channel`.

The columns are those of `tocsin diffuse --ties`: the target is exposed to the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tocsin.observe.checks.values import Refused, maybe_decimal, text
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch
from tocsin.observe.sources.networks.user_rows import cite, organisation, period, read_rows
from tocsin.schema.vocabulary.channel import TIE_LABELS, TIES
from tocsin.schema.vocabulary.folding import seal

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
        key = ("actor", "related", "channel", "from_date", "to_date")
        words = frozenset({*TIES, *map(str.casefold, TIE_LABELS.values()), *YES, *NO})
        return read_rows(
            source,
            "told_ties",
            lambda record: _tie(record, called),
            called=called,
            key=key,
            read=READ,
            words=words,
        )


def _tie(record: Record, called: str) -> dict[str, object]:
    fields = record.fields
    actor, related = organisation(fields, "target"), organisation(fields, "source")
    if seal(actor) == seal(related):
        raise Refused("range", "The tie joins an organisation to itself.", column="target",
                      value=actor)  # fmt: skip
    first, last = period(fields)
    weight = maybe_decimal(fields, "weight", low=0, high=MOST)
    if weight == 0:
        raise Refused("range", "A tie of weight 0 is none.", column="weight", value="0")
    both = (text(fields, "undirected") or "no").casefold()
    if both not in (*YES, *NO):
        raise Refused("class", "'undirected' is yes or no.", column="undirected", value=both)
    return {
        "actor": seal(actor),
        "related": seal(related),
        "both_ways": both in YES,
        "channel": _channel(fields),
        "from_date": first,
        "to_date": last,
        "weight": 1.0 if weight is None else weight,
        "source": cite(text(fields, "said_by"), called, actor, related),
    }


def _channel(fields: Mapping[str, str]) -> str:
    said = (text(fields, "channel") or "").casefold()
    labels = {label.casefold(): one for one, label in TIE_LABELS.items()}
    if (found := labels.get(said, said)) not in TIES:
        reason = f"'{said}' is no channel of ties; there are {', '.join(TIES)}."
        raise Refused("class", reason, column="channel", value=said)
    return found
