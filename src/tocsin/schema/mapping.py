"""The mapping file (TOML): which column of a table is what. One format for observe and link.

A person writes or drafts it once for a table; both stages read the same file, and what a cell means
(`MappingFile.meaning`) is decided here for both. docs/sources/mapping.md describes it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tocsin.base.toml import parse_toml, read_text
from tocsin.errors import UsageError
from tocsin.schema.days import form_fault
from tocsin.schema.tables.observed.claim import STANCES
from tocsin.schema.tables.observed.report import EVENT_TYPES, TARGETS

FIELDS = (
    "id", "date", "date_start", "date_end", "year", "month", "day", "date_prec", "country",
    "adm1", "adm2", "place", "latitude", "longitude", "place_prec", "event_type", "category",
    "target", "actor_a", "actor_b", "headline", "notes", "publisher", "n_sources", "deaths_low",
    "deaths_best", "deaths_high", "deaths_civilians", "claim_actor", "claim_stance", "claim_by",
)  # fmt: skip
"""What a mapping may name a column for."""
ANY = "*"
"""In a list of values: every other value."""
COUNTS = ("n_sources", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians")
"""Fields that hold whole numbers, which tables write with separators: 1,234 or 1.234 or 1 234."""
OLD_NAMES = {"lat": "latitude", "lon": "longitude", "type": "category"}
"""What fields were called in the mapping files that only `link` read."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Constants(_Part):
    """The values that hold for every row where no column gives the field."""

    country: str | None = None
    event_type: str = "other"
    target: str | None = None
    date_prec: int | None = Field(default=None, ge=1, le=5)
    place_prec: int | None = Field(default=None, ge=1, le=7)
    actor_a: str | None = None
    actor_b: str | None = None
    publisher: str | None = None
    claim_stance: str = "claimed"


class Forms(_Part):
    """The ways in which the table writes days (strptime's formats) and decimal numbers."""

    date: str = Field(default="%Y-%m-%d", description="strptime's format, or a list of them")
    date_end: str | None = None
    decimal: Literal[".", ","] = "."

    @field_validator("date", "date_end", mode="before")
    @classmethod
    def one_or_several(cls, value: Any) -> Any:
        """Join a list of forms into one text, of which the first form that fits counts
        (`tocsin.schema.days`).
        """
        several = isinstance(value, list | tuple) and value and all(map(_is_text, value))
        return " | ".join(value) if several else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


class Linkage(_Part):
    """The part of a mapping that only `link` uses: further columns to compare, and taxonomies."""

    extra: tuple[str, ...] = ()
    """Further columns whose codes help to decide."""
    taxonomy: dict[str, dict[str, dict[str, str | list[str]]]] = Field(default_factory=dict)
    """Field or extra column to concept to source to the codes that mean it there."""


class OneSource(_Part):
    """The part of a mapping that holds for one file only, where several files share the mapping."""

    source: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Any] = Field(default_factory=dict)
    forms: dict[str, Any] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    extra: tuple[str, ...] = ()


class MappingFile(_Part):
    """The content of a mapping file: which column of a table holds which field, and what its cells
    mean.

    >>> mapping = MappingFile(columns={"target": "Ziel"}, values={"target": {"Dorf": "civilians"}})
    >>> mapping.meaning("target", "Dorf"), mapping.meaning("event_type", "")
    ('civilians', 'other')
    """

    source: str = Field(default="", description="name of the data set")
    columns: dict[str, str] = Field(default_factory=dict)
    constants: Constants = Constants()
    forms: Forms = Forms()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Field to the file's value to ours: event_type, target, claim_stance, country, actors."""
    link: Linkage = Linkage()
    sources: dict[str, OneSource] = Field(default_factory=dict)
    """Name of a file (without its endings) to what is otherwise in it."""

    def of(self, name: str) -> Self:
        """Return the mapping as it holds for one file, with the file's own section taken in.

        Args:
            name: the file's name without endings (`tocsin.observe.table_names`).

        Returns:
            The mapping; the same one where the file has no section of its own.

        Raises:
            ValidationError: the file's section has a key or a value that means nothing.
        """
        one = self.sources.get(name)
        if one is None:
            return self
        merged = {
            "source": one.source or self.source,
            "columns": self.columns | one.columns,
            "constants": self.constants.model_dump(exclude_unset=True) | one.constants,
            "forms": self.forms.model_dump(exclude_unset=True) | one.forms,
            "values": self.values | one.values,
            "link": self.link.model_dump() | {"extra": (*self.link.extra, *one.extra)},
        }
        return type(self).model_validate(merged)

    def meaning(self, field: str, value: str) -> str:
        """Say what a cell means: what the list of values gives for it, or the cell as it stands.

        An empty cell, and a field without a column (`value=""`), say the constant if there is one.

        Args:
            field: the field that the cell's column holds.
            value: the text of the cell; '' where the field has no column.

        Returns:
            The meaning as a text; '' where there is neither a value nor a constant.
        """
        meant = self.values.get(field)
        if meant is not None and value:
            value = meant.get(value, meant.get(ANY, value))
        elif meant is not None:
            value = meant.get(value, value)
        if not value and field in Constants.model_fields:
            value = str(getattr(self.constants, field) or "")
        if field in ("latitude", "longitude"):
            value = one_of_pair(plain_signs(value), field)
            value = value.replace(",", ".") if self.forms.decimal == "," else value
            value = plain_degrees(value, field)
        return plain_count(value, self.forms.decimal) if field in COUNTS else value


_SIGNS = str.maketrans("\u066b\u066c\u2212\u2010\u2011\u060c", ".,---,")


def plain_signs(text: str) -> str:
    """Write the signs of a number as ASCII has them: Arabic decimal signs, and dashes for minus.

    >>> plain_signs("\u22120\u066b05")
    '-0.05'
    """
    return text if text.isascii() else text.translate(_SIGNS)


def plain_count(text: str, decimal: str = ".") -> str:
    """Write a whole number without its separators of thousands and without decimals of nought.

    A separator of thousands is a space (of any kind), an apostrophe, or of comma and point the one
    that does not separate decimals; it stands before three digits.

    Args:
        text: the cell.
        decimal: the sign that separates decimals in the table, "." or ",".

    Returns:
        The number as digits; the text as it stands where it is no such number. Nothing is guessed:
        '1.234' is one thousand only in a table with decimal commas.

    >>> [plain_count(text) for text in ("1 234", "1,234", "1.234", "12,5", "10-15")]
    ['1234', '1234', '1.234', '12,5', '10-15']
    >>> [plain_count(text, ",") for text in ("1.234", "12,0", "1,234")]
    ['1234', '12', '1,234']
    """
    point, thousands = (
        (",", "[. \u00a0\u2009\u202f'’]") if decimal == "," else (".", "[, \u00a0\u2009\u202f'’]")
    )
    text = plain_signs(text)
    found = re.fullmatch(
        rf"(\d+|\d{{1,3}}(?:({thousands})\d{{3}}(?:\2\d{{3}})*))(?:{re.escape(point)}0*)?",
        text.strip(),
    )
    return re.sub(thousands, "", found[1]) if found and found[1] else text


_PART = r"(\d{1,2}(?:[.,]\d+)?)"
_SPACED = re.compile(
    rf"([NSEWO])? ?(\d{{1,3}})[ :]{_PART}(?:[ :]{_PART})? ?([NSEWO])?", re.IGNORECASE
)
"""Degrees, minutes and seconds without their signs, which only a point of the compass tells."""
_DEGREES = re.compile(
    rf"([NSEWO])? ?([+-]?\d{{1,3}}(?:[.,]\d+)?) ?[°º]? ?(?:{_PART} ?['\u2032\u2019\u00b4] ?)?"
    rf"(?:{_PART} ?(?:[\"\u2033\u201d]|''|\u2032\u2032|\u2019\u2019) ?)?([NSEWO])?",
    re.IGNORECASE,
)


def plain_degrees(text: str, field: str) -> str:
    """Write degrees, minutes and seconds, or degrees with a point of the compass, as a decimal.

    Args:
        text: the cell.
        field: 'latitude' or 'longitude'. West is W, or O as in French and Spanish.

    Returns:
        Degrees north or east with six digits after the point; the text as it stands where it is
        no such angle.

    >>> plain_degrees("14°30'N", "latitude"), plain_degrees("4° 12' 36\\" O", "longitude")
    ('14.5', '-4.21')
    >>> plain_degrees("0.5 W", "longitude"), plain_degrees("0.5 W", "latitude")
    ('-0.5', '0.5 W')
    >>> plain_degrees("N 14 30 0", "latitude"), plain_degrees("14 30", "latitude")
    ('14.5', '14 30')
    """
    found = _DEGREES.fullmatch(text.strip())
    spaced = _SPACED.fullmatch(text.strip())
    found = spaced if spaced and (spaced[1] or spaced[5]) else found
    if found is None or not any(found.group(1, 3, 4, 5)) or (found[1] and found[5]):
        return text
    side = (found[1] or found[5] or "").upper()
    degrees, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in found.group(2, 3, 4)
    )
    astray = side and (side not in ("NS" if field == "latitude" else "EWO") or found[2][0] in "+-")
    # Programs that round the seconds write 23'60\" where they mean 24'.
    if astray or minutes > 60 or seconds > 60:
        return text
    angle = abs(degrees) + minutes / 60 + seconds / 3600
    south = side in ("S", "W", "O") if side else found[2].startswith("-")
    return f"{-angle if south else angle:.6f}".rstrip("0").rstrip(".")


_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(
    rf"[(\[]?\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})(?:[,;\s]\s*-?\d+(?:\.\d+)?){{0,2}}\s*[)\]]?"
)
"""Degrees north and east, perhaps with a height and an accuracy, as phones write a point."""
_LINKED = re.compile(rf"https?://\S*?(?:@|[?&/](?:q|ll|query|place)[=/])({_NUMBER}),({_NUMBER})\S*")
"""The address of a page of a map, which holds the point that it shows."""
_COMMAS = re.compile(r"([+-]?\d{1,3},\d+)\s*[;\s]\s*([+-]?\d{1,3},\d+)")
_WKT = re.compile(
    rf"(?:SRID=4326;\s*)?POINT\s*(?:Z|M|ZM)?\s*\(\s*({_NUMBER})\s+({_NUMBER})(?:\s[^()]*)?\)",
    re.IGNORECASE,
)
"""A point as OGC's Simple Features write it: degrees east come first."""


def one_of_pair(text: str, field: str) -> str:
    """Take one coordinate of a cell that holds both: a mapping may name it for both fields.

    Args:
        text: the cell: '15.66, 0.5', '15.66 0.5 240 5' as a form of KoboToolbox, or
            'POINT (0.5 15.66)'; or the address of a page of a map, '…/@15.66,0.5,15z'.
        field: 'latitude' or 'longitude'.

    Returns:
        The coordinate as it stands; the text where it is no such pair.

    >>> one_of_pair("15.66, 0.5", "longitude"), one_of_pair("POINT (0.5 15.66)", "longitude")
    ('0.5', '0.5')
    >>> one_of_pair("15,66", "latitude"), one_of_pair("15 30", "latitude")
    ('15,66', '15 30')
    """
    if found := _WKT.fullmatch(text.strip()):
        east, north = found.groups()
    elif found := _LINKED.fullmatch(text.strip()):
        north, east = found.groups()
    elif found := _COMMAS.fullmatch(text.strip()):
        north, east = (part.replace(",", ".") for part in found.groups())
    elif (found := _PAIR.fullmatch(text.strip())) and all("." in part for part in found.groups()):
        north, east = found.groups()
    else:
        return text
    return north if field == "latitude" else east


def read_mapping(path: Path) -> MappingFile:
    """Read and check a mapping file.

    For one release also the older format is read that only `link` knew, with a `FutureWarning`.

    Args:
        path: a file in TOML, UTF-8.

    Returns:
        The mapping.

    Raises:
        UsageError: the file does not exist, is not TOML, or has a key or a value that means
            nothing.
    """
    try:
        content = parse_toml(read_text(path), where=str(path))
        if _is_old(content):
            warnings.warn(
                f"{path.name} is written as linkage's own mapping files were. They are read for "
                "one release more: docs/sources/mapping.md shows the one format.",
                FutureWarning,
                stacklevel=2,
            )
            content = _from_old(content)
        given = MappingFile.model_validate(content)
        every = [given, *(given.of(name) for name in given.sources)]
    except RecursionError as error:
        raise UsageError("The mapping is nested too deep.", where=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"Mapping, '{key}': {first['msg']}.",
            where=str(path),
            remedy="See docs/sources/mapping.md.",
        ) from error
    for one in every:
        if fault := _fault(one):
            raise UsageError(fault, where=str(path), remedy="See docs/sources/mapping.md.")
    return given


def _fault(given: MappingFile) -> str | None:
    unknown = sorted({*given.columns, *given.values} - set(FIELDS))
    if unknown:
        return f"A mapping knows no field {', '.join(unknown)}; known are {', '.join(FIELDS)}."
    for field, allowed in (
        ("event_type", EVENT_TYPES), ("target", TARGETS), ("claim_stance", STANCES)
    ):  # fmt: skip
        meant = [*given.values.get(field, {}).values(), getattr(given.constants, field)]
        wrong = sorted({one for one in meant if one} - set(allowed))
        if wrong:
            return f"'{wrong[0]}' is no {field}; known are {', '.join(allowed)}."
    forms = (form for form in (given.forms.date, given.forms.date_end) if form is not None)
    return next((fault for form in forms if (fault := form_fault(form))), None)


def _is_old(content: Mapping[str, Any]) -> bool:
    """Linkage's own files had nothing but sections named after sources, `all` and `taxonomy`."""
    return bool(content) and not set(content) & set(MappingFile.model_fields)


def _from_old(content: Mapping[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = {"sources": {}, "link": {}}
    for name, value in content.items():
        section = dict(value) if isinstance(value, dict) else value
        if name == "taxonomy" and isinstance(section, dict):
            new["link"]["taxonomy"] = {OLD_NAMES.get(k, k): v for k, v in section.items()}
            continue
        if not isinstance(section, dict):
            new[name] = section
            continue
        extra = section.pop("extra", [])
        columns = {OLD_NAMES.get(key, key): column for key, column in section.items()}
        if name == "all":
            new |= {"columns": columns}
            new["link"]["extra"] = extra
        else:
            new["sources"][name] = {"columns": columns, "extra": extra}
    return new
