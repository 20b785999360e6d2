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
from tocsin.schema.mapping.cells import (
    east_first,
    looked_up,
    one_of_pair,
    plain_count,
    plain_degrees,
    plain_signs,
)
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
DEATHS = ("deaths_low", "deaths_best", "deaths_high", "deaths_civilians")
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
    counts: Literal["exact", "written"] = Field(
        default="exact",
        description="'written' keeps a row whose dead are told as '5-10', 'at least 3' or 'dozens'",
    )
    countries: Literal["iso", "gleditsch-ward", "views"] | None = Field(
        default=None, description="of which list numbers of countries are"
    )

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
        value = looked_up(value)
        meant = self.values.get(field)
        if meant is not None and value:
            value = meant.get(value, meant.get(ANY, value))
        elif meant is not None:
            value = meant.get(value, value)
        if not value and field in Constants.model_fields:
            value = str(getattr(self.constants, field) or "")
        if field in ("latitude", "longitude"):
            first = east_first(self.columns.get(field, ""))
            value = one_of_pair(plain_signs(value), field, east_first=first)
            value = value.replace(",", ".") if self.forms.decimal == "," else value
            value = plain_degrees(value, field)
        if field not in COUNTS:
            return value
        return plain_count(value, self.forms.decimal)


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
    # The year of a day may stand in a column of its own.
    year = " %Y" if "year" in given.columns and not re.search("%[YyG]", given.forms.date) else ""
    forms = [given.forms.date + year, *filter(None, [given.forms.date_end])]
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
