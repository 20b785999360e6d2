"""UCDP Actor Dataset: organisations, and what it says of their splits and alliances.

Davies, Pettersson and Öberg (2023), Organized violence 1989-2022, Journal of Peace Research
60(4). Organisations only; the data set names no persons.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.values import Refused, name, text, whole
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import BATCH, Batch, Rows, parse_records

KINDS = {1: "non-state formal", 2: "non-state informal", 3: "non-state informal", 4: "state"}
RELATIONS = (
    ("renamed", "NewName", None),
    ("splinter", "NamePrev", "ActorIdPrev"),
    ("temporary splinter", "NameSplitTemp", "ActorIdSplitTemp"),
    ("alliance", "NameAlliance", "ActorIdAlliance"),
    ("joined", "GroupName", "ActorIdGroup"),
)
"""Relation, the column of names, the column of ids."""
READ = (
    "ActorId", "NameData", "NameOrigFullEng", "Org", "GWNOLoc", "Version",
    *(column for _, *columns in RELATIONS for column in columns if column),
)  # fmt: skip
"""No other column is looked at."""


class UcdpActors:
    """Reader of the UCDP Actor Dataset.

    It gives actors and the statements of how they are related.
    """

    kind = "ucdp-actors"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns of the actor data set."""
        return {"ActorId", "NameData", "Org"} <= set(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the actors and their relations; each relation is a statement, never a merge."""
        first = itertools.islice(source.records(), BATCH)
        versions = Counter(r.fields["Version"] for r in first if r.fields.get("Version"))
        [(version, _)] = versions.most_common(1) or [("", 0)]
        release = f"UCDP Actor {version}".strip()
        return parse_records(
            source.records(),
            lambda record: _actor(record, release),
            lambda rows: [rows["actors"][0]["actor_id"]],
            source=release,
            file=source.name,
            native_id="ActorId",
            keep=of_columns(READ),
        )


def _actor(record: Record, source: str) -> Rows:
    fields = record.fields
    actor_id = str(whole(fields, "ActorId", high=2**62))
    called = name(fields, "NameData")
    if called is None:
        raise Refused("missing", "The actor has no name.", column="NameData")
    civilians = called.casefold() == "civilians"
    actor = {
        "actor_id": actor_id,
        "name": called,
        "full_name": text(fields, "NameOrigFullEng"),
        "kind": "civilians" if civilians else KINDS[whole(fields, "Org", low=1, high=4)],
        "gwnos": " ".join(re.findall(r"\d+", fields.get("GWNOLoc", ""))),
        "source": source,
    }
    relations = [
        {"actor_id": actor_id, "relation": relation, "source": source, **related}
        for relation, names, ids in RELATIONS
        for related in _related_pairs(fields.get(names, ""), fields.get(ids or "", ""))
    ]
    return {"actors": [actor], "actor_relations": relations}


def _related_pairs(names: str, ids: str) -> list[dict[str, str | None]]:
    """Pairs of name and id where they can be told apart; else each id with all the names."""
    if not names:
        return []
    numbers, parts = re.findall(r"\d+", ids), [part.strip() for part in names.split(",")]
    if not numbers:
        return [{"related_id": None, "related_name": names}]
    if len(numbers) != len(parts):
        return [{"related_id": number, "related_name": names} for number in numbers]
    return [
        {"related_id": number, "related_name": part}
        for number, part in zip(numbers, parts, strict=True)
    ]
