"""Regions: those of the world, and those that a person puts together.

The world's are blocks of the Gleditsch-Ward numbering.

The five regions are those of UCDP. The numbering (Russett, Singer and Small 1968, kept by
Gleditsch and Ward 1999) gives each a block; Russia and the states of the Caucasus lie in
Europe's, Egypt and Turkey in the Middle East's, Central Asia and Oceania in Asia's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tocsin.errors import UsageError
from tocsin.schema.geography.style import ground
from tocsin.schema.geography.territory import (
    Territory,
    UnknownTerritory,
    by_gwno,
    is_known,
    resolve,
    territories,
)

REGIONS: dict[str, tuple[int, int]] = {
    "Americas": (2, 199),
    "Europe": (200, 399),
    "Africa": (400, 626),
    "Middle East": (630, 699),
    "Asia and Oceania": (700, 999),
}
"""Each region's first and last number."""
NOWHERE = "not known"


def region(gwno: int) -> str:
    """Return the name of the world's region in which a Gleditsch-Ward number lies.

    Returns:
        One of `REGIONS`; `NOWHERE` for a number that no region holds.

    >>> region(652), region(482), region(0)
    ('Middle East', 'Africa', 'not known')
    """
    for name, (first, last) in REGIONS.items():
        if first <= gwno <= last:
            return name
    return NOWHERE


def territory_groups(text: str, *, name: str) -> dict[str, list[int]]:
    """Read the territories that a person lists as a region, by heading.

    Args:
        text: names in any spelling, ISO 3166 alpha-3 codes, Gleditsch-Ward numbers, or one of
            `REGIONS`, with commas between them. A name that holds a comma itself is understood.
            Groups with a heading of their own are written "West: Mali, Niger; Coast: Ghana"; a
            line break parts groups as a semicolon does.
        name: the heading of a group without one.

    Returns:
        Gleditsch-Ward numbers by heading, in the order given, as `Region.territories` holds them.

    Raises:
        UsageError: a territory is not known, has ended, or stands twice; or there is none.

    >>> territory_groups("Mali, NER, 475", name="Sahel")
    {'Sahel': [432, 436, 475]}
    >>> territory_groups("Lakes: Congo, DRC, Rwanda; Coast: Kenya", name="East")
    {'Lakes': [490, 517], 'Coast': [501]}
    """
    found: dict[str, list[int]] = {}
    seen: dict[int, str] = {}
    for group in text.replace("\n", ";").split(";"):
        heading, colon, listed = group.partition(":")
        words = [word.strip() for word in (listed if colon else group).split(",") if word.strip()]
        numbers = found.setdefault(heading.strip() if colon else name, []) if words else []
        for word, territory in _each(words):
            if territory.gwno in seen:
                raise UsageError(
                    f"'{word}' and '{seen[territory.gwno]}' are the same territory: "
                    f"{territory.name} ({territory.gwno}).",
                    where="--region",
                    remedy="Name each territory once.",
                )
            seen[territory.gwno] = word
            numbers.append(territory.gwno)
    if not seen:
        raise UsageError(
            "The region has no territory.", where="--region", remedy='Such as "Mali, Niger, TCD".'
        )
    return found


def _each(words: list[str]) -> list[tuple[str, Territory]]:
    """Each word with its territory; neighbouring words are joined where that makes a name."""
    found = []
    at = 0
    while at < len(words):
        width = next((n for n in (3, 2) if is_known(", ".join(words[at : at + n]))), 1)
        word = ", ".join(words[at : at + width])
        found += [(word, territory) for territory in _territories_of(word)]
        at += width
    return found


def _territories_of(word: str) -> list[Territory]:
    """The territories of one word of a region: one state, or all states of a world region."""
    block = next((known for known in REGIONS if known.casefold() == word.casefold()), None)
    if block is not None:
        return [one for one in territories() if region(one.gwno) == block and one.end is None]
    try:
        one = by_gwno(int(word)) if word.isascii() and word.isdigit() else resolve(word)
    except UnknownTerritory as error:
        raise UsageError(error.what, where="--region", remedy=error.remedy) from error
    if one.end is not None:
        raise UsageError(
            f"{one.name} ({one.gwno}) ended on {one.end}.",
            where="--region",
            remedy="Name the states that followed it; see `tocsin territories`.",
        )
    return [one]


_BESIDE = re.compile(r"([^(),/]{2,80}?)\s*([(,/])\s*([^(),/]{2,80})\)?")


def place_named(name: str, *, on: date | None = None, until: date | None = None) -> Territory:
    """Find the territory that a table means where it names where something happened.

    Beside the names of `resolve` these are disputed grounds (`style.GROUND`), and a part beside its
    own state, as in 'Somalia (Somaliland)'; with a stroke between them both are meant.

    Args:
        name: as it stands in the table.
        on, until: see `resolve`.

    Returns:
        The territory; its `part` is set where the name is that of a part of it.

    Raises:
        UnknownTerritory: see `resolve`.

    >>> place_named("Crimea").name, place_named("Somalie (Somaliland)").part
    ('Ukraine', 'Somaliland')
    """
    if held := ground(name):
        return replace(resolve(held[1], on=on, until=until), part=held[0])
    try:
        return resolve(name, on=on, until=until)
    except UnknownTerritory:
        found = _BESIDE.fullmatch(name.strip())
        if found is None or not (is_known(found[1]) and is_known(found[3])):
            raise
        one, other = resolve(found[1], on=on, until=until), resolve(found[3], on=on, until=until)
        if one.gwno != other.gwno or bool(one.part) == bool(other.part):
            raise
        part, state = (one, other) if one.part else (other, one)
        return state if found[2] == "/" else part
