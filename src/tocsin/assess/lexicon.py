"""The lexicon: which words in a text name which technology class, and where they stand."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Entry:
    """One reviewed entry of `lexicon.toml`."""

    rule: str
    technology: str
    language: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    probability: float


@dataclass(frozen=True)
class Match:
    """Words of a text that name a technology: `text[start:end] == evidence`."""

    technology: str
    probability: float
    evidence: str
    start: int
    end: int
    rule: str


@cache
def entries() -> tuple[Entry, ...]:
    """All entries, in the order of the file."""
    content = files("tocsin.assess").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return tuple(
        Entry(
            item["rule"],
            item["technology"],
            item["language"],
            _compiled(item["pattern"]),
            _compiled(item["unless"]) if "unless" in item else None,
            float(item["probability"]),
        )
        for item in tomllib.loads(content)["entry"]
    )


def matches(text: str) -> list[Match]:
    """The first words of each technology class that a text names.

    Case and accents do not matter. At most one match a class: the one of the most probable
    entry, and of those the first.

    >>> [(m.technology, m.evidence) for m in matches("Car bomb and drone attack")]
    [('improvised-explosives', 'Car bomb'), ('uncrewed-aircraft', 'drone')]
    """
    folded, places = _folded(text)
    best: dict[str, Match] = {}
    for entry in entries():
        found = entry.pattern.search(folded)
        if found is None or (entry.unless is not None and entry.unless.search(folded)):
            continue
        start, end = places[found.start()], places[found.end() - 1] + 1
        match = Match(entry.technology, entry.probability, text[start:end], start, end, entry.rule)
        held = best.get(entry.technology)
        if held is None or (match.probability, -start) > (held.probability, -held.start):
            best[entry.technology] = match
    return sorted(best.values(), key=lambda match: (match.start, match.technology))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern}(?!\w)")


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without case and accents, and where each of its characters came from."""
    folded, places = [], []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(plain):
                folded.append(plain)
                places.append(place)
    return "".join(folded), places
