"""Reading: what each part of one text says of each technology class that it names.

A text is cut into parts at `;` and `|`, since sources join the headlines of several reports in
one field, and each part is judged alone. In a part all words of one class are one mention.
`rules.toml` says which words name a class, what is said of it, and who the parties are; this
file finds who is said to have used it, and against whom, by where the parties' names stand.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tocsin.assess.technology.lexicon import contexts, fold, heads
from tocsin.assess.technology.mentions.clauses import between, find_denier
from tocsin.assess.technology.mentions.parties import STATES, Party, Setting, parties_in
from tocsin.assess.technology.mentions.rules import (
    SIGN,
    Said,
    clause,
    digests,
    hedges,
    refusals,
    sayings,
    words,
)

__all__ = ["Setting", "Statement", "parts", "read"]

LONGEST = 4000
"""Characters of a part that are read; a part of a headline is never so long."""
NAMED = 0.97
"""Probability that the class was used where an attack, or an influence, is all that is said."""
OF_CONTEXT = {"denied": "denied", "exercise or lesson": "exercise", "civil use": "talk"}
"""What the lexicon's contexts that take a match back say in the words of the guidelines."""
_BREAK = re.compile(r"[;|؛]")
_CONTEXT_USE = 0.04
_MADE_SAFE_USE = 0.08
_NO_ACT_USE = 0.2
"""Probability of a use where aircraft are named and nothing is said to be done with or to them. A
judgement: of the statements of uncrewed aircraft in the files of five regions none is so."""
_FALLS = re.compile(r"bomb(?:s|ed|ing|ings)?|bombe[sr]?|bombas?|bomb attacks?")
"""Words that are said of what aircraft drop as well as of a device."""
_NOTHING = re.compile("")
REFUSED = 0.03
"""Probability that words name the class although a rule says that they do not."""
HEDGED = 0.8
"""A use that is only held to have been ('allegedly', 'auraient') counts for so much, and for
`LEAST` if it would make a tag without that. A judgement: the labels have hardly a case."""
LEAST = 0.5
"""The least use that makes a tag."""
_WITHOUT_AIRCRAFT = ("organisation", "described")
"""Parties that have no air force: what they bomb they bomb with a device. States bomb from the air,
where no device is named."""
HELD = ("lost", "seized", "target", "remnant")
"""What is said where the one who acts is not the one who had the class."""


@dataclass(frozen=True)
class Statement:
    """What one part of a text says of one technology class.

    Attributes:
        technology: the class.
        part: number of the part in the text, from 0.
        start: first character, in the text, of the first words of the class.
        end: the character after them.
        is_class: probability that the words name the class.
        said: what is said of it, a value of the guidelines.
        use: probability that the part tells of a use.
        by: the party that had or used it, if the words name one.
        against: the party that it was used against, if the words name one.
        digest: whether the part may hold many events.
        spans: places in the text of all words that this rests on.
        rule: the rules that decided.
    """

    technology: str
    part: int
    start: int
    end: int
    is_class: float
    said: str
    use: float
    by: Party | None
    against: Party | None
    digest: bool
    spans: tuple[tuple[int, int], ...]
    rule: str


def parts(text: str) -> list[tuple[int, int]]:
    """Find the first and the last place of each part of a text, without the white space around it.

    Returns:
        The first character of each part and the one after its last.

    >>> [("Clash; one | two")[a:b] for a, b in parts("Clash; one | two")]
    ['Clash', 'one', 'two']
    """
    cuts = [-1, *(found.start() for found in _BREAK.finditer(text)), len(text)]
    found = []
    for before, after in itertools.pairwise(cuts):
        piece = text[before + 1 : after]
        start = before + 1 + len(piece) - len(piece.lstrip())
        if piece.strip():
            found.append((start, start + len(piece.strip())))
    return found


def read(text: str, setting: Setting | None = None) -> list[Statement]:
    """Read all statements of a text on technology classes, part by part.

    Args:
        text: as it stands in the report, at most `LONGEST` characters of each part.
        setting: the event's state and sides, by which parties are named; default: none known.

    Returns:
        At most one statement a part and class, in the order of the text.

    >>> [(s.said, s.by.kind) for s in read("Turkish drones attack the silos | weather")]
    [('attack', 'other-state')]
    >>> [(s.said, s.use > 0.5) for s in read("Myanmar Clash and IED Events Dataset")]
    [('title', False)]
    """
    where = setting or Setting(None, None, None)
    found: list[Statement] = []
    cut = parts(text)
    for number, (start, end) in enumerate(cut):
        after, last = cut[number + 1] if number + 1 < len(cut) else (end, end)
        whole = last if clause("bare_claim").search(text[after:last]) else end
        found += _of_part(text[start : min(whole, start + LONGEST)], number, start, where)
    return found


def _of_part(part: str, number: int, offset: int, setting: Setting) -> Iterator[Statement]:
    folded, places = fold(part)
    named = _words_by_class(folded, facing_a_state=setting.has_state)
    if not named:
        return
    parties = parties_in(part, setting)
    for technology, found in named.items():
        kept = [span for span in found.spans if _refusal(technology, folded, span) is None]
        spans = kept or found.spans
        refusal = None if kept else _refusal(technology, folded, spans[0])
        marked = _mark(folded, spans)
        rule, evidence = (
            (refusal, None) if refusal else _apply_rules(technology, folded, marked.text, spans)
        )
        if rule.value == "watch" and not parties and (civil := _of_context(technology, folded)):
            rule, evidence = civil, None
        first = (places[spans[0][0]], places[spans[0][1] - 1] + 1)
        stand = [(places[start], places[end - 1] + 1) for start, end in spans]
        by, against = between(part, stand, parties, holds=rule.value in HELD)
        if rule.value == "denied" and by is None:
            by = find_denier(part, stand[0][0], parties)
        words = [first]
        if evidence is not None and evidence[1] > evidence[0]:
            start, last = marked.back(evidence[0]), marked.back(evidence[1] - 1)
            words.append((places[start], places[last] + 1))
        words += [(party.start, party.end) for party in (by, against) if party]
        best = found.best_of(spans)
        likely = best.alone if by and by.kind in _WITHOUT_AIRCRAFT else best.probability
        bombs = best.flown and rule.value == "attack" and clause("bombs").match(folded)
        if bombs and by and by.kind in STATES:
            rule = _plain("attack", "bombs of a state", 0.0, is_class=False)
        is_class = likely if rule.is_class else REFUSED
        yield Statement(
            technology,
            number,
            offset + first[0],
            offset + first[1],
            is_class,
            rule.value,
            _weaken(rule.use * is_class, marked.text),
            by,
            against,
            digests().search(folded) is not None,
            tuple(sorted({(offset + a, offset + b) for a, b in words})),
            f"{best.rule}, {rule.rule}",
        )


def _weaken(use: float, marked: str) -> float:
    """The probability of a use, less where it is only held to have been."""
    return min(use, max(HEDGED * use, LEAST)) if hedges().search(marked) else use


@dataclass(frozen=True)
class _Entry:
    """What the words at one place are: how probably the class, and how probably where no state can
    have done it from the air; `flown` where the words are said of what falls as well."""

    probability: float
    alone: float
    rule: str
    flown: bool


@dataclass(frozen=True)
class _Words:
    """The places of one class's words in a part, each with what it is."""

    entries: dict[tuple[int, int], _Entry]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """List the places in the order of the text."""
        return sorted(self.entries)

    def best_of(self, spans: list[tuple[int, int]]) -> _Entry:
        """Join some places: the most probable one, which the others do not make less."""
        held = [self.entries[one] for one in spans]
        best = max(held, key=lambda one: one.probability)
        alone = max(one.alone for one in held)
        return replace(best, alone=alone, flown=all(one.flown for one in held))


@dataclass(frozen=True)
class _Marked:
    """A part with a sign in place of the class's words."""

    text: str
    places: list[int]

    def back(self, at: int) -> int:
        """The place in the folded part of a place in the marked text."""
        return self.places[at]


def _words_by_class(folded: str, *, facing_a_state: bool) -> dict[str, _Words]:
    """Class to its words in a part."""
    found: dict[str, _Words] = {}
    begun = heads(folded)
    for word in words():
        if begun.isdisjoint(word.starts):
            continue
        spans = [match.span() for match in word.pattern.finditer(folded)]
        if not spans or (word.unless and word.unless.search(folded)):
            continue
        probability = word.facing_a_state if facing_a_state else word.probability
        held = found.setdefault(word.technology, _Words({})).entries
        for span in spans:
            if not any(_meet(span, other) for other in held):
                falls = _FALLS.fullmatch(folded, *span) is not None
                held[span] = _Entry(probability, word.probability, word.rule, falls)
    return found


def _refusal(technology: str, folded: str, span: tuple[int, int]) -> Said | None:
    """The rule by which these words are not of the class, if there is one."""
    alone = f"{folded[: span[0]]}{SIGN}{folded[span[1] :]}"
    for rule in refusals():
        if rule.words and not rule.words.fullmatch(folded, *span):
            continue
        if rule.fits(technology, alone):
            return rule
    return None


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _mark(folded: str, spans: list[tuple[int, int]]) -> _Marked:
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for start, end in spans:
        pieces += [folded[last:start], SIGN]
        places += [*range(last, start), start]
        last = end
    return _Marked("".join([*pieces, folded[last:]]), [*places, *range(last, len(folded))])


def _apply_rules(
    technology: str, folded: str, marked: str, spans: list[tuple[int, int]]
) -> tuple[Said, tuple[int, int] | None]:
    """The rule that says what is said, and the place of its words in the marked part."""
    if any(clause("made_safe").match(folded[start:end]) for start, end in spans):
        return _plain("seized", "made safe", _MADE_SAFE_USE), None
    for rule in sayings():
        match = rule.fits(technology, marked)
        if match:
            return rule, match.span()
    if by_context := _of_context(technology, folded):
        return by_context, None
    if technology == "uncrewed-aircraft" and not _tells_act(folded, spans):
        return _plain("talk", "no act is told", _NO_ACT_USE), None
    if technology == "guided-or-indirect-fire" and _names_thing(folded, spans):
        return _plain("talk", "no act is told", _NO_ACT_USE), None
    value = "influence" if technology == "information-operations" else "attack"
    return _plain(value, "nothing else said", NAMED), None


def _names_thing(folded: str, spans: list[tuple[int, int]]) -> bool:
    """Whether words of fire only name a thing, and nothing is told that is done with or by it."""
    if not all(clause("weapon_noun").match(folded[start:end]) for start, end in spans):
        return False
    around = " ".join(_between_spans(folded, spans))
    alone = not re.search(r"\w", around)
    acts = clause("act").search(around) or clause("fire_act").search(around)
    return not (alone or acts)


def _of_context(technology: str, folded: str) -> Said | None:
    """What a context of the lexicon says that takes a match back: a denial, a lesson, civil use."""
    for context in contexts():
        if (
            context.factor == 0
            and technology in context.technology
            and context.pattern.search(folded)
            and not (context.unless and context.unless.search(folded))
        ):
            return _plain(OF_CONTEXT[context.name], f"context {context.name}", _CONTEXT_USE)
    return None


def _tells_act(folded: str, spans: list[tuple[int, int]]) -> bool:
    """Whether a clause with the class's words, or these words, tell of anything that is done.

    Where nothing else is said, as in a log's cell for the weapon, they do.
    """
    if not re.search(r"\w", "".join(_between_spans(folded, spans))):
        return True
    cuts = [0, *(found.end() for found in clause("act_ends").finditer(folded)), len(folded)]
    return any(
        clause("act").search(folded, start, end)
        for start, end in itertools.pairwise(cuts)
        if any(start <= first < end for first, _ in spans)
    )


def _between_spans(folded: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    """The pieces of a text that stand in none of some places."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(folded)]
    yield from (folded[end:start] for end, start in zip(ends, starts, strict=True))


def _plain(value: str, rule: str, use: float, *, is_class: bool = True) -> Said:
    return Said(value, rule, frozenset(), None, _NOTHING, None, use, is_class)
