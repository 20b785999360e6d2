"""The lexicon: which words in a text name which technology class, and where they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tocsin.base.moved import old_parameters
from tocsin.schema.vocabulary.folding import PATTERNS, TEXTS
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

_CLAUSE = re.compile(r"[;.!?\n\u061b\u061f\u06d4]+")
_COUNTRY = re.compile(r"\bCAR\b")
"""The Central African Republic, as English reports write it."""
_WORD = re.compile(r"\w+")
_PREFIX = {"ar": r"[وف]?[بلك]?(?:ال|لل)?"}
_BETWEEN = {"ar": " (?:ال)?"}


STEM = 3
"""Letters by which patterns that cannot be in a text are left out before it is searched."""
_ELEMENT = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<group>\(\?:)|(?P<letter>[^\W_])|\[(?P<class>[^\W_]+)\]"
    r"|(?P<sign>[ \-'’“”\"])"
)
"""What a pattern can begin with so that it is known which letters it finds first."""


@dataclass(frozen=True)
class Entry:
    """One reviewed entry of `lexicon.toml`: words that name a technology class."""

    rule: str
    technology: str
    language: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    probability: float


@dataclass(frozen=True)
class Context:
    """Words that change the matches of their clause, for example a denial."""

    name: str
    language: str
    technology: frozenset[str]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    factor: float


@dataclass(frozen=True)
class Match:
    """Words of a text that name a technology, so that `text[start:end] == evidence`."""

    technology: str
    probability: float
    evidence: str
    start: int
    end: int
    rule: str


@cache
def entries() -> tuple[Entry, ...]:
    """Return all entries of the lexicon, in the order of the file."""
    return tuple(
        Entry(
            item["rule"],
            item["technology"],
            item["language"],
            _compile(item["pattern"], item["language"]),
            _compile(item["unless"], item["language"]) if "unless" in item else None,
            float(item["probability"]),
        )
        for item in _content()["entry"]
    )


@cache
def contexts() -> tuple[Context, ...]:
    """Return all contexts of the lexicon, in the order of the file."""
    return tuple(
        Context(
            item["name"],
            item["language"],
            frozenset(item.get("technology", TECHNOLOGIES)),
            _compile(item["pattern"], item["language"]),
            _compile(item["unless"], item["language"]) if "unless" in item else None,
            float(item["factor"]),
        )
        for item in _content()["context"]
    )


@cache
def loose_patterns() -> dict[str, str]:
    """Write for each rule of the lexicon a pattern that finds at least all that the rule matches.

    These patterns have no look-around, so that Polars can search whole columns by them. What they
    find are candidates: `matches` decides.

    Returns:
        The name of each rule, and its regular expression for folded text.
    """
    return {
        item["rule"]: _between(item["pattern"], item["language"]) for item in _content()["entry"]
    }


@old_parameters(rules=None)
def matches(text: str) -> list[Match]:
    """Find the most telling words of each technology class that a text names.

    Case, accents, Arabic vowel signs and characters that cannot be seen do not matter. At most
    one match a class: the most probable, and of those the first. A context of the same clause
    (denied, an exercise, civil use) takes a match back or lowers its probability; the rule then
    names the context.

    Args:
        text: as it stands in the report.

    Returns:
        At most one match a class, with its probability and its characters in the text.

    >>> [(m.technology, m.evidence) for m in matches("Car bomb and drone attack")]
    [('improvised-explosives', 'Car bomb'), ('uncrewed-aircraft', 'drone')]
    >>> matches("The group denied that it had used drones")
    []
    """
    folded, places = fold(text)
    clauses = _clauses(folded)
    best: dict[str, Match] = {}
    for entry in entries():
        for first, last in clauses:
            found = entry.pattern.search(folded, first, last)
            if found is None or _within(entry.unless, folded, first, last):
                continue
            factor, names = _context(entry.technology, folded, first, last)
            if factor == 0:
                continue
            start, end = places[found.start()], places[found.end() - 1] + 1
            match = Match(
                entry.technology,
                entry.probability * factor,
                text[start:end],
                start,
                end,
                ", ".join((entry.rule, *names)),
            )
            held = best.get(entry.technology)
            if held is None or (match.probability, -start) > (held.probability, -held.start):
                best[entry.technology] = match
    return sorted(best.values(), key=lambda match: (match.start, match.technology))


def fold(text: str) -> tuple[str, range | list[int]]:
    """Return a text as patterns see it, and where each of its characters came from.

    It is in small letters, without accents, Arabic vowel signs, lengthening, or characters that
    are not seen. 'CAR' is a country in a text that has small letters too, and no car.

    Returns:
        The folded text, and as many positions in the given text.

    >>> fold("Dróne")[0], fold("مُسيّـرة")[0]
    ('drone', 'مسيرة')
    >>> fold("Two killed in CAR attack")[0], fold("TWO KILLED IN CAR ATTACK")[0]
    ('two killed in caf attack', 'two killed in car attack')
    """
    is_loud = text == text.upper()
    return TEXTS.fold_with_places(text if is_loud else _COUNTRY.sub("CAF", text))


def starts(pattern: str, left: int = STEM, *, inside: bool = False) -> frozenset[str]:
    """Tell with which letters the words can begin that a regular expression finds.

    A text in which no word begins with any of them (`heads`) need not be searched for it.

    Args:
        pattern: of something that begins where a word does, or with signs before a word.
        left: of how many letters at most.
        inside: whether letters of the same word stand before it.

    Returns:
        The letters; one is empty where it is open how the words begin.

    >>> sorted(starts("car bombs?|(?:the )?ieds?|[dk]rones?"))
    ['car', 'dro', 'ied', 'kro', 'the']
    """
    return frozenset(
        stem for one in _alternatives(pattern) for stem in _starts_of(one, left, inside=inside)
    )


def _starts_of(pattern: str, left: int, *, inside: bool) -> Iterable[str]:
    found = _ELEMENT.match(pattern)
    if not left or not found:
        return [""]
    end = found.end()
    if found["look"] or found["group"]:
        end = _closing(pattern)
    often = re.match(r"[?*+]\??|\{.*?\}\??", pattern[end:])
    rest = pattern[end + (len(often[0]) if often else 0) :]
    if found["look"]:
        return _starts_of(rest, left, inside=inside)
    optional = bool(often and re.match(r"[?*]|\{0?,|\{0\}", often[0]))
    then = _starts_of(rest, left, inside=inside) if optional else ()
    if found["group"]:
        return {*starts(pattern[3 : end - 1], left, inside=inside), *then}
    if found["sign"]:
        # Behind a sign a word begins; within one, the sign ends it.
        return [""] if inside else {*_starts_of(rest, left, inside=False), *then}
    tails = [""] if often else _starts_of(rest, left - 1, inside=True)
    return {*(one + tail for one in found["letter"] or found["class"] for tail in tails), *then}


def _alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern that stand in no group."""
    depth, start = 0, 0
    for at, letter in _plain_signs(pattern):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def _closing(pattern: str) -> int:
    """The place behind the group with which a pattern begins."""
    depth = 0
    for at, letter in _plain_signs(pattern):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return at + 1
    return len(pattern)


def _plain_signs(pattern: str) -> Iterator[tuple[int, str]]:
    """Each sign of a pattern that is in no class of letters and is not escaped."""
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]])+\]|(.)", pattern, re.DOTALL):
        if found[1]:
            yield found.start(), found[1]


def heads(text: str, *, carried: bool = False) -> set[str]:
    """List the first letters of a text's words, up to `STEM` of them and none among them.

    Args:
        text: in small letters.
        carried: whether a word may carry one or two letters before it, as Arabic words do.
    """
    words = _WORD.findall(text)
    if carried:
        words += [word[cut:] for word in words for cut in (1, 2)]
    return {word[:size] for word in words for size in range(STEM + 1)} | {""}


@cache
def _content() -> dict[str, list[dict[str, str]]]:
    text = files("tocsin.assess.technology").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _between(pattern: str, language: str) -> str:
    """A pattern in the folded alphabet, with the article that a language puts inside."""
    folded = PATTERNS.fold(pattern)
    return folded.replace(" ", _BETWEEN[language]) if language in _BETWEEN else folded


def _compile(pattern: str, language: str) -> re.Pattern[str]:
    prefix = _PREFIX.get(language, "")
    return re.compile(rf"(?<!\w){prefix}(?:{_between(pattern, language)})(?!\w)")


def _clauses(folded: str) -> list[tuple[int, int]]:
    """First and last place of each clause that holds anything."""
    found, start = [], 0
    for mark in _CLAUSE.finditer(folded):
        if mark.start() > start:
            found.append((start, mark.start()))
        start = mark.end()
    if start < len(folded):
        found.append((start, len(folded)))
    return found


def _context(technology: str, text: str, first: int, last: int) -> tuple[float, list[str]]:
    """What the clause's contexts do to a match: the factor, and their names."""
    factor, names = 1.0, []
    for context in contexts():
        if (
            technology in context.technology
            and _within(context.pattern, text, first, last)
            and not _within(context.unless, text, first, last)
        ):
            factor *= context.factor
            names.append(context.name)
    return factor, names


def _within(pattern: re.Pattern[str] | None, text: str, first: int, last: int) -> bool:
    return pattern is not None and pattern.search(text, first, last) is not None
