"""What a file of portfolios declares: levers, portfolios, rules and limits, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tocsin.base.nearest import advice
from tocsin.errors import UsageError
from tocsin.schema.vocabulary.lever import LEVERS


def _nothing() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Terms:
    """These are the terms on which a lever is to be had."""

    label: str
    """What people read."""
    delay: float = 6.0
    """Months until it has about two thirds of its effect; 0: at once."""
    cost: float = 1.0
    """Cost units a year at full effort."""
    coercive: bool = False
    """It works by force; proportionality counts it."""
    protective: bool = False
    """It helps or protects people; proportionality weighs force against it."""
    civil_harm: float = 0.0
    """How much it harms people who do no harm, at full effort, from 0 to 1. Judgement."""
    acts_as: Mapping[str, float] = field(default_factory=_nothing)
    """A lever of the file's own: at full effort it adds so much of the model's levers."""
    side_effects: Mapping[str, float] = field(default_factory=_nothing)
    """At full effect it adds so much (-1 to 1) to the effect of other levers of the model."""
    source: str = "judgement"
    """Where these figures come from."""


@dataclass(frozen=True)
class Measure:
    """This is what a portfolio does with one lever; times are in months."""

    effort: float
    """From 0 to 1."""
    start: float = 0.0
    """When it begins; before, what was in force at month 0 stays."""
    ramp: float = 0.0
    """How long the effort grows evenly to its whole size."""
    stop: float | None = None
    """When it ends; what was in force at month 0 comes back."""
    half_life: float | None = None
    """How long it takes until half of the effect is worn off, once the effort is whole."""


@dataclass(frozen=True)
class Rule:
    """This is an adaptive rule: it fires once, and holds from then on."""

    signal: str
    """What is watched: a key of `rules.SIGNALS`."""
    above: bool
    """True: it fires over the threshold; False: under it."""
    threshold: float
    """In the signal's unit."""
    months: float
    """How long the signal must stay there."""
    actions: tuple[tuple[str, float], ...]
    """Levers, and the effort that each then gets."""
    sentence: str
    """The rule as it was written."""
    where: str = ""
    """Its file and line, for errors."""

    @property
    def sign(self) -> tuple[str, bool, float, float]:
        """Return what it waits for; where no months are named, one does."""
        return self.signal, self.above, self.threshold, max(self.months, 1.0)


@dataclass(frozen=True)
class Portfolio:
    """This is a portfolio: what it does with each lever, and its rules."""

    label: str
    measures: Mapping[str, Measure]
    rules: tuple[Rule, ...] = ()

    @property
    def efforts(self) -> dict[str, float]:
        """Return the effort by lever, at its whole size and before any rule has fired."""
        return {lever: one.effort for lever, one in self.measures.items()}


@dataclass(frozen=True)
class Need:
    """This is a do-no-harm check: over some effort, a lever needs others beside it."""

    lever: str
    over: float
    beside: Mapping[str, float]


@dataclass(frozen=True)
class Limits:
    """These are limits that no portfolio, no rule and no search may cross."""

    budget: float | None = None
    """Cost units a year, at most."""
    proportionality: float | None = None
    """Coercive effort for each unit of protective effort, at most."""
    civil_harm: float | None = None
    """The sum of effort times civil harm, at most."""
    keep: tuple[str, ...] = ()
    """Levers on which the effort is never less than today's."""
    least: Mapping[str, float] = field(default_factory=_nothing)
    """The least effort by lever."""
    most: Mapping[str, float] = field(default_factory=_nothing)
    """The greatest effort by lever."""
    needs: tuple[Need, ...] = ()
    simulated: Mapping[str, float] = field(default_factory=_nothing)
    """Ceilings of outcomes as a multiple of the status quo's mean."""


@dataclass(frozen=True)
class Protocol:
    """This is an early-action protocol: what is done, by whom and with what, once a trigger is met.

    After the Early Action Protocols of the International Federation of Red Cross and Red Crescent
    Societies (FbF Practitioners Manual).
    """

    trigger: str
    """The name of a rule of alerts."""
    action: str
    who: str
    funding: str
    portfolio: str | None = None
    """The portfolio to which the action belongs."""
    where: str = ""
    """The place of the trigger in the file, for errors."""


@dataclass(frozen=True)
class PortfolioFile:
    """This is a whole file of portfolios, checked."""

    levers: Mapping[str, Terms]
    portfolios: Mapping[str, Portfolio]
    limits: Limits
    protocols: Mapping[str, Protocol]
    where: str
    """What the file is called in errors."""

    def find(self, name: str) -> Portfolio:
        """Return a portfolio by its name.

        Raises:
            UsageError: there is none; the remedy names the nearest.
        """
        if name not in self.portfolios:
            raise UsageError(
                f"There is no portfolio '{name}'.", remedy=advice(name, list(self.portfolios))
            )
        return self.portfolios[name]

    @property
    def added_levers(self) -> tuple[str, ...]:
        """Return the levers of other packages that portfolios name, in the order of their names."""
        of_rules = (rule for portfolio in self.portfolios.values() for rule in portfolio.rules)
        named = {lever for rule in of_rules for lever, _ in rule.actions}
        named = named.union(*(portfolio.measures for portfolio in self.portfolios.values()))
        own = {name for name, terms in self.levers.items() if terms.acts_as}
        return tuple(sorted(named - set(LEVERS) - own))
