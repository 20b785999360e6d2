"""The forms in which a brief can be written: one function each, from the brief to files.

A new form is one function here and one line in `OWN`. Another package adds one by an entry point
in the group `tocsin.exports` (docs/extend.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import polars as pl

from tocsin.base.registry import Door, Entry
from tocsin.errors import UsageError
from tocsin.schema.settings import Settings
from tocsin.share.facts import Facts, facts, plain
from tocsin.share.page.language import LANGUAGES, page_name

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What an export may call a file: a name within the folder, and no path."""
PUBLIC = (
    "forecasts", "track_record", "alerts", "alert_record", "adoption", "portfolio_levers",
    "outcomes", "comparisons", "diffusion_verdict", "diffusion_shares", "diffusion_hazards",
    "next_adopters", "diffusion_cuts", "diffusion_record", "diffusion_alternatives",
    "diffusion_expected", "diffusion_growth", "technology_portfolios", "technology_couse",
    "technology_synchrony", "capability_index",
)  # fmt: skip
"""The tables that the brief shows; single reports and what was refused stay in the workspace."""


@dataclass(frozen=True)
class ForMachines:
    """This is a form that stands beside the page for other programs to read."""

    form: str
    file: str
    label: str


FOR_MACHINES = (
    ForMachines("geojson", "alerts.geojson", "GeoJSON"),
    ForMachines("hxl", "alerts.hxl.csv", "CSV with hashtags of HXL"),
    ForMachines("atom", "alerts.atom", "Atom"),
    ForMachines("stix", "stix.json", "STIX 2.1"),
    ForMachines("json", "brief.json", "all of this page as JSON"),
)
"""What the page links where it is written beside it."""


@dataclass(frozen=True)
class Brief:
    """This is what an export is given: the tables, the settings, and the facts of the brief."""

    tables: Mapping[str, pl.DataFrame]
    """The tables that the step `share` declares to read, by name (`tocsin.schema.TABLES`)."""
    settings: Settings
    """The workspace's settings: region, target, seed."""
    made: date
    """The day on which the brief is made."""
    superseded: tuple[Facts, ...] = ()
    """For each file with months that a newer one tells of: its `source`, and how many `rows`."""
    forms: tuple[str, ...] = ()
    """The forms that are written together, so that the page can name those for machines."""

    @cached_property
    def facts(self) -> Facts:
        """These are the facts that the brief tells, computed once for all forms."""
        return facts(self.tables, self.settings, self.made, superseded=self.superseded)


Export = Callable[[Brief], Mapping[str, bytes]]
"""Takes a brief; gives file name to content. The same brief gives the same bytes."""


def html(brief: Brief) -> dict[str, bytes]:
    """One page that works offline and on a phone, and its plain first page in other languages.

    This export makes files of HTML that ask for no other address.

    Args:
        brief: the brief.

    Returns:
        Files by their names: `index.html`, and `index.LANGUAGE.html` for each other language, as
        HTML in UTF-8; and where there is an answer on how technology spreads, `diffusion.html` and
        `diffusion.LANGUAGE.html`; where portfolios were compared, `plan.html` and
        `plan.LANGUAGE.html`.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    from tocsin.share.page.diffusion import LANGUAGES as OF_DIFFUSION
    from tocsin.share.page.render import diffusion_page, first_page
    from tocsin.share.page.render import html as page

    beside = [one for one in FOR_MACHINES if one.form in brief.forms]
    found = {"index.html": page(brief.facts, beside).encode()}
    for language in LANGUAGES[1:]:
        found[page_name("index", language)] = first_page(brief.facts, language).encode()
    if brief.facts["diffusion"]["verdict"]:
        for language in OF_DIFFUSION:
            found[page_name("diffusion", language)] = diffusion_page(brief.facts, language).encode()
    if brief.facts["comparisons"]:
        found |= _plan_pages(brief)
    return found


def _plan_pages(brief: Brief) -> dict[str, bytes]:
    """The page on portfolios, in each language."""
    from tocsin.share.page.planning import planning_page

    return {
        page_name("plan", language): planning_page(
            brief.tables,
            region=brief.settings.region.name,
            language=language,
            risk=brief.facts["risk"],
            violence=brief.settings.target,
            made=brief.made,
            origin=brief.facts["origin"],
            beside=LANGUAGES,
        ).encode()
        for language in LANGUAGES
    }


def as_json(brief: Brief) -> dict[str, bytes]:
    """Write the facts of a brief for machines.

    Args:
        brief: the brief.

    Returns:
        One file, `brief.json`, and its bytes: an object of JSON in UTF-8, days as ISO 8601.
    """
    text = json.dumps(plain(brief.facts), ensure_ascii=False, indent=1)
    return {"brief.json": (text + "\n").encode()}


def pdf(brief: Brief) -> dict[str, bytes]:
    """The page on paper: `brief.pdf`, and its first page on one sheet in each language.

    This export draws the whole page as PDF, with its charts as pictures, for an analyst; and the
    plain first page by itself, for a minister.

    Args:
        brief: the brief.

    Returns:
        `brief.pdf`, and `first.LANGUAGE.pdf` for each language, and their bytes.

    Raises:
        MissingExtra: the extra `pdf` is not installed.
    """
    from tocsin.share.page.render import first_sheet
    from tocsin.share.page.render import pdf as paper

    sheets = {f"first.{one}.pdf": first_sheet(brief.facts, one) for one in LANGUAGES}
    return {"brief.pdf": paper(brief.facts), **sheets}


def csv(brief: Brief) -> dict[str, bytes]:
    """The tables that the brief shows, one CSV file each, safe to open in a spreadsheet.

    This export leaves out columns that hold lists, and tables without a row.

    Args:
        brief: the brief.

    Returns:
        A file `TABLE.csv` for each table, in UTF-8, with one header line.
    """
    from tocsin.schema.spreadsheet import inert

    found = {}
    for name in PUBLIC:
        frame = brief.tables.get(name)
        if frame is None or frame.is_empty():
            continue
        flat = [column for column, kind in frame.schema.items() if not kind.is_nested()]
        found[f"{name}.csv"] = inert(frame.select(flat)).write_csv().encode()
    return found


def geojson(brief: Brief) -> dict[str, bytes]:
    """The alerts that stand, on a map: `alerts.geojson`.

    This export draws whole territories, as GeoJSON (RFC 7946).

    Args:
        brief: the brief.

    Returns:
        One file and its bytes.
    """
    from tocsin.share.forms import geojson as drawn

    return {"alerts.geojson": drawn(brief.tables, brief.settings)}


def hxl(brief: Brief) -> dict[str, bytes]:
    """The alerts that stand, as humanitarian data sets read them: `alerts.hxl.csv`.

    This export writes CSV with a row of hashtags (Humanitarian Exchange Language 1.1).

    Args:
        brief: the brief.

    Returns:
        One file and its bytes.
    """
    from tocsin.share.forms import hxl as tagged

    return {"alerts.hxl.csv": tagged(brief.tables, brief.settings)}


def atom(brief: Brief) -> dict[str, bytes]:
    """The alerts that stand, as a feed: `alerts.atom`.

    This export writes an Atom feed (RFC 4287).

    Args:
        brief: the brief.

    Returns:
        One file and its bytes.
    """
    from tocsin.share.forms import atom as feed

    return {"alerts.atom": feed(brief.tables, brief.settings, brief.made)}


def rss(brief: Brief) -> dict[str, bytes]:
    """The alerts that stand, as a feed for readers that know no Atom: `alerts.rss`.

    This export writes a feed of RSS 2.0.

    Args:
        brief: the brief.

    Returns:
        One file and its bytes.
    """
    from tocsin.share.forms import rss as feed

    return {"alerts.rss": feed(brief.tables, brief.settings, brief.made)}


def stix(brief: Brief) -> dict[str, bytes]:
    """Warnings, forecasts, and who has which technology class, for partners: `stix.json`.

    This export writes a bundle of STIX 2.1, marked TLP:AMBER; `tocsin stix write` has other
    markings.

    Args:
        brief: the brief.

    Returns:
        One file and its bytes.
    """
    from tocsin.share.stix.write import Producer, write

    made = datetime(brief.made.year, brief.made.month, brief.made.day, tzinfo=UTC)
    producer = Producer(f"tocsin, {brief.settings.region.name}", "AMBER", made)
    return {"stix.json": write(brief.tables, brief.settings, producer)}


def cap(brief: Brief) -> dict[str, bytes]:
    """The alerts that stand, as drafts of warnings: a file of the Common Alerting Protocol each.

    This export writes messages of CAP 1.2 with the status Draft, which no system passes on: a
    brief has no sender. `tocsin cap write` makes the messages that an office sends.

    Args:
        brief: the brief.

    Returns:
        A file `tocsin-DIGEST.xml` an alert, and its bytes.

    Raises:
        UsageError: no alert stands whose months are still to come.
    """
    from tocsin.share.cap.warnings import Sender, warnings

    made = datetime(brief.made.year, brief.made.month, brief.made.day, tzinfo=UTC)
    region = brief.settings.region
    sender = Sender("tocsin.invalid", "Draft", made, name=f"tocsin, {region.name}")
    found = warnings(brief.tables, sender, territories=list(region.gwnos))
    if not found.messages:
        raise UsageError(
            "No alert stands whose months are still to come, so there is nothing to warn of.",
            where="; ".join(found.left_out[:3]),
            remedy="Read newer data and run the road again, or leave the form cap out.",
        )
    return dict(found.messages)


@dataclass(frozen=True)
class Guest:
    """This is an export of another package, whose files are checked before they are written.

    Calling it with a brief gives its files by their names.

    Raises:
        PluginFailed: the export raised, or did not give file names and bytes.
    """

    entry: Entry
    export: Export

    def __call__(self, brief: Brief) -> dict[str, bytes]:
        # Frames cannot be changed in place, but the mapping that holds them could be.
        lent = Brief(dict(brief.tables), deepcopy(brief.settings), brief.made)
        with self.entry.blamed():
            found: Any = self.export(lent)
        if not isinstance(found, Mapping) or not found:
            raise self.entry.failure("gave no files (a mapping of file name to bytes)")
        for name, content in found.items():
            if not isinstance(name, str) or not FILE_NAME.fullmatch(name):
                raise self.entry.failure(f"gave a file the name {name!r}, which is no file name")
            if not isinstance(content, bytes):
                kind = type(content).__name__
                raise self.entry.failure(f"gave '{name}' as {kind}, where bytes are needed")
        return dict(found)


def admit(entry: Entry, loaded: Any) -> Export:
    """Take what a package offers as an export.

    Args:
        entry: the entry point, by which errors name the package.
        loaded: what the entry point gave.

    Returns:
        The export, whose files are checked at each call.

    Raises:
        PluginFailed: it cannot be called.
    """
    if not callable(loaded):
        raise entry.failure("is no function of a brief")
    return Guest(entry, loaded)


EXPORTS: Door[Export] = Door(
    kind="export",
    group="tocsin.exports",
    own={
        "html": html,
        "json": as_json,
        "pdf": pdf,
        "csv": csv,
        "geojson": geojson,
        "hxl": hxl,
        "atom": atom,
        "rss": rss,
        "stix": stix,
        "cap": cap,
    },
    admit=admit,
    meaning="writes the brief in a form of its own",
)
"""Where a form is found by its name."""
