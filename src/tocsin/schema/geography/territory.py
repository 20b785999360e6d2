"""Territories: which unit a name, a code and a date point to.

The unit is the state of Gleditsch and Ward (1999, "A revised list of independent states
since the congress of Vienna", International Interactions 25), from 1989 on. Spellings of
UCDP, VIEWS, the World Bank, V-Dem and ISO 3166 are in `data/territories.csv`, and so are the
states that split or merged. Parts that UCDP counts under a state (Palestine under Israel,
Western Sahara under Morocco) resolve to that state and keep the name they came by.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from tocsin.errors import TocsinError
from tocsin.schema.geography.abroad import codes_meant, other_than_code, without_points
from tocsin.schema.geography.style import OTHERWISE, bare_name, halves, loose
from tocsin.schema.vocabulary.folding import TERRITORIES

LONGEST = 80
"""No name of a territory has more letters; nothing is suggested for a longer one."""


class UnknownTerritory(TocsinError):
    """A name or code that no state has, or that more than one state may claim."""


@dataclass(frozen=True)
class Territory:
    """One state, from `start` (first day) to `end` (first day after), None where open.

    `part` is the name of the part of the state that was asked for, where it was one.
    """

    gwno: int
    name: str
    iso3: str
    start: date | None = None
    end: date | None = None
    part: str | None = None


@dataclass(frozen=True)
class _Entry:
    territory: Territory
    successors: tuple[int, ...]
    before: tuple[tuple[int, date], ...]
    names: tuple[str, ...]


def resolve(name: str, *, on: date | None = None, until: date | None = None) -> Territory:
    """Find the territory that a name or an ISO 3166 alpha-3 code means.

    Args:
        name: any spelling used by UCDP, VIEWS, Gleditsch-Ward, ISO, V-Dem or the World Bank;
            case, accents and spaces do not matter. Also the usual name in some eighty languages,
            and short forms (`abroad`), where all of these mean one state.
        on: a day; then the state that held that ground on that day, so that 'South Sudan' in
            2010 is Sudan and 'Serbia (Yugoslavia)' in 2010 is Serbia. Without it, the state
            that the name means by itself.
        until: the last day, where it is not known on which day since `on` it was; then the state
            that the name means by itself, if it existed on any of these days. An imprecise day
            does not move an event to the state that ended, or had yet to begin, within them.

    Returns:
        The territory. Its `part` is set where the name is that of a part of it.

    Raises:
        UnknownTerritory: no state has the name, or the state had split by that day.

    >>> resolve("Congo, DRC").gwno, resolve("Congo").gwno
    (490, 484)
    >>> resolve("South Sudan", on=date(2010, 1, 1)).name
    'Sudan'
    """
    entry = _entry_of(name)
    if entry is None:
        _refuse_two(name)
        meant = _likely_names(TERRITORIES.fold(name))
        raise UnknownTerritory(
            f"No territory is called '{name}'.",
            remedy=f"Did you mean: {meant}?" if meant else "See `tocsin territories`.",
        )
    own = entry.territory
    if on is None or (until is not None and _did_exist(own, on, until)):
        return own
    return _on(entry, on, name)


def _refuse_two(name: str) -> None:
    """Ask which state is meant where a name means one here and another there."""
    meant = {_by_iso3()[code].territory.name: code for code in codes_meant(name[:LONGEST])}
    if len(meant) > 1:
        raise UnknownTerritory(
            f"'{name}' means {' in one language and '.join(meant)} in another.",
            remedy=f"Write the code of the one that is meant: {' or '.join(meant.values())}.",
        )
    if other_than_code(name) is not None:
        raise UnknownTerritory(
            f"'{name}' is a name of {_by_iso3()[str(other_than_code(name))].territory.name} where "
            f"it is no code, and the code of {resolve(name.upper()).name} in capitals.",
            remedy="Write the code of the one that is meant in capitals.",
        )


def _did_exist(unit: Territory, first: date, last: date) -> bool:
    """Did the state exist on one of these days?"""
    return (unit.start is None or unit.start <= last) and (unit.end is None or first < unit.end)


def is_known(name: str) -> bool:
    """Tell whether some territory has this name; it is far cheaper than a `resolve` that fails."""
    return _entry_of(name) is not None


def by_gwno(gwno: int, *, on: date | None = None, until: date | None = None) -> Territory:
    """Find the territory of a Gleditsch-Ward number.

    Args:
        gwno: the number, such as 652 for Syria (Gleditsch and Ward 1999).
        on: a day; then the result is the territory that held that ground on that day. Without
            it, the result is the territory that the number means by itself.
        until: see `resolve`.

    Returns:
        The territory.

    Raises:
        UnknownTerritory: no state has that number, or the state had split by that day.

    >>> by_gwno(652).name
    'Syria'
    """
    entry = _by_number().get(gwno)
    if entry is None:
        raise UnknownTerritory(
            f"No state has the Gleditsch-Ward number {gwno}.", remedy="See `tocsin territories`."
        )
    own = entry.territory
    if on is None or (until is not None and _did_exist(own, on, until)):
        return own
    return _on(entry, on, own.name)


def by_iso(code: str, *, on: date | None = None, until: date | None = None) -> Territory:
    """Find the territory of an ISO 3166-1 code.

    It is kept apart from `resolve`, since two letters are also words ("NO", "IS").

    Args:
        code: two letters, three letters, or the number of the United Nations' M49. Capitals do
            not matter.
        on: a day; see `by_gwno`.
        until: see `resolve`.

    Returns:
        The territory. Its `part` is set where the code is that of a part of it.

    Raises:
        UnknownTerritory: no territory has that code, or the state had split by that day.

    >>> by_iso("SY").name, by_iso("760").name, by_iso("syr").name
    ('Syria', 'Syria', 'Syria')
    """
    folded = code.strip().upper()
    known = _by_iso().get(folded.lstrip("0") if folded.isascii() and folded.isdigit() else folded)
    if known is None:
        raise UnknownTerritory(
            f"No territory has the ISO 3166 code '{code}'.", remedy="See `tocsin territories`."
        )
    return resolve(known, on=on, until=until)


def alpha2(gwno: int) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the state of a Gleditsch-Ward number.

    Returns:
        Two capital letters; None where the state ended before it had such a code.

    >>> alpha2(652), alpha2(490)
    ('SY', 'CD')
    """
    entry = _by_number().get(gwno)
    return _short_codes().get(entry.territory.iso3) if entry else None


def by_fips(code: str, *, on: date | None = None) -> Territory | None:
    """Find the territory of a FIPS 10-4 country code, which GDELT uses.

    Half of the two-letter codes mean another country in ISO 3166 (AS, AU, CH, IZ), so the two
    systems must not be mixed.

    Args:
        code: two letters.
        on: a day; see `by_gwno`.

    Returns:
        The territory. None for seas, for Antarctica, and for islands that belong to no
        territory of ours.

    Raises:
        UnknownTerritory: there is no such code, or the state had split by that day.

    >>> [by_fips(code).name for code in ("IZ", "CT", "GZ")]
    ['Iraq', 'Central African Republic', 'Israel']
    """
    known = _by_fips().get(code)
    if known is None:
        raise UnknownTerritory(f"No country has the FIPS 10-4 code '{code}'.")
    return by_iso(known, on=on) if known else None


def fips_codes() -> list[str]:
    """List every FIPS 10-4 country code that is known."""
    return list(_by_fips())


def territories(*, on: date | None = None) -> list[Territory]:
    """List all states by their Gleditsch-Ward numbers; with `on`, those that existed on that
    day.
    """
    found = [entry.territory for _, entry in sorted(_by_number().items())]
    if on is None:
        return found
    return [
        item
        for item in found
        if (item.start is None or item.start <= on) and (item.end is None or on < item.end)
    ]


@cache
def part_names() -> frozenset[str]:
    """Return the names of the parts that are counted under a state, such as Palestine."""
    return frozenset(entry.territory.part for entry in _entries() if entry.territory.part)


def is_known_at_once(name: str) -> bool:
    """Tell whether a name is one of ours, or of the languages that are read at once."""
    return _called_at_once(name) is not None


def spellings(gwno: int) -> list[str]:
    """List every spelling that `resolve` takes for the state of a number, its own name first.

    >>> "Congo-Kinshasa" in spellings(490)
    True
    """
    return list(_by_number()[gwno].names)


@lru_cache(maxsize=10_000)
def _likely_names(folded: str) -> str:
    """Names that a misspelling may stand for; a file repeats its misspellings."""
    if len(folded) > LONGEST:
        return ""
    near = difflib.get_close_matches(folded, list(_by_name()), n=3, cutoff=0.75)
    units = [_by_name()[match].territory for match in near]
    return ", ".join(dict.fromkeys(one.part or one.name for one in units))


def _on(entry: _Entry, on: date, name: str) -> Territory:
    territory = entry.territory
    if territory.end is not None and on >= territory.end:
        if len(entry.successors) != 1:
            names = " and ".join(_by_number()[n].territory.name for n in entry.successors)
            raise UnknownTerritory(
                f"'{name}' had split into {names} by {on}.", remedy="Name the part that you mean."
            )
        return by_gwno(entry.successors[0], on=on)
    for holder, until in entry.before:
        if on < until:
            return replace(by_gwno(holder), part=territory.name)
    return territory


@cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(_read())


def _read() -> Iterator[_Entry]:
    text = files("tocsin.schema.geography").joinpath("data/territories.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    states = {int(row["gwno"]): row for row in rows if row["kind"] == "state"}
    for row in rows:
        state = states[int(row["gwno"])]
        territory = Territory(
            int(state["gwno"]), state["name"], state["iso3"], _day(state["start"]),
            _day(state["end"]), part=row["name"] if row["kind"] == "part" else None,
        )  # fmt: skip
        names = [row["name"], row["iso3"], *row["aliases"].split("|")]
        yield _Entry(
            territory,
            tuple(int(number) for number in row["successors"].split("|") if number),
            tuple(_before(item) for item in row["before"].split("|") if item),
            tuple(dict.fromkeys(name for name in names if name)),
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _before(text: str) -> tuple[int, date]:
    holder, until = text.split("<")
    return int(holder), date.fromisoformat(until)


@cache
def _by_name() -> dict[str, _Entry]:
    return {TERRITORIES.fold(name): entry for entry in _entries() for name in entry.names}


def _called_at_once(name: str) -> _Entry | None:
    if other_than_code(name) is not None:
        return None
    folded = TERRITORIES.fold(name)
    found = _by_name().get(folded) or _by_loose_name().get(loose(name))
    bare = None if found else bare_name(folded)
    return _called_at_once(bare) if bare else found


@lru_cache(maxsize=10_000)
def _entry_of(name: str) -> _Entry | None:
    """The territory of a name; in languages that are known later only where it means one."""
    found = _called_at_once(name) or _called_at_once(without_points(name))
    if found is None and (both := halves(name)) is not None:
        one, other = map(_called_at_once, both)
        found = one if one is other else None
    if found is None and len(name) <= LONGEST and other_than_code(name) is None:
        meant = codes_meant(name)
        found = _by_iso3().get(meant[0]) if len(meant) == 1 else None
    return found


@cache
def _by_iso3() -> dict[str, _Entry]:
    """Alpha-3 to the state, or to the part of one."""
    parts = {entry.names[1]: entry for entry in _entries() if len(entry.names) > 1}
    return parts | {one.territory.iso3: one for one in _entries() if one.territory.part is None}


@cache
def _by_loose_name() -> dict[str, _Entry]:
    """Loosely written names, names in other languages, and both sides of 'Burma/Myanmar'.

    A name that may mean two territories means none.
    """
    text = files("tocsin.schema.geography").joinpath("data/names_translated.csv").read_text("utf-8")
    told = [
        (row["name"], _by_iso3()[row["iso3"]])
        for row in csv.DictReader(text.splitlines())
        if row["iso3"] in _by_iso3()
    ]
    own = [(name, entry) for entry in _entries() for name in entry.names]
    own += [(name, _by_name()[TERRITORIES.fold(meant)]) for name, meant in OTHERWISE.items()]
    found: dict[str, _Entry] = {}
    for names in (own, told):
        fresh: dict[str, set[int]] = {}
        meant: dict[str, _Entry] = {}
        for name, entry in names:
            meant[loose(name)] = entry
            fresh.setdefault(loose(name), set()).add(id(entry))
        found = {key: meant[key] for key, who in fresh.items() if len(who) == 1} | found
    return found


@cache
def _by_iso() -> dict[str, str]:
    """Alpha-2, alpha-3 and number (without leading zeros) to alpha-3."""
    text = files("tocsin.schema.geography").joinpath("data/iso3166.csv").read_text("utf-8")
    return {
        code: row["iso3"]
        for row in csv.DictReader(text.splitlines())
        for code in row.values()
        if code
    }


@cache
def _short_codes() -> dict[str, str]:
    """Alpha-3 to alpha-2."""
    return {known: code for code, known in _by_iso().items() if len(code) == 2 and code.isalpha()}


@cache
def _by_fips() -> dict[str, str]:
    text = files("tocsin.schema.geography").joinpath("data/fips10.csv").read_text("utf-8")
    return {row["fips"]: row["iso3"] for row in csv.DictReader(text.splitlines())}


@cache
def _by_number() -> dict[int, _Entry]:
    return {entry.territory.gwno: entry for entry in _entries() if entry.territory.part is None}
