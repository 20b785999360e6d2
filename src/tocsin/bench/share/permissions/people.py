"""Who asks, how objects are marked, and who may see them, written out without the server's rules.

The levels are those of FIRST (2022), TLP 2.0. What the server decides in `access.decision` is
stated here a second time, from the standard's words, so that a fault there cannot excuse itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tocsin.share.server.access.marking import EVERYWHERE, LEVELS, Marking
from tocsin.share.server.access.reader import ROLES

OWNER, GIVEN, CLIENT, OTHER = "Health", "Interior", "Clinic", "Elsewhere"
"""Who marks, to whom it gives, whose client that is, and somebody else."""
NEED, PLACE = "border", "MLI"
"""A group that needs to know, and the code of a territory."""
REPORTED = ("warning", "brief")
"""What field reporters read."""


@dataclass(frozen=True)
class Asker:
    """This is who asks; an empty role: nobody known."""

    name: str = ""
    organisation: str = ""
    role: str = ""
    groups: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    client_of: frozenset[str] = frozenset()

    def sees(self, markings: frozenset[Marking], type: str) -> bool:
        """Tell whether the asker may see an object: each marking has to allow it."""
        if self.role == "field reporter" and type not in REPORTED:
            return False
        return all(self._is_meant(one) and self._needs(one) for one in markings)

    def _is_meant(self, marking: Marking) -> bool:
        if marking.level == "CLEAR":
            return True
        if not self.role:
            return False
        if marking.level == "GREEN":
            return True
        if marking.level == "RED":
            return self.name in marking.readers
        given = {marking.owner, *marking.recipients}
        by_client = marking.level == "AMBER" and bool(self.client_of & given)
        return self.organisation in given or by_client

    def _needs(self, marking: Marking) -> bool:
        by_place = not marking.jurisdictions or EVERYWHERE in self.places
        return not marking.groups - self.groups and (
            by_place or bool(marking.jurisdictions & self.places)
        )


def list_askers() -> list[Asker]:
    """List an account of each role, organisation and need to know, and nobody."""
    found = [Asker()]
    sets = product(
        (OWNER, GIVEN, CLIENT, OTHER), ROLES, ((), (NEED,)), ((), (PLACE,), (EVERYWHERE,))
    )
    for n, (organisation, role, groups, places) in enumerate(sets):
        found.append(
            Asker(
                f"account {n:03d} of {organisation}", organisation, role, frozenset(groups),
                frozenset(places), frozenset({GIVEN} if organisation == CLIENT else ()),
            )
        )  # fmt: skip
    return found


def list_markings() -> Iterator[frozenset[Marking]]:
    """List sets of markings: each level, given to others or not, with and without a need to know.

    RED is given to every second account. Half of the sets hold a marking of another owner, too.
    """
    named = frozenset(one.name for one in list_askers()[2::2])
    given = Marking("AMBER", OTHER, frozenset({OWNER, GIVEN}))
    for second, level, recipients, groups, places in product(
        (False, True), LEVELS, ((), (GIVEN,)), ((), (NEED,)), ((), (PLACE,))
    ):
        first = Marking(
            level, OWNER, frozenset(recipients), named if level == "RED" else frozenset(),
            frozenset(groups), frozenset(places),
        )  # fmt: skip
        yield frozenset({first, given} if second else {first})
