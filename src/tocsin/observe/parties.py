"""Parties to an event, as sources name them: organisations, or nobody that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from tocsin.observe.characters import disguised
from tocsin.observe.reader import Batch, frame_of
from tocsin.observe.values import Refused
from tocsin.schema.territory import Territory, resolve

_NOBODY = re.compile(
    r"(?:unidentified|unknown|unaffiliated individual|not available|not attributed|undisclosed"
    r"|none|n/?a|various|-+|\?+)(?:$|[\s(\-:,/].*|s?\(s\).*|s$)",
    re.IGNORECASE | re.DOTALL,
)


def organisation(name: str | None, column: str = "") -> str | None:
    """The name as given; None where it says that nobody knows, or names no organisation.

    Raises:
        Refused: the name hides or disguises characters (`tocsin.observe.characters`).

    >>> organisation("Unidentified Armed Group (Mali)") is None
    True
    >>> organisation("Unknown") is None
    True
    >>> organisation("JNIM")
    'JNIM'
    """
    cleaned = (name or "").strip()
    if not cleaned or _NOBODY.fullmatch(cleaned):
        return None
    if fault := disguised(cleaned):
        raise Refused("characters", fault, column=column, value=cleaned)
    return cleaned


def government(unit: Territory) -> str:
    """A state as a party, named as UCDP names it, so that sources meet.

    A part that is counted under a state is not ruled by it: it keeps its own name.

    >>> from tocsin.schema.territory import resolve
    >>> government(resolve("Syria")), government(resolve("Gaza"))
    ('Government of Syria', 'Government of Palestine')
    """
    own = unit.part if unit.part and resolve(unit.part).part else None
    return f"Government of {own or unit.name}"


def actors_last(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches of a file, and its actors in one more: each once, with all its territories.

    Sources without a list of actors tell of them event by event.
    """
    found: dict[str, dict[str, Any]] = {}
    gwnos: dict[str, set[int]] = {}
    source = ""
    for batch in batches:
        source = batch.source
        tables = dict(batch.tables)
        actors = tables.pop("actors", None)
        for row in actors.to_dicts() if actors is not None else ():
            found.setdefault(row["actor_id"], row)
            gwnos.setdefault(row["actor_id"], set()).update(map(int, row["gwnos"].split()))
        yield replace(batch, tables=tables)
    rows = [
        row | {"gwnos": " ".join(map(str, sorted(gwnos[actor_id])))}
        for actor_id, row in sorted(found.items())
    ]
    if rows:
        yield Batch(source, 0, 0, {"actors": frame_of("actors", rows)})
