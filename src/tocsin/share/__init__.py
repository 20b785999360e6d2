"""share: the brief, as a page, as PDF, as JSON and as a summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.base.atomic import write_bytes
from tocsin.base.paths import PathLike, as_path
from tocsin.errors import PluginFailed
from tocsin.schema.settings import Settings
from tocsin.schema.step import Given, Made, Step, Tables

if TYPE_CHECKING:
    from tocsin.share.exports import Brief

FORMATS = ("html", "json", "geojson", "hxl", "atom", "stix")
"""The forms that are written where none is named."""

__all__ = ["FORMATS", "STEP", "as_json", "brief", "summary_lines"]


def brief(
    tables: Mapping[str, pl.DataFrame],
    settings: Settings,
    *,
    out: PathLike,
    pdf: bool = False,
    formats: Sequence[str] = FORMATS,
    made: date | None = None,
) -> list[Path]:
    """Write the brief, in one form or several: by default pages, JSON and the alerts for machines.

    Args:
        tables: all tables of the workspace. Any may be empty, and then its pages are left out; but
            series, incidents or forecasts must speak of the region.
        settings: the settings, of which the region, the target and the seed are used.
        out: the folder to write into; it is made if it is not there.
        pdf: True writes the PDF too, as 'pdf' among the formats does.
        formats: names of forms: 'html', 'json', 'geojson', 'hxl', 'atom', 'stix', 'rss', 'cap',
            'pdf', 'csv', or one that another package adds.
        made: the day that the brief names as the day on which it was made; None: today (UTC).

    Returns:
        The paths of the files that were written. The same tables, settings and day give the same
        bytes.

    Raises:
        UsageError: there is no such form; nothing was written.
        StageNotReady: nothing that was read speaks of the region; nothing was written.
        MissingExtra: the extra `share`, or for the PDF `pdf`, is not installed.
        PluginFailed: a form of another package failed; all the others were written.
    """
    from tocsin.share.exports import Brief

    names, folder = [*formats, *(["pdf"] if pdf else [])], as_path(out, name="out")
    return _write(Brief(tables, settings, made or _today(), forms=tuple(names)), folder, names)


def _write(said: Brief, out: Path, formats: Sequence[str]) -> list[Path]:
    """Write the forms asked for; a form of another package that fails stops no other."""
    from tocsin.share.exports import EXPORTS

    names = list(dict.fromkeys(formats))
    for name in names:
        EXPORTS.entry(name)
    failures = []
    contents: dict[str, bytes] = {}
    for name in names:
        try:
            found = EXPORTS.find(name)(said)
            twice = sorted(set(found) & set(contents))
            if twice:
                raise EXPORTS.entry(name).failure(f"gave '{twice[0]}', which another form wrote")
            contents.update(found)
        except PluginFailed as error:
            failures.append(error)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        write_bytes(out / name, content)
    if failures:
        raise failures[0]
    return [out / name for name in contents]


def as_json(
    tables: Mapping[str, pl.DataFrame], settings: Settings, *, made: date | None = None
) -> dict[str, Any]:
    """Give the facts of the brief as values that JSON can hold.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region, the target and the seed are used.
        made: the day that the brief names as the day on which it was made; None: today (UTC).

    Returns:
        What the brief says, under the names that `brief.json` has.

    Raises:
        StageNotReady: nothing that was read speaks of the region.
    """
    from tocsin.share.facts import facts, plain

    found: dict[str, Any] = plain(facts(tables, settings, made or _today()))
    return found


def summary_lines(
    tables: Mapping[str, pl.DataFrame], settings: Settings, *, made: date | None = None
) -> list[str]:
    """Write the brief in about twenty lines.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region, the target and the seed are used.
        made: the day that the brief names as the day on which it was made; None: today (UTC).

    Returns:
        The lines of text, without line ends.

    Raises:
        StageNotReady: nothing that was read speaks of the region.
    """
    from tocsin.share.facts import facts
    from tocsin.share.summary import lines

    return lines(facts(tables, settings, made or _today()))


def _today() -> date:
    return datetime.now(UTC).date()


def _share(tables: Tables, given: Given) -> Made:
    """The brief, written into the folder `asked` as `out`, in the forms asked as `formats`."""
    from tocsin.share.exports import Brief

    made = date.fromisoformat(given.started_at[:10])
    formats = tuple(given.asked["formats"])
    superseded = tuple(given.asked.get("superseded", ()))
    said = Brief(tables, given.settings, made, superseded, forms=formats)
    written = _write(said, given.asked["out"], formats)
    return Made(files=tuple(written), answer=said.facts)


STEP = Step(
    name="share",
    room="share",
    function=_share,
    reads=(
        "files",
        "quarantine",
        "corrections",
        "series",
        "covariates",
        "incidents",
        "incident_series",
        "incident_reports",
        "retold_pairs",
        "actors",
        "attributions",
        "technology_tags",
        "adoption",
        "adoption_quarters",
        "adoption_reasons",
        "ledger_conflicts",
        "forecasts",
        "forecast_draws",
        "track_record",
        "alert_rules",
        "alerts",
        "alert_record",
        "alert_reliability",
        "alert_value",
        "actor_spells",
        "supports",
        "ties",
        "diffusion_verdict",
        "diffusion_notes",
        "diffusion_shares",
        "diffusion_alternatives",
        "diffusion_hazards",
        "next_adopters",
        "diffusion_expected",
        "diffusion_cuts",
        "diffusion_record",
        "diffusion_growth",
        "technology_portfolios",
        "technology_couse",
        "technology_synchrony",
        "capability_index",
        "anomalies",
        "anomaly_record",
        "calibration",
        "forecast_ledger",
        "alert_ledger",
        "portfolio_levers",
        "outcomes",
        "outcome_paths",
        "future_paths",
        "comparisons",
        "regrets",
        "parameter_swings",
        "rule_firings",
        "comparison_years",
        "comparison_territories",
        "signposts",
        "portfolio_parts",
    ),
    needs=("files",),
    settings=("region.name", "region.gwnos", "region.territories", "target", "draws"),
    seeded=True,
    provenance=True,
)
