"""An alert rule as a plain sentence, written and read by one small strict grammar.

Alerts hold the sentence of their rule (the table `alerts`): whoever shows them reads it here.

    sentence  = ["probability" "of"] event {[","] clause} ["."]
    event     = "at" "least" deaths within
              | "deaths" "double" within ["," "from" "at" "least" (deaths | COUNT)]
              | "onset" "of" "at" "least" deaths within "after" COUNT "quiet" months
              | "first" "use" "of" TECHNOLOGY within
              | "adoption" "of" TECHNOLOGY "in" "a" "neighbour" within
    within    = "within" COUNT months
    deaths    = COUNT ("death" | "deaths")
    months    = "month" | "months"
    clause    = ["probability"] ("above" | "over") NUMBER ["%" | "percent"]
              | "cost" NUMBER "loss" NUMBER
              | "in" PLACE {("," | "and") PLACE}

Nothing is guessed: a word that the grammar has no place for is an error that names the word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from tocsin.errors import TocsinError, UsageError
from tocsin.schema.geography.territory import by_gwno, resolve
from tocsin.schema.vocabulary.technology import LABELS

EXAMPLE = "at least 25 deaths within 3 months, probability above 0.3, in Mali, Niger"
NUMBER_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "nine": 9,
    "twelve": 12,
}
DEFAULT_FLOOR = 25
"""Deaths that a doubling must reach where the sentence names no floor."""
LONGEST_NAME = 9
"""Words and commas that a territory's name may have."""
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d.])|\d+(?:\.\d+)?(?=[\s,%]|$)|[,%]|[^\s,%]+")
_CLAUSES = ("probability", "above", "over", "cost")


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int


def parse(sentence: str) -> dict[str, Any]:
    """Read the settings that a sentence gives.

    Args:
        sentence: a rule in words, as docs/methods/alerts.md describes it.

    Returns:
        The settings, under the names of the fields of `Rule`.

    Raises:
        UsageError: a word is not understood; the message names it and what may stand in its place.

    >>> found = parse("probability of at least 25 deaths within 3 months above 0.3")
    >>> found["kind"], found["deaths"], found["within"], found["probability"]
    ('deaths', 25, 3, 0.3)
    """
    return _Parser(sentence).sentence()


def say(rule: Any) -> str:
    """Write a rule as a sentence that `parse` reads back.

    Args:
        rule: a `tocsin.anticipate.alerts.rules.declared.Rule`, or anything with its fields.

    Returns:
        The sentence.
    """
    within = f"within {_several(rule.within, 'month')}"
    least = f"at least {_several(rule.deaths, 'death')}"
    technology = LABELS.get(rule.technology, "").lower()
    parts = {
        "deaths": f"{least} {within}",
        "doubling": f"deaths double {within}, from {least}",
        "onset": f"onset of {least} {within} after {_several(rule.quiet, 'quiet month')}",
        "first-use": f"first use of {technology} {within}",
        "neighbour": f"adoption of {technology} in a neighbour {within}",
    }
    found = parts[rule.kind]
    if rule.probability is not None:
        found += f", probability above {rule.probability:.10g}"
    if rule.cost is not None:
        found += f", cost {rule.cost:.10g} loss {rule.loss:.10g}"
    if rule.gwnos:
        found += ", in " + ", ".join(by_gwno(gwno).name for gwno in rule.gwnos)
    return found


def _several(count: int, noun: str) -> str:
    """A number as the grammar reads it, with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class _Parser:
    def __init__(self, sentence: str) -> None:
        self.text = sentence.strip().removesuffix(".")
        self.words = [_Word(m.group(), *m.span()) for m in _TOKEN.finditer(self.text)]
        self.at = 0

    def sentence(self) -> dict[str, Any]:
        if self.next_is("probability") and self.next_is("of", ahead=1):
            self.at += 2
        found = self.event()
        while self.at < len(self.words):
            self.skip(",")
            clause = self.clause(found["kind"])
            again = sorted(set(clause) & set(found))
            if again:
                self.fail("nothing more of that kind: it is said twice", back=1)
            found |= clause
        if found["kind"] == "doubling":
            found.setdefault("deaths", DEFAULT_FLOOR)
        return found

    def event(self) -> dict[str, Any]:
        if self.next_is("at"):
            self.expect("at", "least")
            least = self.count()
            self.noun("deaths")
            return {"kind": "deaths", "deaths": least, "within": self.within()}
        if self.next_is("deaths"):
            self.expect("deaths", "double")
            return {"kind": "doubling", "within": self.within()}
        if self.next_is("onset"):
            self.expect("onset", "of", "at", "least")
            least = self.count()
            self.noun("deaths")
            within = self.within()
            self.expect("after")
            quiet = self.count()
            self.expect("quiet")
            self.noun("months")
            return {"kind": "onset", "deaths": least, "within": within, "quiet": quiet}
        if self.next_is("first"):
            self.expect("first", "use", "of")
            return {"kind": "first-use", "technology": self.technology(), "within": self.within()}
        if self.next_is("adoption"):
            self.expect("adoption", "of")
            technology = self.technology()
            self.expect("in", "a", "neighbour")
            return {"kind": "neighbour", "technology": technology, "within": self.within()}
        return self.fail("'at least', 'deaths double', 'onset of', 'first use of', 'adoption of'")

    def clause(self, kind: str) -> dict[str, Any]:
        if self.next_is("probability") or self.next_is("above") or self.next_is("over"):
            self.skip("probability")
            if not (self.skip("above") or self.skip("over")):
                self.fail("'above' or 'over'")
            value = self.number()
            if self.skip("%") or self.skip("percent"):
                value /= 100
            return {"probability": value}
        if self.next_is("cost"):
            self.expect("cost")
            cost = self.number()
            self.expect("loss")
            return {"cost": cost, "loss": self.number()}
        if kind == "doubling" and self.next_is("from"):
            self.expect("from", "at", "least")
            least = self.count()
            self.skip("deaths") or self.skip("death")
            return {"deaths": least}
        if self.next_is("in"):
            self.expect("in")
            return {"gwnos": self.places()}
        return self.fail("'probability above', 'cost … loss …', 'in' and territories, or the end")

    def within(self) -> int:
        self.expect("within")
        months = self.count()
        self.noun("months")
        return months

    def noun(self, many: str) -> None:
        if not (self.skip(many) or self.skip(many[:-1])):
            self.fail(f"'{many}'")

    def technology(self) -> str:
        names = {label.lower(): key for key, label in LABELS.items()} | {key: key for key in LABELS}
        for length in range(4, 0, -1):
            words = " ".join(w.text.lower() for w in self.words[self.at : self.at + length])
            if words in names:
                self.at += length
                return names[words]
        return self.fail("a technology class: " + ", ".join(f"'{name}'" for name in LABELS))

    def places(self) -> tuple[int, ...]:
        found = [self.place()]
        while self.next_is(",") or self.next_is("and"):
            after = self.words[self.at + 1].text.lower() if self.at + 1 < len(self.words) else ""
            if after in _CLAUSES:
                break
            self.at += 1
            found.append(self.place())
        return tuple(dict.fromkeys(found))

    def place(self) -> int:
        # The longest name wins: 'Bosnia and Herzegovina' and 'Congo, DRC' are one territory each.
        remedy = ""
        for length in range(min(LONGEST_NAME, len(self.words) - self.at), 0, -1):
            name = self.text[self.words[self.at].start : self.words[self.at + length - 1].end]
            if name.endswith(","):
                continue  # The comma stands between two names, whatever a folding makes of it.
            try:
                gwno = resolve(name).gwno
            except TocsinError as error:
                remedy = error.remedy
                continue
            self.at += length
            return gwno
        return self.fail("a territory", remedy=remedy)

    def number(self) -> float:
        text = self.words[self.at].text if self.at < len(self.words) else ""
        try:
            value = float(NUMBER_WORDS.get(text.lower(), text.replace(",", "")))
        except ValueError:
            self.fail("a number")
        if not 0 <= value < 1e12:
            self.fail("a number of ordinary size")
        self.at += 1
        return value

    def count(self) -> int:
        value = self.number()
        if value != int(value):
            self.fail("a whole number", back=1)
        return int(value)

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.skip(word):
                self.fail(f"'{word}'")

    def skip(self, word: str) -> bool:
        if self.next_is(word):
            self.at += 1
            return True
        return False

    def next_is(self, word: str, *, ahead: int = 0) -> bool:
        at = self.at + ahead
        return at < len(self.words) and self.words[at].text.lower() == word

    def fail(self, expected: str, *, back: int = 0, remedy: str = "") -> NoReturn:
        at = max(self.at - back, 0)
        if at < len(self.words):
            what = f"'{self.words[at].text}' (word {at + 1}) was not understood in “{self.text}”."
        else:
            what = f"The sentence “{self.text}” ends too early."
        raise UsageError(
            what, remedy=f"Here may stand {expected}. {remedy or f'For example: {EXAMPLE}'}"
        )
