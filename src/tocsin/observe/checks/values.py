"""Values of one record, parsed strictly: what cannot be trusted is refused, never mended.

What is only doubtful is kept, and marked: `doubt`, `spans`, `places`, `deaths`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from tocsin.errors import TocsinError
from tocsin.observe.formats.characters import find_disguise
from tocsin.observe.formats.limits import MAX_NAME
from tocsin.schema.geography.region import place_named
from tocsin.schema.geography.territory import Territory, by_gwno
from tocsin.schema.vocabulary.placeholder import NUMBERS, is_placeholder, is_placeholder_day

MAX_COUNT = 10_000_000
"""No single record of organised violence counts more deaths than this."""
AHEAD = 31
"""Days that a report may lie ahead of this machine's clock, which may be wrong itself."""
_DAY = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
"""An id of which a spreadsheet kept the first digits: several rows have the same."""
_WHOLE = re.compile(r"([+-]?\d+)(?:\.0*)?")


class Refused(Exception):
    """The error that one record broke one rule, so that it goes into quarantine."""

    def __init__(self, rule: str, reason: str, *, column: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason
        self.column, self.value = column or None, value if column else None


def is_of_events(header: Iterable[str]) -> bool:
    """Tell whether columns belong to a table of single events, and not of months or years of
    countries.

    Args:
        header: the names of the columns.

    Returns:
        True where one of the columns is one that only a table of events has.

    >>> is_of_events(["country", "year", "v2x_libdem"]), is_of_events(["id", "country", "year"])
    (False, True)
    """
    return any(_EVENT.fullmatch(name.strip().casefold()) for name in header)


def is_forecast(name: str) -> bool:
    """Tell whether a column holds what may come, and not what happened.

    >>> is_forecast("total_forecast"), is_forecast("main_mean"), is_forecast("ged_sb")
    (True, True, False)
    """
    return bool(_FORECAST.search(name.strip().casefold()))


_FORECAST = re.compile(
    r"(?:^|[_ ])(?:forecast(?:s|ed)?|predict(?:ed|ions?)|projected|projections?|prevision|yhat"
    r"|main_(?:mean|dich)(?:_ln)?)(?:$|[_ ])"
)
_EVENT = re.compile(
    r"id|event_?id\w*|relid|(?:event_?)?date(?:_?(?:start|end))?|(?:start|end)_?date|day|iday"
    r"|side_[ab]|actor_?[12ab]|latitude|longitude|type_of_violence|best_est|event_?type|fatalities"
)
"""Columns of an id, a day, a side or a point."""


def text(fields: Mapping[str, str], column: str) -> str | None:
    """Read the text of a field, without spaces around it.

    Args:
        fields: the record by heading.
        column: the heading.

    Returns:
        The text; None where it is empty or a placeholder, or the column is not there.
    """
    value = fields.get(column) or ""
    return None if is_placeholder(value) else value


def name(fields: Mapping[str, str], column: str) -> str | None:
    """Read the name of an organisation or a place.

    Records are matched by names, so a name that is a formula, or that hides or disguises
    characters, is refused (`tocsin.observe.formats.characters`).

    Args:
        fields: the record by heading.
        column: the heading.

    Returns:
        The name; None where it is empty or a placeholder, or the column is not there.

    Raises:
        Refused: the name begins like a formula, or hides or disguises characters.
    """
    value = text(fields, column)
    if value:
        check_name(value, column)
    return value


def check_name(value: str, column: str) -> None:
    """Refuse what is no name of an organisation or a place, since records are matched by names.

    Args:
        value: the name.
        column: the heading, for the refusal.

    Raises:
        Refused: the name is longer than any is, begins like a formula, or hides or disguises
            characters.
    """
    where = f"'{column}': " if column else ""
    if len(value) > MAX_NAME:
        reason = f"{where}No name has {len(value):,} characters."
        raise Refused("range", reason, column=column, value=value[:MAX_NAME])
    if fault := find_disguise(value):
        raise Refused("characters", where + fault, column=column, value=value)


def whole(fields: Mapping[str, str], column: str, *, low: int = 0, high: int = MAX_COUNT) -> int:
    """Read a whole number within bounds; both '4' and '4.0' are four.

    Args:
        fields: the record by heading.
        column: the heading.
        low: the least number allowed.
        high: the greatest number allowed.

    Returns:
        The number.

    Raises:
        Refused: the field is empty or not there, is no whole number, or is out of bounds.
    """
    found = maybe_whole(fields, column, low=low, high=high)
    if found is None:
        raise Refused("missing", f"'{column}' is empty.", column=column)
    return found


def maybe_whole(
    fields: Mapping[str, str], column: str, *, low: int = 0, high: int = MAX_COUNT
) -> int | None:
    """Read a whole number within bounds from a field that may be empty.

    Numbers such as -99 are placeholders where no negative number is allowed.

    Args:
        fields: the record by heading.
        column: the heading.
        low: the least number allowed.
        high: the greatest number allowed.

    Returns:
        The number; None where the field is empty, a placeholder or not there.

    Raises:
        Refused: the field holds anything else.
    """
    value = text(fields, column)
    if value is None:
        return None
    match = _WHOLE.fullmatch(value) or _WHOLE.fullmatch(_without_spaces(value))
    if match is None or len(value) > 30:
        raise Refused("number", f"'{column}' is not a whole number.", column=column, value=value)
    number = int(match[1])
    if low >= 0 and number in NUMBERS:
        return None
    if number < 0 <= low:
        raise Refused("negative", f"'{column}' is negative.", column=column, value=value)
    if not low <= number <= high:
        reason = f"'{column}' is not between {low} and {high}."
        raise Refused("range", reason, column=column, value=value)
    return number


_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+")
"""Thousands apart by a space or an apostrophe, which mean nothing else; a comma or a point may."""


def _without_spaces(value: str) -> str:
    return re.sub(r"[^\d+-]", "", value) if _SPACED.fullmatch(value[:30]) else ""


_GROUPS = re.compile(
    r"([+-]?\d{1,3}(?:([ \u00a0\u2009\u202f'’])\d{3}(?:\2\d{3})*|(?:,\d{3}){2,}|(?:,\d{3})+(?=\.)))"
    r"(\.\d*)?|([+-]?\d{1,3}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+(?=,)))(?:,(\d*))?"
)
"""Thousands apart by signs that mean nothing else: twice the same one, or before the other one."""


def _in_groups(value: str) -> str:
    found = _GROUPS.fullmatch(value[:40]) if len(value) <= 40 else None
    if not found:
        return ""
    return re.sub(r"[^\d+-]", "", found[1] or found[4]) + (found[3] or f".{found[5] or ''}")


def maybe_decimal(
    fields: Mapping[str, str], column: str, *, low: float, high: float
) -> float | None:
    """Read a finite number within bounds from a field that may be empty.

    Numbers such as -99 are placeholders where no negative number is allowed.

    Args:
        fields: the record by heading.
        column: the heading.
        low: the least number allowed, in the unit of the column.
        high: the greatest number allowed.

    Returns:
        The number, in the unit of the column; None where the field is empty, a placeholder or not
        there.

    Raises:
        Refused: the field holds anything else.
    """
    value = text(fields, column)
    if value is None:
        return None
    if low >= 0 and _WHOLE.fullmatch(value) and float(value) in NUMBERS:
        return None
    return decimal(fields, column, low=low, high=high)


def decimal(fields: Mapping[str, str], column: str, *, low: float, high: float) -> float:
    """Read a finite number within bounds, in the unit of the column.

    Args:
        fields: the record by heading.
        column: the heading.
        low: the least number allowed.
        high: the greatest number allowed.

    Returns:
        The number.

    Raises:
        Refused: the field is empty or not there, is no finite number, or is out of bounds.
    """
    value = fields.get(column, "")
    try:
        number = float(_in_groups(value) or value)
    except ValueError:
        reason = f"'{column}' is not a number."
        raise Refused("number", reason, column=column, value=value) from None
    if not low <= number <= high:
        reason = f"'{column}' is not between {low:g} and {high:g}."
        raise Refused("range", reason, column=column, value=value)
    return number


def day(fields: Mapping[str, str], column: str) -> date:
    """Read a day that is written by ISO 8601.

    A time of day is passed over, and so is its zone: the day is the one on the writer's calendar.

    Args:
        fields: the record by heading.
        column: the heading.

    Returns:
        The day.

    Raises:
        Refused: the field is empty or not there, is no such day, or is a placeholder for one
            (`tocsin.schema.vocabulary.placeholder`).
    """
    value = fields.get(column, "")
    iso = _DAY.fullmatch(value)
    try:
        if not iso:
            raise ValueError
        found = date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        reason = f"'{column}' is not a day written as year-month-day."
        raise Refused("date", reason, column=column, value=value) from None
    return in_time(found, column, value)


def in_time(found: date, column: str, value: str) -> date:
    """Check that a report may have this day: it is no placeholder, in a year from 1946 to 2100.

    Args:
        found: the day.
        column: the heading, for the refusal.
        value: what stands in the field, for the refusal.

    Returns:
        The day itself.

    Raises:
        Refused: the day stands for one that is not known, is out of all time, or is more than
            `AHEAD` days to come: a slip of the pen, a forecast, or a year of another calendar.
    """
    if is_placeholder_day(found):
        reason = f"{found} in '{column}' stands for a day that is not known."
        raise Refused("date", reason, column=column, value=value)
    if not 1946 <= found.year <= 2100:
        raise Refused("date", f"'{column}' is out of all time.", column=column, value=value)
    if _is_to_come(found):
        reason = f"{found} in '{column}' is still to come."
        raise Refused("date", reason, column=column, value=value)
    return found


_reached = [date.min]
"""The latest day of a report that was not still to come. Time does not go back, so that the clock
is not asked for any day up to it."""


def _is_to_come(found: date) -> bool:
    if found > _reached[0]:
        if found > datetime.now(UTC).date() + timedelta(days=AHEAD):
            return True
        _reached[0] = found
    return False


def month(fields: Mapping[str, str], column: str) -> date:
    """Read a month that is written as year and month, or as a day within it.

    Args:
        fields: the record by heading.
        column: the heading.

    Returns:
        The first day of the month.

    Raises:
        Refused: the field is empty or not there, or is no month.
    """
    value = fields.get(column, "")
    if re.fullmatch(r"\d{4}-\d{2}", value):
        value += "-01"
    return day({column: value}, column).replace(day=1)


def territory(
    fields: Mapping[str, str],
    name: str,
    number: str | None,
    *,
    on: date | None,
    until: date | None = None,
) -> Territory:
    """Find the state to which a name, a Gleditsch-Ward number, or both point.

    Args:
        fields: the record by heading.
        name: the heading of the state's name.
        number: the heading of its Gleditsch-Ward number, or None where there is none.
        on: the day of the event, since borders move; None: today's states.
        until: the last day on which the event may have happened, where `on` is the first.

    Returns:
        The state.

    Raises:
        Refused: neither is known, or the two mean different states.
    """
    if len(fields.get(name, "")) > MAX_NAME:
        reason = "No country has so long a name."
        raise Refused("territory", reason, column=name, value=fields[name][:MAX_NAME])
    try:
        named = place_named(fields[name], on=on, until=until) if text(fields, name) else None
    except TocsinError as error:
        raise Refused("territory", str(error), column=name, value=fields[name]) from None
    code = maybe_whole(fields, number, low=1, high=999) if number else None
    if code is None:
        if named is None:
            raise Refused("territory", "No country is named.", column=name)
        return named
    try:
        numbered = by_gwno(code, on=on, until=until)
    except TocsinError as error:
        raise Refused("territory", str(error), column=number or "", value=str(code)) from None
    if named is not None and named.gwno != numbered.gwno:
        reason = f"The name means {named.name}, the number {code} {numbered.name}."
        raise Refused("territory", reason, column=name, value=fields[name])
    return named or numbered
