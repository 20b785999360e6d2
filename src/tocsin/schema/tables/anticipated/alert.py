"""Alerts: the rules that a user declared, where they stand, and how each did so far."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit

ALERT_LEVELS = ("quiet", "watch", "advisory", "warning", "emergency")
"""The escalation ladder. From advisory on an alert counts as raised."""
WHOLE, OWN = "all", "own"
"""Windows of a record beside the years: of all cases, and of those in the rule's own territories,
or in the region's where the rule is about every territory."""
UNPROVEN = "no record yet"
"""In place of a level, where the rule has too few past cases to be trusted."""


class AlertRule(Table):
    """One rule by which alerts are raised, in words and in numbers."""

    rule: str = pa.Field(unique=True)
    sentence: str
    kind: str = pa.Field(isin=("deaths", "doubling", "onset", "first-use", "neighbour"))
    within: int = pa.Field(ge=1, metadata=unit("months"))
    threshold: float = pa.Field(ge=0, le=1, description="probability at which it is raised now")
    chosen_by: str = pa.Field(description="declared, cost over loss, or cheapest so far")
    proven: bool = pa.Field(description="has a record")
    action: str = pa.Field(nullable=True, description="what the user has prepared for the alarm")


class Alert(Table):
    """The level at which one rule stands in one territory."""

    rule: str
    territory: str
    gwno: int = pa.Field(ge=1)
    origin: pl.Date = pa.Field(description="last month known")
    probability: float = pa.Field(ge=0, le=1)
    level: str = pa.Field(isin=(*ALERT_LEVELS, UNPROVEN))
    since: pl.Date = pa.Field(description="origin at which the level was reached")


class AlertRecord(Table):
    """How well a rule did, out of sample, in one year or in all years.

    The relative economic value is that of Richardson (2000), Skill and relative economic value of
    the ECMWF ensemble prediction system, Quarterly Journal of the Royal Meteorological Society
    126.
    """

    rule: str
    window: str = pa.Field(description="a year, 'all', or 'own': all years, own territories only")
    threshold: float = pa.Field(ge=0, le=1, description="in use at the end of the window")
    n: int = pa.Field(ge=1, description="origins × territories")
    events: int = pa.Field(ge=0)
    base_rate: float = pa.Field(ge=0, le=1)
    hits: int = pa.Field(ge=0)
    misses: int = pa.Field(ge=0)
    false_alarms: int = pa.Field(ge=0)
    correct_silences: int = pa.Field(ge=0)
    brier: float = pa.Field(ge=0, le=1)
    brier_reference: float = pa.Field(ge=0, le=1, description="of the frequency so far")
    log_score: float = pa.Field(ge=0, metadata=unit("bits"))
    log_reference: float = pa.Field(ge=0, metadata=unit("bits"))
    value: float = pa.Field(nullable=True, le=1, description="relative economic value")
    episodes: int = pa.Field(ge=0, description="spells of events that began")
    warned: int = pa.Field(ge=0, description="of which an alert came before")
    lead_median: float = pa.Field(nullable=True, ge=0, metadata=unit("months"))


class AlertActivation(Table):
    """How often a rule was met in one territory in one held-out year, and what came of it.

    It tells what early-action protocols state of their trigger: the chance that it is met in a
    year, the share of shocks that it catches, and the share of activations in vain.
    """

    rule: str
    territory: str
    gwno: int = pa.Field(ge=1)
    year: int
    origins: int = pa.Field(ge=1, description="at which it could be met, and the outcome is known")
    raised: int = pa.Field(ge=0, description="of them with an alert up")
    activations: int = pa.Field(
        ge=0, description="spells of alarm that began; not one that was there at the first origin"
    )
    in_vain: int = pa.Field(ge=0, description="of them without an event")
    shocks: int = pa.Field(ge=0, description="spells of events that began")
    caught: int = pa.Field(ge=0, description="of them with an alert before")


class AlertReliability(Table):
    """One bin of the diagram that shows how reliable a rule's probabilities are."""

    rule: str
    low: float = pa.Field(ge=0, le=1)
    high: float = pa.Field(ge=0, le=1)
    n: int = pa.Field(ge=1)
    forecast: float = pa.Field(ge=0, le=1, description="mean probability")
    frequency: float = pa.Field(ge=0, le=1, description="how often it came")
    consistent_low: float = pa.Field(ge=0, le=1, description="5 %, were the forecast right")
    consistent_high: float = pa.Field(ge=0, le=1, description="95 %, were the forecast right")


class AlertValue(Table):
    """The relative economic value of a rule at one ratio of cost to loss."""

    rule: str
    cost_loss: float = pa.Field(gt=0, lt=1)
    value: float = pa.Field(le=1, description="acting where the probability exceeds the ratio")
    value_raised: float = pa.Field(le=1, description="acting on the alerts as raised")


class Anomaly(Table):
    """A spell of days with more incidents than the recent past explains."""

    territory: str
    gwno: int = pa.Field(ge=1)
    first_day: pl.Date
    last_day: pl.Date
    day: pl.Date = pa.Field(description="the most unusual day of the spell")
    window: int = pa.Field(isin=(1, 7), description="that day, or the week to it")
    observed: int = pa.Field(ge=0, metadata=unit("incidents"))
    expected: float = pa.Field(ge=0, metadata=unit("incidents"))
    p_value: float = pa.Field(ge=0, le=1, description="chance of at least so many")
    threshold: float = pa.Field(ge=0, le=1, description="p-value under which it is an alarm")


class AnomalyRecord(Table):
    """How far the alarms on the daily stream of incidents can be trusted in one territory."""

    territory: str
    gwno: int = pa.Field(ge=1)
    first_day: pl.Date = pa.Field(description="watched from, by models of the years before")
    last_day: pl.Date
    days: int = pa.Field(ge=1, metadata=unit("days watched"))
    rate: float = pa.Field(gt=0, description="false alarms a year that are borne")
    simulated_rate: float = pa.Field(ge=0, description="alarms a year on made-up usual streams")
    alarms: int = pa.Field(ge=0, description="spells of alarms in the real stream")
    alarm_rate: float = pa.Field(ge=0, description="of them a year")
    burst_found: float = pa.Field(ge=0, le=1, description="share of made-up bursts seen in time")
    burst_delay: float = pa.Field(nullable=True, ge=1, metadata=unit("days, median"))
    branching: float = pa.Field(ge=0, lt=1, description="incidents set off by one")
    half_life: float = pa.Field(gt=0, metadata=unit("days"))
    dispersion: float = pa.Field(ge=1, description="variance over mean, given the past")
