"""Parties to an event, as sources name them: organisations, or nobody that is known."""

from __future__ import annotations

import re

from tocsin.observe.checks.values import Refused
from tocsin.observe.formats.characters import disguised
from tocsin.schema.geography.territory import Territory, resolve

_NOBODY = re.compile(
    r"(?:unidentified|unknown|unaffiliated individual|not available|not attributed|undisclosed"
    r"|none|n/?a|various|-+|\?+)(?:$|[\s(\-:,/].*|s?\(s\).*|s$)",
    re.IGNORECASE | re.DOTALL,
)


def organisation(name: str | None, column: str = "") -> str | None:
    """The name of an organisation, or None where the name says that nobody is known.

    Args:
        name: the name as the source gives it; may be empty.
        column: the heading that it came from, for the refusal.

    Raises:
        Refused: the name hides or disguises characters (`tocsin.observe.formats.characters`).

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

    >>> from tocsin.schema.geography.territory import resolve
    >>> government(resolve("Syria")), government(resolve("Gaza"))
    ('Government of Syria', 'Government of Palestine')
    """
    own = unit.part if unit.part and resolve(unit.part).part else None
    return f"Government of {own or unit.name}"
