"""Which names of one territory mean one organisation: certain, likely, or nothing is said.

Certain is what needs no judgement: one name in two spellings, a name with its abbreviation in
brackets, initials of the only name of the territory that has them, or two names that a published
list gives to one organisation there and then. All else that speaks for it is a proposal, which a
person accepts or leaves. docs/decisions/0159-names-of-one-organisation.md says what was measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from tocsin.assess.actors.identities.spelling import Name, key, read_name, spells
from tocsin.assess.actors.published import Listed, by_key
from tocsin.schema.tables.observed.described import is_description

SAME, LIKELY = "same", "likely"
SPELLED = "one name in two spellings"
INITIALS = 3
"""So few letters of initials are enough for certainty, where only one name has them."""
SYLLABLES = 5
"""So few letters, where words give more than one."""
SOUNDS = 5
"""So few consonants, for names that agree in their consonants and are proposed."""
_GENERIC = "movement mouvement movimiento group groupe organisation militia network"
GENERIC = frozenset(_GENERIC.split())


@dataclass(frozen=True)
class Used:
    """A name as it is used in one territory: its id, and the years of its first and last use."""

    actor_id: str
    name: str
    gwno: int | None
    years: tuple[int, int] = (0, 9999)


@dataclass(frozen=True)
class Match:
    """Two names of one territory that are one organisation, or may be."""

    one: Used
    other: Used
    verdict: str
    because: str


def find_matches(used: Iterable[Used]) -> list[Match]:
    """Find the pairs of names that mean one organisation, territory by territory.

    Args:
        used: names of organisations in use; no states, no civilians, nobody 'unknown'.

    Returns:
        The pairs, those that are certain before those that are likely, each pair once.
    """
    places: dict[int | None, list[Used]] = defaultdict(list)
    for one in sorted(set(used), key=lambda one: (one.actor_id, one.name, one.gwno or 0)):
        places[one.gwno].append(one)
    return [
        match for place in sorted(places, key=lambda x: x or 0) for match in _here(places[place])
    ]


def _here(used: list[Used]) -> list[Match]:
    read = {one: read_name(one.name, one.gwno) for one in used}
    listed = {one: _look_up(read[one], one) for one in used}
    # Of descriptions only spellings of the same words are compared: no letters stand for them.
    names = [one for one in used if not is_description(one.name)]
    found: dict[tuple[Used, Used], Match] = {}
    for match in (
        *_match_spellings(used, read),
        *_match_lists(used, listed),
        *_match_initials(names, read),
        *_propose(names, read),
    ):
        pair = match.one, match.other
        apart = listed[pair[0]] and listed[pair[1]]
        if match.one.actor_id == match.other.actor_id or pair in found or pair[::-1] in found:
            continue
        if apart and not _ids(listed[pair[0]]) & _ids(listed[pair[1]]):
            continue  # A list has both, as two.
        found[pair] = match
    return sorted(found.values(), key=lambda one: one.verdict != SAME)


def _match_spellings(used: list[Used], read: dict[Used, Name]) -> Iterator[Match]:
    """One form in two spellings, or a name with its abbreviation and either alone."""
    by: dict[str, list[Used]] = defaultdict(list)
    for one in used:
        for form in sorted(read[one].keys):
            by[form].append(one)
    for form, ones in sorted(by.items()):
        for one, other in combinations(ones, 2):
            # 'A (X)' and 'A (Y)' are two, and 'A' alone is then neither.
            if len({read[each].shorts for each in ones if len(read[each].keys) > 1}) > 1:
                yield Match(one, other, LIKELY, f"both are called '{form}', and others too")
            elif len(read[one].keys | read[other].keys) > 1:
                yield Match(one, other, SAME, "the abbreviation stands beside the name")
            else:
                yield Match(one, other, SAME, SPELLED)


def _match_lists(used: list[Used], listed: dict[Used, list[Listed]]) -> Iterator[Match]:
    for one, other in combinations([each for each in used if listed[each]], 2):
        both = _ids(listed[one]) & _ids(listed[other])
        if not both or len(_ids(listed[one]) | _ids(listed[other])) > len(both):
            continue
        by = ", ".join(sorted({each.by for each in listed[one] if each.organisation in both}))
        if set(listed[one]) & set(listed[other]):
            yield Match(one, other, SAME, f"published as names of one organisation ({by})")
        else:
            yield Match(one, other, LIKELY, f"published as names that followed each other ({by})")


def _match_initials(used: list[Used], read: dict[Used, Name]) -> Iterator[Match]:
    """An abbreviation, and the only name of the territory that has these initials."""
    fits: dict[str, dict[frozenset[str], list[tuple[Used, str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    shorts = {letters for one in used for letters in _short_forms(read[one])}
    for one in used:
        for letters in shorts - read[one].shorts:
            how = {spells(letters, words) for words in read[one].longs} - {None}
            if how:
                kind = "initials" if "initials" in how else "syllables"
                fits[letters][read[one].keys].append((one, kind))
    of_name: dict[frozenset[str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for letters, names in fits.items():
        for keys, found in names.items():
            of_name[keys][min(kind for _, kind in found)].add(letters)
    for letters, names in sorted(fits.items()):
        alone = len(names) == 1 and _only(of_name[next(iter(names))]) == letters
        for ones in names.values():
            for one, kind in ones:
                enough = len(letters) >= (INITIALS if kind == "initials" else SYLLABLES)
                verdict = SAME if alone and enough else LIKELY
                for short in used:
                    if letters in _short_forms(read[short]):
                        yield Match(short, one, verdict, f"made of the {kind} of the other name")


def _only(found: dict[str, set[str]]) -> str | None:
    """The one abbreviation of a name: of its initials, or else of its syllables."""
    best = found.get("initials") or found.get("syllables") or set()
    return next(iter(best)) if len(best) == 1 else None


def _short_forms(name: Name) -> frozenset[str]:
    """Abbreviations, and single words that may be one, such as 'Renamo'."""
    if name.shorts or name.others:
        return name.shorts
    return frozenset(one for one in name.keys if SYLLABLES <= len(one) <= 8 and one.isalpha()
                     and " " not in name.raw.strip())  # fmt: skip


def _propose(used: list[Used], read: dict[Used, Name]) -> Iterator[Match]:
    """What speaks for one organisation without being certain."""
    by: dict[tuple[str, str], list[Used]] = defaultdict(list)
    for one in used:
        name = read[one]
        if len(name.sounds) >= SOUNDS - 1:
            by["they sound alike", name.sounds].append(one)
        if not name.shorts and not name.others:
            by["they differ in a general word", _without_generic(name)].append(one)
            for form in sorted(_misspelt(name.bare)):
                by["they differ in one letter", form].append(one)
        for form in sorted(name.others):
            by["it stands in brackets beside the other", form].append(one)
        if not name.others:
            for form in sorted(name.keys):
                by["it stands in brackets beside the other", form].append(one)
    for (why, _), ones in sorted(by.items()):
        for one, other in combinations(ones, 2):
            if why.startswith("it stands") and not read[one].others ^ read[other].others:
                continue
            yield Match(one, other, LIKELY, why)


def _without_generic(name: Name) -> str:
    words = next(iter(sorted(name.longs)), ())
    kept = [word.removesuffix("s") for word in words if word not in GENERIC]
    return "".join(kept) if kept and words else name.bare.removesuffix("s")


def _misspelt(form: str) -> set[str]:
    """The form with one letter left out; digits tell units apart and are never left out."""
    if len(form) < 8:
        return set()
    return {form[:at] + "_" + form[at + 1 :] for at in range(1, len(form)) if form[at].isalpha()}


def published_as(name: str, gwno: int | None, years: tuple[int, int]) -> frozenset[str]:
    """Tell which organisation of the published lists a name means in a territory.

    Args:
        name: the name as a source writes it.
        gwno: the Gleditsch-Ward number of the territory.
        years: the first and the last year in which the name is used there.

    Returns:
        The one organisation's mark in the lists; empty where they know none, or several.
    """
    return _ids(_look_up(read_name(name, gwno), Used("", name, gwno, years)))


def _ids(listed: Iterable[Listed]) -> frozenset[str]:
    return frozenset(_one_of_each()[one.organisation] for one in listed)


def _look_up(name: Name, used: Used) -> list[Listed]:
    """The organisations of the lists that a name means there and then; none if its parts differ."""
    if is_description(used.name):
        return []
    parts = []
    for form in sorted(name.keys | name.others):
        here = [one for one in _index().get(form, []) if one.is_there(used.gwno, used.years)]
        if here:
            parts.append(here)
    if name.others and not all(other in _index() for other in name.others):
        parts = []  # A faction that no list knows.
    organisations = {_ids(part) for part in parts}
    if len(organisations) != 1 or len(next(iter(organisations))) != 1:
        return []
    return [one for part in parts for one in part]


@cache
def _index() -> dict[str, list[Listed]]:
    return by_key(key)


@cache
def _one_of_each() -> dict[str, str]:
    """Each listed organisation to the one by which it goes, where two lists have it."""
    to = {one.organisation: one.organisation for ones in _index().values() for one in ones}
    for ones in _index().values():
        ours = [one for one in ones if not one.organisation.startswith("ucdp-")]
        for one in ours:
            for other in ones:
                if other.organisation.startswith("ucdp-") and one.gwnos & other.gwnos:
                    to[other.organisation] = one.organisation
    return to
