"""Whom the seals in a user's own lists mean: only those whose names something else here has.

A user's list may have a person's name where an organisation's belongs. Its names are kept as seals
(`schema.vocabulary.folding.seal`), and a name is told again only where it stands in a list of
actors, of support, among the sides of this workspace's incidents or what people here said, or is a
state's. docs/decisions/0177-names-that-nobody-knows.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from tocsin.assess.actors.names import aliases
from tocsin.assess.actors.states import state_number
from tocsin.schema.geography.territory import part_names, spellings, territories
from tocsin.schema.vocabulary.folding import LINKED_NAMES, acronym, seal

NOBODY = "nobody known here"
"""Stands for the name of one whom nothing here knows."""
_OF_A_STATE = (
    "{}", "government of {}", "military forces of {}", "police forces of {}", "police of {}",
    "armed forces of {}", "security forces of {}", "army of {}", "{} army", "{} armed forces",
    "gouvernement de {}", "gouvernement du {}", "forces armees de {}", "armee de {}",
    "gobierno de {}", "fuerzas armadas de {}", "ejercito de {}",
)  # fmt: skip
"""How lists write a state's own forces."""


@dataclass(frozen=True)
class Known:
    """This is who is known here, by the seals of their names and ids.

    Attributes:
        ids: the id of each seal that means one organisation only.
        names: a name of each seal, to be printed.
        short: names by the seals of their initials and of their other forms, and by that of a name
            that is another's initials.
    """

    ids: dict[str, str]
    names: dict[str, str]
    short: dict[str, tuple[str, ...]]

    def is_state(self, sealed: str) -> bool:
        """Tell whether a seal means a state or its own forces."""
        return sealed in _states() or state_number(self.names.get(sealed, "")) is not None

    def show(self, sealed: str, row: str | None) -> str:
        """Return the name that a seal means; else where it stands and that nobody is known."""
        return self.names.get(sealed) or f"{row or 'a given list'}: {NOBODY}"

    def alike(self, sealed: str, initials: str | None) -> str | None:
        """Return the only known name that is a name's initials, or of which it is the initials or
        another form."""
        fits = {*self.short.get(sealed, ()), *self.short.get(f"= {initials}", ())}
        return fits.pop() if len(fits) == 1 else None


def known_here(names: pl.DataFrame, *more: pl.DataFrame) -> Known:
    """Index by their seals all organisations that something here knows, and all states.

    Args:
        names: the statements of `actor_names` that stand.
        more: further frames with `actor_id` and `actor`, such as the table `adoption`.

    Returns:
        The index.
    """
    called = names.select("actor_id", pl.col("name").alias("actor"))
    shown, short = dict(_states()), dict[str, set[str]]()
    found: dict[str, str] = {}
    own: dict[str, str] = {}
    for frame in (called, *more):
        pairs = frame.select("actor_id", "actor").drop_nulls().unique().sort("actor_id", "actor")
        ids: dict[str, str | None] = {}
        for actor_id, name in pairs.iter_rows():
            sealed = seal(name)
            ids[sealed] = actor_id if ids.get(sealed, actor_id) == actor_id else None
            own[seal(actor_id)] = actor_id
            shown |= {seal(actor_id): name, sealed: name}
            _add(short, f"= {sealed}", name)
            # Its initials, what stands in brackets, and what stands without them.
            for form in {acronym(name), *aliases(name)} - {""}:
                if (other := seal(form)) != sealed:
                    _add(short, other, name)
        # A short name may be that of several in a list of all countries, and of one in the ledger.
        found = {one: its for one, its in ids.items() if its is not None} | found
    alike = {key: tuple(sorted(some)) for key, some in short.items()}
    return Known(found | own, shown, alike)


def supported(supports: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """Return the organisations of the table `supports`, for `known_here`.

    Args:
        supports: the table.

    Returns:
        Frames with `actor_id` and `actor`: who is supported, whom they fought, who supports.
    """
    return tuple(
        supports.select(pl.col(f"{one}_id").alias("actor_id"), pl.col(one).alias("actor"))
        for one in ("actor", "opponent", "supporter")
    )


def unknown_id(sealed: str) -> str:
    """Return what stands for the id of one whom nobody knows: the start of its seal."""
    return sealed[:23]


def _add(short: dict[str, set[str]], key: str, name: str) -> None:
    # Two spellings of one name are one proposal.
    if LINKED_NAMES.fold(name) not in {LINKED_NAMES.fold(one) for one in short.get(key, ())}:
        short.setdefault(key, set()).add(name)


@cache
def _states() -> dict[str, str]:
    """Names of states and of their own forces, by seal."""
    names = {one: unit.name for unit in territories() for one in spellings(unit.gwno)}
    names |= {part: part for part in part_names()}
    return {
        seal(form.format(name)): own if form == "{}" else f"Government of {own}"
        for name, own in names.items()
        for form in _OF_A_STATE
    }
