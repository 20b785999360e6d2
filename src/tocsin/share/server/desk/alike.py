"""Incidents alike: what else happened that shares organisations, class, kind, territory or time.

They are looked for among the incidents of which whoever asks may see every report, and nothing else
takes part: not in the list, nor in its order, nor in how many there are. No weights are fitted;
what two incidents share is counted, and shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Object
from tocsin.share.server.desk.said import Happened
from tocsin.share.server.desk.workspace.incidents import drill, list_seen

NEAR = 30
"""Days between two incidents that are near in time, at most."""
ENOUGH = 3
"""Of five things, incidents that are alike share so many or more."""
MOST = 50
"""Incidents that are listed, at most."""
NOBODY = ("Civilians",)
"""Sides that are no organisation, and make no two incidents alike."""


@dataclass(frozen=True)
class Alike:
    """This is an incident that is like another."""

    row: Object
    said: Happened
    shared: tuple[str, ...]
    """What they share, of: both, side, class, kind, territory, near."""
    days: int | None
    """Days between them; None where a day is not known."""


def list_alike(
    database: Database, connection: Connection, signed: SignedIn, id: str
) -> tuple[Object, Happened, list[Alike]]:
    """List the incidents that are like one, as far as whoever asks may see them.

    Args:
        database: the database.
        connection: any connection.
        signed: who asks.
        id: the incident.

    Returns:
        The incident, what it says, and those like it: who shares most first, then who is nearest
        in time.

    Raises:
        NoObject: there is none, or whoever asks may not see it with each of its reports.
    """
    row, said, _ = drill(database, connection, signed, id)
    others = [
        Alike(other, told, shared_by(row.jurisdiction, said, other.jurisdiction, told),
              days_between(said, told))
        for other, told in list_seen(database, connection, signed) if other.id != id
    ]  # fmt: skip
    found = [one for one in others if len(one.shared) >= ENOUGH]
    return row, said, sorted(found, key=_rank)[:MOST]


def _rank(one: Alike) -> tuple[object, ...]:
    far = one.days if one.days is not None else 10**6
    return (-len(one.shared), "both" not in one.shared, far, one.row.id)


def shared_by(here: str, one: Happened, there: str, other: Happened) -> tuple[str, ...]:
    """Name what two incidents share; what is not known is not shared.

    Args:
        here: the code of the territory of one; empty: none.
        one: what it says.
        there: the code of the territory of the other.
        other: what the other says.

    Returns:
        Of `both` (organisations), `side` (one of them), `class`, `kind`, `territory`, `near`.
    """
    sides = {each for each in one.sides if each not in NOBODY}
    common = sides & set(other.sides)
    whole = len(one.sides) > 1 and set(one.sides) == set(other.sides)
    days = days_between(one, other)
    found = {
        "both": bool(common) and whole, "side": bool(common) and not whole,
        "class": bool(set(one.technologies) & set(other.technologies)),
        "kind": one.kind == other.kind != "other", "territory": bool(here) and here == there,
        "near": days is not None and days <= NEAR,
    }  # fmt: skip
    return tuple(name for name, is_shared in found.items() if is_shared)


def days_between(one: Happened, other: Happened) -> int | None:
    """Count the days from the end of the earlier incident to the beginning of the later one.

    Args:
        one: what an incident says.
        other: what another says.

    Returns:
        Days, 0 where their spans overlap; None where a day is not known.
    """
    try:
        spans = sorted(
            (date.fromisoformat(each.first), date.fromisoformat(each.last))
            for each in (one, other)
        )  # fmt: skip
    except ValueError:
        return None
    return max(0, (spans[1][0] - spans[0][1]).days)
