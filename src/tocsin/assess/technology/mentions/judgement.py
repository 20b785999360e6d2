"""Judgement: whether a statement speaks of the event that its text stands with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tocsin.assess.technology.mentions.reading import Statement, parts
from tocsin.schema.vocabulary.folding import TEXTS

HERE = 0.92
"""Probability where the part names the event's place or is the text's only one."""
OPEN = 0.75
"""Where nothing ties the part to the event and nothing speaks against it."""
ELSEWHERE = 0.45
"""Where another part of the text names the event's place, and this one does not."""
DIGEST = 0.6
"""Where the part may hold many events."""
FOREIGN = 0.05
"""Where the part is a title of a file or a report."""
_GENERAL = re.compile(
    r"\b(?:city|town|village|province|governorate|state|region|area|district|countryside|"
    r"township|prefecture|the|of|al|el|near|muhafazat|north\w*|south\w*|east\w*|west\w*)\b"
)


def of_this_event(text: str, statement: Statement, places: Sequence[str | None]) -> float:
    """Judge from the places that a text names how probably a part speaks of the event.

    Args:
        text: the whole text.
        statement: of `reading.read`.
        places: names of the event's place and first-order unit, `None` where not known.

    Returns:
        A probability, which is one of the constants of this file. These are judgements: the
        labels' readers agree on this field less than on any other but one.
    """
    if statement.said == "title":
        return FOREIGN
    if statement.digest:
        return DIGEST
    names = [name for place in places for name in _names(place)]
    pieces = [TEXTS.fold(text[start:end]) for start, end in parts(text)]
    named = [any(name in piece for name in names) for piece in pieces]
    if named[statement.part]:
        return HERE
    if any(named):
        return ELSEWHERE
    return OPEN


def _names(place: str | None) -> list[str]:
    """The telling words of a place's name, folded."""
    words = re.findall(r"\w+", _GENERAL.sub(" ", TEXTS.fold(place or "")))
    return [word for word in words if len(word) > 3]
