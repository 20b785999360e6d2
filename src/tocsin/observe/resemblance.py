"""What a file that no reader knows nearly is: named, with what differs and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tocsin.errors import SourceRefused
from tocsin.observe.boxes import Words
from tocsin.observe.checks.values import is_forecast
from tocsin.observe.formats.documents import ANSWERED, read_json
from tocsin.observe.formats.header import FIRST_ROWS, is_value
from tocsin.observe.formats.records import SEPARATORS
from tocsin.observe.formats.source import Source
from tocsin.observe.mapping.across import across
from tocsin.observe.mapping.disasters import other_harm
from tocsin.observe.sources import acled, eurepoc, gtd, ucdp_ged
from tocsin.observe.sources.country_month import FORECASTS
from tocsin.observe.sources.kobo import NEEDED
from tocsin.observe.sources.periods import PARTS, Periods, find_periods
from tocsin.schema.days.periods import months_of
from tocsin.schema.vocabulary.folding import HEADINGS

LAYOUTS: dict[str, tuple[str, ...]] = {
    "UCDP GED": ucdp_ged.REQUIRED,
    "ACLED": acled.REQUIRED,
    "GTD": gtd.REQUIRED,
    "EuRepoC": eurepoc.REQUIRED,
}
"""The columns that a record of each source needs."""
ALIKE = 0.6
"""A file with so many of a source's columns, under whatever spelling, is nearly of that source."""
GDELT_1 = {57: "before April 2013", 58: "since April 2013"}
"""Columns of GDELT 1.0's daily files; those of 2.0 have 61."""
SAID = ("error", "message", "detail", "error_description")
"""Where a server says why it gives nothing."""
SUMS = (
    ({"dyad_id", "bd_best"}, "UCDP's battle-related deaths, a row a dyad and year"),
    ({"conflict_id", "bd_best"}, "UCDP's battle-related deaths, a row a conflict and year"),
    ({"conflict_id", "intensity_level"}, "UCDP's conflicts, a row a conflict or dyad and year"),
    ({"best_fatality_estimate", "year"}, "UCDP's non-state or one-sided violence, a row a year"),
    ({"week", "country", "events", "fatalities"}, "ACLED's sums, a row an area and week"),
    ({"country", "year", "fatalities"}, "sums of a country and year"),
    ({"country", "year", "events"}, "sums of a country and year"),
)  # fmt: skip
"""Columns of tables of sums, in small letters, and what the tables are."""
_MONTHLY = {"month", "date", "event_date", "month_id"}
_QUESTION = re.compile(r"\?$|^when |^what |^where |^who |^how ", re.IGNORECASE)


def resemblance(source: Source) -> Words | None:
    """Say what a file looks like that no reader knows, and what to do about it.

    Args:
        source: a file that no reader knows.

    Returns:
        Two sentences: what it is, and what to do; None where it looks like nothing that is known.
    """
    if found := _json(source):
        return found
    lines = source.head.splitlines()[:FIRST_ROWS]
    if lines and (found := _gdelt_1(lines) or _gdelt_others(lines)):
        return found
    names = source.header or source.columns
    for view in (
        other_harm,
        _forecasts,
        _health,
        _views,
        _repeat,
        _labels,
        _gdelt_named,
        _layout,
        _sums,
    ):
        if found := view(names):
            return found
    return _wide(source) or across(source) or _no_header(source) or _doubled_names(source)


def _json(source: Source) -> Words | None:
    """JSON of no known source, or what a server answers where it has no records to give."""
    if not source.is_json:
        return None
    try:
        answer = read_json(source.head, source.name)
    except SourceRefused:
        answer = None
    if isinstance(answer, dict) and not any(map(bool, map(answer.get, ANSWERED))):
        said = next((answer[one] for one in SAID if isinstance(answer.get(one), str)), "")
        if said or set(ANSWERED) & set(answer):
            what = "This is a server's answer without records"
            what += f", which says: '{said[:120]}'." if said else "."
            return what, "Ask the server again, for what it has and with a key that may read it."
    what = "This is JSON, but of none of the sources whose JSON is known here: ACLED's server,"
    what += " UCDP's, EuRepoC, STIX 2 and field forms."
    remedy = "A list of records, GeoJSON and JSON lines are read by a mapping: "
    return what, f"{remedy}`tocsin observe --suggest-mapping FILE` drafts one."


def _sums(names: Sequence[str]) -> Words | None:
    """Sums of a year, or of an area and a week, in which no single event stands."""
    small = {name.casefold() for name in names}
    what = next((what for columns, what in SUMS if columns <= small), None)
    if what is None or small & _MONTHLY:
        return None
    return (
        f"These are {what}: they hold no single events, and no months of countries.",
        "Observe the events themselves (UCDP GED, ACLED), or counts by country and month.",
    )


def _gdelt_1(lines: Sequence[bytes]) -> Words | None:
    cells = [line.rstrip(b"\r").split(b"\t") for line in lines]
    widths = {len(row) for row in cells}
    first = cells[0]
    if (
        len(widths) == 1
        and (width := widths.pop()) in GDELT_1
        and re.fullmatch(rb"\d{8}", first[1])
    ):
        what = f"This is GDELT 1.0: {width} columns without a header, as it had {GDELT_1[width]}."
        return what, "GDELT 2.0 is read, which has 61 columns: files of 15 minutes, since 2015."
    return None


def _gdelt_others(lines: Sequence[bytes]) -> Words | None:
    """The tables of GDELT 2.0 beside that of events."""
    rows = [line.rstrip(b"\r").split(b"\t") for line in lines]
    what = ""
    if all(len(row) == 16 and re.fullmatch(rb"\d{14}", row[1]) for row in rows):
        what = "mentions of events"
    elif all(len(row) > 20 and re.fullmatch(rb"\d{14}-T?\d+", row[0]) for row in rows):
        what = "the Global Knowledge Graph"
    if not what:
        return None
    remedy = "Observe its table of events, whose files are called export and have 61 columns."
    return f"This is GDELT 2.0's table of {what}, which holds no events.", remedy


def _health(names: Sequence[str]) -> Words | None:
    small = {name.casefold() for name in names}
    if not (small & {"periodid", "periodname"} and small & {"orgunitid", "orgunitname"}):
        return None
    what = "This is a table of DHIS2: sums of an indicator by area and period, and no events."
    return (
        what,
        "Sum them by country and month, and observe the columns country, month and a count.",
    )


def _forecasts(names: Sequence[str]) -> Words | None:
    return FORECASTS if sum(map(is_forecast, names)) > 1 else None


def _gdelt_named(names: Sequence[str]) -> Words | None:
    if {"globaleventid", "actiongeo_countrycode"} <= {name.casefold() for name in names}:
        what = (
            "These are events of GDELT 2.0 in another form than GDELT's own: columns are missing."
        )
        remedy = "Observe its files as it publishes them, or with all columns. Its codes of "
        return what, f"{remedy}countries are FIPS 10-4, so a mapping would take Germany for Gambia."
    return None


def _wide(source: Source) -> Words | None:
    """Periods or countries that stand across, where it is not certain what the rest is."""
    names = source.header or source.columns
    across = find_periods(source)
    if across is None:
        months = [*months_of(names)]
        if len(months) < max(3, len(names) / 2):
            return None
        across = Periods({}, monthly=True, doubt="two columns have one name")
    first = ", ".join([*across.cells][:3] or months_of(names))
    what = f"{across.kind} stand beside each other, each in a column of its own ({first}), "
    what += f"but how the rest is meant is not certain: {across.doubt}."
    remedy = (
        "Leave columns out until only the country, what is counted and the periods are left; or"
    )
    if across.doubt.startswith(PARTS):
        remedy = "Sum the counts by country and month, without the rows that are sums already, and"
    return what, f"{remedy} put the periods below each other: `country`, `month` and a count."


def _views(names: Sequence[str]) -> Words | None:
    if not {"month_id", "country_id"} <= set(names):
        return None
    what = "Its months and countries are numbers of VIEWS (month_id 1 is January 1980)."
    remedy = (
        "Add the columns `country` (a name or an ISO code) and `month` (2021-03), and observe that."
    )
    return what, remedy


def _doubled_names(source: Source) -> Words | None:
    """Names that stand twice, by which no source is known; or lines within quotes."""
    names = [name for name in source.names if name]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        what = f"Two columns are called '{twice}', so that no known source has this header."
        return what, "Rename one; or read the file by a mapping, where the second is '…_2'."
    if len(names) == 1 and any(sign in names[0] for sign in SEPARATORS):
        what = "Each line stands within quotes as one cell."
        return what, "Save the table as CSV again, without quotes around whole lines."
    return None


def _repeat(names: Sequence[str]) -> Words | None:
    if {"PARENT_KEY", "_parent_index", "_submission__uuid"} & set(names):
        what = "These are rows of a repeat in a form, which belong to submissions in another file."
        return what, "Observe the main file of the export; what a repeat holds is not read."
    return None


def _labels(names: Sequence[str]) -> Words | None:
    ends = {re.split(r"[/:\-]", name)[-1] for name in names}
    sent = {"_uuid", "_id", "_submission_time", "instanceID", "KEY"} & ends
    asked = [name for name in names if _QUESTION.search(name)]
    # An office's own form may ask for the country, too; copies of ours ask for more of it.
    alike = len(ends & NEEDED) > len(NEEDED) / 2
    if sent and not ends >= NEEDED and (asked or alike):
        what = "This looks like submissions to the field form under labels instead of names: "
        what += f"{', '.join(asked[:3] or sorted(NEEDED - ends))}."
        return what, "Export it with 'XML values and headers', and observe that."
    return None


def _layout(names: Sequence[str]) -> Words | None:
    folded = {_plain(name): name for name in names}
    shares = {
        kind: sum(_plain(one) in folded for one in wanted) / len(wanted)
        for kind, wanted in LAYOUTS.items()
    }
    kind = max(shares, key=lambda one: shares[one])
    if shares[kind] < ALIKE:
        return None
    missing = [one for one in LAYOUTS[kind] if _plain(one) not in folded]
    spelt = [
        f"{folded[_plain(one)]} for {one}"
        for one in LAYOUTS[kind]
        if _plain(one) in folded and folded[_plain(one)] != one
    ]
    what = f"This is nearly {kind}."
    if missing:
        what += f" Columns are missing: {', '.join(missing)}."
    if spelt:
        what += f" Columns are spelt otherwise: {', '.join(spelt[:4])}"
        what += f" and {len(spelt) - 4} more." if len(spelt) > 4 else "."
    remedy = "Fetch the file as its producer writes it now, or rename the columns"
    return what, f"{remedy}; or read it by a mapping (`tocsin observe --suggest-mapping FILE`)."


def _no_header(source: Source) -> Words | None:
    """The first row holds numbers and days, where a header has words."""
    first = source.names
    values = [cell for cell in first if re.search(r"\d", cell) and is_value(cell)]
    if len(first) < 3 or len(values) < max(2, len([cell for cell in first if cell]) / 4):
        return None
    what = "The file has no header: its first row holds values."
    if len(first) >= 40 and re.search(r"ged", source.name, re.IGNORECASE):
        what = "This looks like UCDP GED without its header: its first row holds values."
    remedy = "Put the names of the columns in the first row; another release of the file has them."
    return what, remedy


def _plain(name: str) -> str:
    return HEADINGS.fold(name).replace(" ", "")
