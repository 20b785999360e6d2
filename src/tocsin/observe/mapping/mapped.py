"""Any table of events, read as a mapping file (TOML) says.

The mapping names the column of each field, the form of days, and what codes mean; it is
drafted by `tocsin.observe.mapping.suggest` and is the user's own.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tocsin.errors import SourceRefused, UsageError
from tocsin.observe.checks.deaths import estimates
from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.parties import accusations, organisation, read_sides
from tocsin.observe.checks.places import country, point, situate
from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.review import check_own_status, check_review
from tocsin.observe.checks.spans import Span, vague, year_doubts
from tocsin.observe.checks.tlp import check_cells, unless_marked
from tocsin.observe.checks.values import ROUNDED, Refused, maybe_whole, name, text, whole
from tocsin.observe.formats.documents import listed_records
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.formats.table import table_names
from tocsin.observe.mapping.days import span, with_year
from tocsin.observe.mapping.hints import lacks_target
from tocsin.observe.mapping.numbers import SAMPLE, name_of_number, with_list, with_sign
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.schema.days import days_of, known_days, month_number
from tocsin.schema.mapping import DEATHS, FIELDS, Constants, MappingFile, read_mapping
from tocsin.schema.mapping.counts import written_count
from tocsin.schema.tables.observed.claim import STANCES
from tocsin.schema.tables.observed.report import EVENT_TYPES, TARGETS
from tocsin.schema.vocabulary.calendars import calendar_of_heading
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.placeholder import is_sum_of_time, is_total, is_unknown_part

__all__ = ["COLUMNS", "Mapped", "MappingFile", "load"]

COLUMNS = FIELDS
"""What a mapping may name a column for."""
CONSTANT = tuple(Constants.model_fields)


def load(path: Path) -> MappingFile:
    """Read a mapping file by which a table is to be observed.

    Args:
        path: the file, in TOML.

    Returns:
        The mapping, which holds all that a report needs.

    Raises:
        UsageError: the file does not exist, is not TOML, has a key or a value that means nothing,
            or lacks what every report needs: a data set's name, a day and a country.
    """
    given = read_mapping(path)
    for one in [given.of(file) for file in given.sources] or [given]:
        if fault := _fault(one):
            raise UsageError(fault, where=str(path), remedy="See docs/sources/mapping.md.")
    return given


def _fault(given: MappingFile) -> str | None:
    if not given.source:
        return "The mapping does not say 'source', the name of the data set."
    if not {"date", "date_start", "year"} & set(given.columns):
        return "The mapping names no column for 'date'."
    if "country" not in given.columns and given.constants.country is None:
        return "The mapping names neither a column nor a constant for 'country'."
    if ("latitude" in given.columns) != ("longitude" in given.columns):
        return "The mapping names only one of 'latitude' and 'longitude'."
    return None


class Mapped:
    """Reader of a table by a mapping.

    It reads any table of events, and gives reports and claims.
    """

    kind = "mapping"

    def __init__(self, mapping: MappingFile) -> None:
        self.mapping = mapping

    @property
    def digest(self) -> str:
        """Return the first 16 hexadecimal digits of a SHA-256 that tells one mapping from
        another.
        """
        # Without sections the digest is what it was before there were any: what was observed by
        # such a mapping need not be read again.
        plain = not self.mapping.sources and not self.mapping.link.model_fields_set
        left_out: dict[str, Any] = {"link": True, "sources": True} if plain else {}
        forms = self.mapping.forms
        unsaid = {"counts": forms.counts == "exact", "countries": forms.countries is None}
        if any(unsaid.values()):
            left_out["forms"] = {name for name, left in unsaid.items() if left}
        text = self.mapping.model_dump_json(exclude=left_out)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def knows(self, source: Source) -> bool:
        """Tell whether the file has all columns that the mapping names."""
        return set(self._of(source).columns.values()) <= set(columns_and_records(source)[0])

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the file's rows into reports and claims, batch by batch.

        Args:
            source: the file.

        Returns:
            An iterator over the batches; rows that break a rule are in `quarantine`.

        Raises:
            SourceRefused: a column that the mapping names is not there.
        """
        mapping = self._of(source)
        columns, records = columns_and_records(source)
        missing = sorted(set(mapping.columns.values()) - set(columns))
        if columns and missing:
            raise SourceRefused(
                f"Columns that the mapping names are missing: {', '.join(missing)}.",
                where=source.name,
                remedy=f"The file has: {', '.join(columns)}.",
            )
        for field in ("date", "date_start", "date_end"):
            if calendar := calendar_of_heading(mapping.columns.get(field, "")):
                raise SourceRefused(
                    f"'{mapping.columns[field]}' says that its days are of {calendar}.",
                    where=source.name,
                    remedy="Write them by the Gregorian calendar, in a column that is called so.",
                )
        if note := lacks_target(mapping):
            source.tell(note)
        every = iter(records)
        first = list(itertools.islice(every, SAMPLE))
        sound = [one for one in first if not one.fault]
        mapping = with_sign(with_list(mapping, sound), sound)
        return parse_records(
            itertools.chain(first, every),
            lambda record: _report(record, mapping, source.name),
            lambda rows: [rows["reports"][0]["native_id"]],
            source=mapping.source,
            file=source.name,
            native_id=mapping.columns.get("id"),
            called=_own_names(mapping),
            keep=unless_marked(of_columns(mapping.columns.values())),
        )

    def _of(self, source: Source) -> MappingFile:
        return self.mapping.of(table_names([source.name])[0])


def columns_and_records(source: Source) -> tuple[list[str], Iterable[Record]]:
    """Give the columns of a file that is read by a mapping, and its records.

    Args:
        source: a table, or JSON that holds one list of records.

    Returns:
        The names of the columns, and the records.

    Raises:
        SourceRefused: the JSON holds no list of records; or as `Source.records`.
    """
    if not source.is_json:
        return source.columns, source.records(numbered=True)
    found = listed_records(source.content(), source.name)
    return list(dict.fromkeys(name for one in found for name in one.fields)), found


def _own_names(mapping: MappingFile) -> dict[str, str]:
    """The file's own name of each field, and so of each column of a report."""
    starts = [mapping.columns[one] for one in ("date", "year") if one in mapping.columns]
    return ({"date_start": starts[0]} if starts else {}) | mapping.columns


NAMED = ("country", "adm1", "adm2", "place", "actor_a", "event_type", "category", "month")
"""Fields in which a row of a table may say that it is a total."""


def _refuse_total(record: Record, mapping: MappingFile) -> None:
    """A row that sums up others is no event; its deaths would count a second time."""
    starts = {mapping.columns[one] for one in ("id", "date", "year") if one in mapping.columns}
    starts |= {next((column for column, cell in record.fields.items() if cell), "")}
    named = {mapping.columns[one] for one in NAMED if one in mapping.columns} | starts
    for column in named:
        cell = str(record.fields.get(column, ""))
        if is_total(cell, first=column in starts):
            reason = "The row sums up others, and is no event."
            raise Refused("total", reason, column=column if column in starts else "", value=cell)
    if any(is_sum_of_time(str(cell)) for cell in record.fields.values() if cell):
        raise Refused("total", "The row sums up a time, and is no event.")


def _report(record: Record, mapping: MappingFile, file: str) -> Rows:
    _refuse_total(record, mapping)
    check_review(record.fields)
    check_own_status(record.fields)
    check_cells(record.fields)
    fields = _fields(record.fields, mapping)
    native_id = _native_id(record, fields)
    when = _when(fields, mapping)
    place = country(fields, "country", "country", on=when.start, until=when.end)
    where = point(fields)
    report_id = f"{mapping.source}:{native_id}"
    one, other = read_sides(fields)
    row: dict[str, Any] = {
        "report_id": report_id,
        "native_id": native_id,
        "source_file": file,
        "source_row": record.number,
        **when.columns(),
        **_date_precision(fields, when),
        **(year_doubts(fields, "year", when) if _has_date(fields) else {}),
        **where,
        "place_prec": _place_precision(fields, where),
        **{level: name(fields, level) for level in ("place", "adm1", "adm2")},
        **situate(place),
        "event_type": _read_code(fields, "event_type", EVENT_TYPES),
        "category": text(fields, "category"),
        "target": _read_code(fields, "target", TARGETS),
        "actor_a": one.name,
        "actor_b": other.name,
        "party_doubts": [*one.doubts, *other.doubts],
        **{prose: text(fields, prose) for prose in ("headline", "notes", "publisher")},
        "n_sources": maybe_whole(fields, "n_sources", low=1),
        **_deaths(fields, mapping.forms.counts),
        "source": mapping.source,
    }
    # Who is asked for is the side that nobody else stands on.
    asked = other if one.name and not one.suspects else one
    claims = accusations(asked, report_id, mapping.source)
    return {"reports": [row], "claims": claims + _claims(fields, report_id, mapping.source)}


def _fields(given: Mapping[str, str], mapping: MappingFile) -> dict[str, str]:
    """The row's values by field: as the column says, what that means, or what holds for all."""
    named = {field: mapping.meaning(field, given[c]) for field, c in mapping.columns.items()}
    if "country" in named:
        named["country"] = name_of_number(named["country"], mapping.forms.countries)
    rest = {field: mapping.meaning(field, "") for field in CONSTANT if field not in named}
    return named | {field: value for field, value in rest.items() if value}


def _native_id(record: Record, fields: Mapping[str, str]) -> str:
    """The file's own id; a digest of the record's bytes where there is none, or only its first
    digits, as spreadsheets show long numbers."""
    if "id" not in fields or ROUNDED.fullmatch(fields["id"]):
        return hashlib.blake2b(record.original.strip(), digest_size=12).hexdigest()
    if not fields["id"]:
        raise Refused("missing", "The row has no id.", column="id")
    return fields["id"]


def _when(fields: Mapping[str, str], mapping: MappingFile) -> Span:
    first = _first(fields, mapping)
    if not fields.get("date_end"):
        return first
    last = span(fields["date_end"], mapping.forms.date_end or mapping.forms.date, "date_end")
    whole_span = first.to(last)
    precision = max(first.precision, last.precision, 2 if last.end > first.start else 1)
    return replace(whole_span, precision=precision)


def _date_precision(fields: Mapping[str, str], when: Span) -> dict[str, int]:
    given = maybe_whole(fields, "date_prec", low=1, high=5) or when.precision
    return {"date_prec": max(given, when.precision) if when.doubts else given}


def _has_date(fields: Mapping[str, str]) -> bool:
    """Does a date stand beside the year?"""
    return bool(fields.get("date_start") or fields.get("date"))


def _first(fields: Mapping[str, str], mapping: MappingFile) -> Span:
    """The first day: the start that is given, else the day, else year, month and day apart."""
    fields = _in_creole(fields)
    if fields.get("date_start"):
        return span(fields["date_start"], mapping.forms.date, "date_start")
    if "year" not in fields or fields.get("date"):
        whole_day, form = with_year(
            fields.get("date", ""), fields.get("year", ""), mapping.forms.date
        )
        return span(whole_day, form, "date")
    year = whole(fields, "year", low=1946, high=2100)
    named = month_number(fields.get("month", ""))
    told = fields if named is None else {**fields, "month": str(named)}
    month, day = (
        0 if is_unknown_part(told.get(part, "")) else maybe_whole(told, part, high=31) or 0
        for part in ("month", "day")
    )
    found = days_of(year, month, day)
    if found is None:
        value = f"{year}-{month}-{day}"
        known = known_days(value, "%Y-%m-%d")
        if known is None:
            raise Refused("date", "Year, month and day are no day.", column="year", value=value)
        return vague(known, "day", value)
    return Span(*found, 1 if month and day else 4 if month else 5)


def _in_creole(fields: Mapping[str, str]) -> Mapping[str, str]:
    """'out' is August in Haitian Creole; elsewhere it is October, as Portuguese cuts it short."""
    if HEADINGS.fold(fields.get("country", "")) not in ("haiti", "ayiti", "hti", "ht"):
        return fields
    days = {one: fields[one] for one in ("date", "date_start", "month") if one in fields}
    return {**fields, **{one: _OUT.sub("août", cell) for one, cell in days.items()}}


_OUT = re.compile(r"\bout\b", re.IGNORECASE)


def _place_precision(fields: Mapping[str, str], where: Mapping[str, float | None]) -> int:
    """As the column or the constant says; else what the finest level that is given can bear."""
    given = maybe_whole(fields, "place_prec", low=1, high=7)
    if given:
        return given
    if where["latitude"] is not None or fields.get("place"):
        return 2
    return 3 if fields.get("adm2") else 4 if fields.get("adm1") else 6


def _read_code(fields: Mapping[str, str], field: str, allowed: tuple[str, ...]) -> str | None:
    value = text(fields, field)
    if value is not None and value not in allowed:
        reason = f"The mapping does not say what {field} '{value[:80]}' means."
        raise Refused("code", reason, column=field, value=value)
    return value


def _deaths(fields: Mapping[str, str], counts: str) -> dict[str, Any]:
    told, doubts = _read_counts(fields) if counts == "written" else (fields, [])
    try:
        found = estimates(told, low="deaths_low", best="deaths_best", high="deaths_high")
    except Refused as refusal:
        if counts == "exact" and refusal.rule == "number" and written_count(refusal.value or ""):
            refusal.reason += ' `counts = "written"` under [forms] reads such counts.'
        raise
    doubts += found.pop("death_doubts", [])
    if found["deaths_best"] is None:
        return {"death_doubts": doubts}
    civilians = maybe_whole(told, "deaths_civilians")
    return found | {"death_doubts": doubts, "deaths_civilians": civilians}


def _read_counts(fields: Mapping[str, str]) -> tuple[dict[str, str], list[Doubt]]:
    """Counts that are no whole numbers, as their bounds, or unknown where they tell no number."""
    told, doubts = dict(fields), list[Doubt]()
    for field in DEATHS:
        value = text(fields, field)
        if value is None or re.fullmatch(r"\d+(?:\.0*)?|-9{1,5}", value):
            continue
        count = written_count(value)
        told[field] = str(count.best) if count else ""
        kept = told[field] or None
        what = f"is not exact; {kept} is taken" if count else "tells no number"
        reason = f"'{field}' {what}."
        if count and count.exact:
            continue
        doubts.append(Doubt(field, value, kept, "counts", reason))
        if count and field == "deaths_best":
            for bound, number in (("deaths_low", count.low), ("deaths_high", count.high)):
                if not text(fields, bound):
                    told[bound] = str(number)
    return told, doubts


def _claims(fields: Mapping[str, str], report_id: str, source: str) -> list[dict[str, Any]]:
    about = organisation(fields.get("claim_actor"), "claim_actor")
    if about is None:
        return []
    return [
        {
            "report_id": report_id,
            "actor": about,
            "stance": _read_code(fields, "claim_stance", STANCES),
            "said_by": organisation(fields.get("claim_by"), "claim_by"),
            "source": source,
        }
    ]
