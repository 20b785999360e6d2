"""Parties: whom a part names, by all their names; `clauses` tells what they did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tocsin.assess.actors.names import aliases, fold, in_text, is_placeholder, members, plain
from tocsin.assess.actors.states import acting_state, state_number
from tocsin.assess.technology.mentions.everyday import find_everyday
from tocsin.assess.technology.mentions.rules import (
    Names,
    clause,
    name_parties,
    parties,
    with_carried,
)
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno, is_known, resolve
from tocsin.schema.vocabulary.folding import fold_in_place

_SHORT = 4
"""Letters of a name that is looked for in capitals only: 'IS' is a group and 'is' a verb."""
_FORCES = re.compile(
    r"(?i)\W+(?:\w+\W+)?(?:army|forces|regime|government|military|troops|police|air ?force|"
    r"soldiers|officers|junta|warplanes|jets|helicopters|navy|marines|air defen[cs]es?|"
    r"intelligence|security service|spy \w+|secret (?:services?|police)|agents|spies)\b|"
    r"(?=\W+(?:[’']?s\W+)?(?:[\w-]+\W+)?(?:drones?|uavs?|unmanned|loitering|quad-?copters?|artillery|"
    r"missiles?|shelling|howitzers?|tanks?|air ?strikes?|reconnaissance|hackers|bayraktars?|"
    r"lancets?|fpvs?|shaheds?|harops?)\b)"
)
"""Words behind the name of the event's own state, without which it names a place or people. Drones,
missiles and guns that have a nationality are those of the state; a car bomb is not."""
_FORCES_BEFORE = re.compile(
    r"(?i)(?:dron(?:e|es|s)?|missiles?|misil(?:es)?|artiller\w+|obus|armee|ejercito|tropas|fuerzas|"
    r"aviation|"
    r"مسير\w*|طائر\w*|مدفعي\w*|صاروخ\w*|صواريخ|قذائف|جيش|قوات|طيران)\W+(?:\w+\W+)?$"
)
"""The same before its name, as French, Spanish and Arabic have them."""
_FIGHTERS = re.compile(
    r"(?i)\W+(?:defen[cs]e\W+|security\W+)?(?:army|forces|troops|soldiers|fighters|militants?|"
    r"rebels?|insurgents?|terrorists?|guerrill?as?|gunmen|militia(?:men)?|jihadi?(?:st)?s?)\b"
)
"""Words behind an organisation's name that are said of it, and of nobody else."""
_NO_FORCES = re.compile(
    r"(?i)(?:[\s–-]*(?:backed|loyal|allied|supported|led|border|occupied|kurd\w*|lira)\b|"
    r"\W+(?:civilians?|town|city|village|peacekeepers|opposition|rebels?|observatory|territor\w+|"
    r"refugees?|nationals?|journalists?|borders?|people|embassy|held|citizens?|workers?|engineers?|"
    r"tourists?|traders?|consulates?|compan(?:y|ies)|firms?|investors?|investments?|projects?|"
    r"pipelines?|factor(?:y|ies)|banks?|hotels?|mines?)\b|"
    r"\s*[–-]\s*(?!(?:fired|launched|laid|planted|flown|dropped|operated)\b)\w+)"
)
"""Words behind another state's name by which it is not the state's forces that are named, but whom
or what the name belongs to: a Chinese mine is not China's act."""
_ITS_NAME = re.compile(r"\b(?!(?:The|An) )([A-Z][\w’'-]+) $")
"""A word with a capital before 'Army', which is then part of a name where the text has small
letters too: the Arakan Army is not the army. An article at the head of a sentence is no name."""
_GENERIC = re.compile(r"(?i)^(\S.*) (?:insurgents|rebels|irregulars|separatists|militants)$")
"""The name of a side that is known by its cause only; texts call its people by other words."""
_PEOPLE = ("fighters", "rebels", "separatists", "insurgents", "militants", "guerrillas")
_ARABIC = re.compile(r"[ء-ي]")
_SIGNS = "’'`\u02bc\u2018"
_APOSTROPHE = re.compile(rf"(?<=\w)[{_SIGNS}](?=\w)")
_SLASH = re.compile(r"^([A-Z]{2,})([A-Z])/([A-Z])((?:\s?-\s?\w+)?)$")
_LAND = re.compile(r"^(?:\w+ )?Republic of (\w{4,}?)(?:ia|a)?$")
_PROPER = re.compile(
    r"^(?P<of>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)??)(?: (?P<aim>Liberation|Freedom|National|Popular))? "
    r"(?P<kind>Front|Column|Movement|Brigades?|Army|Militia|Lions|Guard|Alliance|Group)$"
)
"""A name of a place and a word that is translated: texts in other languages turn it round."""
_KINDS = {
    "Front": ("Front", "Frente"), "Column": ("Colonne", "Columna"),
    "Movement": ("Mouvement", "Movimiento"), "Brigade": ("Brigade", "Brigada"),
    "Brigades": ("Brigades", "Brigadas"), "Army": ("Armée", "Ejército"),
    "Militia": ("Milice", "Milicia"), "Lions": ("Lions", "Leones"), "Guard": ("Garde", "Guardia"),
    "Alliance": ("Alliance", "Alianza"), "Group": ("Groupe", "Grupo"),
}  # fmt: skip
_AIMS = {
    None: ("", ""), "Liberation": (" de libération", " de Liberación"),
    "Freedom": (" de la liberté", " de la Libertad"), "National": (" national", " Nacional"),
    "Popular": (" populaire", " Popular"),
}  # fmt: skip
_ARTICLES = (("de", "du", "de la", "des"), ("de", "del", "de la", "de los"))
_OF = re.compile(r"(?i)(?:forces|republic|government|army|faction|militia) of (\w.*)$")
LAND = "land"
"""The kind of a bare name of a state, before it is known whether it is the event's own."""
STATES = ("this-state", "other-state", "coalition")
"""Kinds of parties that are states or made of them."""
NEAR = 80
"""Letters before a party within which words say what it is in."""


@dataclass(frozen=True)
class Setting:
    """The facts of an event that are known beside its text.

    Attributes:
        gwno: Gleditsch-Ward number of the state where it was.
        actor_a: name of its first side.
        actor_b: name of its second side.
        called: pairs of an organisation, as the sides name it, and another name that sources or
            people here give to it.
    """

    gwno: int | None
    actor_a: str | None
    actor_b: str | None
    called: tuple[tuple[str, str], ...] = ()

    @property
    def has_state(self) -> bool:
        """Tell whether one of the sides is a state."""
        sides = [side for side in (self.actor_a, self.actor_b) if side]
        return any(acting_state(side, self.gwno) is not None for side in sides)


@dataclass(frozen=True)
class Party:
    """A party that a part of a text names, with its place in the part.

    Attributes:
        kind: `this-state, other-state, coalition, organisation` or `described`.
        name: of the organisation or the other state, else `None`.
        gwno: of the other state, or of this one where its nationality stands there; else `None`.
        start: first character in the part.
        end: the character after it.
        never: organisations, by their folded names, that words of a description do not mean.
        surely: how far the words say that it was this party; below 1 where only others hold so.
        listed: False for a name that no list knows: it may be a side of the event or a third party.
    """

    kind: str
    name: str | None
    gwno: int | None
    start: int
    end: int
    never: frozenset[str] = frozenset()
    surely: float = 1.0
    listed: bool = True


def parties_in(part: str, setting: Setting) -> list[Party]:
    """Find the parties that a part names, in the order of the text, without overlaps.

    Args:
        part: the part of the text.
        setting: what is known of the event, by which its own sides are found.

    Returns:
        The parties, with their characters in the part.
    """
    level = fold_in_place(part)
    found: list[Party] = []
    own = ((one, *at.span()) for one, words in _sides(setting) for at in words.finditer(level))
    sides = {str(one.name): one for one, _ in _sides(setting)}
    everyday = find_everyday(level, tuple(sides))
    short = ((sides[name], start, end) for name, start, end in everyday)
    for names, start, end in (*own, *short, *name_parties(level), *_lands(level)):
        party = _party(names, (start, end), level, setting)
        if party and not any(party.start < o.end and o.start < party.end for o in found):
            found.append(party)
    return sorted(found, key=lambda party: party.start)


def _lands(level: str) -> Iterator[tuple[Names, int, int]]:
    """The states that are named alone as those that act, or by which something was fired.

    'Sudan bombs rebels' is of the state; a bombing in Sudan is not.
    """
    for found in clause("land").finditer(level):
        name = str(found.lastgroup)
        if len(found[name]) >= _SHORT and is_known(found[name]):
            yield Names(LAND, None, resolve(found[name]).gwno), *found.span(name)


def _party(names: Names, at: tuple[int, int], level: str, setting: Setting) -> Party | None:
    start, end = at
    rest = level[end:]
    if names.gwno is None:
        if names.kind == "this-state" and _is_named_army(level, start, end):
            return None
        fighters = _FIGHTERS.match(rest) if names.kind == "organisation" else None
        end += fighters.end() if fighters else 0
        return Party(names.kind, names.name, None, start, end, names.never)
    is_land = names.kind == LAND
    is_nation = names.kind == "other-state" and not names.seat
    # 'Pro-Russian hackers' are not Russia.
    is_of_state = _NO_FORCES.match(rest) or level[:start].lower().endswith("pro-")
    if (names.seat and not clause("seat").match(rest)) or (is_nation and is_of_state):
        return None
    if names.gwno == setting.gwno:
        if is_nation and not (
            _FORCES.match(rest) or _FORCES_BEFORE.search(level[max(start - NEAR, 0) : start])
        ):
            return None
        nation = names.gwno if is_nation or is_land else None
        return Party("this-state", None, nation, start, _with_forces(rest, end))
    name = _state_name(names.gwno)
    return Party("other-state", name, names.gwno, start, _with_forces(rest, end))


def _is_named_army(level: str, start: int, end: int) -> bool:
    """Whether 'Army' is the end of a name that is no state's."""
    before = _ITS_NAME.search(level[:start])
    if before is None or level[start:end] != "Army":
        return False
    words = re.findall(r"[^\W\d_]{4,}", level)
    in_capitals = sum(word[0].isupper() for word in words) > 0.8 * len(words)
    return not in_capitals and state_number(f"Army of {before[1]}") is None


def _with_forces(rest: str, end: int) -> int:
    """Where a state's name ends with the word for forces behind it."""
    forces = _FORCES.match(rest)
    return end + (forces.end() if forces else 0)


@lru_cache(maxsize=512)
def _state_name(gwno: int) -> str | None:
    try:
        return by_gwno(gwno).name
    except UnknownTerritory:
        return None


@lru_cache(maxsize=4096)
def _sides(setting: Setting) -> tuple[tuple[Names, re.Pattern[str]], ...]:
    """The event's own sides that are organisations, and the members of joint ones, with what finds
    all their names."""
    found = []
    for side in (setting.actor_a, setting.actor_b):
        if side is None or is_placeholder(side) or fold(side) == "civilians":
            continue
        if acting_state(side, setting.gwno) is not None:
            continue
        for name in dict.fromkeys([side, *members(side)]):
            others = [other for known, other in setting.called if known == name]
            pattern = _called(name, tuple(others))
            if pattern is not None:
                found.append((Names("organisation", name, None), pattern))
    return tuple(found)


@lru_cache(maxsize=4096)
def _called(name: str, others: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds an organisation in a text: its names, and those that texts of many countries use
    for it; None where it has none that can be looked for."""
    forms = {form for one in (name, *others, *_short_of(name)) for form in aliases(one)}
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    written = [as_it_is for one in (name, *others) if (as_it_is := _as_written(one))]
    long = "|".join([*written, *(in_text(form) for form in ordered if len(form) > _SHORT)])
    # Initials are those of Latin letters: of a name in Arabic they are nobody's.
    initials = [] if _ARABIC.search(name) else ordered
    short = [re.escape(form.upper()) for form in initials if 2 <= len(form) <= _SHORT]
    known = [one.written for one in parties() if one.of and one.of.fullmatch(plain(name))]
    own = "|".join([*([f"(?i:{long})"] if long else []), *short, *known])
    return re.compile(rf"(?<!\w){with_carried(own)}(?:.s)?(?!\w)") if own else None


def _as_written(name: str) -> str | None:
    """What finds a name in the letters in which it is written: folded forms are Latin and have no
    apostrophes, so that neither a name in Arabic nor "Ta'ang" is found by them."""
    if not (_ARABIC.search(name) or _APOSTROPHE.search(name)) or len(name) <= _SHORT:
        return None
    words = re.split(rf"[^\w{_SIGNS}]+", fold_in_place(name).strip())
    return r"\W+".join(_APOSTROPHE.sub(f"[{_SIGNS}]?", re.escape(one)) for one in words if one)


def _short_of(name: str) -> list[str]:
    """Names that follow from the form of a name: the part behind 'of' of 'Forces of Haftar', the
    cause of 'Ambazonia insurgents' and the land of 'Republic of Abkhazia' before any word for
    fighters, both halves of 'SPLM/A', the initials at the end of 'CNDD-FDD', and what French and
    Spanish make of a place and a word for a body ('Frente de Cayo')."""
    found: list[str] = []
    if cause := _GENERIC.match(name):
        found += [f"{cause[1]} {word}" for word in _PEOPLE]
    if halves := _SLASH.match(name):
        found += [halves[1] + half + halves[4] for half in (halves[2], halves[3])]
    found += [half for half in name.split("/") if "/" in name and len(half) > _SHORT]
    if letters := re.search(r"\w-([A-Z]{3,})$", name):
        found.append(letters[1])
    if land := _LAND.match(name):
        found += [f"{land[1]} {word}" for word in (*_PEOPLE, "artillery", "side", "forces")]
    if proper := _PROPER.match(name):
        forms = zip(_KINDS[proper["kind"]], _AIMS[proper["aim"]], _ARTICLES, strict=True)
        found += [
            f"{kind}{aim} {article} {proper['of']}" for kind, aim, some in forms for article in some
        ]
    if of := _OF.match(name):
        found += [word for word in (of[1], of[1].split()[-1]) if len(word) > _SHORT]
    return found
