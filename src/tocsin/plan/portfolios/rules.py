"""Adaptive rules as plain sentences, read by a small strict grammar.

    rule      = "if" signal order NUMBER ["%"] ["for" NUMBER "months"] "then" action {"and" action}
    signal    = a key of `SIGNALS`, such as "attribution confidence"
    order     = "under" | "below" | "over" | "above"
    action    = LEVER "to" NUMBER

A rule fires once, when its signal has stayed on the named side for the months named (one step where
none are), and holds from then on: it is the signpost and the action of adaptive policies (Walker,
Rahman and Cave 2001, European Journal of Operational Research 128).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NoReturn

from tocsin.base.nearest import advice
from tocsin.errors import UsageError
from tocsin.plan.portfolios.declared import Rule

SIGNALS = {
    "deaths": "deaths",
    "people displaced": "displaced",
    "services lost": "service_lost",
    "capability": "capability",
    "grievance": "grievance",
    "trade lost": "trade_lost",
    "attribution confidence": "attribution_confidence",
    "legitimacy lost": "legitimacy_lost",
    "escalation": "escalation",
}
"""What a rule can watch in the region, and the outcome of the model that it is. Counts are those of
a month; a model that has no such outcome refuses the rule."""
COUNTED = ("deaths", "people displaced")
"""Signals that are counted in a month."""
PER_CENT = ("services lost", "trade lost")
"""Signals in per cent."""
HIGHEST = dict.fromkeys(PER_CENT, 100.0) | {"escalation": 3.0}
"""Where a signal that is not counted ends, if not at 1."""
MOST_MONTHS = 120
"""So many are played: a sign that must stand for longer never does."""
EXAMPLE = "if deaths over 500 for 3 months then shared-early-warning to 0.8 and dialogue to 0.6"
_ORDERS = {"under": False, "below": False, "over": True, "above": True}
_TOKEN = re.compile(r"%|[^\s%]+")


def parse_rule(sentence: str, levers: Iterable[str]) -> Rule:
    """Read an adaptive rule.

    Args:
        sentence: the rule in words.
        levers: names of the levers that there are.

    Returns:
        The rule.

    Raises:
        UsageError: a word is not understood; the message names it and what may stand in its place.

    >>> rule = parse_rule("if attribution confidence under 60 % then dialogue to 0.8", ["dialogue"])
    >>> rule.signal, rule.above, rule.threshold, rule.actions
    ('attribution confidence', False, 0.6, (('dialogue', 0.8),))
    """
    return _Parser(sentence, list(levers)).rule()


def check_signals(rules: Iterable[Rule], given: Iterable[str]) -> None:
    """Refuse rules that watch what a model does not give.

    Args:
        rules: the rules.
        given: names of the outcomes that the model gives.

    Raises:
        UsageError: a rule watches something else; the error names it, and its file and line.
    """
    outcomes = set(given)
    for rule in rules:
        if SIGNALS[rule.signal] not in outcomes:
            watched = ", ".join(f"'{one}'" for one, name in SIGNALS.items() if name in outcomes)
            raise UsageError(
                f"The model in use has no '{rule.signal}', so “{rule.sentence}” cannot fire.",
                where=rule.where,
                remedy=f"It gives: {watched}.",
            )


class _Parser:
    def __init__(self, sentence: str, levers: list[str]) -> None:
        self.text = sentence.strip().removesuffix(".")
        self.words = _TOKEN.findall(self.text.replace(",", " "))
        self.levers = levers
        self.at = 0

    def rule(self) -> Rule:
        if unclear := re.search(r"\d,\d+", self.text):
            raise UsageError(
                f"'{unclear[0]}' can be read in two ways in “{self.text}”.",
                remedy="Write numbers without separators, and decimals with a point: 1000, 0.5.",
            )
        self.expect("if")
        signal = self.signal()
        above = self.order()
        threshold = self.number()
        if signal in PER_CENT and 0 < threshold < 1 and self.word() != "%":
            raise UsageError(
                f"“{self.text}” may mean {threshold:g} % or {100 * threshold:g} %.",
                remedy=f"Write the sign: {100 * threshold:g} % or {threshold:g} %.",
            )
        if self.word() == "%":
            if signal in COUNTED or signal == "escalation":
                self.fail("'then' or 'for'")
            self.at += 1
            threshold /= 1 if signal in PER_CENT else 100
        if signal not in COUNTED and threshold > HIGHEST.get(signal, 1.0):
            raise UsageError(
                f"“{self.text}” asks for {threshold:g}, which {signal} never reaches.",
                remedy="Shares lie from 0 to 1; 60% may be written for 0.6.",
            )
        months = 0.0
        if self.skip("for"):
            months = self.number()
            if not 1 <= months <= MOST_MONTHS:
                self.at -= 1
                self.fail(f"a number of months from 1 to {MOST_MONTHS}")
            if not (self.skip("months") or self.skip("month")):
                self.fail("'months'")
        self.expect("then")
        actions = [self.action()]
        while self.skip("and"):
            actions.append(self.action())
        if self.at < len(self.words):
            self.fail("'and' with one more action, or the end")
        named = [lever for lever, _ in actions]
        if len(set(named)) < len(named):
            again = next(one for one in named if named.count(one) > 1)
            raise UsageError(
                f"The rule “{self.text}” sets '{again}' twice.", remedy="Name each lever once."
            )
        return Rule(signal, above, threshold, months, tuple(actions), self.text)

    def signal(self) -> str:
        end = self.at
        while end < len(self.words) and self.words[end].lower() not in _ORDERS:
            end += 1
        if end == len(self.words):
            raise UsageError(
                f"“{self.text}” says neither 'under' nor 'over'.", remedy=f"For example: {EXAMPLE}"
            )
        name = " ".join(self.words[self.at : end]).lower()
        if name not in SIGNALS:
            raise UsageError(
                f"'{name}' is nothing that a rule can watch, in “{self.text}”.",
                remedy=advice(name, SIGNALS),
            )
        self.at = end
        return name

    def order(self) -> bool:
        word = self.word()
        if word not in _ORDERS:
            self.fail("'under' or 'over'")
        self.at += 1
        return _ORDERS[word]

    def action(self) -> tuple[str, float]:
        lever = self.word()
        if lever not in self.levers:
            if not lever:
                self.fail("a lever")
            raise UsageError(
                f"There is no lever '{lever}' (word {self.at + 1} of “{self.text}”).",
                remedy=advice(lever, self.levers),
            )
        self.at += 1
        self.expect("to")
        effort = self.number()
        if not 0 <= effort <= 1:
            self.at -= 1
            self.fail("an effort from 0 to 1")
        return lever, effort

    def number(self) -> float:
        try:
            value = float(self.word())
        except ValueError:
            value = math.nan
        if not 0 <= value < 1e12:
            self.fail("a number, 0 or more")
        self.at += 1
        return value

    def word(self) -> str:
        return self.words[self.at].lower() if self.at < len(self.words) else ""

    def expect(self, word: str) -> None:
        if not self.skip(word):
            self.fail(f"'{word}'")

    def skip(self, word: str) -> bool:
        if self.word() == word:
            self.at += 1
            return True
        return False

    def fail(self, expected: str) -> NoReturn:
        if self.at < len(self.words):
            what = (
                f"'{self.words[self.at]}' (word {self.at + 1}) was not understood in “{self.text}”."
            )
        else:
            what = f"The rule “{self.text}” ends too early."
        raise UsageError(what, remedy=f"Here may stand {expected}. For example: {EXAMPLE}")
