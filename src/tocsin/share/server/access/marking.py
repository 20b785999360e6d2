"""Markings: how far an object may go, by the Traffic Light Protocol and by who needs to know.

FIRST (2022), TLP 2.0, has five levels. CLEAR: everybody. GREEN: the community, here everybody with
an account. AMBER: the organisations that it was given to, and their clients. AMBER+STRICT: these
organisations only. RED: the persons it was given to, here accounts by name, and nobody else.

An object carries one marking or several, its *audience*, and all of them must allow: what is
derived from two objects carries the markings of both. Nothing takes a marking away but a release.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tocsin.errors import UsageError

LEVELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
"""The levels of TLP 2.0, from the freest to the strictest."""
EVERYWHERE = "*"
"""The jurisdiction of a reader who has all of them."""
MANY = 200
"""More names than this are in no marking that people write."""
LONGEST = 200
"""Characters of a name in a marking, at most."""


@dataclass(frozen=True)
class Marking:
    """This is one marking: a level, and who is meant by it."""

    level: str
    """One of `LEVELS`."""
    owner: str = ""
    """The organisation that set the marking, and alone may release it."""
    recipients: frozenset[str] = frozenset()
    """Organisations beside the owner to which AMBER and AMBER+STRICT were given."""
    readers: frozenset[str] = frozenset()
    """Names of the accounts to which RED was given."""
    groups: frozenset[str] = frozenset()
    """Groups that need to know: a reader must belong to each of them."""
    jurisdictions: frozenset[str] = frozenset()
    """Codes of territories: a reader must answer for one of them. Empty: it does not matter."""

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise UsageError(
                f"There is no marking '{str(self.level)[:40]}'.",
                remedy=f"Choose of: {', '.join(LEVELS)}.",
            )
        for names in (self.recipients, self.readers, self.groups, self.jurisdictions):
            if len(names) > MANY or any(not one or len(one) > LONGEST for one in names):
                raise UsageError(
                    "A marking names too many, or a name is empty or too long.",
                    remedy=f"Name at most {MANY}, of at most {LONGEST} characters each.",
                )

    def implies(self, other: Marking) -> bool:
        """Tell whether everybody whom this marking allows is allowed by the other, too."""
        places, their = self.jurisdictions, other.jurisdictions
        return (
            self._level_implies(other)
            and other.groups <= self.groups
            and (not their or (bool(places) and places <= their))
        )

    def _level_implies(self, other: Marking) -> bool:
        given, theirs = self.recipients | {self.owner}, other.recipients | {other.owner}
        match other.level:
            case "CLEAR":
                return True
            case "GREEN":
                return self.level != "CLEAR"
            case "AMBER":
                return self.level in ("AMBER", "AMBER+STRICT") and given <= theirs
            case "AMBER+STRICT":
                return self.level == "AMBER+STRICT" and given <= theirs
            case _:
                return self.level == "RED" and self.readers <= other.readers

    def as_dict(self) -> dict[str, Any]:
        """Give the marking for machines; names are sorted, and what is empty is left out."""
        sets = {name: sorted(getattr(self, name)) for name in _SETS}
        told: dict[str, Any] = {"level": self.level, "owner": self.owner, **sets}
        return {name: value for name, value in told.items() if value}

    def as_text(self) -> str:
        """Write the marking as JSON; equal markings give equal texts."""
        return json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False)

    @classmethod
    def of_dict(cls, said: Mapping[str, Any]) -> Marking:
        """Read a marking as `as_dict` gives it.

        Raises:
            UsageError: it has other keys, or values of other kinds.
        """
        unknown = set(said) - {"level", "owner", *_SETS}
        sets = {name: said.get(name, []) for name in _SETS}
        wrong = [name for name, value in sets.items() if not _is_names(value)]
        if unknown or wrong or not isinstance(said.get("owner", ""), str):
            raise UsageError(
                f"This is no marking: {', '.join(sorted([*unknown, *wrong])) or 'owner'}.",
                remedy="Give 'level', 'owner', and lists of names.",
            )
        return cls(
            str(said.get("level", "")), str(said.get("owner", "")),
            **{name: frozenset(value) for name, value in sets.items()},
        )  # fmt: skip


_SETS = ("recipients", "readers", "groups", "jurisdictions")


def _is_names(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


@dataclass(frozen=True)
class Audience:
    """This is all that marks an object; a reader sees the object if every marking allows it.

    >>> green, amber = Marking("GREEN"), Marking("AMBER", "Ministry of Health")
    >>> Audience.of(green, amber).level
    'AMBER'
    """

    markings: frozenset[Marking]
    level: str = field(init=False, compare=False)
    """The strictest level among the markings."""

    def __post_init__(self) -> None:
        if not self.markings:
            raise UsageError("An object needs a marking.", remedy="Mark it, CLEAR if it is public.")
        strictest = max((one.level for one in self.markings), key=LEVELS.index)
        object.__setattr__(self, "level", strictest)

    @classmethod
    def of(cls, *markings: Marking) -> Audience:
        """Make an audience of some markings; marking twice alike is marking once."""
        return cls(frozenset(markings))

    @classmethod
    def of_all(cls, audiences: Iterable[Audience]) -> Audience:
        """Make the audience of what is derived from objects: whoever may see each of them.

        A marking that another one of the same owner says already is left out.
        """
        return _unite(frozenset(one for audience in audiences for one in audience.markings))

    def is_no_laxer_than(self, other: Audience) -> bool:
        """Tell whether everybody who may see this may see the other, as the markings stand."""
        return all(any(mine.implies(one) for mine in self.markings) for one in other.markings)

    def as_text(self) -> str:
        """Write the audience as JSON; equal audiences give equal texts."""
        return f"[{', '.join(sorted(one.as_text() for one in self.markings))}]"

    @classmethod
    def of_text(cls, text: str) -> Audience:
        """Read what `as_text` wrote."""
        return _read(text)

    def digest(self) -> str:
        """Give the SHA-256 of the text, in hexadecimal digits, by which an audience is found."""
        return hashlib.sha256(self.as_text().encode()).hexdigest()


@lru_cache(maxsize=50_000)
def _read(text: str) -> Audience:
    """Many objects have one audience, and neither text nor audience ever changes."""
    return Audience(frozenset(Marking.of_dict(one) for one in json.loads(text)))


@lru_cache(maxsize=50_000)
def _unite(whole: frozenset[Marking]) -> Audience:
    """The same few markings are put together for one object after another."""
    kept: set[Marking] = set()
    # Of two markings that allow the same readers, the last in this order stays.
    for one in sorted(whole, key=Marking.as_text):
        rest = kept | {other for other in whole if other.as_text() > one.as_text()}
        if not any(other.owner == one.owner and other.implies(one) for other in rest):
            kept.add(one)
    return Audience(frozenset(kept))
