"""What a brief says, as plain values: page, PDF, JSON and summary are all made from these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version

from tocsin.schema.settings import Settings
from tocsin.schema.tables.assessed.incident import with_counts
from tocsin.share.facts.alerts import alert_facts, kept_promises
from tocsin.share.facts.changes import changes
from tocsin.share.facts.diffusion import diffusion
from tocsin.share.facts.ended import ended_warnings
from tocsin.share.facts.portfolios import (
    comparisons,
    first_year,
    outcomes,
    parts,
    portfolios,
)
from tocsin.share.facts.record import outdone, record, windows
from tocsin.share.facts.reported import (
    behind,
    count_doubles,
    count_reported,
    is_counted,
    later,
    recent,
    recorded_deaths,
    totals,
    unseen_territories,
    wider,
)
from tocsin.share.facts.risk import EVENT, ahead, fan, groups, is_still, risks
from tocsin.share.facts.sources import (
    citations,
    corrections,
    files,
    months_old,
    quarantine,
    runs,
)
from tocsin.share.facts.technology import (
    adoption,
    conflicts,
    coverage,
    mentioned_technologies,
    quarters,
    unattributed_incidents,
)
from tocsin.share.facts.words import Facts, Tables, plain, violence

FANS = 6
"""Territories whose forecast is drawn month by month."""
OLD = 6
"""Months after which data are called old."""

__all__ = ["Facts", "Tables", "facts", "plain"]


def facts(
    tables: Tables,
    settings: Settings,
    made: date | None = None,
    *,
    superseded: Sequence[Facts] = (),
) -> Facts:
    """Collect everything that a brief says of the region, in the order in which it says it.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region, the target and the seed are used.
        made: the day on which the brief is made; default: today, in UTC.
        superseded: for each file with months that a newer one tells of, too, its `source` and the
            number of such `rows`; the tables hold only what counts.

    Returns:
        Facts by their names, under which `brief.json` has them too. Values are plain: numbers,
        texts, days, lists and dicts.

    Raises:
        StageNotReady: nothing that was read speaks of the region.
    """
    sources, counts = citations(tables), tables.get("incident_series")
    if counts is not None:
        tables = {**tables, "series": with_counts(tables["series"], counts)}
    silent = unseen_territories(tables, settings)
    risk = risks(tables, settings)
    when = ahead(tables)
    alerts = alert_facts(tables, settings.region.gwnos)
    made = made or datetime.now(UTC).date()
    age = months_old(when["origin"], made)
    return {
        "region": settings.region.name,
        "version": version("tocsin"),
        "seed": settings.seed,
        "made": made,
        "target": settings.target,
        "violence": violence(settings.target),
        **when,
        "months_old": age,
        "old": age >= OLD,
        "unseen": silent,
        "behind": behind(tables, settings, when["origin"]),
        "counted": is_counted(tables, settings),
        "reported": count_reported(tables, settings),
        "doubled": count_doubles(tables, settings),
        "totals": totals(tables, settings),
        "recent": recent(tables, settings, when["origin"]),
        "later": later(tables, settings, when["origin"]),
        "wider": wider(tables, settings, when["origin"]),
        "recorded": recorded_deaths(tables, settings),
        "model": None if tables["forecasts"].is_empty() else tables["forecasts"]["model"][0],
        "draws": settings.draws,
        "risk": risk,
        "changes": changes(tables, settings),
        "ended": ended_warnings(tables, settings, made),
        "kept": kept_promises(alerts["alerts"], EVENT),
        "groups": groups(settings, risk),
        **_fans(tables, risk),
        **alerts,
        "record": (scored := record(tables["track_record"])),
        "outdone": outdone(scored),
        "windows": windows(tables["track_record"]),
        "adoption": adoption(tables, settings),
        "conflicts": conflicts(tables),
        "mentioned": mentioned_technologies(tables, settings),
        "quarters": quarters(tables, settings),
        "diffusion": diffusion(tables, settings),
        "unattributed": unattributed_incidents(tables, settings),
        "coverage": coverage(tables, settings),
        "portfolios": portfolios(tables),
        "outcomes": outcomes(tables),
        "comparisons": comparisons(tables, risk),
        "parts": parts(tables),
        "first_year": first_year(tables, settings),
        "files": files(tables),
        "citations": sources,
        "quarantine": quarantine(tables),
        "corrections": corrections(tables),
        "superseded": list(superseded),
        "runs": runs(tables),
    }


def _fans(tables: Tables, risk: list[Facts]) -> Facts:
    """The forecasts that are drawn, and the territories where none is, since nothing moves."""
    drawn = [fan(tables, row) for row in risk[:FANS]]
    return {
        "fans": [one for one in drawn if not is_still(one)],
        "still": [one["territory"] for one in drawn if is_still(one)],
    }
