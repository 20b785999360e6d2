"""Everyday names: what headlines call a side of the event without writing its name out.

'Hill Land People's Defence Council' is 'Hill council' to an editor, and 'Hill fighters'; the 'Black
River Battalion' is 'the Battalion', and *le Bataillon*; other languages translate the word for a
body and write the place by its sound. Such words may mean others elsewhere, so they are looked for
only in the texts of an event of which the organisation is a side, and never where both sides share
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tocsin.assess.actors.states import BRACKETS, named_state
from tocsin.schema.geography.adjectives import states_of
from tocsin.schema.vocabulary.folding import ORGANISATIONS, fold_in_place

_BODIES = {
    "alliance": "alliance|alianza", "army": "armee|ejercito", "battalion": "bataillon|batallon",
    "brigade": "brigade|brigada", "brigades": "brigades|brigadas", "column": "colonne|columna",
    "command": "commandement|comando", "committee": "comite", "congress": "congres|congreso",
    "council": "conseil|consejo", "front": "front|frente", "guard": "garde|guardia",
    "jamaat": "jamaat", "league": "ligue|liga", "legion": "legion", "militia": "milice|milicia",
    "movement": "mouvement|movimiento", "organisation": "organisation|organizacion",
    "organization": "organisation|organizacion", "party": "parti|partido", "union": "union",
}  # fmt: skip
"""English words for a body, and what French and Spanish have for it, without accents."""
_OF_STATES = frozenset(
    ["army", "guard", "command", "council", "congress", "party", "organisation", "organization"]
)
"""Bodies that states have too: without its place such a word means nobody in particular."""
_ALONE = frozenset(
    ["battalion", "brigade", "brigades", "column", "front", "jamaat", "legion", "militia",
     "movement"]
)  # fmt: skip
"""Bodies that may stand alone, with a capital: 'Battalion mortars'."""
_AIMS = {
    "people": r"popul\w+|peuple|pueblo", "peoples": r"popul\w+|peuple|pueblo",
    "popular": r"popul\w+", "national": r"nationale?s?|nacional",
    "liberation": r"liberat\w+|liberacion", "freedom": r"libert\w+|liberation|liberacion",
    "resistance": r"resist\w+", "defence": r"defen[sc]\w*", "defense": r"defen[sc]\w*",
    "independence": r"independ\w+", "revolutionary": r"revolu\w+",
    "democratic": r"democrat\w+", "workers": r"travailleurs|trabajadores|obrer\w+",
    "united": r"uni[eds]?\w*", "armed": r"arme\w*|armad\w+", "youth": r"jeun\w+|juventud",
    "salvation": r"salut|salvacion", "patriotic": r"patriot\w+", "islamic": r"islami\w+",
}  # fmt: skip
"""Words of what a body is for, and what French and Spanish have for them."""
_COMMON_WORDS = (
    "and or of the for in al el new free old state states general supreme military political "
    "transitional unified joint holy tribal women north south east west northern southern eastern "
    "western central sons soldiers lions men children voice defenders guardians protectors "
    "partisans supporters companions followers warriors knights lord lords forces force group "
    "groups faction gang clan tribe community insurgents rebels islam islami god people nation "
    "homeland revolution justice equality peace change unity solidarity development chiefs elders "
    "brotherhood coalition republic government police land self autonomous progressive socialist "
    "communist student students royal real wing operation"
)
_COMMON = frozenset([*_BODIES, *_AIMS, *_COMMON_WORDS.split()])
"""Words of a name that do not tell one organisation from others."""
_FIGHTERS = (
    "fighters|rebels|separatists|insurgents|militants|guerrillas|gunmen|gunners|militiamen|"
    "commanders?|hackers"
)
"""Words behind the place of a name by which it is the organisation and not the place."""
_FIGHTERS_OF = (
    "combattants?|rebelles?|insurges|separatistes?|miliciens?|combatientes?|rebeldes?|"
    "insurgentes|guerrilleros?|milicianos?"
)
"""The same in French and Spanish, before it."""
_OF = r"(?:de la |de las |de los |de l[’'`]|du |des |del |de |d[’'`])"
_SONS = re.compile(r"^(?:\w+ )?(\w+) of (?:the )?(\w[\w’' -]+)$")
_FOR = re.compile(r"\w+ (?:for|pour|por|para) ")
_PLAIN = re.compile(
    r"(?i)(?:^|[.:–—-]\s+)[\"“'(]?(?:(?:the|an?|les?|la|los?|las|el|l|suspected|alleged|one|two|"
    r"three|four|five|six|seven|eight|nine|ten|army|police|after|as|how|when|why|deux|trois|dos|"
    r"tres)\W+)+$"
)
"""Words at the head of a sentence that are no part of a name though they have a capital."""
_IN_A_NAME = re.compile(r"(?:[A-Z][\w’'-]*|\d\w*)\W$")
_GOES_ON = re.compile(
    r"[ -][A-Z]|\s(?:of|for|line|page|runner|d[eu]s?|pour|por|para)\b"
    r"|\s(?:popul|nation|democr|patriot|islam|revol)|-line"
)
"""What stands behind a word for a body where it is the beginning of a longer name."""
_ARABIC_BODY = re.compile(
    r"(?<![ء-ي])[وبلف]?(?:ال|لل)?(?:جبه[ةه]|حرك[ةه]|كتيب[ةه]|كتائب|لواء|الوي[ةه]|مجلس|لجن[ةه]|"
    r"اتحاد|جماع[ةه]|ميليشيا|مليشيا|مسلح(?:و|ي|ون|ين)|مقاتل(?:و|ي|ون|ين)|متمرد(?:و|ي|ون|ين)|"
    r"عناصر|حزب|رابط[ةه]|فصيل|جيش|قوات)(?=\s)"
)
"""Arabic words for a body or for its people, with what they may carry."""
_ARABIC_BETWEEN = 3
"""Words between an Arabic word for a body and the place of its name."""
_ARABIC_NO = re.compile(r"(?:في|على|قرب|من|ب|الحكوم\w*|عن|الى|امن)$")
_SOUNDS = (
    ("ph", "f"), ("gh", "k"), ("kh", "k"), ("ch", "s"), ("sh", "s"), ("th", "t"), ("dh", "d"),
    ("ck", "k"), ("gu", "k"), ("dj", "k"), ("q", "k"), ("c", "k"), ("g", "k"), ("j", "k"),
    ("v", "f"), ("z", "s"), ("p", "b"), ("x", "ks"),
)  # fmt: skip
"""Spellings of consonants that Arabic does not tell apart, or writes in several ways."""
_LEAST = 3
"""Consonants of a place's name by which it is known in another alphabet."""


@dataclass(frozen=True)
class _Parts:
    """What a name is made of: its place or what else tells it from others, its body, its aims."""

    proper: str | None
    body: str | None
    aims: tuple[str, ...]
    short: bool


def find_everyday(level: str, names: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Find everyday names of organisations that are sides of the text's event.

    Args:
        level: a text without accents, with its capitals.
        names: the organisations, as the sides name them.

    Yields:
        The organisation, and the first character of its words and the one after them.
    """
    for name in names:
        parts = _parts(name)
        others = [_parts(one) for one in names if one != name]
        proper = None if any(parts.proper == one.proper for one in others) else parts.proper
        body = None if any(parts.body == one.body for one in others) else parts.body
        pattern = _pattern_of(proper, parts.body, parts.aims, parts.short)
        if pattern:
            yield from ((name, *found.span()) for found in pattern.finditer(level))
        if body in _ALONE and not _in_title_case(level):
            yield from ((name, *span) for span in _alone(level, body or ""))
        if proper and re.search("[ء-ي]", level):
            yield from ((name, *span) for span in _by_sound(level, proper))


@lru_cache(maxsize=4096)
def _parts(name: str) -> _Parts:
    """Take a name apart; a state's name or adjective tells no organisation from others."""
    bare = fold_in_place(BRACKETS.sub("", name).strip())
    if sons := _SONS.match(bare):
        words = re.findall(r"[\w’'-]+", sons[2])
        kept = [one for one in words if _key(one) not in _COMMON]
        body = _key(sons[1]) if _key(sons[1]) in _BODIES else None
        return _Parts(_proper(kept, words), body, (), len(words) < len(kept) + 1)
    words = re.findall(r"[\w’'-]+", bare)
    ends = [words[-1], *(words[:1] if _FOR.match(bare) else [])] if words else []
    body = next((_key(one) for one in ends if _key(one) in _BODIES), None)
    if body is None:
        return _Parts(None, None, (), short=False)
    kept = [one for one in words if _key(one) not in _COMMON]
    aims = tuple(_key(one) for one in words if _key(one) in _AIMS)
    return _Parts(_proper(kept, words), body, aims, short=len(words) > len(kept) + 1)


def _proper(kept: list[str], words: list[str]) -> str | None:
    """What tells a name from others, if that is one piece of it and no state."""
    at = [words.index(one) for one in kept]
    piece = " ".join(kept)
    one_piece = at and all(after == before + 1 for before, after in pairwise(at))
    if not one_piece or len(piece) < 4 or not piece[0].isupper():
        return None
    folded = ORGANISATIONS.fold(piece)
    return None if named_state(folded) is not None or states_of(piece) else piece


@lru_cache(maxsize=4096)
def _pattern_of(
    proper: str | None, body: str | None, aims: tuple[str, ...], short: bool
) -> re.Pattern[str] | None:
    """What finds the short forms and the translations of a name."""
    found: list[str] = []
    abroad = _BODIES.get(body or "", "")
    meant = "|".join(_AIMS[one] for one in aims)
    if proper:
        place = re.escape(proper)
        found.append(rf"(?i:{place} (?:{_FIGHTERS}))")
        found.append(rf"(?i:(?:{_FIGHTERS_OF}) {_OF}{place})")
        if short and body not in {"army", "guard", None}:
            found.append(rf"(?i:{place} {body})")
        if abroad:
            aim = "|".join(dict.fromkeys(_AIMS.values()))
            found.append(rf"(?i:(?:{abroad})(?: {_OF}?(?:{aim})){{0,3}} {_OF}{place})")
    if body and aims and body not in _OF_STATES:
        kinds = "|".join(one.capitalize() for one in abroad.split("|"))
        found.append(rf"(?:{kinds}) (?i:{_OF}?(?:{meant}))")
        found.append(f"{aims[-1].capitalize()} {body.capitalize()}")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(found)})(?:[’'`]s)?(?![\w-])") if found else None


def _alone(level: str, body: str) -> Iterator[tuple[int, int]]:
    """Where a word for a body stands alone with a capital, and in no longer name."""
    kinds = "|".join(one.capitalize() for one in (body, *_BODIES[body].split("|")))
    for found in re.finditer(rf"(?<![\w-])(?:{kinds})(?:[’'`]s)?(?![\w-])", level):
        before = level[: found.start()]
        inside = _IN_A_NAME.search(before) and not _PLAIN.search(before)
        if not inside and not _GOES_ON.match(level, found.end()):
            yield found.span()


def _by_sound(level: str, proper: str) -> Iterator[tuple[int, int]]:
    """Where an Arabic text writes a body, or its people, and the place of its name by the sound."""
    wanted = [_sound(one) for one in proper.split()]
    if min(map(len, wanted)) < _LEAST:
        return
    for found in _ARABIC_BODY.finditer(level):
        tokens = list(re.finditer(r"[ء-ي]+", level[found.end() :]))[: _ARABIC_BETWEEN + len(wanted)]
        for at, token in enumerate(tokens):
            if _ARABIC_NO.match(token[0]):
                break
            sounds = [_sound(one[0]) for one in tokens[at : at + len(wanted)]]
            if sounds == wanted:
                yield found.start(), found.end() + tokens[at + len(wanted) - 1].end()
                break


def _sound(word: str) -> str:
    """The consonants of a word, in either alphabet, each class by one letter."""
    text = re.sub(r"[^a-z]", "", ORGANISATIONS.fold(word))
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyw]", "", text))


def _in_title_case(level: str) -> bool:
    """Whether most words of a text have a capital, so that it tells nothing of a name."""
    words = re.findall(r"[^\W\d_]{4,}", level)
    return bool(sum(word[0].isupper() for word in words) > 0.8 * len(words))


def _key(word: str) -> str:
    return re.sub(r"[’'`]s?$|s[’'`]$", lambda end: "s" if end[0][0] == "s" else "", word.lower())
