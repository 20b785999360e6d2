"""Days and numbers of a published file as a spreadsheet wrote them when somebody saved it again.

The publisher's days are turned into the form of that machine's country: 3/12/2021 0:00 is 12 March
where the machine is American, and 3 December in most other places. Which it is, the whole column
tells: a first number above 12 is a day, and so is a second one. A column that lost its form shows
numbers of days; the column `year` of the file tells from which day they count.

These days have patterns of their own, beside those of `tocsin.schema.days`: there a person has said
how days are written, or any usual way will do. Here only what a program is known to make of the
publisher's own form is read, and all else is left to the reader's rules.

Whole numbers get the machine's sign between thousands: 1,204 or 1.204. The degrees of a point tell
which sign separates decimals there, so that the other one can stand between thousands only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from tocsin.observe.formats.records import Record
from tocsin.schema.days import read_days
from tocsin.schema.mapping.cells import are_points_thousands
from tocsin.schema.vocabulary.calendars import USUAL, counted_day

FIRST = 200
"""Records looked at in every file: a spreadsheet writes all days of a file anew, or none."""
SAMPLE = 5_000
"""Records looked at where such a day is met, to tell whether the day or the month stands first."""
DAY, MONTH, UCDP, OPEN = "day", "month", "ucdp", "open"
"""What stands first; UCDP's own form has the month first; and nothing that tells."""
COUNTED = USUAL[:2]
"""How spreadsheets count days."""
APART = (
    "A spreadsheet has written its numbers anew, with '{0}' between thousands ('1{0}204' is 1204); "
    "read so."
)
TOLD = {
    ".": APART.format(","),
    ",": APART.format("."),
    DAY: "A spreadsheet has written its days anew, with the day first (31/12/2021); read so.",
    MONTH: "A spreadsheet has written its days anew, with the month first (12/31/2021); read so.",
    OPEN: "A spreadsheet has written its days anew, and none of them tells whether the day or the "
    "month stands first; write them as year-month-day.",
    **{
        form: f"A spreadsheet has written its days as numbers, {form}; read so." for form in COUNTED
    },
}
_NUMBERS = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: \d{1,2}:\d{2}(:\d{2})?(?: ?[AaPp][Mm])?)?"
)
_NAMED = re.compile(r"\d{1,2}-[^\W\d]{3,5}\.?-\d{2}|\d{2}[^\W\d]{3}\d{4}")
"""12-Mar-21, as a spreadsheet writes a day that it took from words; 12mar2021, as Stata does."""
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)+")
_THOUSANDS = {
    sign: re.compile(rf"([+-]?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+)(?:{re.escape(other)}0*)?")
    for sign, other in (",.", ".,")
}
_OTHER = {".": ",", ",": "."}
"""The sign of thousands, by the one of decimals."""
_DEGREES = re.compile(r"[+-]?\d{1,3}([.,])\d+")
POINT = ("latitude", "longitude")


def with_days(
    records: Callable[[], Iterable[Record]],
    columns: Sequence[str],
    tell: Callable[[str], None],
    *,
    months: bool = False,
) -> Iterator[Record]:
    """Give the records of a file, with the days that a spreadsheet wrote in ISO 8601.

    What cannot be read stays as it stands, and so does every such day where none of them tells
    whether the day or the month is first: both would be silently wrong half of the time.

    Args:
        records: gives the records, as often as it is called.
        columns: the names of the columns that hold days.
        tell: takes a sentence that says what was done.
        months: the days stand for their months, so that a number that is always 1 is the day.

    Yields:
        The records; their original bytes are unchanged.

    Raises:
        SourceRefused: the file is no table, is damaged, or beyond the limits.
    """
    seen = _first_days(records, columns, FIRST)
    seen = _first_days(records, columns, SAMPLE) if seen else seen
    order = (_order(seen) if seen else _counted_form(records, columns)) or OPEN
    if order == OPEN and months and seen:
        order = _order_of_firsts(seen)
    if (seen and order != UCDP) or order in COUNTED:
        tell(TOLD[order])
    for record in records():
        mended = {column: iso for column in columns if (iso := _iso(_text(record, column), order))}
        yield replace(record, fields=record.fields | mended) if mended else record


def with_numbers(
    records: Callable[[], Iterable[Record]], columns: Sequence[str], tell: Callable[[str], None]
) -> Iterator[Record]:
    """Give the records of a file, with numbers that have no sign between thousands.

    Degrees have no thousands, so the points of the file tell which sign separates decimals in it.
    Where no point has decimals, no number is changed: 1,204 may then be one and a part.

    Args:
        records: gives the records, as often as it is called.
        columns: the names of the columns that hold numbers, without those of points.
        tell: takes a sentence that says what was done.

    Yields:
        The records, whose decimals have a point; their original bytes are unchanged.

    Raises:
        SourceRefused: the file is no table, is damaged, or beyond the limits.
    """
    usual: str | None = None
    for record in records():
        signed = [one for one in columns if _NUMBER.fullmatch(_text(record, one))]
        if not signed:
            yield record
            continue
        decimal = _decimal_sign(record)
        if not decimal:
            if usual is None:
                usual = next(filter(None, map(_decimal_sign, islice(records(), FIRST))), "")
            decimal = usual
        fields = {one: _plain_number(_text(record, one), decimal) for one in signed}
        if decimal and any(
            _THOUSANDS[_OTHER[decimal]].fullmatch(_text(record, one)) for one in signed
        ):
            tell(TOLD[decimal])
        yield replace(record, fields=record.fields | fields)


def with_thousands(
    records: Callable[[], Iterable[Record]], columns: Sequence[str], tell: Callable[[str], None]
) -> Iterator[Record]:
    """Give the records of a file without points, such as a series, with plain whole numbers.

    Args:
        records: gives the records, as often as it is called.
        columns: the names of the columns that hold counts.
        tell: takes a sentence that says what was done.

    Yields:
        The records; their original bytes are unchanged.

    Raises:
        SourceRefused: the file is no table, is damaged, or beyond the limits.
    """
    some = (_text(record, one) for record in records() for one in columns)
    if not are_points_thousands(some):
        yield from records()
        return
    tell(TOLD[","])
    for record in records():
        fields = {one: _plain_number(_text(record, one), ",") for one in columns}
        yield replace(record, fields=record.fields | fields)


def _decimal_sign(record: Record) -> str:
    """The sign that separates decimals in the record's point; '' where none tells."""
    signs = {found[1] for one in POINT if (found := _DEGREES.fullmatch(_text(record, one)))}
    return signs.pop() if len(signs) == 1 else ""


def _plain_number(value: str, decimal: str) -> str:
    """The number without signs between thousands, its decimals behind a point."""
    if not decimal:
        return value
    sign = _OTHER[decimal]
    if found := _THOUSANDS[sign].fullmatch(value):
        return found[1].replace(sign, "")
    return value.replace(",", ".") if decimal == "," and value.count(",") == 1 else value


def _first_days(
    records: Callable[[], Iterable[Record]], columns: Sequence[str], many: int
) -> list[re.Match[str]]:
    """The days in numbers among the first records."""
    return [
        found
        for record in islice(records(), many)
        for column in columns
        if (found := _NUMBERS.fullmatch(_text(record, column)))
    ]


def _counted_form(records: Callable[[], Iterable[Record]], columns: Sequence[str]) -> str | None:
    """The form by which the first numbers of days agree with the years beside them."""
    some = [(record, record.fields.get("year")) for record in islice(records(), FIRST)]
    for form in COUNTED:
        told = [
            str(day.year) == str(year).removesuffix(".0")
            for record, year in some
            for column in columns[:1]
            if _SERIAL.fullmatch(text := _text(record, column))
            and (day := counted_day(text, form)) is not None
        ]
        if told and all(told):
            return form
    return None


def _order(seen: Sequence[re.Match[str]]) -> str:
    if any(int(one[1]) > 12 for one in seen):
        return DAY
    if any(int(one[3]) > 12 for one in seen):
        return MONTH
    # Early releases of UCDP were written month/day/year with a time to the second.
    return UCDP if seen and all(one[5] for one in seen) else OPEN


def _order_of_firsts(seen: Sequence[re.Match[str]]) -> str:
    """What stands first where each day is the first of a month: the number that is always 1."""
    return next(
        (DAY if at == 1 else MONTH for at in (1, 3) if {int(s[at]) for s in seen} == {1}), OPEN
    )


def _text(record: Record, column: str) -> str:
    value = record.fields.get(column)
    return value if isinstance(value, str) else ""


def _iso(value: str, order: str) -> str | None:
    if order in COUNTED and _SERIAL.fullmatch(value):
        counted = counted_day(value, order)
        return counted.isoformat() if counted else None
    if found := _NUMBERS.fullmatch(value):
        if order == OPEN and not found[5]:
            return None
        one, two, year = int(found[1]), int(found[3]), int(found[4])
        month, day = (two, one) if order == DAY else (one, two)
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return None
    form = "%d-%B-%y | %d %B %Y"
    days = read_days(value, form, strict=True) if _NAMED.fullmatch(value) else None
    return days[0].isoformat() if days else None
