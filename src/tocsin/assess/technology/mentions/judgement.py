"""Judgement: whether a statement speaks of the event that its text stands with."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache, lru_cache

from tocsin.assess.technology.mentions.parties import STATES
from tocsin.assess.technology.mentions.reading import Statement, parts
from tocsin.assess.technology.mentions.rules import clause, parties
from tocsin.schema.geography.territory import (
    is_known_at_once,
    resolve,
    spellings,
    territories,
)
from tocsin.schema.vocabulary.folding import TEXTS

HERE = 0.92
"""Probability where the part names the event's place, or is all that a log's line says."""
OPEN = 0.75
"""Where nothing ties the part to the event and nothing speaks against it."""
ELSEWHERE = 0.45
"""Where another part of the text names the event's place, and this one neither that nor an
organisation that is a side of the event."""
DIGEST = 0.6
"""Where the part may hold many events."""
FOREIGN = 0.05
"""Where the part is a title of a file or a report."""
LISTED = 0.1
"""Where the text is headed as a list of the news of the day or the week, and the part names neither
the event's place, territory nor sides; where one part of several, or one item of a list with
commas, names another state as its place; or where a state buys, makes or is given the class: that
is news of its own beside a fight."""
LAID = "improvised-explosives"
"""The class whose place is what it strikes."""
ITEMS = 3
"""Pieces between commas that make a list: two are a sentence and who says it."""
_GENERAL = re.compile(
    r"\b(?:government|city|town|village|province|governorate|state|region|area|district|countryside|"
    r"township|prefecture|the|of|al|el|near|muhafazat|north\w*|south\w*|east\w*|west\w*)\b"
)


def of_this_event(
    text: str,
    statement: Statement,
    places: Sequence[str | None],
    known: Sequence[str | None] = (),
    *,
    own: bool = False,
) -> float:
    """Judge from the places that a text names how probably a part speaks of the event.

    Args:
        text: the whole text.
        statement: of `reading.read`.
        places: names of the event's place and first-order unit, `None` where not known.
        known: names of its territory and sides, by which a part of a list of news is known to be
            of it; default: none, and then no part is taken to be elsewhere for lack of them.
        own: whether the text was written for the event, as the line of a log is, and not taken
            from a source that tells of it among others.

    Returns:
        A probability, which is one of the constants of this file. These are judgements: the
        labels' readers agree on this field less than on any other but one.
    """
    if statement.said == "title":
        return FOREIGN
    bought = statement.said == "acquired" and statement.by and statement.by.kind in STATES
    if bought or (known and _is_elsewhere(text, statement, [*places, *known])):
        return LISTED
    if statement.digest:
        return DIGEST
    names = [name for place in places for name in _names(place)]
    pieces = [TEXTS.fold(text[start:end]) for start, end in parts(text)]
    named = [any(name in piece for name in names) for piece in pieces]
    if named[statement.part]:
        return HERE
    if any(named) and not _has_a_side(statement, known):
        return ELSEWHERE
    return HERE if own and len(pieces) == 1 else OPEN


def _has_a_side(statement: Statement, known: Sequence[str | None]) -> bool:
    """Whether an organisation that is a side of the event used the class by the words, or suffered
    it."""
    said = [one for one in (statement.by, statement.against) if one and one.kind == "organisation"]
    return any(one.name in known for one in said)


def _is_elsewhere(text: str, statement: Statement, known: Sequence[str | None]) -> bool:
    """Whether a part of a list of news tells of another place, by what it names and does not."""
    cut = parts(text)
    start, end = cut[statement.part]
    piece = TEXTS.fold(text[start:end])
    own = {_states()[name] for one in known if (name := TEXTS.fold(one or "")) in _states()}
    item = _item(text[start:end], statement.start - start)
    here = [name for one in known for name in _names(one)]
    if (
        item is not None
        and not any(name in item for name in here)
        and (
            _is_placed_elsewhere(item, own)
            or _is_placed_elsewhere(item, own, clause("struck_place"))
        )
    ):
        return True
    if len(cut) == 1 or any(name in piece for name in here):
        return False
    return (
        bool(clause("news_list").search(TEXTS.fold(text)))
        or _is_placed_elsewhere(piece, own)
        # What is laid goes off where it is; what is fired may be aimed at another state from here.
        or (statement.technology == LAID and _is_placed_elsewhere(piece, own, clause("shaken")))
    )


def _is_placed_elsewhere(piece: str, own: set[int], before: re.Pattern[str] | None = None) -> bool:
    """Whether some words name states as their place, and of the known ones none."""
    words = before or clause("placed")
    named = {gwno for found in words.finditer(piece) for gwno in _begins(found["place"])}
    return bool(named and own) and not named & own


def _item(part: str, at: int) -> str | None:
    """The item of a list with commas that holds a place of its part, folded; None without a list.

    >>> _item("Two die at Hill Town, car bomb in Baghdad, strike goes on", 25)
    'car bomb in baghdad'
    """
    items = part.replace("،", ",").split(", ")
    if len(items) < ITEMS:
        return None
    ends = itertools.accumulate(len(one) + 2 for one in items)
    return TEXTS.fold(next(one for one, end in zip(items, ends, strict=True) if at < end))


@cache
def _states() -> dict[str, int]:
    """States' and capitals' names, folded, with the state's number."""
    found = {TEXTS.fold(name): unit.gwno for unit in territories() for name in spellings(unit.gwno)}
    seats = ((one.small, one.gwno) for one in parties() if one.seat and one.gwno is not None)
    capitals = {name: gwno for small, gwno in seats for name in small.split("|")}
    plain = {name: gwno for name, gwno in capitals.items() if name.replace(" ", "").isalpha()}
    return {name: gwno for name, gwno in (plain | found).items() if len(name) > 3}


def _begins(words: str) -> set[int]:
    """The number of the state or the capital with whose name some words begin, if there is one."""
    said = words.split()
    names = (" ".join(said[:size]) for size in range(len(said), 0, -1))
    found = {_states().get(name) or _called(name) for name in names}
    return {one for one in found if one is not None}


@lru_cache(maxsize=10_000)
def _called(name: str) -> int | None:
    """The number of the state that other languages call so, if one does."""
    return resolve(name).gwno if len(name) > 3 and is_known_at_once(name) else None


@lru_cache(maxsize=10_000)
def _names(place: str | None) -> tuple[str, ...]:
    """The telling words of a place's name, folded."""
    words = re.findall(r"\w+", _GENERAL.sub(" ", TEXTS.fold(place or "")))
    return tuple(word for word in words if len(word) > 3)
