"""Which column of an event file means what: by its name, or as a mapping file says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tocsin.errors import UsageError
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading import DAYS_OF_MONTHS, names_of

FIELDS = (
    "id", "date_start", "date_end", "date", "year", "month", "day", "date_prec", "latitude",
    "longitude", "place", "adm1", "adm2", "country", "place_prec", "actor_a", "actor_b",
    "deaths_best", "deaths_low", "deaths_high", "category",
)  # fmt: skip
"""The fields that linkage compares, in the order in which they choose their columns."""
ALSO = {"actor_b": ("target",)}
"""Fields whose columns do where a field has none: the other side may be called the target."""
_ENDINGS = ("en", "fr", "name", "txt", "value", "est", "estimate")


def recognise(
    header: Sequence[str], given: Mapping[str, str] | None = None, *, where: str = ""
) -> dict[str, str]:
    """Find the column of each field by the header (`tocsin.schema.vocabulary.heading`).

    Args:
        header: the file's column names.
        given: fields whose columns a mapping file set; they win.
        where: name of the file, for errors.

    Returns:
        Field to column, for the fields that have one.

    Raises:
        UsageError: the mapping names a column that the file lacks.

    >>> recognise(["Event ID", "event_date", "latitude", "longitude", "ADM1_EN"])["adm1"]
    'ADM1_EN'
    """
    given = dict(given or {})
    missing = sorted({column for column in given.values() if column not in header})
    if missing:
        raise UsageError(
            f"The mapping names columns that the file lacks: {', '.join(missing)}.",
            where=where,
            remedy=f"Its columns are: {', '.join(header)}.",
        )
    found = {field: column for field, column in given.items() if field in FIELDS}
    plain: dict[str, list[str]] = {}
    for column in header:
        plain.setdefault(_plain(column), []).append(column)
    for name in list(plain):
        for ending in _ENDINGS:
            if name.endswith(ending) and len(name) > len(ending) + 2:
                plain.setdefault(name.removesuffix(ending), plain[name])
    for field in FIELDS:
        if field in found:
            continue
        taken = {*found.values(), *given.values()}
        names = [name for one in (field, *ALSO.get(field, ())) for name in names_of(one)]
        free = [c for name in names for c in plain.get(name, []) if c not in taken]
        if free:
            found[field] = free[0]
    return _settle(found, given)


def _settle(found: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """A column called `day` is a date on its own, and a day of the month beside year and month."""
    parts = {"year", "month", "day"} <= set(found)
    days = [_plain(name) for name in DAYS_OF_MONTHS]
    named_day = "date" in found and "date" not in given and _plain(found["date"]) in days
    if named_day and "year" in found and "month" in found:
        found["day"] = found.pop("date")
        parts = True
    if parts and "date" not in found and "date_start" not in found:
        return found
    if "date" in found or "date_start" in found:
        for role in ("month", "day"):
            if role not in given:
                found.pop(role, None)
    return found


def _plain(name: str) -> str:
    return HEADINGS.fold(name).replace(" ", "")
