"""UCDP Georeferenced Event Dataset, all versions since 19.1, Candidate releases included.

Sundberg and Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of
Peace Research 50(4). Versions differ in columns, in the type of numbers ('652' or '652.0')
and in how days are written; the rules here hold for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tocsin.observe.checks.deaths import estimates
from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.grading import PARTS
from tocsin.observe.checks.places import point, situate
from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.spans import (
    UNKNOWN_DAY,
    UNKNOWN_PLACE,
    Span,
    days,
    precision,
    year_doubts,
)
from tocsin.observe.checks.values import Refused, maybe_whole, name, territory, text, whole
from tocsin.observe.formats.documents import answered_records, is_answer
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, need, parse_records
from tocsin.observe.resaved import with_days, with_numbers
from tocsin.schema.vocabulary.placeholder import is_placeholder

_RELEASE = re.compile(
    r"(?<!\d)(1[7-9]|[2-9]\d)[._](\d{1,2})(?:[._](\d{1,2})(?:[._](\d{1,2}))?)?(?!\d)"
)
TYPES = {1: "state-based", 2: "non-state", 3: "one-sided"}
ONE_SIDED = 3
_TYPED = re.compile(
    r"(?:([1-3])(?:\.0)?\s*[-–:.)=]?\s*)?"
    r"(?:(?P<state>state[- ]based)|(?P<non>non[- ]state)|(?P<one>one[- ]sided))"
    r"(?: (?:violence|conflict|armed conflict))?",
    re.IGNORECASE,
)
"""The type of violence in words, as copies with labels have it; perhaps with its number."""
REQUIRED = (
    "id", "type_of_violence", "side_a", "side_b", "where_prec", "latitude", "longitude",
    "country", "country_id", "date_prec", "date_start", "date_end", "best", "high", "low",
)  # fmt: skip
READ = (
    *REQUIRED, "year", "where_coordinates", "where_description", "adm_1", "adm_2",
    "source_headline", "source_article", "source_office", "number_of_sources", "event_clarity",
    "side_a_new_id", "side_b_new_id", "dyad_new_id", *PARTS,
)  # fmt: skip
"""No other column is looked at: `source_original` names who said it."""
NUMBERS = (
    "id", "year", "type_of_violence", "country_id", "best", "high", "low", "number_of_sources",
    "side_a_new_id", "side_b_new_id", "dyad_new_id", *PARTS,
)  # fmt: skip
"""A spreadsheet that writes thousands apart does so in all of them."""
CALLED = {
    "deaths_low": "low", "deaths_best": "best", "deaths_high": "high", "place_prec": "where_prec",
}  # fmt: skip
"""UCDP's names of what a report holds, where they differ."""


OLDER = {"best_est": "best", "high_est": "high", "low_est": "low"}
"""Names of columns in early releases, and in copies that go on using them."""


DAYS = ("date_start", "date_end")
KNOWN_BY = {"id", "type_of_violence", "side_a", "side_b", "best"}
"""Columns that no other source has together."""


def _rename_fields(records: Iterable[Record], older: Mapping[str, str]) -> Iterator[Record]:
    for record in records:
        fields = {older.get(name, name): value for name, value in record.fields.items()}
        yield replace(record, fields=fields)


class UcdpGed:
    """Reader of UCDP GED files.

    It gives reports. docs/sources/ucdp-ged.md has its rules.
    """

    kind = "ucdp-ged"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns of UCDP GED."""
        names = {OLDER.get(name, name) for name in source.header}
        return names >= KNOWN_BY or is_answer(source, *KNOWN_BY)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the reports; each record that breaks a rule of docs/sources goes to quarantine."""
        names, records = answered_records(source, "type_of_violence")
        older = {old: new for old, new in OLDER.items() if new not in names}
        need(source, self.kind, REQUIRED, older=older, names=names)
        release = f"UCDP GED {version(source.name, names)}"
        return parse_records(
            with_numbers(lambda: _dated(records, older, source), NUMBERS, source.tell),
            lambda record: _report(record, source.name, release),
            lambda rows: [rows["reports"][0]["native_id"]],
            source=release,
            file=source.name,
            native_id="id",
            called=CALLED,
            keep=of_columns(READ),
        )


def _dated(
    records: Callable[[], Iterable[Record]], older: Mapping[str, str], source: Source
) -> Iterator[Record]:
    return _rename_fields(with_days(records, DAYS, source.tell), older)


def version(file: str, columns: Collection[str]) -> str:
    """Tell the release from the file's name, or else from its columns.

    Candidate releases have a zero in the middle: one month (24.0.3), or the months of a year
    so far (24.01.24.06); each is a release of its own, since the later one corrects. Yearly
    releases are packed as `ged251-csv.zip`. The column `code_status` is in releases after
    19.1 only.

    Args:
        file: the file's name.
        columns: the names of its columns.

    Returns:
        The release, such as '25.1' or 'Candidate 24.0.3'; '20.1 or later' or '19.1' where only the
        columns tell.
    """
    named = _RELEASE.search(file)
    if named:
        parts = ".".join(part for part in named.groups() if part)
        return f"Candidate {parts}" if named[2] in ("0", "01") and named[3] else parts
    packed = re.search(r"(?<![a-z])ged(\d\d)(\d)(?!\d)", file, re.IGNORECASE)
    if packed:
        return f"{packed[1]}.{packed[2]}"
    return "20.1 or later" if "code_status" in columns else "19.1"


def _report(record: Record, file: str, source: str) -> Rows:
    fields = record.fields
    native_id = str(whole(fields, "id", high=2**62))
    start = days(fields, "date_start")
    span = start.to(_last_day(fields, start))
    unit = territory(fields, "country", "country_id", on=span.start, until=span.end)
    known, undated = precision(fields, "date_prec", "date_prec", high=5, unknown=UNKNOWN_DAY)
    placed, unplaced = precision(fields, "where_prec", "place_prec", high=7, unknown=UNKNOWN_PLACE)
    kind = _type(fields)
    row: dict[str, Any] = {
        "report_id": f"{source}:{native_id}",
        "native_id": native_id,
        "source_file": file,
        "source_row": record.number,
        **span.columns(),
        # A date of which a part is not known is no more precise than it is.
        "date_prec": max(known or UNKNOWN_DAY, span.precision)
        if span.doubts
        else known or UNKNOWN_DAY,
        "accuracy_doubts": [*undated, *unplaced],
        **year_doubts(fields, "year", span),
        "place_prec": placed or UNKNOWN_PLACE,
        "place": name(fields, "where_coordinates"),
        "adm1": name(fields, "adm_1"),
        "adm2": name(fields, "adm_2"),
        **situate(unit),
        **point(fields),
        "event_type": TYPES[kind],
        "category": None,
        "target": "civilians" if kind == ONE_SIDED else None,
        # In many events of older releases the headline stands only within the citation.
        "headline": text(fields, "source_headline") or text(fields, "source_article"),
        "notes": text(fields, "where_description"),
        "publisher": text(fields, "source_office"),
        "n_sources": _sources(record),
        "clarity": maybe_whole(fields, "event_clarity", low=1, high=2),
        "source": source,
    }
    return {"reports": [row | _actors(record) | _deaths(record)]}


def _type(fields: Mapping[str, str]) -> int:
    """The number of the type of violence, from its number, its words, or both where they agree."""
    worded = _TYPED.fullmatch(fields.get("type_of_violence", ""))
    if worded is None:
        return whole(fields, "type_of_violence", low=1, high=3)
    found = 1 if worded["state"] else 2 if worded["non"] else ONE_SIDED
    if worded[1] and int(worded[1]) != found:
        reason = "The number and the words of 'type_of_violence' disagree."
        value = fields["type_of_violence"]
        raise Refused("code", reason, column="type_of_violence", value=value)
    return found


def _last_day(fields: Mapping[str, str], start: Span) -> Span:
    """The last day; where it is not known the first one stands for it, marked."""
    said = fields.get("date_end", "")
    if not is_placeholder(said):
        return days(fields, "date_end")
    kept = start.end.isoformat()
    reason = "'date_end' is not known; the first day is taken."
    doubt = Doubt("date_end", said, kept, "date", reason)
    return Span(start.end, start.end, start.precision, (doubt,))


def _actors(record: Record) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for side in "ab":
        number = maybe_whole(record.fields, f"side_{side}_new_id", high=2**62)
        found[f"actor_{side}_id"] = None if number is None else str(number)
        found[f"actor_{side}"] = name(record.fields, f"side_{side}")
    dyad = maybe_whole(record.fields, "dyad_new_id", high=2**62)
    return found | {"dyad_id": None if dyad is None else str(dyad)}


def _deaths(record: Record) -> dict[str, Any]:
    found = estimates(record.fields, low="low", best="best", high="high", required=True)
    return found | {name: maybe_whole(record.fields, name) for name in PARTS}


def _sources(record: Record) -> int | None:
    """UCDP writes -1 where the number of sources was not kept."""
    found = maybe_whole(record.fields, "number_of_sources", low=-1)
    return found if found and found > 0 else None
