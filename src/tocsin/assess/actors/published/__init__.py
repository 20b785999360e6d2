"""Published names: which names lists of public bodies give to one organisation, where and when.

The lists ship with tocsin (`LICENCE.md` beside this file says whose they are). They name
organisations only. A row holds the names of one time of an organisation; names of another time
followed it, and may be a wider or a narrower organisation.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LISTS = ("ucdp.csv", "further.csv")


@dataclass(frozen=True)
class Listed:
    """One organisation at one time, as a list names it."""

    organisation: str
    names: tuple[str, ...]
    gwnos: frozenset[int]
    first: int
    last: int
    by: str

    def is_there(self, gwno: int | None, years: tuple[int, int]) -> bool:
        """Tell whether the list places it in a state, at a time that touches these years."""
        return gwno in self.gwnos and self.first <= years[1] and years[0] <= self.last


@cache
def read_lists() -> tuple[Listed, ...]:
    """Read the lists, those of UCDP first."""
    return tuple(row for name in LISTS for row in _read(name))


def _read(name: str) -> list[Listed]:
    text = files(__name__).joinpath(name).read_text("utf-8")
    return [
        Listed(
            row["organisation"],
            tuple(row["names"].split("|")),
            frozenset(map(int, row["gwnos"].split())),
            int(row.get("from") or 0),
            int(row.get("to") or 9999),
            row.get("published") or "UCDP",
        )
        for row in csv.DictReader(text.splitlines())
    ]


def by_key(key: Callable[[str], str]) -> dict[str, list[Listed]]:
    """Index the listed organisations by a form of their names.

    Args:
        key: what makes the form of a name.

    Returns:
        The form to the organisations of which a name has it.
    """
    found: dict[str, list[Listed]] = {}
    for one in read_lists():
        for form in {key(name) for name in one.names}:
            found.setdefault(form, []).append(one)
    return found
