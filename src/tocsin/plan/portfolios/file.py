"""The file of portfolios that a user edits: read whole, and refused by name and line.

Nothing is played before the whole file is understood: a lever that there is not, an effort that
is no number, limits that contradict each other or that a portfolio crosses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from tocsin.base.display.quantity import quantity
from tocsin.base.nearest import advice, nearest, written_twice
from tocsin.base.toml import line_of, parse_toml
from tocsin.errors import UsageError
from tocsin.plan.portfolios.declared import (
    Limits,
    Measure,
    Need,
    Portfolio,
    PortfolioFile,
    Protocol,
    Rule,
    Terms,
)
from tocsin.plan.portfolios.limits import contradictions, crossed_limits
from tocsin.plan.portfolios.rules import SIGNALS, parse_rule
from tocsin.schema.vocabulary.lever import LEVERS
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

MOST_RULES = 5
"""Rules a portfolio; limits are checked after each order in which they may fire."""
LONGEST = 1200.0
"""Months that any time in the file may take."""
PLAYED = 120.0
"""Months that a plan plays; what begins later, or needs longer to be seen, would have no effect."""
MOST_UNITS = 1e9
"""A cost, a budget or another limit beyond this is taken for a slip of the hand."""
MOST_MULTIPLE = 10.0
"""A ceiling of so many times the status quo holds nothing back; 100 is taken for per cent."""

_TOP = ("version", "limits", "levers", "portfolios", "protocols")
_LEVER = ("label", "cost", "delay", "coercive", "protective", "civil_harm", "acts_as",
          "side_effects", "source")  # fmt: skip
_MEASURE = ("effort", "start", "ramp", "stop", "half_life")
_LIMITS = ("budget", "proportionality", "civil_harm", "keep", "least", "most", "needs", "simulated")
_PROTOCOL = ("trigger", "action", "who", "funding", "portfolio")


def parse_portfolios(
    text: str,
    *,
    where: str,
    known: Mapping[str, Terms] | None = None,
    limits: Limits | None = None,
    today: Portfolio | None = None,
) -> PortfolioFile:
    """Read and check a file of portfolios.

    Args:
        text: the file's text, TOML.
        where: what it is called in errors.
        known: the terms of levers that the file need not repeat.
        limits: limits that hold where the file sets no other.
        today: the status quo, where the file has none.

    Returns:
        The file, checked.

    Raises:
        UsageError: something in it is not understood, impossible, or crosses a limit. The error
            names it, and its line.
    """
    return _Reader(text, where).file(known or {}, limits or Limits(), today)


def meant_now(name: str) -> tuple[str, str]:
    """What is wrong with a portfolio whose name is all but that of the status quo, and a remedy."""
    return (
        f"'{name}' is nearly called '{STATUS_QUO}', and there is none of that name.",
        f"Call it '{STATUS_QUO}' if it is what is in force now; else declare that, too.",
    )


class _Reader:
    """Reads one text, of which it can say the line of everything."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where

    def fail(self, path: tuple[str | int, ...], what: str, remedy: str = "") -> NoReturn:
        raise UsageError(what, where=self.place(path), remedy=remedy)

    def place(self, path: tuple[str | int, ...]) -> str:
        line = line_of(self.text, *path)
        named = ".".join(str(one + 1) if isinstance(one, int) else one for one in path)
        return ", ".join(
            [self.where, *([f"line {line}"] if line else []), *([named] if named else [])]
        )

    def rule_place(self, path: tuple[str | int, ...], rule: Any) -> str:
        """The place of a rule: its own line where its words stand in one, else that of the list."""
        first = line_of(self.text, *path, "rules")
        lines = self.text.splitlines()[(first or 1) - 1 :] if isinstance(rule, str) else []
        for line, text in enumerate(lines, first or 1):
            if first and rule in text:
                return ", ".join([self.where, f"line {line}", ".".join(map(str, (*path, "rules")))])
        return self.place((*path, "rules"))

    def file(
        self, known: Mapping[str, Terms], limits: Limits, today: Portfolio | None
    ) -> PortfolioFile:
        whole = parse_toml(self.text, where=self.where)
        self.only(whole, _TOP, ())
        if not whole:
            remedy = "`tocsin plan --example` prints one to start from."
            raise UsageError("The file says nothing.", where=self.where, remedy=remedy)
        if whole.get("version") != 1:
            self.fail(("version",), "The file's version is not 1.", "Write: version = 1")
        levers = dict(known)
        for name, terms in self.table(whole, ("levers",)).items():
            levers[name] = self.lever(name, terms, known.get(name))
        found = {
            name: self.portfolio(name, told, levers)
            for name, told in self.table(whole, ("portfolios",)).items()
        }
        if today is not None and STATUS_QUO not in found:
            for name in found:
                if nearest(name, [STATUS_QUO]):
                    self.fail(("portfolios", name), *meant_now(name))
            found = {STATUS_QUO: today} | found
        others = [name for name in found if name != STATUS_QUO]
        for path, names in ((("levers",), list(levers)), (("portfolios",), others)):
            if pair := written_twice(names):
                what = f"'{pair[0]}' and '{pair[1]}' differ only in capitals or blanks."
                self.fail((*path, pair[1]), what, "Give one of them another name.")
        if STATUS_QUO not in found:
            self.fail(("portfolios",), f"There is no portfolio '{STATUS_QUO}'.")
        found = {STATUS_QUO: found[STATUS_QUO]} | found
        now = found[STATUS_QUO]
        if now.rules or any(one != Measure(one.effort) for one in now.measures.values()):
            self.fail(
                ("portfolios", STATUS_QUO), "The status quo is what is in force now, unchanged.",
                "Give its efforts alone; put what changes into another portfolio.",
            )  # fmt: skip
        checked = self.limits(self.table(whole, ("limits",)), levers, limits, now.efforts)
        for name, portfolio in found.items():
            for limit, when in crossed_limits(portfolio, levers, checked, now.efforts):
                self.fail(
                    ("portfolios", name), f"The portfolio crosses the limit '{limit}' {when}.",
                    "Change its efforts, or argue for another limit under [limits].",
                )  # fmt: skip
        protocols = {
            name: self.protocol(name, told, found)
            for name, told in self.table(whole, ("protocols",)).items()
        }
        return PortfolioFile(levers, found, checked, protocols, self.where)

    def lever(self, name: str, told: Any, known: Terms | None) -> Terms:
        path = ("levers", name)
        told = self.mapping(told, path)
        self.only(told, _LEVER, path)
        base = known or Terms(label=name)
        numbers = {
            key: self.number(told[key], (*path, key), 0.0, most)
            for key, most in (("cost", MOST_UNITS), ("delay", LONGEST), ("civil_harm", 1.0))
            if key in told
        }
        flags = {
            key: self.flag(told[key], (*path, key))
            for key in ("coercive", "protective")
            if key in told
        }
        words = {
            key: self.words(told[key], (*path, key)) for key in ("label", "source") if key in told
        }
        shares = {
            key: self.by_name(told[key], (*path, key), LEVERS, -1.0, 1.0)
            for key in ("acts_as", "side_effects")
            if key in told
        }
        terms = Terms(**(vars(base) | numbers | flags | words | shares))
        if name in terms.side_effects:
            self.fail((*path, "side_effects", name), "A side effect is one on other levers.")
        if name not in LEVERS and known is None and not any(terms.acts_as.values()):
            self.fail(
                path, f"The model knows no lever '{name}', so nothing would come of it.",
                f"{advice(name, LEVERS)} Or say through which of these it acts: "
                "acts_as = { health = 0.5 }",
            )  # fmt: skip
        if name in LEVERS and terms.acts_as:
            self.fail((*path, "acts_as"), f"'{name}' is a lever of the model's own.",
                      "Use side_effects for what it does to other levers.")  # fmt: skip
        if terms.cost == 0:
            self.fail((*path, "cost"), "A lever that costs nothing would be in every plan.",
                      "Give what a year at full effort costs.")  # fmt: skip
        return terms

    def portfolio(self, name: str, told: Any, levers: Mapping[str, Terms]) -> Portfolio:
        path = ("portfolios", name)
        if not name.strip():
            self.fail(path, "A portfolio has no name.", 'Write [portfolios."its name"].')
        told = self.mapping(told, path)
        self.only(told, ("label", "levers", "rules"), path)
        measures = {
            lever: self.measure(value, (*path, "levers", lever), levers)
            for lever, value in self.table(told, (*path, "levers")).items()
        }
        rules = told.get("rules", [])
        if not isinstance(rules, list) or len(rules) > MOST_RULES:
            self.fail((*path, "rules"), f"A list of at most {MOST_RULES} rules is meant.")
        read: list[Rule] = []
        for number, rule in enumerate(rules, 1):
            try:
                one = parse_rule(self.words(rule, (*path, "rules")), levers)
            except UsageError as error:
                raise UsageError(
                    f"Rule {number}: {error.what}", where=self.rule_place(path, rule),
                    remedy=error.remedy,
                ) from error  # fmt: skip
            place = self.rule_place(path, rule)
            if one.months >= PLAYED:
                raise UsageError(
                    f"Rule {number} waits for {quantity(one.months, 'month')}, and {PLAYED:g} "
                    "are played.",
                    where=place,
                )
            self.refuse_contrary(one, read, number, place)
            read.append(replace(one, where=place))
        label = self.words(told.get("label", name), (*path, "label"))
        return Portfolio(label, measures, tuple(read))

    def refuse_contrary(self, one: Rule, before: Sequence[Rule], number: int, place: str) -> None:
        """Refuse a rule that fires at the sign of another one and asks for another effort."""
        efforts = dict(one.actions)
        for nth, other in enumerate(before, 1):
            for lever, effort in other.actions if one.sign == other.sign else ():
                if efforts.get(lever, effort) != effort:
                    raise UsageError(
                        f"Rules {nth} and {number} fire at the same sign, and set '{lever}' to "
                        f"{effort:g} and to {efforts[lever]:g}.",
                        where=place, remedy="Leave one out, or give it a sign of its own.",
                    )  # fmt: skip

    def measure(self, value: Any, path: tuple[str, ...], levers: Mapping[str, Terms]) -> Measure:
        lever = path[-1]
        if lever not in levers:
            self.fail(path, f"There is no lever '{lever}'.", advice(lever, levers))
        if not isinstance(value, dict):
            return Measure(self.number(value, path, 0.0, 1.0))
        self.only(value, _MEASURE, path)
        if "effort" not in value:
            self.fail(path, "The effort is missing.", "Write: { effort = 0.5, start = 6 }")
        found = {"effort": self.number(value["effort"], (*path, "effort"), 0.0, 1.0)}
        for key in _MEASURE[1:]:
            if key in value:
                found[key] = self.number(value[key], (*path, key), 0.0, LONGEST)
        one = Measure(**found)
        if one.start >= PLAYED:
            self.fail((*path, "start"), f"It starts in month {one.start:g}, and {PLAYED:g} are "
                      "played.", "Give an earlier month.")  # fmt: skip
        if one.half_life == 0:
            self.fail((*path, "half_life"), "An effect with a half life of 0 never is.")
        if one.stop is not None and one.stop <= one.start:
            self.fail((*path, "stop"), "It stops before it has begun.", "Give a later month.")
        if one.stop is not None and one.start + one.ramp > one.stop:
            self.fail(
                (*path, "ramp"), f"It stops in month {one.stop:g}, before it is whole in month "
                f"{one.start + one.ramp:g}.", "Shorten the ramp, or stop later.",
            )  # fmt: skip
        return one

    def limits(
        self,
        told: Mapping[str, Any],
        levers: Mapping[str, Terms],
        base: Limits,
        now: Mapping[str, float],
    ) -> Limits:
        path = ("limits",)
        self.only(told, _LIMITS, path)
        found: dict[str, Any] = dict(vars(base))
        for key in ("budget", "proportionality", "civil_harm"):
            if key in told:
                found[key] = self.number(told[key], (*path, key), 0.0, MOST_UNITS)
        if found["budget"] == 0:
            self.fail((*path, "budget"), "A budget of 0 leaves nothing to decide.",
                      "Give cost units a year, or leave the budget out.")  # fmt: skip
        if "keep" in told:
            found["keep"] = self.names(told["keep"], (*path, "keep"), levers)
        for key in ("least", "most"):
            if key in told:
                found[key] = self.by_name(told[key], (*path, key), levers, 0.0, 1.0)
        if "simulated" in told:
            found["simulated"] = self.by_name(
                told["simulated"], (*path, "simulated"), tuple(SIGNALS.values()), 0.0, MOST_MULTIPLE
            )
            for name, most in found["simulated"].items():
                if most == 0:
                    self.fail((*path, "simulated", name), "A ceiling of 0 would keep nothing.",
                              "Give a multiple of the status quo above 0.")  # fmt: skip
        if "needs" in told:
            if not isinstance(told["needs"], list):
                self.fail((*path, "needs"), "Tables are meant.", "Write [[limits.needs]].")
            found["needs"] = tuple(
                self.need(one, (*path, "needs", place), levers)
                for place, one in enumerate(told["needs"])
            )
        checked = Limits(**found)
        for at, what, remedy in contradictions(checked, levers, now):
            self.fail(("limits", *at), what, remedy)
        return checked

    def need(self, told: Any, path: tuple[str | int, ...], levers: Mapping[str, Terms]) -> Need:
        told = self.mapping(told, path)
        self.only(told, ("lever", "over", "with"), path)
        lever = self.words(told.get("lever", ""), (*path, "lever"))
        if lever not in levers:
            self.fail((*path, "lever"), f"There is no lever '{lever}'.", advice(lever, levers))
        if lever in self.table(told, (*path, "with")):
            self.fail((*path, "with"), f"'{lever}' is asked to stand beside itself.")
        over = self.number(told.get("over", 0.0), (*path, "over"), 0.0, 1.0)
        beside = self.by_name(told.get("with", {}), (*path, "with"), levers, 0.0, 1.0)
        return Need(lever, over, beside)

    def protocol(self, name: str, told: Any, portfolios: Mapping[str, Portfolio]) -> Protocol:
        path = ("protocols", name)
        told = self.mapping(told, path)
        self.only(told, _PROTOCOL, path)
        for key in _PROTOCOL[:-1]:
            if key not in told:
                self.fail((*path, key), f"A protocol says its {key}, and this one does not.",
                          f"Add: {key} = \"…\"")  # fmt: skip
        found = {key: self.words(value, (*path, key)) for key, value in told.items()}
        if "portfolio" in found and found["portfolio"] not in portfolios:
            wrong = found["portfolio"]
            remedy = advice(wrong, portfolios)
            self.fail((*path, "portfolio"), f"There is no portfolio '{wrong}'.", remedy)
        return Protocol(**found, where=self.place((*path, "trigger")))

    def only(
        self, told: Mapping[str, Any], known: tuple[str, ...], path: tuple[str | int, ...]
    ) -> None:
        for key in told:
            if key not in known:
                self.fail((*path, key), f"'{key}' is not known here.", advice(key, known))

    def table(self, told: Mapping[Any, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
        return self.mapping(told.get(path[-1], {}), path)

    def mapping(self, told: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        if not isinstance(told, dict):
            self.fail(path, "A table is meant.", f"Write [{'.'.join(map(str, path))}].")
        return told

    def number(self, value: Any, path: tuple[str | int, ...], low: float, high: float) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            shown = repr(value) if isinstance(value, str) else str(value)
            self.fail(path, f"{shown} is no number.", f"Give a number from {low:g} to {high:g}.")
        if not low <= value <= high:
            self.fail(path, f"{value:g} does not lie from {low:g} to {high:g}.")
        return float(value)

    def flag(self, value: Any, path: tuple[str | int, ...]) -> bool:
        if not isinstance(value, bool):
            self.fail(path, f"{value!r} is neither true nor false.")
        return value

    def words(self, value: Any, path: tuple[str | int, ...]) -> str:
        if not isinstance(value, str) or not value.strip():
            self.fail(path, "Words are meant.", 'Write them in quotation marks: "…"')
        return value.strip()

    def names(
        self, value: Any, path: tuple[str | int, ...], known: Mapping[str, Terms]
    ) -> tuple[str, ...]:
        if not isinstance(value, list):
            self.fail(path, "A list of names is meant.", 'Write ["health"].')
        for one in value:
            if one not in known:
                self.fail(path, f"There is no lever '{one}'.", advice(str(one), known))
        return tuple(value)

    def by_name(
        self, value: Any, path: tuple[str | int, ...], known: Any, low: float, high: float
    ) -> dict[str, float]:
        for name in self.mapping(value, path):
            if name not in known:
                self.fail((*path, name), f"There is no '{name}'.", advice(name, known))
        return {name: self.number(one, (*path, name), low, high) for name, one in value.items()}
