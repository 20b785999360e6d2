"""Incidents: one real-world event each, linked to the reports that tell of it."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit
from tocsin.schema.tables.observed.report import EVENT_TYPES, TARGETS
from tocsin.schema.tables.observed.series import Series
from tocsin.schema.vocabulary.technology import TECHNOLOGIES


class Incident(Table):
    """One event as tocsin sees it after reading all its reports."""

    incident_id: str = pa.Field(unique=True)
    date_start: pl.Date
    date_end: pl.Date
    date_prec: int = pa.Field(ge=1, le=5)
    latitude: float = pa.Field(ge=-90, le=90, nullable=True, metadata=unit("degrees north"))
    longitude: float = pa.Field(ge=-180, le=180, nullable=True, metadata=unit("degrees east"))
    place_prec: int = pa.Field(ge=1, le=7)
    place: str = pa.Field(nullable=True)
    adm1: str = pa.Field(nullable=True)
    territory: str
    gwno: int = pa.Field(ge=1)
    event_type: str = pa.Field(isin=EVENT_TYPES)
    target: str = pa.Field(isin=TARGETS, nullable=True)
    actor_a_id: str = pa.Field(nullable=True)
    actor_a: str = pa.Field(nullable=True)
    actor_b_id: str = pa.Field(nullable=True)
    actor_b: str = pa.Field(nullable=True)
    deaths_low: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_best: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_high: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    n_reports: int = pa.Field(ge=1)
    total_of: int = pa.Field(
        ge=2,
        nullable=True,
        description="events that this one only sums up; its deaths are then empty",
    )


COUNTED = "counted from incidents"
"""The source of a count that no file holds as such."""
EVERYTHING = "deaths_all"
"""The count of all incidents, also of those whose kind of violence is not one of UCDP's."""


class IncidentSeries(Series):
    """Deaths per territory and month, counted from incidents; zero only where reports cover it."""


def with_counts(series: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Add to the observed series the counts of incidents, for targets that no file holds.

    The two are never mixed within a target: each producer counts in its own way, and a change from
    one to the other would look like a change of the violence.

    Args:
        series: the table `series`.
        counts: the table `incident_series`.

    Returns:
        Rows with the columns of the table `series`, in deaths per territory and month.
    """
    held = series["target"].unique().to_list()
    missing = counts.filter(~pl.col("target").is_in(held))
    return pl.concat([series, missing.select(series.columns)]) if missing.height else series


class IncidentReport(Table):
    """The link of one report to the incident of which it tells, and how sure that link is."""

    incident_id: str
    report_id: str = pa.Field(unique=True)
    probability: float = pa.Field(ge=0, le=1)


class Link(Table):
    """One step of why two reports of different producers are taken for one event.

    The bits of a pair's steps, from the prior on, add up to the odds of its probability.
    """

    report_a: str
    report_b: str
    probability: float = pa.Field(ge=0, le=1, description="that both tell of one event")
    step: int = pa.Field(ge=0)
    comparison: str = pa.Field(description="what was compared, or `prior`, `rivals` and the like")
    level: str = pa.Field(description="how well it agreed, in words")
    bits: float = pa.Field(metadata=unit("bits"))
    total: float = pa.Field(description="the sum so far", metadata=unit("bits"))


class LinkageNote(Table):
    """What was found of producers as a whole while their reports were linked; a sentence a row."""

    note: str


class RetoldPair(Table):
    """Two rows of one log that may tell of one event, by different publishers; or were decided."""

    report_a: str
    report_b: str
    days: int = pa.Field(ge=0, nullable=True, description="between the two", metadata=unit("days"))
    same_count: bool = pa.Field(nullable=True, description="both count the same dead, above none")
    probability: float = pa.Field(ge=0, le=1, description="that both tell of one event")
    verdict: str = pa.Field(isin=("joined", "open", "said to be one", "said to be two"))


class TechnologyTag(Table):
    """One technology class that a report names, with the words that say so."""

    incident_id: str
    report_id: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    probability: float = pa.Field(ge=0, le=1, description="that the incident involved it")
    field: str = pa.Field(isin=("headline", "notes"))
    evidence: str = pa.Field(description="the words that matched")
    start: int = pa.Field(ge=0, description="character offset in the field")
    end: int = pa.Field(ge=1)
    rule: str = pa.Field(description="the lexicon entry")


SAID = (
    "attack",
    "watch",
    "influence",
    "lost",
    "seized",
    "acquired",
    "footage",
    "threat",
    "exercise",
    "title",
    "figure",
    "talk",
    "denied",
    "remnant",
    "target",
)
"""What can be said of a technology class."""

PARTIES = ("this-state", "other-state", "coalition", "organisation", "described", "nobody")
"""Whom words can name as a party: the last is that they name none."""


class TechnologyStatement(Table):
    """What one part of a report's text says of one technology class, and of whom.

    `user_a`, `user_b` and `user_third` sum to 1: who used or had the class if somebody did.
    """

    incident_id: str
    report_id: str
    field: str = pa.Field(isin=("headline", "notes"))
    part: int = pa.Field(ge=0, description="number of the part, cut at `;` and `|`")
    technology: str = pa.Field(isin=TECHNOLOGIES)
    start: int = pa.Field(ge=0, description="character offset of the class's words in the field")
    end: int = pa.Field(ge=1)
    evidence: str = pa.Field(description="the words that the rules rest on, and no others")
    spans: str = pa.Field(description="their places in the field: 'start-end', with spaces")
    is_class: float = pa.Field(ge=0, le=1, description="that the words name the class")
    said: str = pa.Field(isin=SAID)
    use: float = pa.Field(ge=0, le=1, description="that the part tells of a use of the class")
    by: str = pa.Field(isin=PARTIES, description="who used or had it, by the words")
    by_name: str = pa.Field(nullable=True)
    against: str = pa.Field(isin=PARTIES)
    against_name: str = pa.Field(nullable=True)
    user_a: float = pa.Field(ge=0, le=1, description="that the incident's side a used or had it")
    user_b: float = pa.Field(ge=0, le=1)
    user_third: float = pa.Field(ge=0, le=1, description="that it was neither side")
    this_event: float = pa.Field(ge=0, le=1, description="that the part speaks of this incident")
    rule: str = pa.Field(description="the rules that decided")
