"""The one place in which it is decided who may see an object, and who may do what to it.

The database asks it once for each audience that it holds, and then takes only rows of the
audiences that allow the reader (`tocsin.share.server.database.audiences`). So rows, counts,
orders, cursors and error texts are computed from what the reader may see, and from nothing else.
"""

from __future__ import annotations

from tocsin.share.server.access.marking import EVERYWHERE, Audience, Marking
from tocsin.share.server.access.reader import FOR_REPORTERS, OF_OWNER, READ, Reader


def may_see(reader: Reader, audience: Audience) -> bool:
    """Decide whether a reader may see what is marked for an audience: all markings must allow.

    Args:
        reader: who asks.
        audience: what marks the object.

    Returns:
        True if each marking allows the reader.
    """
    return READ in reader.verbs and all(_allows(one, reader) for one in audience.markings)


def may_do(reader: Reader, verb: str, audience: Audience, owner: str) -> bool:
    """Decide whether a reader may do something to an object.

    Args:
        reader: who asks.
        verb: one of `reader.VERBS`.
        audience: what marks the object.
        owner: the organisation that owns the object.

    Returns:
        True if the reader may see the object, may do this at all, and, where only the owner may
        do it, belongs to the owner.
    """
    if not may_see(reader, audience) or verb not in reader.verbs:
        return False
    return verb not in OF_OWNER or reader.organisation == owner


def types_shown_to(reader: Reader) -> tuple[str, ...] | None:
    """Give the only types of objects that a reader's role reads, or None: all types."""
    return FOR_REPORTERS if reader.role == "field reporter" else None


def _allows(marking: Marking, reader: Reader) -> bool:
    return (
        _level_allows(marking, reader)
        and marking.groups <= reader.groups
        and _jurisdiction_allows(marking, reader)
    )


def _level_allows(marking: Marking, reader: Reader) -> bool:
    given = marking.recipients | {marking.owner}
    match marking.level:
        case "CLEAR":
            return True
        case "GREEN":
            return reader.known
        case "AMBER":
            return reader.known and bool(given & ({reader.organisation} | reader.client_of))
        case "AMBER+STRICT":
            return reader.known and reader.organisation in given
        case "RED":
            return reader.known and reader.name in marking.readers
    return False


def _jurisdiction_allows(marking: Marking, reader: Reader) -> bool:
    if not marking.jurisdictions or EVERYWHERE in reader.jurisdictions:
        return True
    return bool(marking.jurisdictions & reader.jurisdictions)
