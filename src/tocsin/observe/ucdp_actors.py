"""UCDP Actor Dataset: organisations, and what it says of their splits and alliances.

Davies, Pettersson and Öberg (2023), Organized violence 1989-2022, Journal of Peace Research
60(4). Organisations only; the data set names no persons.
"""

from __future__ import annotations

import re

import polars as pl

from tocsin.observe.reader import Rows, Sorting
from tocsin.observe.records import Record, Sheet
from tocsin.observe.values import Refused, text, whole

KINDS = {1: "non-state formal", 2: "non-state informal", 3: "non-state informal", 4: "state"}
RELATIONS = (
    ("renamed", "NewName", None),
    ("splinter", "NamePrev", "ActorIdPrev"),
    ("temporary splinter", "NameSplitTemp", "ActorIdSplitTemp"),
    ("alliance", "NameAlliance", "ActorIdAlliance"),
    ("joined", "GroupName", "ActorIdGroup"),
)
"""Relation, the column of names, the column of ids."""


class UcdpActors:
    """Reader of the UCDP Actor Dataset."""

    kind = "ucdp-actors"
    columns = frozenset({"ActorId", "NameData", "Org"})

    def read(self, sheet: Sheet) -> dict[str, pl.DataFrame]:
        """Actors and their relations; each relation is a statement, never a merge."""
        versions = {r.fields.get("Version", "") for r in sheet.records if not r.fault} - {""}
        release = max(versions, default="")
        sorting = Sorting(sheet, self.kind, f"UCDP Actor {release}".strip(), native_id="ActorId")
        sorting.sort(
            lambda record: _actor(record, sorting.source),
            lambda rows: [rows["actors"][0]["actor_id"]],
        )
        return sorting.tables()


def _actor(record: Record, source: str) -> Rows:
    fields = record.fields
    actor_id = str(whole(fields, "ActorId", high=2**62))
    name = text(fields, "NameData")
    if name is None:
        raise Refused("missing", "The actor has no name.", column="NameData")
    civilians = name.casefold() == "civilians"
    actor = {
        "actor_id": actor_id,
        "name": name,
        "full_name": text(fields, "NameOrigFullEng"),
        "kind": "civilians" if civilians else KINDS[whole(fields, "Org", low=1, high=4)],
        "gwnos": " ".join(re.findall(r"\d+", fields.get("GWNOLoc", ""))),
        "source": source,
    }
    relations = [
        {"actor_id": actor_id, "relation": relation, "source": source, **related}
        for relation, names, ids in RELATIONS
        for related in _related(fields.get(names, ""), fields.get(ids or "", ""))
    ]
    return {"actors": [actor], "actor_relations": relations}


def _related(names: str, ids: str) -> list[dict[str, str | None]]:
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
