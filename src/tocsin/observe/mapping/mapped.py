"""Any table of events, read as a mapping file (TOML) says.

The mapping names the column of each field, the form of days, and what codes mean; it is
drafted by `tocsin.observe.mapping.suggest` and is the user's own.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tocsin.errors import SourceRefused, UsageError
from tocsin.observe.checks.parties import organisation
from tocsin.observe.checks.places import country, point
from tocsin.observe.checks.spans import Span
from tocsin.observe.checks.values import Refused, maybe_whole, name, text
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.mapping.days import span
from tocsin.observe.reader import Batch, Rows, parse_records
from tocsin.schema.tables.observed.claim import STANCES
from tocsin.schema.tables.observed.report import EVENT_TYPES, TARGETS

COLUMNS = (
    "id", "date", "date_end", "date_prec", "country", "adm1", "adm2", "place", "latitude",
    "longitude", "place_prec", "event_type", "category", "target", "actor_a", "actor_b",
    "headline", "notes", "publisher", "n_sources", "deaths_low", "deaths_best", "deaths_high",
    "deaths_civilians", "claim_actor", "claim_stance", "claim_by",
)  # fmt: skip
"""What a mapping may name a column for."""
ANY = "*"
"""In a list of values: every other value."""


class Constants(BaseModel):
    """What holds for every row where no column says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str | None = None
    event_type: str = "other"
    target: str | None = None
    date_prec: int | None = Field(default=None, ge=1, le=5)
    place_prec: int | None = Field(default=None, ge=1, le=7)
    actor_a: str | None = None
    actor_b: str | None = None
    publisher: str | None = None
    claim_stance: str = "claimed"


class Forms(BaseModel):
    """How days and numbers are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: str = Field(default="%Y-%m-%d", description="strptime's format")
    date_end: str | None = None
    decimal: Literal[".", ","] = "."


class MappingFile(BaseModel):
    """A mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=1, description="name of the data set")
    columns: dict[str, str]
    constants: Constants = Constants()
    forms: Forms = Forms()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Field to the file's value to ours: event_type, target, claim_stance, country, actors."""


def load(path: Path) -> MappingFile:
    """Read a mapping file.

    Raises:
        UsageError: not there, not TOML, or with a key or value that means nothing.
    """
    try:
        given = MappingFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"The mapping cannot be read: {error}.", where=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"Mapping, '{key}': {first['msg']}.", where=str(path)) from error
    if fault := _fault(given):
        raise UsageError(fault, where=str(path), remedy="See docs/sources/mapping.md.")
    return given


def _fault(given: MappingFile) -> str | None:
    unknown = sorted({*given.columns, *given.values} - set(COLUMNS))
    if unknown:
        return f"A mapping knows no field {', '.join(unknown)}; known are {', '.join(COLUMNS)}."
    if "date" not in given.columns:
        return "The mapping names no column for 'date'."
    if "country" not in given.columns and given.constants.country is None:
        return "The mapping names neither a column nor a constant for 'country'."
    if ("latitude" in given.columns) != ("longitude" in given.columns):
        return "The mapping names only one of 'latitude' and 'longitude'."
    for field, allowed in (
        ("event_type", EVENT_TYPES), ("target", TARGETS), ("claim_stance", STANCES)
    ):  # fmt: skip
        meant = [*given.values.get(field, {}).values(), getattr(given.constants, field)]
        wrong = sorted({one for one in meant if one} - set(allowed))
        if wrong:
            return f"'{wrong[0]}' is no {field}; known are {', '.join(allowed)}."
    return None


class Mapped:
    """Reader of a table by a mapping."""

    kind = "mapping"

    def __init__(self, mapping: MappingFile) -> None:
        self.mapping = mapping

    @property
    def digest(self) -> str:
        """Tells one mapping from another."""
        return hashlib.sha256(self.mapping.model_dump_json().encode()).hexdigest()[:16]

    def knows(self, source: Source) -> bool:
        """By the columns that the mapping names."""
        return set(self.mapping.columns.values()) <= set(source.header)

    def read(self, source: Source) -> Iterator[Batch]:
        """Reports and claims.

        Raises:
            SourceRefused: a column that the mapping names is not there.
        """
        missing = sorted(set(self.mapping.columns.values()) - set(source.header))
        if source.header and missing:
            raise SourceRefused(
                f"Columns that the mapping names are missing: {', '.join(missing)}.",
                where=source.name,
                remedy=f"The file has: {', '.join(source.header)}.",
            )
        return parse_records(
            source.records(),
            lambda record: _report(record, self.mapping, source.name),
            lambda rows: [rows["reports"][0]["native_id"]],
            source=self.mapping.source,
            file=source.name,
            native_id=self.mapping.columns.get("id"),
        )


def _report(record: Record, mapping: MappingFile, file: str) -> Rows:
    fields = _fields(record.fields, mapping)
    native_id = _native_id(record, fields)
    when = _when(fields, mapping)
    place = country(fields, "country", "country", on=when.start)
    where = point(fields, place, on=when.start)
    report_id = f"{mapping.source}:{native_id}"
    row: dict[str, Any] = {
        "report_id": report_id,
        "native_id": native_id,
        "source_file": file,
        "source_row": record.number,
        "date_start": when.start,
        "date_end": when.end,
        "date_prec": maybe_whole(fields, "date_prec", low=1, high=5) or when.precision,
        **where,
        "place_prec": _place_precision(fields, where),
        **{level: name(fields, level) for level in ("place", "adm1", "adm2")},
        "territory": place.name,
        "gwno": place.gwno,
        "event_type": _coded(fields, "event_type", EVENT_TYPES),
        "category": text(fields, "category"),
        "target": _coded(fields, "target", TARGETS),
        "actor_a": organisation(fields.get("actor_a"), "actor_a"),
        "actor_b": organisation(fields.get("actor_b"), "actor_b"),
        **{prose: text(fields, prose) for prose in ("headline", "notes", "publisher")},
        "n_sources": maybe_whole(fields, "n_sources", low=1),
        **_deaths(fields),
        "source": mapping.source,
    }
    return {"reports": [row], "claims": _claims(fields, report_id, mapping.source)}


def _fields(given: Mapping[str, str], mapping: MappingFile) -> dict[str, str]:
    """The row's values by field: as the column says, what that means, or what holds for all."""
    fields = {}
    for field, column in mapping.columns.items():
        value = given[column]
        meant = mapping.values.get(field, {})
        fields[field] = meant.get(value, meant.get(ANY, value) if value else value)
    for field, value in mapping.constants.model_dump(exclude_none=True).items():
        fields[field] = fields.get(field) or str(value)
    if mapping.forms.decimal == ",":
        for field in ("latitude", "longitude"):
            fields[field] = fields.get(field, "").replace(",", ".")
    return fields


def _native_id(record: Record, fields: Mapping[str, str]) -> str:
    """The file's own id; without a column for one, a digest of the record's bytes."""
    if "id" not in fields:
        return hashlib.blake2b(record.original.strip(), digest_size=12).hexdigest()
    if not fields["id"]:
        raise Refused("missing", "The row has no id.", column="id")
    return fields["id"]


def _when(fields: Mapping[str, str], mapping: MappingFile) -> Span:
    first = span(fields["date"], mapping.forms.date, "date")
    if not fields.get("date_end"):
        return first
    last = span(fields["date_end"], mapping.forms.date_end or mapping.forms.date, "date_end")
    if last.end < first.start:
        value = fields["date_end"]
        raise Refused("date", "It ends before it starts.", column="date_end", value=value)
    precision = max(first.precision, last.precision, 2 if last.end > first.start else 1)
    return Span(first.start, last.end, precision)


def _place_precision(fields: Mapping[str, str], where: Mapping[str, float | None]) -> int:
    """As the column or the constant says; else what the finest level that is given can bear."""
    given = maybe_whole(fields, "place_prec", low=1, high=7)
    if given:
        return given
    if where["latitude"] is not None or fields.get("place"):
        return 2
    return 3 if fields.get("adm2") else 4 if fields.get("adm1") else 6


def _coded(fields: Mapping[str, str], field: str, allowed: tuple[str, ...]) -> str | None:
    value = text(fields, field)
    if value is not None and value not in allowed:
        reason = f"The mapping does not say what {field} '{value[:80]}' means."
        raise Refused("code", reason, column=field, value=value)
    return value


def _deaths(fields: Mapping[str, str]) -> dict[str, int | None]:
    low, best, high = (maybe_whole(fields, f"deaths_{n}") for n in ("low", "best", "high"))
    known = [one for one in (best, low, high) if one is not None]
    if not known:
        return {}
    middle = best if best is not None else known[0]
    low, high = middle if low is None else low, middle if high is None else high
    if not low <= middle <= high:
        reason = f"low, best and high are not in order: {low}, {middle}, {high}."
        raise Refused("estimates", reason, column="deaths_best", value=str(middle))
    civilians = maybe_whole(fields, "deaths_civilians")
    return {
        "deaths_low": low, "deaths_best": middle, "deaths_high": high,
        "deaths_civilians": civilians,
    }  # fmt: skip


def _claims(fields: Mapping[str, str], report_id: str, source: str) -> list[dict[str, Any]]:
    about = organisation(fields.get("claim_actor"), "claim_actor")
    if about is None:
        return []
    return [
        {
            "report_id": report_id,
            "actor": about,
            "stance": _coded(fields, "claim_stance", STANCES),
            "said_by": organisation(fields.get("claim_by"), "claim_by"),
            "source": source,
        }
    ]
