"""Two names read beside each other: whether spelling alone says that they mean one organisation.

`read_name` takes a name apart; `spells` tells whether letters are the initials of words. Nothing
here knows a country or a list: `sameness` asks for those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tocsin.assess.actors.names import fold, plain, skeleton
from tocsin.assess.actors.states import YEARS, named_state

_SMALL = (
    "al el ul ad ar as ash at an az the of and de la le les du des del los las y et wa wal l d in "
    "for pour para fi li bi a da do das dos e en un une on with por to au aux dans i o under"
)
SMALL = frozenset(_SMALL.split())
"""Words that initials may leave out, in English, French, Spanish, Portuguese and Arabic."""
LONGEST_SHORT = 8
"""An abbreviation has no more letters."""
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_ALSO = re.compile(r"\s+(?:aka|a\.k\.a\.?|alias|also known as|dit|dite)\s+", re.I)
_FACTION = re.compile(r"(?<=\w)[-–/ ](?=[A-Z]\b(?!['’.]))")
"""A single capital after a name tells a faction: 'MSA-D' must not lose its letter as an article."""
_GROUP = frozenset(("group", "groupe", "grupo"))
_ARABIC = re.compile(r"[\u0600-\u06ff]")


@dataclass(frozen=True)
class Name:
    """One name taken apart.

    Attributes:
        raw: as the source writes it.
        keys: its forms; two names that share one are one name in two spellings.
        shorts: abbreviations among its forms, in small letters without signs.
        longs: the words of its other forms, for initials.
        others: what stands in brackets and is no abbreviation: another name, or a faction's.
        bare: its form without what stands in brackets; its key where nothing does.
        sounds: its consonants, empty for an abbreviation.
    """

    raw: str
    keys: frozenset[str]
    shorts: frozenset[str]
    longs: frozenset[tuple[str, ...]]
    others: frozenset[str]
    bare: str
    sounds: str


@lru_cache(maxsize=65_536)
def key(text: str) -> str:
    """Return the form by which two spellings of a name meet: folded, without gaps.

    >>> key("Anti-balaka") == key("Antibalaka"), key("MSA-D") == key("MSA")
    (True, False)
    """
    words = fold(_FACTION.sub("", YEARS.sub(" ", text))).split()
    kept = [word for word in words if word not in _GROUP]
    bare = "".join(kept)
    return bare if len(bare) >= 5 and len(kept) < len(words) else "".join(words)


def is_short(text: str) -> bool:
    """Tell whether a text is an abbreviation: one word, mostly capitals.

    >>> is_short("SPLM/A-IO"), is_short("LeJ"), is_short("Renamo"), is_short("NDA")
    (True, True, False, True)
    """
    letters = [one for one in text if one.isalpha()]
    capitals = sum(one.isupper() for one in letters)
    return (
        not re.search(r"\s", text.strip())
        and len(letters) + sum(one.isdigit() for one in text) >= 2
        and len(letters) <= LONGEST_SHORT
        and capitals >= 1
        and 2 * capitals > len(letters)
    )


@lru_cache(maxsize=65_536)
def read_name(raw: str, gwno: int | None = None) -> Name:
    """Take a name apart.

    Args:
        raw: the name as a source writes it.
        gwno: the state in whose territory it is used: its name in brackets says nothing more.

    Returns:
        The parts.

    >>> sorted(read_name("New People's Army (NPA)").shorts)
    ['npa']
    >>> read_name("NSCN (IM)").keys == read_name("NSCN-IM").keys
    True
    """
    text = YEARS.sub(" ", raw)
    inside = [one.strip() for one in _BRACKETS.findall(text) if one.strip()]
    inside = [one for one in inside if gwno is None or named_state(one) != gwno]
    rest = _BRACKETS.sub(" ", text).strip() or text
    forms, others = [rest], []
    if ":" in rest:
        head, _, tail = rest.partition(":")
        forms = [head.strip(), tail.strip()] if is_short(head.strip()) else [rest]
    elif len(_ALSO.split(rest)) == 2:
        forms = _ALSO.split(rest)
    for one in inside:
        if is_short(one) and len(one) > 1 and not is_short(rest):
            forms.append(one)
        elif key(one) != key(rest):
            others.append(one)
    bare = key(rest)
    if others:
        forms = [" ".join([rest, *others])]
    keys = frozenset(filter(None, map(key, forms)))
    return Name(
        raw,
        keys,
        frozenset(_letters(one) for one in forms if is_short(one)),
        frozenset() if others else frozenset(filter(None, map(_in_full, forms))),
        frozenset(map(key, others)),
        bare,
        "" if is_short(rest) or others else skeleton(_latin(rest)),
    )


def spells(letters: str, words: tuple[str, ...]) -> str | None:
    """Tell whether letters are made of the beginnings of words, in order.

    Args:
        letters: small letters and digits.
        words: the words of a name, plain.

    Returns:
        'initials' where each word that counts gives its first letter, 'syllables' where some give
        more; None where they do not. Small words may give their first letter, or nothing.

    >>> spells("mujao", ("mouvement", "pour", "l", "unicite", "et", "le", "jihad", "en", "afrique",
    ...     "de", "l", "ouest"))
    'initials'
    >>> spells("renamo", ("resistencia", "nacional", "mocambicana")), spells("npa", ("new", "army"))
    ('syllables', None)
    """
    reached = {(0, False)}
    for word in words:
        step: set[tuple[int, bool]] = set()
        for at, longer in reached:
            if word in SMALL:
                step.add((at, longer))
            for taken in range(1, 2 if word in SMALL else 5):
                if not word.startswith(letters[at : at + taken]) or at + taken > len(letters):
                    break
                step.add((at + taken, longer or taken > 1))
        reached = step
    ends = {longer for at, longer in reached if at == len(letters)}
    return None if not ends else "syllables" if ends == {True} else "initials"


def _in_full(form: str) -> tuple[str, ...]:
    """The words of a name in full; none of an abbreviation, nor of a faction named after one."""
    words = _words(form)
    named_after = len(words) >= 2 and is_short(form.split(maxsplit=1)[0]) and len(words[0]) >= 3
    return () if len(words) < 2 or is_short(form) or named_after else words


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", plain(text))


def _words(text: str) -> tuple[str, ...]:
    words = re.findall(r"\w+", re.sub(r"(?<=\w)['’`](?=\w{2})|['’`]", _gap, _latin(text)))
    return tuple(plain(word) for word in words)


def _gap(found: re.Match[str]) -> str:
    """An apostrophe between a French article and its word divides them; any other does not."""
    before = found.string[: found.start()]
    return " " if re.search(r"\b[dlDL]$", before) else ""


def _latin(text: str) -> str:
    """Arabic words without the article that is written with them."""
    if not _ARABIC.search(text):
        return text
    return " ".join(re.sub(r"^ال(?=\w{3})", "", word) for word in text.split())
