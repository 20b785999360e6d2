"""Parties: whom a part names, and who of them is said to have used a class, against whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tocsin.assess.actors.names import aliases, fold, is_placeholder, members, state_number
from tocsin.assess.technology.mentions.rules import Names, parties
from tocsin.schema.geography.territory import UnknownTerritory, by_gwno
from tocsin.schema.vocabulary.folding import fold_in_place

_SHORT = 4
"""Letters of a name that is looked for in capitals only: 'IS' is a group and 'is' a verb."""
_FORCES = re.compile(
    r"(?i)\W+(?:\w+\W+)?(?:army|forces|regime|government|military|troops|police|air ?force|"
    r"soldiers|junta|warplanes|jets|helicopters|reconnaissance)\b"
)
"""Words behind the name of the event's own state, without which it names a place or people."""
_NO_FORCES = re.compile(
    r"(?i)(?:[\s–-]*(?:backed|loyal|allied|supported|led|border|occupied|kurd\w*|lira)\b|"
    r"\W+(?:civilians?|town|city|village|peacekeepers|opposition|rebels?|observatory|territor\w+|"
    r"refugees?|nationals?|journalists?|borders?|people|embassy|held|citizens?|workers?|engineers?|"
    r"tourists?|traders?|consulates?|compan(?:y|ies)|firms?|investors?|investments?|projects?|"
    r"pipelines?|factor(?:y|ies)|banks?|hotels?|mines?)\b|\s*[–-]\s*\w+)"
)
"""Words behind another state's name by which it is not the state's forces that are named, but whom
or what the name belongs to: a Chinese mine is not China's act."""
FAR = 16
"""Words between a party and the class beyond which the two are not joined."""
_CLAUSE = re.compile(r"[.!?…]{2,}|[.!?…](?=\s|$)|\b(?:while|amid|as well as|in conjunction with)\b")
_BY = re.compile(
    r"^(?:\W*\w+){0,3}?\W*\b(?:by|from|par|por|من)\W+(?:(?:the|an?|les?|la|los|el|des)\W+)?"
    r"(?:\w+\W+){0,1}$|^(?:\W*\w+){0,1}?\W*\b(?:of|des?|del?)\W+(?:(?:the|an?|les?)\W+)?$"
)
_AND = re.compile(r"\b(?:and|et|y|و)\b(?=.*\b(?:by|par|por|من)\b)")
"""Something new begins between the class's words and 'by': its user is not the class's."""
_THEY = re.compile(r"[.!?…]\s+(?:they|it|ils|elles)\b")
"""A sentence that begins with 'they' goes on about the first party of the one before."""
_OWN = re.compile(r"^(?:[’'`”“\"\s-]|s\b)*(?:[\w-]+[^\w.,]+){0,2}$")
_TIES = re.compile(
    r"\b(?:in|by|with|on|after|against|from|for|near|over|under|of|dans|par|sur|contre|en|por)\b"
)
_ACTS = re.compile(
    r"\b(?:attack|target|sho[ot]t?|down|seiz|captur|found|find|destroy|intercept|fir(?:e|es|ed|ing)\b|launch|us(?:e|es|ed|ing)\b|str(?:ike|uck|ikes)|hit|"
    r"shell|carr|drop|throw|send|sent|detonat|bl[eo]w|plant|bomb|kill|respond|storm|publish|"
    r"releas|incit|claim|pound|employ|attaqu|tir|lanc|utilis|ataca|lanz|dispar|استهد|قصف|اطلق)\w*"
)
_SUFFERED = re.compile(
    r"\b(?:(?:killed|wounded|injured|die[sd]?|dead|deaths?|hurt|loss\w*|los(?:t|es?)|casualt\w+|"
    r"targeted|hit|struck|attacked|tues?|blesse\w*|morte?s?|muert\w*|herid\w*)"
    r"(?: \w+){0,6}? (?:in|by|with|from|after|when|dans|par|en|por|as)|"
    r"(?:against|in the death of|contre|contra))\b|"
    r"^\W*(?:\w+\W+)?(?:fac(?:e|es|ed|ing)|suffer\w*|surviv\w*|com(?:e|es|ing) under|came under)\b"
)
_DOES = re.compile(
    r"^\W*(?:(?:says?|said) (?:it|they)\W+)?(?:kill|target|attack|hit|str[iu])\w*\W+"
    r"(?!in\b|by\b|with\b|from\b|after\b|when\b)\w"
)
"""A party followed by a verb with an object: it is the one that acts."""
_HELD = re.compile(r"\b(?:controlled|held|backed|run|occupied|besieged)\b")
_NEXT = re.compile(
    r"(?:\b(?:and|et|y)|,)\W+(?:(?:an?|the|more|new|les?|fall of|\w+ing)\W+)*"
    r"(?:(?:an?|the)\W+(?:\w+ly\W+)?(?:\w+ed\W+)?)?$"
)
"""The class's words begin something new, after 'and': what stands before did not use it."""
_OTHERS = re.compile(
    r"^\W*(?:areas?|territor(?:y|ies)|zones?|regions?|strongholds?)\b|"
    r"\b(?:who|whom|qui|que|quienes)\b"
)
"""A party's name says where it was, or the verb's subject was named since."""
_VICTIMS = re.compile(
    r"(?:members?|soldiers?|fighters?|elements?|sites?|positions?|vehicles?|headquarters?|"
    r"commanders?|leaders?|envoys?|strongholds?|(?:killing|death|assassination)) "
    r"(?:\w+ ){0,3}(?:of|from|in|for) (?:the |“)?$"
)
"""Words before a party by which it is the one that suffered."""


@dataclass(frozen=True)
class Setting:
    """The facts of an event that are known beside its text.

    Attributes:
        gwno: Gleditsch-Ward number of the state where it was.
        actor_a: name of its first side.
        actor_b: name of its second side.
    """

    gwno: int | None
    actor_a: str | None
    actor_b: str | None

    @property
    def has_state(self) -> bool:
        """Tell whether one of the sides is a state."""
        sides = [side for side in (self.actor_a, self.actor_b) if side]
        return any(state_number(side) is not None for side in sides)


@dataclass(frozen=True)
class Party:
    """A party that a part of a text names, with its place in the part.

    Attributes:
        kind: `this-state, other-state, coalition, organisation` or `described`.
        name: of the organisation or the other state, else `None`.
        gwno: of the other state, else `None`.
        start: first character in the part.
        end: the character after it.
        never: organisations, by their folded names, that words of a description do not mean.
    """

    kind: str
    name: str | None
    gwno: int | None
    start: int
    end: int
    never: frozenset[str] = frozenset()


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
    for names in (*_sides(setting.actor_a, setting.actor_b), *parties()):
        for match in names.pattern.finditer(level):
            party = _party(names, match, level, setting)
            if party and not any(party.start < o.end and o.start < party.end for o in found):
                found.append(party)
    return sorted(found, key=lambda party: party.start)


def between(
    part: str, words: list[tuple[int, int]], found: list[Party], *, holds: bool = False
) -> tuple[Party | None, Party | None]:
    """Tell who is said to have used, or had, a class, and against whom.

    Args:
        part: the part of the text.
        words: the places of the class's words, in the order of the text.
        found: from `parties_in`.
        holds: whether the class was shot down, seized or struck: then the one who acts is
            against, and only a possessive or 'of' says whose it was.

    Returns:
        The user and the party that it was used against; None where the words name none.
    """
    level = fold_in_place(part).lower()
    first, last = words[0]
    by = next((one for span in words for one in found if _is_by(level, span, one)), None)
    against: Party | None = None
    for party in reversed([one for one in found if one.end <= first]):
        gap = level[party.end : first]
        if _CLAUSE.search(gap):
            break
        role = _role(level, party, gap, holds=holds)
        if role == "by" and by is None:
            by = party
            break
        if role == "against" and against is None:
            against = party
    if holds and by is None and against is None and _THEY.search(level[:first]):
        against = next((one for one in found if one.end <= first), None)
    for party in found:
        if party.start < last or party is by or _CLAUSE.search(level[last : party.start]):
            continue
        against = against or party
    return by, against


def _is_by(level: str, span: tuple[int, int], party: Party) -> bool:
    """Whether a party after the class's words is the one by whom it was used."""
    if party.start < span[1]:
        return False
    gap = level[span[1] : party.start]
    if party.kind == "other-state" and not gap.strip():
        return True  # 'bombardement russe'
    return bool(_BY.search(gap)) and not _HELD.search(gap) and not _AND.search(gap)


def _role(level: str, party: Party, gap: str, *, holds: bool) -> str | None:
    """What a party before the class's words does: uses it, suffers it, or neither."""
    if _VICTIMS.search(level[: party.start]):
        return "against"
    if _OTHERS.search(gap):
        return None
    if not holds and _DOES.search(gap) and not _NEXT.search(gap):
        return "by"
    if _SUFFERED.search(gap):
        return "against"
    if _NEXT.search(gap) or gap.count(" ") > FAR:
        return None
    return _acts(gap, holds=holds)


def _acts(gap: str, *, holds: bool) -> str | None:
    """What a party does by the words between it and the class's."""
    acts = _ACTS.search(gap) is not None
    if _OWN.fullmatch(gap) and not _TIES.search(gap) and not (holds and acts):
        return "by"
    return ("against" if holds else "by") if acts else None


def _party(names: Names, match: re.Match[str], level: str, setting: Setting) -> Party | None:
    rest = level[match.end() :]
    if names.gwno is None:
        return Party(names.kind, names.name, None, *match.span(), names.never)
    if names.gwno == setting.gwno:
        forces = _FORCES.match(rest)
        if forces is None or _NO_FORCES.match(rest):
            return None
        return Party("this-state", None, None, match.start(), match.end() + forces.end())
    if _NO_FORCES.match(rest):
        return None
    return Party("other-state", _state_name(names.gwno), names.gwno, *match.span())


@lru_cache(maxsize=512)
def _state_name(gwno: int) -> str | None:
    try:
        return by_gwno(gwno).name
    except UnknownTerritory:
        return None


@lru_cache(maxsize=4096)
def _sides(*sides: str | None) -> tuple[Names, ...]:
    """The event's own sides that are organisations, and the members of joint ones, by all their
    names."""
    found = []
    for side in sides:
        if side is None or is_placeholder(side) or state_number(side) or fold(side) == "civilians":
            continue
        for name in dict.fromkeys([side, *members(side)]):
            forms = sorted(aliases(name), key=len, reverse=True)
            long = "|".join(re.escape(form) for form in forms if len(form) > _SHORT)
            short = [re.escape(form.upper()) for form in forms if 2 <= len(form) <= _SHORT]
            own = "|".join([*([f"(?i:{long})"] if long else []), *short])
            if own:
                pattern = re.compile(rf"(?<!\w)(?:{own})(?:.s)?(?!\w)")
                found.append(Names("organisation", name, None, pattern))
    return tuple(found)
