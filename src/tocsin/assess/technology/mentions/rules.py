"""The rules of reading, as `rules.toml` declares them, ready to be matched."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from tocsin.assess.actors.names import fold as organisation
from tocsin.assess.technology.lexicon import entries, heads, loose_patterns, starts
from tocsin.schema.vocabulary.folding import PATTERNS, fold_in_place

_ARABIC = re.compile("[ء-ي]")
_CARRIED = "(?:[وفبلك]{1,2}(?=[ء-ي]))?"
"""Prepositions that an Arabic word carries before it."""
_ARTICLE = re.compile("(?<![ء-ي])ال(?=[ء-ي])|[(][?]:ال[)](?=[?])")
"""The Arabic article in a pattern, which 'for' (li-) swallows: 'of the army' is one word."""
SIGN = "§"
"""What stands for the words of the class in the patterns of the rules."""


@dataclass(frozen=True)
class Word:
    """Words that name a class, with the probability that they mean it."""

    rule: str
    technology: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    probability: float
    facing_a_state: float
    """The same where one side of the event is a state, which may have done it from the air."""

    @cached_property
    def starts(self) -> frozenset[str]:
        """List the letters with which the words can begin (`lexicon.starts`)."""
        return starts(self.pattern.pattern)


@dataclass(frozen=True)
class Said:
    """A rule: what is said of the class where its pattern is found in a part.

    Attributes:
        value: as the guidelines of the labels define it: `attack`, `seized`, `title`, ….
        technologies: the classes that the rule is for; none for all.
        words: the words of the class that the rule is for; `None` for all.
        use: the probability that the class was used; 0 for words that are not of the class.
        is_class: whether the words name the class.
    """

    value: str
    rule: str
    technologies: frozenset[str]
    words: re.Pattern[str] | None
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    use: float
    is_class: bool

    def fits(self, technology: str, part: str) -> re.Match[str] | None:
        """Return the words of the part on which the rule rests, or None where it does not apply."""
        if self.technologies and technology not in self.technologies:
            return None
        found = self.pattern.search(part)
        return None if found and self.unless and self.unless.search(part) else found


@dataclass(frozen=True)
class Names:
    """Words that name a party: its kind, and its name or its state's number where it has one.

    Attributes:
        kind: of `parties.Party`.
        name: of an organisation, as UCDP has it.
        gwno: of a state.
        small: a regular expression for a text in small letters without accents; empty for none.
        capitals: one for a text whose capitals stand; empty for none.
        never: organisations, by their folded names, that the words do not mean.
        of: what finds, in the name of a side in small letters, that it is this organisation.
        seat: whether the words name a capital, which stands for its government in some places only.
    """

    kind: str
    name: str | None
    gwno: int | None
    small: str = ""
    capitals: str = ""
    never: frozenset[str] = frozenset()
    of: re.Pattern[str] | None = None
    seat: bool = False

    @property
    def written(self) -> str:
        """Return one regular expression for both ways of writing it."""
        return "|".join(
            [*([f"(?i:{self.small})"] if self.small else []), *filter(None, [self.capitals])]
        )


@cache
def words() -> tuple[Word, ...]:
    """Return the lexicon's entries, then the weaker words of this room's rules."""
    strong = [
        Word(one.rule, one.technology, one.pattern, one.unless, one.probability, one.probability)
        for one in entries()
    ]
    weak = [
        Word(
            one["rule"],
            one["technology"],
            _folded(one["pattern"]),
            None,
            one["probability"],
            one.get("facing_a_state", one["probability"]),
        )
        for one in _content()["word"]
    ]
    return (*strong, *weak)


@cache
def any_word() -> tuple[str, ...]:
    """Return patterns without look-around; in a folded text that names a class one of them holds.

    They stay apart: searched for as one, they are too great for the automaton of Polars, which
    then takes eighty times as long.
    """
    weak = (PATTERNS.fold(one["pattern"]) for one in _content()["word"])
    return (*loose_patterns().values(), *weak)


@cache
def refusals() -> tuple[Said, ...]:
    """Return the rules by which words are not of the class after all."""
    return tuple(
        Said(
            one["said"],
            one["rule"],
            frozenset() if one["technology"] == "any" else frozenset([one["technology"]]),
            _folded(one["words"]) if "words" in one else None,
            _folded(one["pattern"]),
            None,
            0.0,
            False,
        )
        for one in _content()["not"]
    )


@cache
def sayings() -> tuple[Said, ...]:
    """Return the rules for what can be said of a class; the first that fits a part decides."""
    return tuple(
        Said(
            one["value"],
            one["value"],
            frozenset(one.get("technology", ())),
            None,
            _folded(one["pattern"]),
            _folded(one["unless"]) if "unless" in one else None,
            one["use"],
            True,
        )
        for one in _content()["said"]
    )


@cache
def digests() -> re.Pattern[str]:
    """Return the pattern of words by which a part may hold many events."""
    return _folded("|".join(one["pattern"] for one in _content()["digest"]))


@cache
def hedges() -> re.Pattern[str]:
    """Return the pattern of words by which a use is only held to have been."""
    return _folded("|".join(one["pattern"] for one in _content()["hedge"]))


@cache
def clause(name: str) -> re.Pattern[str]:
    """Return what is looked for in the words about a party and a class, by its name in the file.

    Args:
        name: of a `[[clause]]` of `rules.toml`.

    Returns:
        The pattern, for a text in small letters without accents.

    Raises:
        StopIteration: no clause has that name.
    """
    return re.compile(next(one["pattern"] for one in _content()["clause"] if one["name"] == name))


@cache
def parties() -> tuple[Names, ...]:
    """Return the parties that any text may name; the more exact kinds come first."""
    organisations, states, described = (
        _content()[name] for name in ("organisation", "state", "party")
    )
    found = [
        _names("organisation", one, of=_folded(one.get("of", one["pattern"])))
        for one in organisations
    ]
    found += [
        Names("this-state", None, one["gwno"], capitals=one["forces"])
        for one in states
        if "forces" in one
    ]
    found += [_names("other-state", one) for one in states]
    found += [
        Names("other-state", None, one["gwno"], fold_in_place(one["capital"]).lower(), seat=True)
        for one in states
        if "capital" in one
    ]
    found += [
        _names(one["kind"], one, never=frozenset(map(organisation, one.get("never", ()))))
        for one in described
    ]
    return tuple(found)


def name_parties(level: str) -> Iterator[tuple[Names, int, int]]:
    """Find the parties that any text may name in a text, kind by kind in their order.

    Args:
        level: a text without accents.

    Yields:
        The party, and the first character of its words and the one after them.
    """
    small = level.lower()
    # To ask for a preposition at each letter of a text costs as much as all names do.
    arabic = _ARABIC.search(level) is not None
    begun = heads(small, carried=arabic)
    for capitals, written, by_stem in _kinds():
        places = {place for stem in by_stem.keys() & begun for place in by_stem[stem]}
        if places:
            there = tuple(written[place] for place in sorted(places))
            for match in _matches(there, level if capitals else small, arabic=arabic):
                yield parties()[int(str(match.lastgroup)[1:])], match.start(), match.end()


def _matches(
    written: tuple[tuple[int, str], ...], text: str, *, arabic: bool
) -> Iterator[re.Match[str]]:
    """What one pattern of all these names finds, which is compiled for each set of them only where
    words carry prepositions. Else each name is looked for by itself: the first in the text counts,
    of several at one place the first of the names, and the search goes on behind it."""
    if arabic:
        yield from _finder(written, arabic=True).finditer(text)
        return
    finders = [_finder((name,), arabic=False) for name in written]
    coming = [finder.search(text) for finder in finders]
    while there := [match for match in coming if match]:
        found = min(there, key=lambda match: match.start())
        yield found
        for place, match in enumerate(coming):
            if match and match.start() < found.end():
                coming[place] = finders[place].search(text, found.end())


def with_carried(pattern: str) -> str:
    """Write a pattern of names with what an Arabic name may carry before it: 'and', 'of', 'by'.

    Args:
        pattern: of names.

    Returns:
        A pattern that finds them with and without.

    >>> bool(re.fullmatch(with_carried("القاعدة"), "للقاعدة"))
    True
    """
    return f"{_CARRIED}(?:{_ARTICLE.sub('(?:ال|لل)', pattern)})"


@cache
def _kinds() -> tuple[tuple[bool, tuple[tuple[int, str], ...], dict[str, list[int]]], ...]:
    """For each kind of party its names in small letters and those in capitals, each with its
    number, and which of them begin with which stem. A nationality goes before 'army', and both
    before a description."""
    found = []
    for kind in dict.fromkeys((one.kind, one.gwno is None) for one in parties()):
        for capitals in (False, True):
            written = tuple(
                (number, words)
                for number, one in enumerate(parties())
                if (one.kind, one.gwno is None) == kind
                and (words := one.capitals if capitals else one.small)
            )
            by_stem: dict[str, list[int]] = {}
            for place, (_, words) in enumerate(written):
                for stem in _stems(words.lower()):
                    by_stem.setdefault(stem, []).append(place)
            found.append((capitals, written, by_stem))
    return tuple(found)


def _stems(words: str) -> Iterator[str]:
    """The letters with which a name can begin in a text; 'for' (li-) swallows an Arabic article."""
    for stem in starts(words.lower()):
        yield stem
        if stem.startswith("ال"):
            yield f"لل{stem[2:]}"


@lru_cache(maxsize=4096)
def _finder(written: tuple[tuple[int, str], ...], *, arabic: bool) -> re.Pattern[str]:
    """What finds some names, in Arabic behind what a name may carry before it."""
    groups = "|".join(f"(?P<n{number}>{words})" for number, words in written)
    names = with_carried(groups) if arabic else f"(?:{groups})"
    # 'Anti-regime groups' are not the regime.
    return re.compile(rf"(?<!\w)(?<!anti.){names}(?!\w)")


@cache
def _content() -> dict[str, list[dict[str, Any]]]:
    text = files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _folded(pattern: str) -> re.Pattern[str]:
    """A pattern for folded text, between word boundaries where it begins or ends with a word."""
    return re.compile(rf"(?<!\w)(?:{PATTERNS.fold(pattern)})(?!\w)")


def _names(kind: str, one: dict[str, Any], **more: Any) -> Names:
    small, capitals = fold_in_place(one["pattern"]), one.get("capitals", "")
    return Names(kind, one.get("name"), one.get("gwno"), small, capitals, **more)
