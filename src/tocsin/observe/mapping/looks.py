"""What a draft of a mapping says beside its lines: why a column has none, and what to look at."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from tocsin.observe.checks.review import is_own_status
from tocsin.observe.checks.tlp import names_protocol
from tocsin.observe.checks.values import ROUNDED
from tocsin.observe.mapping.guess import Column, Guess
from tocsin.observe.mapping.headings import is_fips
from tocsin.schema.mapping.cells import plain_count
from tocsin.schema.vocabulary.calendars import calendar_of_heading, other_calendar
from tocsin.schema.vocabulary.folding import HEADINGS
from tocsin.schema.vocabulary.heading import find_spellings, of_some

LEAST = 0.5
"""A guess less sure than this stays open."""

_BLAMED = (
    "accused accuse accusee acusado suspect suspected sospechoso perpetrator auteur autor "
    "nationality nationalite nacionalidad citizenship origin origine origen sponsor attacker"
)
"""Words in names of columns about who did it or who somebody is, not about where it happened."""


def names_somebody(name: str) -> bool:
    """Tell whether a name of a column is about who did it, or who somebody is."""
    words = HEADINGS.fold(name).split()
    return any(word in _BLAMED.split() or word.startswith(("actor", "acteur")) for word in words)


_PROJECTED = frozenset(("easting", "northing", "utm", "mgrs", "utm x", "utm y", "utm zone"))
_COUNTS_EVENTS = frozenset((
    "events", "incidents", "number of events", "number of incidents", "event count",
    "incident count", "n events", "nombre d incidents", "nombre d evenements", "incidents count",
    "numero de incidentes", "numero de eventos",
))  # fmt: skip


def sums(columns: Sequence[Column], chosen: Mapping[str, Guess]) -> list[str]:
    """Warn where each row counts several events, as tables by month or district do.

    Args:
        columns: the columns of the sample.
        chosen: the guesses by field.

    Returns:
        Comments, line by line; none where nothing shows it.
    """
    if found := _monthly(chosen):
        return found
    if "year" in chosen and not {"month", "date", "id"} & set(chosen):
        return [
            "# Look: nothing tells more of the day than the year, so that each row would be one",
            "# incident of a whole year. Sums of a year are no incidents.",
        ]
    named = [one for one in columns if HEADINGS.fold(one.name) in _COUNTS_EVENTS]
    if not any(set(one.values) - {"0", "1"} and all(map(_is_count, one.values)) for one in named):
        return []
    return [
        f"# Look: {comment(named[0].name)} seems to count events, so that a row is a sum of",
        "# several and no event. Sum such a table by country and month, and observe it without a",
        "# mapping: docs/sources/country-series.md.",
    ]


def _monthly(chosen: Mapping[str, Guess]) -> list[str]:
    """Is there one row for each country and month, and nothing that tells of single events?"""
    if set(chosen) - {"country", "year", "month", "deaths_best"} or "month" not in chosen:
        return []
    keys = [chosen[one].column.values for one in ("country", "year", "month") if one in chosen]
    rows = list(zip(*keys, strict=False))
    if len(keys) < 3 or len(set(rows)) < len(rows):
        return []
    return [
        "# Look: one row stands for each country and month, so that they are sums and no events.",
        "# Call these columns country, month and year, and observe the table without a mapping:",
        "# docs/sources/country-series.md.",
    ]


def _is_count(value: str) -> bool:
    return any(plain_count(value, sign).isdecimal() for sign in ".,") and len(value) < 11


def beside(chosen: Mapping[str, Guess], names: Collection[str]) -> list[str]:
    """Warn where a second table stands to the right of the first one, with the same headings.

    Args:
        chosen: the columns that the draft names, by field.
        names: the headings of the file, of which the second of one name ends in `_2`.

    Returns:
        Comments, line by line.
    """
    twice = [one.column.name for one in chosen.values() if f"{one.column.name}_2" in names]
    if len(twice) < 2 or "date" not in chosen or chosen["date"].column.name not in twice:
        return []
    return [
        f"# Look: {comment(' and '.join(twice[:2]))} stand twice, as where two tables lie side by",
        "# side. Only the first is read: put the rows of the second below those of the first.",
    ]


def ids(chosen: Mapping[str, Guess]) -> list[str]:
    """Warn where an id stands in several rows, of which only the first would count.

    Returns:
        Comments, line by line.
    """
    values = chosen["id"].column.values if "id" in chosen else []
    if any(map(ROUNDED.fullmatch, values)):
        return [
            "# Look: a spreadsheet kept only the first digits of some ids. Such a row is told from",
            "# others by all that stands in it; the file as it was before has the ids whole.",
        ]
    if len(set(values)) == len(values):
        return []
    return [
        "# Look: some ids stand in several rows, of which the first one counts. Leave the line of",
        "# the id out if each row is an event of its own.",
    ]


def why_not(column: Column, chosen: Mapping[str, Guess]) -> str:
    """Say why a column has no line of its own in the draft."""
    name = column.name
    if of_some(name) and "deaths_best" not in chosen:
        return "its name counts some people only, and not all of the dead"
    for one in () if is_fips(name) else find_spellings(name):
        if one.field in ("date", "date_end") and (told := _no_days(column, one.field in chosen)):
            return told
        if one.field in chosen:
            return (
                f"its name may mean {one.field}, for which {chosen[one.field].column.name} is surer"
            )
        if one.score >= LEAST and one.field in ("latitude", "longitude"):
            return f"its name may mean {one.field}; both coordinates are needed, in degrees"
        if one.score >= LEAST:
            return f"its name may mean {one.field}, but what stands in it does not"
    return _known_otherwise(name) or "neither its name nor what stands in it is known here"


def _no_days(column: Column, others: bool) -> str:
    """Why a column whose name tells of days holds none that can be read; '' where it may."""
    if named := calendar_of_heading(column.name):
        return f"its name says that its days are of {named}: write them by the Gregorian one"
    if others:
        return ""
    if column.values and all(map(_DAY_OF_MONTH.fullmatch, column.values)):
        return (
            "days of a month stand in it, and no column tells the month and the year (the name of "
            "a sheet is not read): give each row its whole day"
        )
    other = other_calendar(column.values)
    return f"{other} Write days by the Gregorian calendar" if other else ""


_DAY_OF_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:\.0)?")


def _known_otherwise(name: str) -> str:
    if is_own_status(name):
        return "a row of which it says that it is a duplicate, not valid or deleted is kept aside"
    if names_protocol(name):
        return "a row that it marks above GREEN is kept aside, since a brief is made to be shown"
    if names_somebody(name):
        return "whom it names is no place"
    if is_fips(name):
        return "its codes are FIPS 10-4, of which half mean another country in ISO 3166"
    if HEADINGS.fold(name) in _PROJECTED:
        one = "such as 37L 555000 8800000 or 37LEJ5500000000"
        return f"a reference of a grid is read from one column only, {one}; put its parts together"
    return ""


def comment(text: str) -> str:
    """Write a text for a comment: nothing in it can end the line."""
    return "".join(char if char.isprintable() else " " for char in text)


def in_one_cell(column: Column) -> tuple[str, str] | None:
    """Tell that all of each row stands in one cell, as where a table of a PDF was pasted.

    Args:
        column: the only column of a table.

    Returns:
        What it is and what helps; None where words and numbers do not stand beside each other.
    """
    mixed = sum(bool(re.search(r"\d\S*\s+\S+\s+\S", value)) for value in column.values)
    if not column.values or mixed < 0.8 * len(column.values):
        return None
    if all('" "' in value for value in column.values):
        return (
            "Blanks stand between its cells, as R's `write.table` has it.",
            "Write it by `write.csv(x, row.names = FALSE)`, and observe that.",
        )
    return (
        "The table has one column: all of each row stands in one cell.",
        "Divide it ('Text to Columns' in Excel), or get the table behind it as CSV.",
    )
