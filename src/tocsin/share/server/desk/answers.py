"""Answers of a field report: checked on arrival, and made coarser before anything is kept.

A reporter's own place is never kept to more than about a kilometre, and no question asks for a
person. Which organisation reports is known from the account, so that nobody reports in the name of
another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from tocsin.errors import UsageError
from tocsin.schema.vocabulary.field_form import choices, questions, survey

NEEDED = ("event_date", "country", "event_kind")
LONGEST = {"text": 4000}
"""Characters of an answer; an answer of another type has at most 100."""
BLURS = {"": 2, "blurred": 1, "hidden": None}
"""Decimals of a degree that are kept of a point: about 1 km, about 11 km, nothing."""
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""A sign that is none, but for those between lines and columns."""
FORBIDDEN = ("organisation",)
"""Questions of the form that the server answers itself."""


def check(answers: Mapping[str, str], *, today: date, blur: str = "") -> dict[str, str]:
    """Check the answers of a report, and make its point as coarse as the reporter asks.

    Args:
        answers: answers by question of the form, as texts; several choices with spaces between.
        today: the day, in UTC.
        blur: one of `BLURS`: how coarse the point is to be.

    Returns:
        The answers to be kept; empty ones are left out.

    Raises:
        UsageError: a question is unknown, a needed answer is missing, or an answer is none.
    """
    if blur not in BLURS:
        raise _wrong("blur", f"There is no '{blur[:40]}'.", "Choose 'blurred' or 'hidden'.")
    kept = {name: str(value).strip() for name, value in answers.items() if str(value).strip()}
    for name in kept:
        if name not in questions() or name in FORBIDDEN:
            raise _wrong(name[:60], "The form has no such question.", "Leave it out.")
    for name in NEEDED:
        if name not in kept:
            raise _wrong(name, "This has no answer.", "Answer it.")
    for name, value in kept.items():
        _check_one(name, value, today)
    return _coarser(kept, blur)


def _check_one(name: str, value: str, today: date) -> None:
    kind = questions()[name]
    if len(value) > LONGEST.get(kind, 100):
        raise _wrong(name, "The answer is too long.", "Write a shorter one.")
    if UNREADABLE.search(value):
        raise _wrong(name, "The answer holds signs that cannot be read.", "Write it again.")
    if kind.startswith("select"):
        known = choices(_lists()[name])
        for one in value.split() if kind == "select_multiple" else [value]:
            if one not in known:
                raise _wrong(name, f"There is no choice '{one[:40]}'.", "Choose another.")
    elif kind == "integer" and not (value.isascii() and value.isdigit()):
        raise _wrong(name, "This is no whole number.", "Write digits only.")
    elif kind == "date":
        _check_day(name, value, today)
    elif kind == "geopoint":
        point_of(value)


def _check_day(name: str, value: str, today: date) -> None:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise _wrong(name, "This is no day.", "Write it as 2026-11-26.") from error
    # East of Greenwich the next day begins while it is still today in UTC.
    if day > today + timedelta(days=1):
        raise _wrong(name, "This day has not come yet.", "Give the day on which it happened.")


def point_of(value: str) -> tuple[float, float]:
    """Read a point as phones write it: latitude and longitude, then height and accuracy.

    Raises:
        UsageError: it is no point.
    """
    parts = value.split()
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
        rest = [float(one) for one in parts[2:]]
    except (ValueError, IndexError) as error:
        raise _wrong("point", "This is no point.", "Write latitude and longitude.") from error
    # Comparisons with what is no number are false.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or len(rest) > 2:
        raise _wrong("point", "This point is not on Earth.", "Write latitude, then longitude.")
    return latitude, longitude


def _coarser(kept: dict[str, str], blur: str) -> dict[str, str]:
    if "point" not in kept:
        return kept
    decimals = BLURS[blur]
    if decimals is None:
        return {name: value for name, value in kept.items() if name != "point"}
    latitude, longitude = point_of(kept["point"])
    point = f"{latitude:.{decimals}f} {longitude:.{decimals}f}"
    # What is blurred is no better known than its district.
    coarse = {"place_known": "district"} if blur and kept.get("place_known") in (
        None, "place", "near"
    ) else {}  # fmt: skip
    return kept | {"point": point} | coarse


@cache
def _lists() -> dict[str, str]:
    return {row["name"]: row["type"].partition(" ")[2] for row in survey()}


def _wrong(where: str, what: str, remedy: str) -> UsageError:
    return UsageError(what, where=where, remedy=remedy)
