"""`tocsin.fuse`: reports to incidents, technologies, attributions and the adoption ledger."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.errors import UsageError
from tocsin.front.frames import table
from tocsin.front.progress import Progress, teller
from tocsin.front.read import Read
from tocsin.front.result import Result
from tocsin.schema import STAGE_TABLES, TABLES, empty
from tocsin.schema.frame import Frame


@dataclass(frozen=True, repr=False)
class Fused(Result):
    """This holds what reports say together. Each table is declared in `tocsin.schema`."""

    incidents: pl.DataFrame
    """One real-world event each."""
    incident_reports: pl.DataFrame
    """Which report tells of which incident, and how sure that is."""
    links: pl.DataFrame
    """Why reports of different producers are taken for one event, step by step in bits."""
    linkage_notes: pl.DataFrame
    """What was found of producers as a whole while their reports were linked, in sentences."""
    incident_series: pl.DataFrame
    """Deaths by country and month, counted from the incidents."""
    technology_statements: pl.DataFrame
    """What each part of a report says of a technology class, by whom and against whom."""
    technology_tags: pl.DataFrame
    """Which technology classes a report tells of, with its words."""
    attributions: pl.DataFrame
    """Who may have done it, with probabilities."""
    suspects: pl.DataFrame
    """Sides of incidents that reports name only with a doubt, and how probable each of them is."""
    adoption: pl.DataFrame
    """Which organisation has what, where and since when, and how sure that is."""
    adoption_onsets: pl.DataFrame
    """The probability that an organisation had a class by each day."""
    adoption_quarters: pl.DataFrame
    """Uses expected in each quarter."""
    adoption_draws: pl.DataFrame
    """Joint draws of all onsets, or that an organisation never has a class."""
    adoption_reasons: pl.DataFrame
    """What speaks most for and against each entry of the ledger."""
    state_uses: pl.DataFrame
    """What states' own forces used."""
    source_reliability: pl.DataFrame
    """How reliable each source is, by what it says of."""
    report_credibility: pl.DataFrame
    """How credible each report is."""
    attribute_confidence: pl.DataFrame
    """How sure each attribute of an incident is."""
    casualties: pl.DataFrame
    """Deaths of each incident with an interval."""
    actor_names: pl.DataFrame
    """Names of organisations, and by whose account."""
    actor_links: pl.DataFrame
    """How organisations are related, and by whose account."""
    actor_matches: pl.DataFrame
    """Which names are taken for one organisation, or may be, and why."""
    actor_spells: pl.DataFrame
    """From when to when each organisation was active, and where."""
    ties: pl.DataFrame
    """By which channel one organisation is exposed to another, since when, and why."""
    retold_pairs: pl.DataFrame
    """Rows of one log by different publishers that may tell of one event, and what decides."""
    ledger_conflicts: pl.DataFrame
    """Where a user's own ledger and the inferred one disagree."""

    def _heading(self) -> str:
        return (
            f"Fused: {quantity(self.incident_reports.height, 'report tells', 'reports tell')} of "
            f"{quantity(self.incidents.height, 'incident')}"
        )


def fuse(
    reports: Frame | Read,
    actors: Frame | None = None,
    *,
    claims: Frame | None = None,
    actor_relations: Frame | None = None,
    technology_decisions: Frame | None = None,
    corrections: Frame | None = None,
    supports: Frame | None = None,
    told_ties: Frame | None = None,
    told_adoptions: Frame | None = None,
    progress: Progress = None,
) -> Fused:
    """Fuse reports into incidents, tag technologies, attribute, and keep the adoption ledger.

    Args:
        reports: the table `reports`, or what `tocsin.read` gave, from which the other tables are
            then taken as well. Columns that may be empty may be left out.
        actors: the table `actors`; without it organisations are told apart by name only.
        claims: the table `claims`.
        actor_relations: the table `actor_relations`.
        technology_decisions: the table `technology_decisions`, what is said here of who has or
            used a class (`tocsin.assess.technology.decisions.decision` makes a row).
        corrections: the table `corrections`, by which it is known which parties are only suspected.
        supports: the table `supports`, who supports whom from outside.
        told_ties: the table `told_ties`, a user's own table of ties.
        told_adoptions: the table `told_adoptions`, a user's own ledger, with which the inferred one
            is compared.
        progress: True for a line on standard error, or a function that is given the words.

    Returns:
        The tables by name, such as `.incidents`, `.adoption`, `.attributions`.

    Raises:
        UsageError: no frame, or a column is missing; the error tells the nearest name.
        TableInvalid: a value breaks a rule of its table; the error tells column and row.
        MissingExtra: reports of several producers, and the extra `assess` is not installed.

    >>> import tocsin
    >>> one = {"report_id": "a:1", "native_id": "1", "source_file": "a.csv", "source_row": 1,
    ...        "date_start": "2021-10-03", "date_end": "2021-10-03", "date_prec": 1,
    ...        "place_prec": 6, "territory": "Mali", "gwno": 432, "event_type": "state-based",
    ...        "headline": "A drone strike near the town", "source": "our log"}
    >>> picture = tocsin.fuse(pl.DataFrame([one, one | {"report_id": "a:2", "native_id": "2"}]))
    >>> picture.incidents.height, picture.technology_tags["technology"].unique().to_list()
    (2, ['uncrewed-aircraft'])
    """
    from tocsin.assess import assess

    frames = {
        "actors": actors,
        "claims": claims,
        "actor_relations": actor_relations,
        "technology_decisions": technology_decisions,
        "corrections": corrections,
        "supports": supports,
        "told_ties": told_ties,
        "told_adoptions": told_adoptions,
    }
    if isinstance(reports, Read):
        seen, reports = reports, reports.reports
        frames = {n: getattr(seen, n, None) if one is None else one for n, one in frames.items()}
    given = {"reports": _reports(reports)} | {
        name: empty(TABLES[name]) if frame is None else table(name, frame)
        for name, frame in frames.items()
    }
    teller(progress)(f"Fusing {quantity(given['reports'].height, 'report')}")
    found = assess(**given)
    return Fused(**{name: found[name] for name in STAGE_TABLES["assess"]})


def _reports(given: Frame) -> pl.DataFrame:
    """The table `reports`; whoever gives a table of their own is told how it is read."""
    try:
        return table("reports", given)
    except UsageError as error:
        raise UsageError(
            error.what,
            where=error.where,
            remedy=f"{error.remedy} A table of your own becomes reports by `tocsin.read` of its "
            "file, with a mapping (docs/sources/mapping.md) where no source is known.",
        ) from error
